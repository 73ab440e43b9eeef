"""The removal plan: one certificate at a time, exact commands for a person, what to wait for, and the way back.

ucmcert carries out none of it. Source: procedure.md 6.4, 6.5, 6.8; interfaces-cli.md 2.4, 2.5 (`set cert delete`).
"""

import hashlib

import msgspec

from ucmcert.knowledge.services import SERVICES
from ucmcert.knowledge.trust_stores import TRUST_STORES, WAIT_S
from ucmcert.knowledge.versions import has
from ucmcert.lint.service_names import listed
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.node import Role
from ucmcert.trust.audit import Audit, Judged
from ucmcert.trust.entries import Entry
from ucmcert.trust.may_go import Kept
from ucmcert.trust.verdict import Verdict

VERSION = 1
SYNCHRONISERS = ("cisco certificate change notification",)
PRESENCE_SYNCHRONISERS = (
    *SYNCHRONISERS,
    "platform administrative web service",
    "cisco intercluster sync agent",
)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One line to type at the command line of `node`."""

    node: str
    command: str


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate that may go. All steps are for a person, in this order:

    `look` on the first node, `before` on all, `delete` node by node: the first, then wait `wait_s` and see what
    is left, then the others where it still stands; `after` on all; `restart`. `disturbs_phones`: in a window only.
    `undo` is what brings it back with the exported file, () where nothing does: CUCM takes no expired certificate.
    `evidence` are the words of the ledger or the twin's serial, by what they are.
    """

    number: int
    store: str
    subject: str
    common_name: str
    issuer: str
    serial: str
    sha256: str
    not_before: int
    not_after: int
    verdict: str
    evidence: dict[str, str]
    nodes: tuple[str, ...]
    look: tuple[Command, ...]
    before: tuple[Command, ...]
    delete: tuple[Command, ...]
    after: tuple[Command, ...]
    restart: tuple[Command, ...]
    undo: tuple[Command, ...]
    disturbs_phones: bool
    source: str
    file: str = ""
    wait_s: int = WAIT_S


class Held(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One certificate in one store of one node, as it was when the plan was made."""

    node: str
    store: str
    sha256: str


class RemovalPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The plan. `stood` is everything that the stores held when it was made, so that a later look tells what else went.

    `digest` is SHA-256 of all of this but itself.
    """

    version: int = VERSION
    cluster: str
    made_at: float
    removals: tuple[Removal, ...]
    stood: tuple[Held, ...]
    digest: str = ""


def removal_plan(cluster: Cluster, audited: Audit, chosen: tuple[Judged, ...]) -> RemovalPlan:
    """A plan for those of `chosen` that may go, the least disturbing stores first."""
    going = sorted((one for one in chosen if one.kept is Kept.NOTHING), key=_order)
    removals = tuple(_removal(number, one, cluster) for number, one in enumerate(going, start=1))
    plan = RemovalPlan(
        cluster=audited.cluster, made_at=float(audited.observed_at), removals=removals, stood=held_now(cluster)
    )
    return msgspec.structs.replace(plan, digest=digest_of(plan))


def digest_of(plan: RemovalPlan) -> str:
    """SHA-256, lower-case hex, of everything in `plan` but its digest."""
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(plan, digest=""), order="sorted")).hexdigest()


def held_now(cluster: Cluster) -> tuple[Held, ...]:
    """Every trusted certificate of every node, each once."""
    found = (
        Held(node=facts.node.name, store=one.purpose, sha256=one.certificate.sha256)
        for facts in cluster.nodes
        for one in facts.holding.trust
    )
    return tuple(dict.fromkeys(found))


def _order(one: Judged) -> tuple[bool, bool, str, str]:
    """What phones do not feel first, of that what can be brought back first."""
    row = TRUST_STORES[one.entry.store]
    return row.disturbs_phones, one.expired, one.entry.store, one.entry.certificate.sha256


def _removal(number: int, one: Judged, cluster: Cluster) -> Removal:
    entry, certificate, row = one.entry, one.entry.certificate, TRUST_STORES[one.entry.store]
    holders = [facts for facts in cluster.nodes if facts.node.name in entry.nodes]
    reached = [facts for facts in cluster.nodes if facts in holders or facts.node.role in row.spreads_to]
    stop, start = _synchronisers(cluster, reached)
    keeps = not one.expired
    uploads = holders[:1] if row.spreads_to else holders
    return Removal(
        number=number,
        store=f"{entry.store}-trust",
        subject=certificate.subject,
        common_name=certificate.common_name,
        issuer=certificate.issuer,
        serial=certificate.serial,
        sha256=certificate.sha256,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        verdict=one.reasoned.verdict.value,
        evidence=_evidence(one),
        nodes=tuple(facts.node.name for facts in holders),
        look=(Command(node=holders[0].node.name, command=f"show cert trust {entry.store}-trust/{_file(entry, 0)}"),),
        before=stop,
        delete=tuple(
            Command(node=facts.node.name, command=f"set cert delete {entry.store}-trust {_file_on(entry, facts)}")
            for facts in holders
        ),
        after=start,
        restart=_restarts(row.restarts or (), reached),
        undo=tuple(
            Command(node=facts.node.name, command=f"set cert import trust {entry.store}")
            for facts in (uploads if keeps else ())
        ),
        disturbs_phones=row.disturbs_phones,
        source=row.source,
    )


def _evidence(one: Judged) -> dict[str, str]:
    reasoned = one.reasoned
    found = {}
    if reasoned.owners:
        owner = reasoned.owners[0]
        found = {"purpose": owner.purpose, "node": owner.node, "run": owner.told_by}
    if reasoned.twin is not None and reasoned.verdict is Verdict.DUPLICATE:
        found["twin"] = reasoned.twin.serial
    return {name: said for name, said in found.items() if said}


def _file(entry: Entry, holder: int) -> str:
    name = entry.holders[holder].files[0]
    return name if name.lower().endswith((".pem", ".der")) else f"{name}.pem"


def _file_on(entry: Entry, facts: NodeFacts) -> str:
    return _file(entry, entry.nodes.index(facts.node.name))


def _synchronisers(cluster: Cluster, nodes: list[NodeFacts]) -> tuple[tuple[Command, ...], tuple[Command, ...]]:
    """Below 12.0: what to stop before and start after, else the entry comes back. Source: procedure.md 6.5 [S D2]."""
    if has("deletion_stays", msgspec.structs.astuple(cluster.publisher.node.release)):
        return (), ()
    stop, start = [], []
    for facts in nodes:
        wanted = PRESENCE_SYNCHRONISERS if facts.node.role is Role.IM_PRESENCE else SYNCHRONISERS
        for status in facts.services:
            if status.name.lower().startswith(wanted) and status.runs:
                stop.append(Command(node=facts.node.name, command=f"utils service stop {status.name}"))
                start.append(Command(node=facts.node.name, command=f"utils service start {status.name}"))
    return tuple(stop), tuple(start)


def _restarts(keys: tuple[str, ...], nodes: list[NodeFacts]) -> tuple[Command, ...]:
    """Restarts of those services of the table that run, under the names the nodes give them."""
    found = []
    for key in keys:
        for facts in nodes:
            status = listed(facts, SERVICES[key])
            if status is not None and status.runs:
                found.append(Command(node=facts.node.name, command=f"utils service restart {status.name}"))
    return tuple(found)
