"""What is looked at right before an act: the facts its safety rules ask about, and the lint of what is about to go up.

Source: design.md 4 (rules are asked again before each act, on freshly observed facts).
"""

import asyncio

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.lint.upload import lint_trust, lint_upload
from ucmcert.model.certificate import read_request
from ucmcert.model.cluster import Backup
from ucmcert.model.finding import Finding
from ucmcert.model.node import CUCM_ROLES
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context

BACKUP_RULE = "UCM-RULE-004"
SSO_RULE = "UCM-RULE-006"
MOVING_RULE = "UCM-RULE-011"
UNCLEAR = "UCM-RUN-018"
PASSING = frozenset({BACKUP_RULE, MOVING_RULE, UNCLEAR})  # a backup ends, a service or a line comes back: wait for it


async def look_again(context: Context, step: Step) -> None:
    """Read afresh, all at once, what the rules of `step` ask about. Raises what the first failed reading raises."""
    readings = []
    if BACKUP_RULE in step.rules:
        readings.append(_learn_backup(context, step))
    if SSO_RULE in step.rules:
        readings.append(sso(context))
    if MOVING_RULE in step.rules:
        readings.append(_learn_others(context, step))
    await asyncio.gather(*readings)


async def _learn_others(context: Context, step: Step) -> None:
    others = [facts.node for facts in context.cluster.nodes if facts.node.name != step.node]
    for node, states in zip(others, await asyncio.gather(*map(context.client.service_states, others)), strict=True):
        context.learn(node.name, services=states)


async def _learn_backup(context: Context, step: Step) -> None:
    backup = await _backup(context, step)
    context.learn(context.cluster.publisher.node.name, backup=backup)


async def _backup(context: Context, step: Step) -> Backup:
    """Disaster recovery now. While a DRF service is down after our own restart of it, no job can run through it [I]."""
    try:
        return await context.client.backup(context.cluster.publisher.node, with_history=False)
    except (OutcomeUnknown, Refused):
        service = context.facts(step).service(step.detail.get("service", ""))
        begun = step.id in context.history.intended
        if begun and service is not None and service.state == "stopped" and "drf" in service.name.lower():
            return Backup(running=False)
        raise


async def sso(context: Context) -> None:
    """Read SSO of every CUCM node: an agreement may be per node (procedure.md 3.1 TOM-0)."""
    asked = [one.node for one in context.cluster.nodes if one.node.role in CUCM_ROLES]
    for node, enabled in zip(asked, await asyncio.gather(*map(context.client.sso_enabled, asked)), strict=True):
        context.learn(node.name, sso_enabled=enabled)


def standing(context: Context, step: Step) -> tuple[Finding, ...]:
    """Lint findings about the upload `step` is about to make, from what the node holds now; () for other kinds."""
    now = context.node_now(step)
    facts = context.facts(step)
    if step.kind is StepKind.TRUST_UPLOAD:
        chain = context.history.certificate(step).chain
        return lint_trust(chain, purpose=step.purpose, now=now, trust=facts.holding.trusts(step.purpose))
    if step.kind is not StepKind.IDENTITY_UPLOAD:
        return ()
    issued = context.history.certificate(step)
    return lint_upload(
        read_request(context.history.fact(step, StepKind.CSR_GENERATE, "csr_pem").encode()),
        issued.leaf,
        issued.chain,
        purpose=step.purpose,
        now=now,
        trust=facts.holding.trusts(step.purpose),
        current=facts.holding.identity(step.purpose),
    )
