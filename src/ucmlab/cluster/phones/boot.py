"""How a phone boots, as a conversation: it yields what it asks and is sent the answer. No clock, no bytes, no sockets.

Three drivers answer: the in-memory view of the cluster, real sockets, and the abstract oracle of the tests. Whether the
bytes of a file are what its signer signed is the driver's matter: a broken file is answered with UNREACHABLE.
Source: phones.md 1.2.
"""

from collections.abc import Callable, Generator
from typing import Final, Literal, TypeAlias, TypeVar, cast

import msgspec

from ucmlab.cluster.phones.asks import (
    UNREACHABLE,
    Answer,
    Ask,
    AskTvs,
    GetConfig,
    GetList,
    Register,
    Served,
    Vouching,
    Welcome,
)
from ucmlab.cluster.phones.memory import (
    Memory,
    Phone,
    Vouched,
    checks_files,
    holds,
    leaves,
)
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.trust_lists.model import CCM, CCM_TFTP, SAST, TFTP, TVS, Kind, TrustFile

T = TypeVar("T")
LISTS_FAILED: Final = "Trust List Update Failed"
SIGNERS = frozenset({SAST})
FILE_SIGNERS = frozenset({CCM_TFTP, TFTP})
KINDS: tuple[Kind, ...] = ("ctl", "itl")
CALL_PEERS = frozenset({CCM, CCM_TFTP})

Talk: TypeAlias = Generator[Ask, Answer, bool]
ListsResult = Literal["ok", "failed", "unreached"]
ConfigResult = Literal["applied", "kept"]
Refusal = Literal["", "no-config", "lists", "unreachable", "peer", "phone-certificate"]


class Fetched(msgspec.Struct, frozen=True):
    """First half of a boot: what became of lists and configuration, and what TVS vouched for meanwhile."""

    lists: ListsResult
    config: ConfigResult
    memory: Memory
    learned: tuple[Vouched, ...] = ()
    failed: tuple[Kind, ...] = ()
    server: str | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """Status messages the phone shows."""
        return tuple(f"{kind.upper()}: {LISTS_FAILED}" for kind in self.failed)


class Registered(msgspec.Struct, frozen=True):
    """Second half: the node that took the phone, else None and why the last one tried did not."""

    node: str | None
    secure: bool
    refusal: Refusal = ""
    learned: tuple[Vouched, ...] = ()


class Booted(msgspec.Struct, frozen=True):
    """A whole boot."""

    fetched: Fetched
    registered: Registered

    @property
    def memory(self) -> Memory:
        """What the phone holds now."""
        return self.fetched.memory

    @property
    def lists(self) -> ListsResult:
        """`failed` when a list was refused, `unreached` when no TFTP answered."""
        return self.fetched.lists

    @property
    def config(self) -> ConfigResult:
        """Whether the configuration served was accepted."""
        return self.fetched.config

    @property
    def node(self) -> str | None:
        """The node it registered with."""
        return self.registered.node


def boot(phone: Phone, rules: BootRules) -> Generator[Ask, Answer, Booted]:
    """Fetch lists and configuration, then register. Source: phones.md 1.2."""
    fetched = yield from fetch(phone, rules)
    cache = merged(phone.cache if rules.cache_survives else (), fetched.learned)
    after = msgspec.structs.replace(phone, memory=fetched.memory, cache=cache)
    registered = yield from register(after, rules, lists=fetched.lists)
    return Booted(fetched, registered)


def fetch(phone: Phone, rules: BootRules) -> Generator[Ask, Answer, Fetched]:
    """CTL, ITL and configuration from the first TFTP that answers; every refusal keeps what was held."""
    trial = _Trial(phone, rules, phone.cache if rules.cache_survives else ())
    server, ctl = None, None
    for node in phone.tftp:
        ctl = yield GetList(node, "ctl")
        if ctl is not UNREACHABLE:
            server = node
            break
    if server is None:
        return Fetched("unreached", "kept", phone.memory)
    memory = phone.memory
    failed: list[Kind] = []
    for kind in KINDS if phone.sbd else KINDS[:1]:
        offered = ctl if kind == "ctl" else (yield GetList(server, "itl"))
        if not isinstance(offered, TrustFile):
            continue
        if (yield from trial.accepts_list(offered, memory)):
            memory = msgspec.structs.replace(memory, **{kind: offered})
        else:
            failed.append(kind)
    result: ConfigResult = "kept"
    served = yield GetConfig(server, checks_files(memory))
    if isinstance(served, Served) and (yield from trial.accepts_config(served, memory)):
        memory, result = msgspec.structs.replace(memory, config=served.config), "applied"
    return Fetched("failed" if failed else "ok", result, memory, trial.learned, tuple(failed), server)


def register(phone: Phone, rules: BootRules, *, lists: ListsResult = "ok") -> Generator[Ask, Answer, Registered]:
    """Register with the first node of the group that is reached, believed, and takes the phone."""
    config = phone.memory.config
    if config is None or not config.group:
        return Registered(None, secure=False, refusal="no-config")
    if lists == "failed" and not rules.locked_registers:
        return Registered(None, secure=config.secure, refusal="lists")
    trial = _Trial(phone, rules, phone.cache)
    refusal: Refusal = "unreachable"
    for node in config.group:
        welcome = yield Register(node, config.secure)
        if not isinstance(welcome, Welcome):
            continue
        if config.secure and not (yield from trial.believes_peer(welcome.leaf)):
            refusal = "peer"
        elif not welcome.admitted:
            refusal = "phone-certificate"
        else:
            return Registered(node, config.secure, learned=trial.learned)
    return Registered(None, config.secure, refusal, trial.learned)


def play(talk: Generator[Ask, Answer, T], answer: Callable[[Ask], Answer]) -> T:
    """Lead a conversation to its end with answers that are at hand."""
    try:
        ask = next(talk)
        while True:
            ask = talk.send(answer(ask))
    except StopIteration as end:
        return cast("T", end.value)


def merged(cache: tuple[Vouched, ...], learned: tuple[Vouched, ...]) -> tuple[Vouched, ...]:
    """A TVS cache with what was learned since, newest word about each leaf."""
    new = {vouched.leaf for vouched in learned}
    return tuple(vouched for vouched in cache if vouched.leaf not in new) + learned


class _Trial:
    """`verify(cert, role)` of phones.md 1.2, with the TVS cache of one boot."""

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
