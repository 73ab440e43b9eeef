"""A sheet on which an epoch is drafted step by step: each new row waits for the row before it."""

from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.plan import Phase, Step, StepKind
from ucmcert.plan.options import Options
from ucmcert.plan.reasons import reason
from ucmcert.plan.rules import rules_for
from ucmcert.plan.step_id import step_id


class Draft:
    """The steps of one epoch so far. `last` are the ids the next row waits for.

    Steps that concern all phones have the cluster's name as node.
    """

    def __init__(
        self,
        cluster: Cluster,
        purpose: str,
        needs: tuple[str, ...],
        options: Options,
        *,
        phase: Phase = Phase.CUT_OVER,
    ) -> None:
        self.cluster = cluster
        self.purpose = purpose
        self.options = options
        self.phase = phase
        self.last = needs
        self.steps: list[Step] = []

    def add(
        self,
        kind: StepKind,
        code: str,
        *,
        at: NodeFacts | None = None,
        name: str = "",
        detail: dict[str, str] | None = None,
        estimate_s: int = 0,
    ) -> Step:
        """Append one step that waits for the row before, and is the row the next one waits for."""
        step = self._made(kind, code, at, name, detail, estimate_s, self.last)
        self.steps.append(step)
        self.last = (step.id,)
        return step

    def beside(
        self,
        kind: StepKind,
        code: str,
        nodes: tuple[NodeFacts, ...] | list[NodeFacts],
        *,
        name: str = "",
        detail: dict[str, str] | None = None,
        estimate_s: int = 0,
    ) -> None:
        """Append one step per node, all of them one row. No nodes, no row."""
        row = [self._made(kind, code, facts, name, detail, estimate_s, self.last) for facts in nodes]
        self.steps += row
        self.last = tuple(step.id for step in row) or self.last

    def _made(  # noqa: PLR0917 - every part of a step is given, none is guessed
        self,
        kind: StepKind,
        code: str,
        at: NodeFacts | None,
        name: str,
        detail: dict[str, str] | None,
        estimate_s: int,
        needs: tuple[str, ...],
    ) -> Step:
        return Step(
            id=step_id(self.purpose, at.node if at else None, kind, name),
            kind=kind,
            phase=self.phase,
            node=at.node.name if at else self.cluster.name,
            purpose=self.purpose,
            needs=needs,
            rules=rules_for(kind, self.purpose),
            estimate_s=estimate_s,
            reason=reason(code),
            detail=detail or {},
        )
