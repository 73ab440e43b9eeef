"""What a pack claims against what its events prove: the approved plan, the issued certificates and the states."""

import hashlib
from collections.abc import Iterator

import msgspec

from ucmcert.model.certificate import read_certificate, read_request
from ucmcert.model.event import AnyEvent, CertificateIssued, Entry, Finished, RunStarted, StateReached, Verified
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Plan, StepKind
from ucmcert.model.states import ORDER, State
from ucmcert.report.pack.contents import approved_plan, recorded_plan
from ucmcert.report.pack.layout import APPROVED, EVENTS, PLAN, RESULT
from ucmcert.report.pack.pack_finding import pack_finding
from ucmcert.run.history import History
from ucmcert.run.progress import state_of


class _Claim(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    purpose: str
    state: str
    new: str = ""


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    outcome: str
    certificates: tuple[_Claim, ...]


def plan_findings(files: dict[str, bytes], entries: tuple[Entry, ...], run: str, digest: str) -> Iterator[Finding]:
    """The plan's digest inside, the canonical plan a yes refers to, and the plan the ledger says was approved."""
    try:
        canonical = approved_plan(files.get(PLAN, b""))
        inside = msgspec.json.decode(files[PLAN], type=dict[str, object]).get("digest")
    except (KeyError, msgspec.DecodeError):
        yield pack_finding("UCM-PACK-008", PLAN, expected=digest[:16], found="-")
        return
    found = hashlib.sha256(canonical).hexdigest()
    if not found == inside == digest:
        yield pack_finding("UCM-PACK-008", PLAN, expected=digest[:16], found=found[:16])
    if files.get(APPROVED) != canonical:
        yield pack_finding("UCM-PACK-008", APPROVED, expected=digest[:16], found=_sha(files.get(APPROVED, b""))[:16])
    for entry in entries:
        if _tag(entry) == ("run_started", run):
            if not _same_json(recorded_plan(entry.body), files[PLAN]):
                yield pack_finding("UCM-PACK-009", f"{EVENTS}:{entry.number}", entry=f"{entry.number}")
            return
    yield pack_finding("UCM-PACK-009", EVENTS, entry="-")


def event_findings(entries: tuple[Entry, ...], run: str) -> Iterator[Finding]:
    """Entry by entry: every issued leaf has its CSR's key, every state reached has its evidence before it."""
    plan: Plan | None = None
    proven: set[str] = set()
    requests: dict[tuple[str, str], str] = {}
    for entry in entries:
        event = entry.event
        if event is None or event.run != run:
            continue
        if isinstance(event, RunStarted):
            plan = event.plan
        elif plan is not None:
            if isinstance(event, Verified) and event.evidence:
                proven.add(event.step)
                _note_request(plan, event, requests)
            yield from _objections(entry, event, plan, frozenset(proven), requests)


def result_findings(files: dict[str, bytes], entries: tuple[Entry, ...], run: str) -> Iterator[Finding]:
    """The states that result.json claims, against the same question asked of the events."""
    try:
        claimed = msgspec.json.decode(files.get(RESULT, b""), type=_Result)
    except msgspec.DecodeError:
        yield pack_finding("UCM-PACK-013", RESULT, certificate="-", claimed="-", proven="-")
        return
    events = [one.event for one in entries if one.event is not None and one.event.run == run]
    started = next((one for one in events if isinstance(one, RunStarted)), None)
    if started is None:
        return
    plan, history = started.plan, History(started)
    for event in events:
        history.add(event)
    done = frozenset(one.step for one in events if isinstance(one, Verified) and one.evidence)
    states = {(item.node, item.purpose): state_of(item, plan, done) for item in plan.items}
    for one in claimed.certificates:
        key = (one.node, one.purpose)
        proven = states.pop(key, None)
        if one.state != proven or one.new != history.new_sha256(*key):
            yield _claim(f"{one.purpose} {one.node}", one.state, proven)
    for (node, purpose), proven in states.items():
        yield _claim(f"{purpose} {node}", "-", proven)
    if claimed.outcome == "done" and not any(isinstance(one, Finished) for one in events):
        yield _claim(run, "done", None)


def _objections(
    entry: Entry, event: AnyEvent, plan: Plan, proven: frozenset[str], requests: dict[tuple[str, str], str]
) -> Iterator[Finding]:
    where = f"{EVENTS}:{entry.number}"
    if isinstance(event, CertificateIssued):
        leaf = read_certificate(event.issued.leaf.der)
        asked = requests.get(_owner(plan, event.step), "")
        if leaf.spki_sha256 != asked or leaf.sha256 != event.issued.leaf.sha256:
            yield pack_finding("UCM-PACK-010", where, leaf=leaf.spki_sha256[:16], request=asked[:16] or "-")
    elif isinstance(event, StateReached):
        yield from _unproven(where, plan, proven, (event.node, event.purpose), event.state)
    elif isinstance(event, Finished):
        for item in plan.items:
            yield from _unproven(where, plan, proven, (item.node, item.purpose), State(item.last_state))


def _unproven(
    where: str, plan: Plan, proven: frozenset[str], key: tuple[str, str], claimed: State
) -> Iterator[Finding]:
    item = next((one for one in plan.items if (one.node, one.purpose) == key), None)
    reached = state_of(item, plan, proven) if item else State.PLANNED
    if ORDER.index(reached) < ORDER.index(claimed):
        name = f"{key[1]} {key[0]}"
        yield pack_finding("UCM-PACK-012", where, certificate=name, claimed=claimed.value, proven=reached.value)


def _note_request(plan: Plan, event: Verified, requests: dict[tuple[str, str], str]) -> None:
    owner = next((one for one in plan.steps if one.id == event.step and one.kind is StepKind.CSR_GENERATE), None)
    if owner is not None:
        requests[(owner.node, owner.purpose)] = read_request(event.facts.get("csr_pem", "").encode()).spki_sha256


def _owner(plan: Plan, step_id: str) -> tuple[str, str]:
    return next(((one.node, one.purpose) for one in plan.steps if one.id == step_id), ("", ""))


def _claim(certificate: str, claimed: str, proven: State | None) -> Finding:
    found = proven.value if proven else "-"
    return pack_finding("UCM-PACK-013", RESULT, certificate=certificate, claimed=claimed, proven=found)


def _tag(entry: Entry) -> tuple[object, object]:
    try:
        fields = msgspec.json.decode(entry.body, type=dict[str, msgspec.Raw])
        return tuple(msgspec.json.decode(fields[name]) for name in ("type", "run"))
    except (msgspec.DecodeError, KeyError):
        return ("", "")


def _same_json(one: bytes, other: bytes) -> bool:
    return bool(msgspec.json.decode(one) == msgspec.json.decode(other))


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
