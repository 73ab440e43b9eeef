"""What only a person can do: ask for it, watch for it, never pretend it.

Source: procedure.md 3.1 TOM-0, TOM-4 (single sign-on around a tomcat renewal), 3.7 (a CTL signed by eTokens).
"""

from ucmcert.model.node import SSO_ROLES
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.run.before_act import sso
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Outside, Unclear
from ucmcert.run.served_lists import gaps, list_home
from ucmcert.run.steps.ctl_update import tells_by_itself
from ucmcert.run.steps.service_restart import CLOCK_GRAIN_S
from ucmcert.run.surprises import finding

WANTED = {"sso.disable": (False, "UCM-RUN-014"), "sso.enable": (True, "UCM-RUN-015")}


async def observe(context: Context, step: Step) -> Observation:
    """Done when the cluster shows what the person was asked for."""
    if step.detail["ask"] == "etoken.ctl":
        return await _etoken(context, step)
    return await _sso(context, step)


async def _etoken(context: Context, step: Step) -> Observation:
    """Done when the CTL, which only a person with the hardware token can make, holds what is stored now."""
    home = list_home(context)
    missing = await gaps(context, step, ("ctl",), (home,))
    ctl = context.cluster.facts(home.name).trust_list("ctl")
    if ctl is not None and not missing and (tells_by_itself(context, step) or _made_since(context, step, ctl)):
        fact = f"the CTL of {home.name} holds the certificates stored now, SHA-1 {ctl.sha1}"
        utc = await context.client.node_utc(context.node(step))
        return Done(evidence=(context.evidence(fact, ctl.told_by),), facts={"node_utc": repr(utc), "sha1": ctl.sha1})
    asked = finding("UCM-RUN-026", home.name)
    return Outside(who="person", what=asked.what, next=asked.next)


def _made_since(context: Context, step: Step, ctl: TrustListFacts) -> bool:
    """Where the records do not tell (those of EC twins are not published), whether it was made after the upload.

    It is another file than any seen before, and its time stamp, where it tells one, is not older (phones.md U12).
    """
    history, before = context.history, context.history.started.before
    seen = {known.sha1 for facts in before.nodes for known in facts.lists if known.kind == "ctl"} if before else set()
    uploaded = []
    for one in context.plan.steps:
        done = history.verified.get(one.id)
        if done is not None and one.kind is StepKind.PERSON and one.id != step.id:
            seen.add(done.facts.get("sha1", ""))
        if done is not None and one.kind is StepKind.IDENTITY_UPLOAD and one.purpose == step.purpose:
            uploaded.append(float(done.facts["node_utc"]))
    return ctl.sha1 not in seen and (not ctl.made_at or ctl.made_at >= max(uploaded, default=0.0) - CLOCK_GRAIN_S)


async def _sso(context: Context, step: Step) -> Observation:
    """Done when `utils sso status` says what the step asks for: off on every node, or on again at the publisher."""
    node = context.node(step)
    wanted, code = WANTED[step.detail["ask"]]
    await sso(context)
    unread = [one.node.name for one in context.cluster.nodes if one.node.role in SSO_ROLES and one.sso_enabled is None]
    if unread:
        what = f"single sign-on of {', '.join(unread)} cannot be read"
        return Unclear(code="UCM-RUN-020", what=what, why="`utils sso status` says neither on nor off")
    on = [facts.node.name for facts in context.cluster.nodes if facts.sso_enabled]
    if (node.name in on) if wanted else not on:
        fact = f"SAML single sign-on is {f'on at {node.name}' if wanted else 'off on every node'}"
        return Done(evidence=(context.evidence(fact, "utils sso status"),))
    asked = finding(code, ", ".join(on) or node.name)
    return Outside(who="person", what=asked.what, next=asked.next)
