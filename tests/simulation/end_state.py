"""What must be the same at the end of every run, however often it was killed: asked of the lab, never of the client."""

from collections import Counter
from typing import Any

import msgspec

from ucmlab.cluster.cluster import Cluster as LabCluster
from ucmlab.cluster.snapshot import snapshot

WRITES = {("rest", "csr"), ("rest", "identity"), ("ssh", "csr"), ("ssh", "identity"), ("ssh", "restart")}
NOT_DONE = ("throttled", "dropped: not applied")


class EndState(msgspec.Struct, frozen=True, kw_only=True):
    """What waits, what runs, what was written; per node and purpose who issued what is stored, whether every port that
    shows the purpose serves that very certificate, and which services have loaded it. Trust entries are told by their
    file names, which carry name and serial: fingerprints would differ between two labs that were not born at once.
    """

    identities: dict[str, tuple[str, bool, tuple[str, ...]]]
    requests: tuple[str, ...]
    trust: dict[str, tuple[str, ...]]
    services: dict[str, str]
    writes: dict[str, int]


def end_state(lab: LabCluster) -> EndState:
    """The end state of `lab`. Fingerprints of new leaves are left out: their serials and dates follow the clock."""
    view = snapshot(lab)
    operations = [
        msgspec.structs.asdict(one) for one in lab.log.operations() if (one.interface, one.operation) in WRITES
    ]
    return of_snapshot(view, operations)


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
    )


def differences(wanted: EndState, found: EndState) -> list[str]:
    """What is not as in the undisturbed run, one line each."""
    told = []
    for field in EndState.__struct_fields__:
        one, other = getattr(wanted, field), getattr(found, field)
        if isinstance(one, dict):
            keys = sorted({*one, *other})
            told += [
                f"{field} {key}: {one.get(key)} became {other.get(key)}"
                for key in keys
                if one.get(key) != other.get(key)
            ]
        elif one != other:
            told.append(f"{field}: {one} became {other}")
    return told
