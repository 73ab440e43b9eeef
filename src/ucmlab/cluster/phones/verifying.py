"""Whom a phone believes: `verify(cert, role)` of phones.md 1.2, by the lists it holds and what TVS vouches for."""

from collections.abc import Generator
from typing import TypeAlias

from ucmlab.cluster.phones.asks import Answer, Ask, AskTvs, Served, Vouching
from ucmlab.cluster.phones.memory import Memory, Phone, Vouched, checks_files, holds, leaves
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.trust_lists.model import CAPF, CCM, CCM_TFTP, SAST, TFTP, TVS, TrustFile

SIGNERS = frozenset({SAST})
FILE_SIGNERS = frozenset({CCM_TFTP, TFTP})
CALL_PEERS = frozenset({CCM, CCM_TFTP})
LSC_ISSUERS = frozenset({CAPF})

Talk: TypeAlias = Generator[Ask, Answer, bool]


def merged(cache: tuple[Vouched, ...], learned: tuple[Vouched, ...]) -> tuple[Vouched, ...]:
    """A TVS cache with what was learned since, newest word about each leaf."""
    new = {vouched.leaf for vouched in learned}
    return tuple(vouched for vouched in cache if vouched.leaf not in new) + learned


class Trial:
    """The trials of one boot of one phone. `learned`: what TVS has vouched for meanwhile."""

    def __init__(self, phone: Phone, rules: BootRules, cache: tuple[Vouched, ...]) -> None:
        self._phone = phone
        self._rules = rules
        self._cache = cache
        self.learned: tuple[Vouched, ...] = ()

    def accepts_list(self, offered: TrustFile, memory: Memory) -> Talk:
        """A list is taken unchecked by a phone that has nothing to check it with, else when its signer is trusted."""
        blank = memory.ctl is None and memory.itl is None
        emptied = offered.kind == "itl" and not blank and not checks_files(memory)
        if blank or emptied or self._rescued(offered):
            return True
        if holds(memory.itl, offered.signer, SIGNERS) or holds(memory.ctl, offered.signer, SIGNERS):
            return True
        # An eToken CTL names CallManager in its CCM+TFTP record only, and that is what signs the ITL of that release.
        if offered.kind == "itl" and holds(memory.ctl, offered.signer, frozenset({CCM_TFTP})):
            return True
        if offered.kind == "ctl" and not self._rules.ctl_signer_via_tvs:
            return False
        return (yield from self._vouched(offered.signer, SIGNERS, memory))

    def accepts_config(self, served: Served, memory: Memory) -> Talk:
        """A configuration is taken when a held TFTP record, or TVS, stands for its signer."""
        if not checks_files(memory):
            return True
        if served.signer is None:
            return False
        return (yield from self._verified(served.signer, FILE_SIGNERS, memory))

    def believes_peer(self, leaf: str | None) -> Talk:
        """The TLS leaf of CallManager must stand in the held CTL; TVS may help when switch U3 says so."""
        memory = self._phone.memory
        if leaf is None:
            return False
        if holds(memory.ctl, leaf, CALL_PEERS):
            return True
        return self._rules.tvs_vouches_tls and (yield from self._vouched(leaf, CALL_PEERS, memory))

    def believes_capf(self, leaf: str) -> Talk:
        """The TLS leaf of CAPF must stand in a held list as CAPF, or TVS stands for it. Source: phones.md 1.3."""
        return (yield from self._verified(leaf, LSC_ISSUERS, self._phone.memory))

    def _verified(self, leaf: str, roles: frozenset[int], memory: Memory) -> Talk:
        if holds(memory.ctl, leaf, roles) or holds(memory.itl, leaf, roles):
            return True
        return (yield from self._vouched(leaf, roles, memory))

    def _vouched(self, leaf: str, roles: frozenset[int], memory: Memory) -> Talk:
        known = next((vouched for vouched in (*self.learned, *self._cache) if vouched.leaf == leaf), None)
        if known is not None and known.roles & roles:
            return True
        held = leaves(memory.itl, TVS)
        for node in self._phone.group if held else ():
            answer = yield AskTvs(node, leaf, held)
            if not isinstance(answer, Vouching) or answer.presented not in held:
                continue
            if answer.roles & roles:
                self.learned = merged(self.learned, (Vouched(leaf, answer.roles),))
                return True
            if not self._rules.tvs_ask_next:
                return False
        return False

    def _rescued(self, offered: TrustFile) -> bool:
        """Switch U14: a list made by `localkey` is believed whatever the phone holds."""
        if not self._rules.localkey_rescues:
            return False
        signs_files = holds(offered, offered.signer, FILE_SIGNERS)
        return signs_files if self._rules.usual_signer == "ITLRecovery" else not signs_files
