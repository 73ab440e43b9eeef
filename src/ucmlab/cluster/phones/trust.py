"""In which state of trust a phone is: found by letting it boot, on paper, against the servers of now and of later.

"Settled" is what the servers would be were every node up, every service restarted and every list rebuilt this moment.
Source: phones.md 1.5.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from ucmlab.cluster.phones.asks import Answer, Ask, AskTvs, Vouching
from ucmlab.cluster.phones.boot import fetch, play
from ucmlab.cluster.phones.memory import Phone, leaves
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.trust_lists.model import TVS


class TrustState(StrEnum):
    """The states of phones.md 1.5. OFFLINE hides the state that counts at the next power-on."""

    BLANK = "BLANK"
    TRUSTED = "TRUSTED"
    STALE_OK = "STALE-OK"
    STALE_BLIND = "STALE-BLIND"
    FAILING = "FAILING"
    SOFT_LOCKED = "SOFT-LOCKED"
    HARD_LOCKED = "HARD-LOCKED"
    OFFLINE = "OFFLINE"


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The servers as one phone meets them: now, settled, and settled with every list signed by the other key.

    `other` is None where there is no other key: before 10.0. Source: phones.md 1.3.
    """

    now: Callable[[Ask], Answer]
    settled: Callable[[Ask], Answer]
    other: Callable[[Ask], Answer] | None


def trust_state(phone: Phone, rules: BootRules, outlook: Outlook) -> TrustState:
    """The state of a phone that has power.

    A phone with SBD that reaches no TVS it knows is blind, whatever its lists; one whose TFTP servers are all away
    fails to boot just as one that refuses what they offer.
    """
    memory = phone.memory
    if memory.ctl is None and memory.itl is None:
        return TrustState.BLANK
    locked = lock_of(phone, rules, outlook)
    if locked is not None:
        return locked
    trial = play(fetch(phone, rules), outlook.now)
    if trial.lists != "ok" or trial.config == "kept":
        return TrustState.FAILING
    if memory.itl is not None and not _sees_tvs(phone, outlook.now):
        return TrustState.STALE_BLIND
    same = (trial.memory.ctl, trial.memory.itl) == (memory.ctl, memory.itl)
    return TrustState.TRUSTED if same else TrustState.STALE_OK


def lock_of(phone: Phone, rules: BootRules, outlook: Outlook) -> TrustState | None:
    """SOFT_LOCKED, HARD_LOCKED, or None for a phone that settled servers would satisfy."""
    if play(fetch(phone, rules), outlook.settled).lists == "ok":
        return None
    if outlook.other is None or play(fetch(phone, rules), outlook.other).lists != "ok":
        return TrustState.HARD_LOCKED
    return TrustState.SOFT_LOCKED


def _sees_tvs(phone: Phone, answer: Callable[[Ask], Answer]) -> bool:
    """Whether some TVS of the group presents a leaf the phone holds; then its HTTPS services work."""
    held = leaves(phone.memory.itl, TVS)
    signer = phone.memory.itl.signer if phone.memory.itl is not None else ""
    heard = [answer(AskTvs(node, signer, held)) for node in phone.group]
    return any(isinstance(said, Vouching) and said.presented in held for said in heard)
