"""One verdict for every entry of every store, the strongest reason to keep it first; only the last ones may ever go."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from ucmcert.knowledge.trust_stores import is_cisco_default
from ucmcert.model.certificate import Certificate
from ucmcert.trust.entries import Entry
from ucmcert.trust.generations import Generations, Owner
from ucmcert.trust.uses import Use

CAPF_STORE = "CAPF"
LSC_STORES = ("CAPF", "CallManager")


class Verdict(StrEnum):
    """Why an entry is there, in the order in which it is asked: the first that holds is the verdict."""

    LSC_ISSUER = "lsc-issuer"  # a CAPF of now or before, or what may have issued LSCs: never removed (I9)
    OWN = "own-identity"  # a copy of an identity that some node has now
    DEFAULT = "cisco-default"  # a manufacturing root or CA that Cisco installs
    USED = "used"  # the cluster shows who needs it
    FORMER = "former-identity"  # an earlier generation of an identity
    DUPLICATE = "duplicate"  # a CA whose newer certificate of the same name and key stands beside it
    EXPIRED = "expired"  # over, and nothing that the cluster shows needs it
    UNKNOWN = "unknown"  # nobody knows: an integration may use it


REMOVABLE = frozenset({Verdict.FORMER, Verdict.DUPLICATE, Verdict.EXPIRED})


class Reasoned(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict with its evidence: `uses`, `owners` (whose identity it is or was), `twin` (what makes it needless)."""

    verdict: Verdict
    uses: tuple[Use, ...] = ()
    owners: tuple[Owner, ...] = ()
    twin: Certificate | None = None


def verdict_of(
    entry: Entry, past: Generations, uses: dict[str, tuple[Use, ...]], beside: Sequence[Entry], *, now: float
) -> Reasoned:
    """The one verdict on `entry`. `beside` are all entries of the cluster, `uses` as `uses_of` tells them."""
    one = entry.certificate
    known_uses = uses.get(one.sha256, ())
    living = past.living.get(one.sha256, ())
    if past.issued_lscs(one):
        return Reasoned(verdict=Verdict.LSC_ISSUER, uses=known_uses, owners=living)
    if living:
        return Reasoned(verdict=Verdict.OWN, uses=known_uses, owners=living)
    if is_cisco_default(one.common_name):
        return Reasoned(verdict=Verdict.DEFAULT, uses=known_uses)
    if known_uses:
        return Reasoned(verdict=Verdict.USED, uses=known_uses)
    if entry.store in LSC_STORES and _in_capf_store(entry, beside):
        return Reasoned(verdict=Verdict.LSC_ISSUER)
    before = past.owner_before(entry)
    if before is not None:
        return Reasoned(verdict=Verdict.FORMER, owners=(before,))
    twin = _twin(entry, beside, now)
    if twin is not None:
        return Reasoned(verdict=Verdict.DUPLICATE, twin=twin)
    return Reasoned(verdict=Verdict.EXPIRED if one.not_after <= now else Verdict.UNKNOWN)


def _in_capf_store(entry: Entry, beside: Sequence[Entry]) -> bool:
    """Whether it stands in CAPF-trust: an external CA may issue LSCs, and nobody else has business there."""
    return any(one.store == CAPF_STORE and one.certificate.sha256 == entry.certificate.sha256 for one in beside)


def _twin(entry: Entry, beside: Sequence[Entry], now: float) -> Certificate | None:
    """A younger, valid certificate of the same CA name and key, on every node that holds `entry`.

    Leaves do not count: who shows the old leaf itself is not verified by the new one.
    """
    one = entry.certificate
    if not one.is_ca:
        return None
    for other in beside:
        twin = other.certificate
        same = other.store == entry.store and (twin.subject, twin.spki_sha256) == (one.subject, one.spki_sha256)
        younger = twin.not_before > one.not_before and twin.not_before <= now < twin.not_after
        if same and younger and twin.is_ca and set(entry.nodes) <= set(other.nodes):
            return twin
    return None
