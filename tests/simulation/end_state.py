"""What must be the same at the end of every run, however often it was killed: asked of the lab, never of the client."""

from collections import Counter
from typing import Any

import msgspec

from ucmcert.model.plan import Plan, StepKind
from ucmlab.cluster.cluster import Cluster as LabCluster
from ucmlab.cluster.phones.rows.device import Device
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.cluster.snapshot import snapshot

WRITES = {
    *(("rest", "csr"), ("rest", "identity")),
    *(("ssh", name) for name in ("csr", "identity", "restart", "ctl-update", "ctl-reset", "itl-reset", "regenerate")),
    *(("axl", name) for name in ("resetDevicePool", "doDeviceReset", "resetPhone", "restartPhone")),
}
NOT_DONE = ("throttled", "dropped: not applied")


class EndState(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, what runs, what was written; per node and purpose who issued what is stored, whether every port that
    shows the purpose serves that very certificate, and which services have loaded it. Trust entries are told by their
    file names, which carry name and serial: fingerprints would differ between two labs that were not born at once. The
    records of trust lists are told by whose stored certificates they are ("-": nobody's), phones by their state.

    `planned`: the most restarts that the plan asks for, where known. 14 and later restart some services by themselves,
    and which of the plan's a run then finds done already is a matter of seconds.
    """

    identities: dict[str, tuple[str, bool, tuple[str, ...]]]
    requests: tuple[str, ...]
    trust: dict[str, tuple[str, ...]]
    services: dict[str, str]
    writes: dict[str, int]
    lists: dict[str, tuple[str, ...]] = {}
    phones: dict[str, str] = {}
    planned: dict[str, int] = {}


def end_state(lab: LabCluster) -> EndState:
    """The end state of `lab`. Fingerprints of new leaves are left out: their serials and dates follow the clock."""
    view = snapshot(lab)
    operations = [
        msgspec.structs.asdict(one) for one in lab.log.operations() if (one.interface, one.operation) in WRITES
    ]
    return msgspec.structs.replace(of_snapshot(view, operations), phones=_phones(lab))


def of_snapshot(view: dict[str, Any], operations: list[dict[str, Any]]) -> EndState:
    """The same from what `ucmlab inspect --json` and `ucmlab log --json` print."""
    identities, trust, services = {}, {}, {}
    requests: list[str] = []
    for node in view["nodes"]:
        for one in node["identities"]:
            loaded = tuple(sorted(name for name, sha256 in one["loaded_by"].items() if sha256 == one["stored"]))
            served = set(one["served_on"].values()) <= {one["stored"]}
            identities[f"{node['name']}/{one['purpose']}"] = (one["issuer"], served, loaded)
        requests += [f"{node['name']}/{one['purpose']}" for one in node["csrs"]]
        for store, entries in node["trust"].items():
            trust[f"{node['name']}/{store}"] = tuple(sorted(one["filename"] for one in entries))
        for one in node["services"]:
            services[f"{node['name']}/{one['name']}"] = one["state"]
    wanted = [
        f"{one['node']}/{one['operation']}/{one['purpose']}"
        for one in operations
        if (one["interface"], one["operation"]) in WRITES
        and one["outcome"] not in NOT_DONE
        and not one["outcome"].startswith("refused")
    ]
    return EndState(
        identities=identities,
        requests=tuple(sorted(requests)),
        trust=trust,
        services=services,
        writes=dict(sorted(Counter(wanted).items())),
        lists=_lists(view),
    )


def _as_planned(wanted: EndState, field: str, key: str, found: Any) -> bool:
    return field == "writes" and wanted.writes.get(key, 0) <= (found or 0) <= wanted.planned.get(key, 0)


def planned_restarts(plan: Plan) -> dict[str, int]:
    """How many restarts of each service the plan asks for at most, by the names of `writes`."""
    steps = (step for step in plan.steps if step.kind is StepKind.SERVICE_RESTART)
    return dict(Counter(f"{step.node.split('.')[0]}/restart/{step.detail['service']}" for step in steps))


def _lists(view: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    owners: dict[str, list[str]] = {}
    for node in view["nodes"]:
        for one in node["identities"]:
            owners.setdefault(one["stored"], []).append(f"{node['name']}/{one['purpose']}")
    known = {sha256: "+".join(names) for sha256, names in owners.items()}
    found = {}
    for node in view["nodes"]:
        for kind in ("itl", "ctl"):
            listed = node["tftp"] and node["tftp"][kind]
            if listed:
                records = sorted(f"{one['role']} {known.get(one['sha256'], '-')}" for one in listed["entries"])
                signer = known.get(listed["signer"], "-")
                found[f"{node['name']}/{kind}"] = (f"signed by {signer}", *records)
    return found


def _phones(lab: LabCluster) -> dict[str, str]:
    found = {}
    for name in lab.phones.names():
        one = lab.phones.phone(name)
        page = ", page on" if one.record.page else ""
        found[name] = f"{_trust(lab, one)} {one.status}, {one.deleted_by_hand} times deleted by hand{page}"
    return found


def _trust(lab: LabCluster, phone: Device) -> str:
    """The state of trust; a phone that holds what any of its own TFTP servers serves has followed (phones.md 1.8)."""
    state = lab.phones.trust_state(phone.name)
    files = [lab.nodes[name].tftp for name in phone.line.tftp]
    mine = (phone.memory.itl, phone.memory.ctl)
    same = any(one is not None and mine == (one.itl, one.ctl) for one in files)
    return TrustState.TRUSTED if state is TrustState.STALE_OK and same else state


def differences(wanted: EndState, found: EndState) -> list[str]:
    """What is not as in the undisturbed run, one line each."""
    told = []
    for field in EndState.__struct_fields__[:-1]:
        one, other = getattr(wanted, field), getattr(found, field)
        if isinstance(one, dict):
            keys = sorted({*one, *other})
            told += [
                f"{field} {key}: {one.get(key)} became {other.get(key)}"
                for key in keys
                if one.get(key) != other.get(key) and not _as_planned(wanted, field, key, other.get(key))
            ]
        elif one != other:
            told.append(f"{field}: {one} became {other}")
    return told
