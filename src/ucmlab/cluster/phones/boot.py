"""How a phone boots, as a conversation: it yields what it asks and is sent the answer. No clock, no bytes, no sockets.

Three drivers answer: the in-memory view of the cluster, real sockets, and the abstract oracle of the tests. Whether the
bytes of a file are what its signer signed is the driver's matter: a broken file is answered with UNREACHABLE.
Source: phones.md 1.2.
"""

from collections.abc import Callable, Generator
from typing import Final, Literal, TypeVar, cast

import msgspec

from ucmlab.cluster.phones.asks import UNREACHABLE, Answer, Ask, GetConfig, GetList, Register, Served, Welcome
from ucmlab.cluster.phones.enrolment import Enrolled, enrol
from ucmlab.cluster.phones.memory import Memory, Phone, Vouched, checks_files
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.verifying import Trial, merged
from ucmlab.cluster.trust_lists.model import Kind, TrustFile

T = TypeVar("T")
LISTS_FAILED: Final = "Trust List Update Failed"
KINDS: tuple[Kind, ...] = ("ctl", "itl")

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
    """A whole boot. `enrolled` is None when no operation of CAPF was ordered."""

    fetched: Fetched
    registered: Registered
    enrolled: Enrolled | None = None

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
    """Fetch lists and configuration, see CAPF if that says so, then register. Source: phones.md 1.2, 1.6."""
    fetched = yield from fetch(phone, rules)
    cache = merged(phone.cache if rules.cache_survives else (), fetched.learned)
    after = msgspec.structs.replace(phone, memory=fetched.memory, cache=cache)
    enrolled = (yield from enrol(after, rules)) if fetched.config == "applied" else None
    if enrolled is not None:
        after = msgspec.structs.replace(after, cache=merged(cache, enrolled.learned))
    registered = yield from register(after, rules, lists=fetched.lists)
    return Booted(fetched, registered, enrolled)


def fetch(phone: Phone, rules: BootRules) -> Generator[Ask, Answer, Fetched]:
    """CTL, ITL and configuration from the first TFTP that answers; every refusal keeps what was held."""
    trial = Trial(phone, rules, phone.cache if rules.cache_survives else ())
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
    trial = Trial(phone, rules, phone.cache)
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
