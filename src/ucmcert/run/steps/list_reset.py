"""Have the ITL or CTL signed by the other key (`utils itl|ctl reset localkey`), recognised by who signed it.

Source: phones.md 1.5, 1.7, 2.3; interfaces-cli.md 4.6, 4.7 (the ITL one acts at once, on every TFTP node).
"""

from ucmcert.lint.phone_world import other_signer
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import ListKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo, Unclear
from ucmcert.run.served_lists import list_home, served_list, signer, tftp_nodes


async def observe(context: Context, step: Step) -> Observation:
    """Done when every TFTP node (for a CTL its home) serves a list that the other key signed."""
    kind = kind_of(step)
    wanted = other_signer(context.cluster)
    nodes = tftp_nodes(context) if kind == "itl" else (list_home(context),)
    lists = [await served_list(context, node, kind) for node in nodes]
    signers = {one.node: signer(context, one) if one.present and one.verified else "nobody known" for one in lists}
    intended = context.history.intended.get(step.id)
    others = sorted(name for name, signed in signers.items() if signed != wanted)
    if not others:
        utc = await context.client.node_utc(context.node(step))
        proof = tuple(
            context.evidence(f"the {kind.upper()} is signed by {wanted}, SHA-1 {one.sha1}", one.told_by)
            for one in lists
        )
        return Done(evidence=proof, facts={"node_utc": repr(utc), "signer": wanted})
    if intended is not None and context.clock.now() - intended.at < context.limits.settle_s:
        what = f"the {kind.upper()} of {', '.join(others)} is not signed by {wanted} yet"
        return Unclear(code="UCM-RUN-033", what=what, why="the new list travels to the TFTP nodes")
    return Todo(baseline=signers)


async def act(context: Context, step: Step) -> str:
    """Ask the publisher for it; its words."""
    return await context.client.reset_localkey(context.node(step), kind_of(step))


def kind_of(step: Step) -> ListKind:
    """The list the step is about."""
    return "ctl" if step.detail["list"] == "ctl" else "itl"
