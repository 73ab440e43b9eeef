"""What can go wrong, injectable by rule while the lab runs, and the little mischief it makes by itself.

Kinds stand in `FAULT_KINDS`, default mischief in `MISCHIEF`: a new fault is one entry in a table and one branch in
`Faults`. Rules live in `faults.json` of the state folder and are read again whenever that file changes; how often
each has struck stands in `faults-used.json`, written by the running lab only.
"""

import random
from collections.abc import Callable, Container, Sequence
from itertools import count
from pathlib import Path
from typing import AnyStr

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.clock import Clock
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection, ScenarioError, Throttled


class FaultKind(msgspec.Struct, frozen=True):
    """One way to go wrong: its name, where it strikes and what a caller sees."""

    name: str
    where: str
    effect: str


FAULT_KINDS = (
    FaultKind("refuse", "any interface", "the connection is refused"),
    FaultKind("delay", "any interface", "the answer comes `seconds` later"),
    FaultKind("drop-before", "any interface", "the connection is cut before the request is applied"),
    FaultKind("drop-after", "any interface", "the request is applied, then the connection is cut"),
    FaultKind("wrong-answer", "any interface", "the answer is cut in half and garbled"),
    FaultKind("node-down", "a node", "no port of the node answers"),
    FaultKind("service-fails", "a service (operation = its name)", "the service stops instead of starting"),
    FaultKind("throttle", "any interface", "the caller is told to slow down for `seconds`"),
    FaultKind("ris-throttle", "RIS", "somebody has used up the device queries: all are over the rate for `seconds`"),
    FaultKind("axl-write-throttle", "AXL", "updates and resets get 503 for `seconds`, reads are answered"),
    FaultKind("ctl-update-refused", "a node", "`utils ctl update CTLFile` fails and leaves the CTL as it was"),
    FaultKind("phones-off", "phones", "a `share` of the phones, or those named, is without power for `seconds`"),
)


class FaultRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One injected fault. An empty selector matches everything; `times` 0 means until the rule is removed.

    `seconds` is cluster time: of the delay, throttling or power cut. `operation` also names a service. `share` (0 to 1)
    and `phones` (device names) say whom a power cut meets.
    """

    kind: str
    id: str = ""
    node: str = ""
    interface: str = ""
    operation: str = ""
    purpose: str = ""
    times: int = 1
    seconds: float = 10.0
    share: float = 0.0
    phones: tuple[str, ...] = ()

    def matches(self, node: str, interface: str, operation: str, purpose: str) -> bool:
        """Whether the rule's selectors fit a request."""
        asked = (node, interface, operation, purpose)
        wanted = (self.node, self.interface, self.operation, self.purpose)
        return all(not want or want.lower() == have.lower() for want, have in zip(wanted, asked, strict=True))


class Mischief(msgspec.Struct, frozen=True):
    """A fault the lab makes by itself: kind, interfaces it strikes, likelihood per request, longest seconds."""

    kind: str
    interfaces: tuple[str, ...]
    likelihood: float
    seconds: float
    why: str


MISCHIEF = (
    Mischief("delay", ("rest", "axl", "ris", "control-center"), 0.05, 3.0, "a busy Tomcat answers late now and then"),
    Mischief("refuse", ("rest", "axl", "ris", "control-center"), 0.01, 0.0, "a connection is lost now and then"),
)
STRIKES_BEFORE = ("delay", "throttle", "refuse", "drop-before")


