"""Look at the lists that TFTP nodes serve: verified, made anew, with the new certificates in them, signed as planned.

Source: phones.md I8, 1.8 (every TFTP node has its own ITL), 2.4; procedure.md 4.2 Q4.
"""

from collections.abc import Sequence

from ucmcert.lint.service_names import runs
from ucmcert.model.node import Node
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import ListKind, TrustListFacts
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Unclear
from ucmcert.run.served_lists import gaps, signer, tftp_nodes, told


async def observe(context: Context, step: Step) -> Observation:
    """Done when every list the step names holds what is stored now and is signed by whom the step names."""
    kinds = kinds_of(step)
    nodes = _nodes(context, step)
    if not nodes:
        return Unclear(code="UCM-RUN-034", what="no node serves lists", why="Cisco TFTP runs nowhere in the cluster")
    missing = await gaps(context, step, kinds, nodes)
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        what = "; ".join(told(one) for one in missing[:3]) + more
        return Unclear(code="UCM-RUN-035", what=what, why="TFTP serves what it loaded or built last")
    lists = [one for node in nodes for kind in kinds if (one := context.cluster.facts(node.name).trust_list(kind))]
    if down := await _not_serving(context, lists):
        why = "the node shows the list, and no phone can fetch it"
        return Unclear(code="UCM-RUN-035", what=f"Cisco Tftp of {', '.join(down)} does not run", why=why)
    wanted = step.detail.get("signer", "")
    for one in lists:
        if wanted and (found := signer(context, one)) != wanted:
            what = f"{one.told_by} is signed by {found or 'an unknown key'}, not by {wanted}"
            return Unclear(code="UCM-RUN-036", what=what, why="TFTP signs anew when it restarts")
    proof = tuple(
        context.evidence(f"{one.kind.upper()} verified, holds what is stored now, SHA-1 {one.sha1}", one.told_by)
        for one in lists
    )
    return Done(evidence=proof, facts={f"{one.kind}/{one.node}": one.sha1 for one in lists})


async def _not_serving(context: Context, lists: Sequence[TrustListFacts]) -> list[str]:
    """Nodes that only showed their list, since its file could not be fetched, and whose TFTP does not run either."""
    shown = sorted({one.node for one in lists if one.told_by.startswith("show ")})
    for name in shown:
        await context.services(context.cluster.facts(name).node)
    return [name for name in shown if not runs(context.cluster.facts(name), "tftp")]


def kinds_of(step: Step) -> tuple[ListKind, ...]:
    """The lists the step names."""
    named = step.detail.get("lists", "itl").split(",")
    every: tuple[ListKind, ...] = ("itl", "ctl")
    return tuple(kind for kind in every if kind in named)


def _nodes(context: Context, step: Step) -> tuple[Node, ...]:
    everyone = tftp_nodes(context)
    if step.node == context.cluster.name:
        return everyone
    return tuple(one for one in everyone if one.name == step.node) or (context.node(step),)
