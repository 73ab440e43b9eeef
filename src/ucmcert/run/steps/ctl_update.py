"""Make a new CTL in mixed mode: before the restarts, and before any phone is reset (I7). Never sent while one may run.

Source: procedure.md 3.3 CAP-2, 3.4 CCM-2; phones.md 1.6, 1.7; interfaces-cli.md 4.5.
"""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.phone_world import reused
from ucmcert.lint.phone_world import signer as usual_signer
from ucmcert.model.plan import Step
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo, Unclear
from ucmcert.run.served_lists import RECOVERY, gaps, list_home, signer, told


async def observe(context: Context, step: Step) -> Observation:
    """Done when the CTL holds what is stored now, and was made anew if we meant to make it."""
    home = list_home(context)
    missing = await gaps(context, step, ("ctl",), (home,))
    ctl = context.cluster.facts(home.name).trust_list("ctl")
    intended = context.history.intended.get(step.id)
    made_at = ctl.made_at if ctl else 0
    newer = tells_by_itself(context, step) if intended is None else ctl is not None and _differs(ctl, intended.baseline)
    if ctl is not None and newer and not missing and _usual_signer(context, step, ctl):
        utc = await context.client.node_utc(context.node(step))
        fact = f"the CTL of {home.name} holds the certificates stored now; made at {made_at}, SHA-1 {ctl.sha1}"
        proof = context.evidence(fact, ctl.told_by)
        return Done(evidence=(proof,), facts={"node_utc": repr(utc), "sha1": ctl.sha1})
    if intended is not None and context.clock.now() - intended.at < context.limits.settle_s:
        why = "; ".join(told(one) for one in missing[:3]) or "its time stamp is the one from before"
        return Unclear(code="UCM-RUN-032", what="the CTL update may be under way", why=why)
    return Todo(baseline={"made_at": str(made_at), "sha1": ctl.sha1 if ctl else ""})


async def act(context: Context, step: Step) -> str:
    """Have the publisher make it; its words."""
    return await context.client.update_ctl(context.node(step))


def _differs(ctl: TrustListFacts, baseline: dict[str, str]) -> bool:
    """Another file, and not an older one; a printed list tells no time stamp."""
    return ctl.sha1 != baseline["sha1"] and (not ctl.made_at or ctl.made_at >= int(baseline["made_at"]))


def tells_by_itself(context: Context, step: Step) -> bool:
    """Whether the records alone show that somebody updated it: those of EC twins are not published (phones.md U12)."""
    row = PURPOSES.get(reused(context.cluster).get(step.purpose, step.purpose))
    return row is not None and "ctl" in row.lists


def _usual_signer(context: Context, step: Step, ctl: TrustListFacts) -> bool:
    """After a `reset localkey` the update must bring the usual key back; otherwise whoever signs may go on."""
    if step.purpose != RECOVERY:
        return True
    return signer(context, ctl) == usual_signer(context.cluster)