class Faults:
    """The rules in force, asked by every interface before and after it works on a request."""

    def __init__(
        self,
        clock: Clock,
        *,
        folder: Path | None = None,
        rules: Sequence[FaultRule] = (),
        mischief: Sequence[Mischief] = (),
        seed: int = 0,
    ) -> None:
        self._clock = clock
        self._folder = folder
        self._rules = number_rules(rules)
        self._mischief = tuple(mischief)
        self._random = random.Random(f"mischief {seed}")  # noqa: S311 - repeatable mischief, not a secret
        self._used: dict[str, int] = {}
        self._stamp = -1
        self.watchers: list[Callable[[], None]] = []
        if folder is not None:
            self._used = read_strikes(folder)

    def rules(self) -> list[FaultRule]:
        """Rules that can still strike, oldest first."""
        self._reread()
        if not self._rules:
            return []
        return [rule for rule in self._rules if rule.times == 0 or self._used.get(rule.id, 0) < rule.times]

    def add(self, rule: FaultRule) -> None:
        """Put a rule in force from inside the lab's process; kept in the file when there is a state folder."""
        self._reread()
        self._rules = number_rules([*self._rules, rule], spent=self._used)
        if self._folder is not None:
            write_rules(self._folder, self._rules)
        self.look_again()

    def look_again(self) -> None:
        """Read the rules and tell the watchers, who let those strike that wait for no request."""
        self._reread()
        for watcher in self.watchers:
            watcher()

    def clear(self) -> None:
        """Take every injected rule out of force; the default mischief stays."""
        self._rules = []
        if self._folder is not None:
            write_rules(self._folder, ())

    async def before(self, node: str, interface: str, operation: str, purpose: str = "") -> None:
        """Let faults strike before a request is applied.

        Raises: NodeDown, RefuseConnection, DropConnection(applied=False), Throttled.
        """
        if self.node_down(node):
            raise NodeDown(node)
        await self._make_mischief(node, interface)
        for rule in self._hits(STRIKES_BEFORE, node, interface, operation, purpose):
            if rule.kind == "delay":
                await self._clock.sleep(rule.seconds)
            elif rule.kind == "throttle":
                raise Throttled(rule.seconds)
            elif rule.kind == "refuse":
                raise RefuseConnection(node)
            else:
                raise DropConnection(node, applied=False)

    async def after(self, node: str, interface: str, operation: str, purpose: str = "", *, answer: AnyStr) -> AnyStr:
        """Let faults strike once a request is applied; returns `answer`, mangled by a wrong-answer rule.

        Raises: NodeDown, DropConnection(applied=True).
        """
        if self.node_down(node):
            raise NodeDown(node)
        for _ in self._hits(("drop-after",), node, interface, operation, purpose):
            raise DropConnection(node, applied=True)
        for _ in self._hits(("wrong-answer",), node, interface, operation, purpose):
            answer = mangle(answer)
        return answer

    def node_down(self, node: str) -> bool:
        """Whether a node-down rule silences this node; such a rule counts no strikes and stays until removed."""
        rules = self.rules()
        return bool(rules) and any(rule.kind == "node-down" and rule.matches(node, "", "", "") for rule in rules)

    def service_fails(self, node: str, service: str) -> bool:
        """Whether this start of a service fails (one strike of a service-fails rule)."""
        return self.strikes("service-fails", node, operation=service) is not None

    def strikes(self, kind: str, node: str, interface: str = "", operation: str = "") -> FaultRule | None:
        """The first rule of a kind that strikes here and now, counted as one strike; None when there is none."""
        return next(iter(self._hits((kind,), node, interface, operation, "")), None)

    def spend(self, rule: FaultRule) -> None:
        """Count one strike of a rule that waits for no request."""
        self._count((rule,))

    async def _make_mischief(self, node: str, interface: str) -> None:
        for trick in self._mischief:
            if interface not in trick.interfaces or self._random.random() >= trick.likelihood:
                continue
            if trick.kind == "refuse":
                raise RefuseConnection(node)
            await self._clock.sleep(self._random.uniform(0.0, trick.seconds))

    def _hits(self, kinds: Sequence[str], *asked: str) -> Sequence[FaultRule]:
        hits = [rule for rule in self.rules() if rule.kind in kinds and _fits(rule, asked)]
        self._count(hits)
        return hits

    def _count(self, hits: Sequence[FaultRule]) -> None:
        for rule in hits:
            self._used[rule.id] = self._used.get(rule.id, 0) + 1
        if hits and self._folder is not None:
            write_atomically(self._folder / "faults-used.json", msgspec.json.encode(self._used))

    def _reread(self) -> None:
        path = None if self._folder is None else self._folder / "faults.json"
        if path is None or not path.exists():
            return
        stamp = path.stat().st_mtime_ns
        if stamp != self._stamp:
            self._stamp = stamp
            self._rules = read_rules(path.parent)


def _fits(rule: FaultRule, asked: Sequence[str]) -> bool:
    node, interface, operation, purpose = asked
    return rule.matches(node, interface, operation, purpose)


def mangle(answer: AnyStr) -> AnyStr:
    """The first half of an answer, with its last tenth upside down: what a broken middlebox leaves of it."""
    half = answer[: len(answer) // 2]
    tail = max(1, len(half) // 10)
    return half[:-tail] + half[-tail:][::-1]


def number_rules(rules: Sequence[FaultRule], *, spent: Container[str] = ()) -> list[FaultRule]:
    """The rules with an id each, `f1`, `f2` ... for those without; an id that has struck before is never given again.

    Raises: ScenarioError for an unknown kind.
    """
    kinds = [kind.name for kind in FAULT_KINDS]
    numbered: list[FaultRule] = []
    taken = {rule.id for rule in rules}
    for rule in rules:
        if rule.kind not in kinds:
            next_step = f"Choose one of: {', '.join(kinds)}."
            raise ScenarioError(f"there is no fault {rule.kind!r}", where="faults", next_step=next_step)
        if not rule.id:
            free = next(f"f{n}" for n in count(1) if f"f{n}" not in taken and f"f{n}" not in spent)
            taken.add(free)
            rule = msgspec.structs.replace(rule, id=free)
        numbered.append(rule)
    return numbered


def read_rules(folder: Path) -> list[FaultRule]:
    """Rules of `faults.json` in a state folder; none when the file is missing. Raises ScenarioError when it is bad."""
    path = folder / "faults.json"
    if not path.exists():
        return []
    try:
        return number_rules(msgspec.json.decode(path.read_bytes(), type=list[FaultRule]))
    except msgspec.DecodeError as error:
        raise ScenarioError(str(error), where="faults.json", next_step="Mend or remove the file.") from error


def read_strikes(folder: Path) -> dict[str, int]:
    """How often each rule of a state folder has struck, by id."""
    path = folder / "faults-used.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, int]) if path.exists() else {}


def write_rules(folder: Path, rules: Sequence[FaultRule]) -> None:
    """Replace `faults.json` of a state folder at once; a running lab sees it at its next request."""
    numbered = number_rules(rules, spent=read_strikes(folder))
    write_atomically(folder / "faults.json", msgspec.json.format(msgspec.json.encode(numbered)))
