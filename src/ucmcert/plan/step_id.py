"""Names of steps: `<purpose>/<node host>/<kind>[/<detail>]`, stable from run to run."""

from ucmcert.model.node import Node
from ucmcert.model.plan import StepKind

CLUSTER = "cluster"


def step_id(purpose: str, node: Node | None, kind: StepKind, detail: str = "") -> str:
    """The id of a step; `node` None means the cluster as a whole."""
    place = node.host if node else CLUSTER
    return "/".join(part for part in (purpose, place, kind.value, detail) if part)
