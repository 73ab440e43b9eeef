"""What is looked at right before an act: the facts its safety rules ask about, and the lint of what is about to go up.

Source: design.md 4 (rules are asked again before each act, on freshly observed facts).
"""

import asyncio

import msgspec

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.node_known import leaves_of
from ucmcert.lint.phone_world import cucm_nodes
from ucmcert.lint.service_names import shown_ports
from ucmcert.lint.upload import lint_trust, lint_upload
from ucmcert.model.certificate import read_request
from ucmcert.model.cluster import Backup, NodeFacts
from ucmcert.model.finding import Finding
from ucmcert.model.node import SSO_ROLES
from ucmcert.model.phone import PhoneState
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.known import known
from ucmcert.run.served_lists import kinds_for_phones, served_lists
from ucmcert.run.trust_store import store
from ucmcert.ucm.phones.parameters import rollback

BACKUP_RULE = "UCM-RULE-004"
SSO_RULE = "UCM-RULE-006"
MOVING_RULE, ELSEWHERE_RULE = "UCM-RULE-011", "UCM-RULE-014"
ARRIVED_RULE, LENGTH_RULE, SETTINGS_RULE = "UCM-RULE-024", "UCM-RULE-027", "UCM-RULE-026"
UNCLEAR = "UCM-RUN-018"
# a backup ends, a service, a list or a line comes back: wait for it
PASSING = frozenset({BACKUP_RULE, MOVING_RULE, ELSEWHERE_RULE, ARRIVED_RULE, UNCLEAR})


async def look_again(context: Context, step: Step) -> None:
    """Read afresh, all at once, what the rules of `step` ask about. Raises what the first failed reading raises."""
    readings = []
    if BACKUP_RULE in step.rules:
        readings.append(_learn_backup(context, step))
    if SSO_RULE in step.rules:
        readings.append(sso(context))
    if MOVING_RULE in step.rules or ELSEWHERE_RULE in step.rules:
        readings.append(_learn_others(context, step))
    if ARRIVED_RULE in step.rules or LENGTH_RULE in step.rules:
        readings.append(_learn_lists(context))
    if SETTINGS_RULE in step.rules:
        readings.append(_learn_settings(context))
    await asyncio.gather(*readings)


async def _learn_others(context: Context, step: Step) -> None:
    others = [facts.node for facts in context.cluster.nodes if facts.node.name != step.node]
    for node, states in zip(others, await asyncio.gather(*map(context.client.service_states, others)), strict=True):
        context.learn(node.name, services=states)


async def _learn_lists(context: Context) -> None:
    """What every CUCM node stores and shows, and the lists of every TFTP node."""
    await asyncio.gather(
        served_lists(context, kinds_for_phones(context.cluster)),
        *(_learn_shown(context, facts) for facts in cucm_nodes(context.cluster)),
    )


async def _learn_shown(context: Context, facts: NodeFacts) -> None:
    ports = sorted(
        {port for purpose in PURPOSES.values() if purpose.anchor for port in shown_ports(facts, purpose.name)}
    )
    _, *served = await asyncio.gather(
        context.what_phones_go_by(facts.node), *(context.client.served(facts.node, port) for port in ports)
    )
    others = (one for one in facts.served if one.port not in ports)
    context.learn(facts.node.name, served=(*others, *served))


async def _learn_settings(context: Context) -> None:
    """The parameter that must be False: with it, phones would be handed a list without anchors."""
    phones = context.cluster.phones
    if phones is not None and phones.total:
        parameters = await context.client.parameters(context.cluster.publisher.node)
        phones = msgspec.structs.replace(phones, rollback=rollback(parameters))
        context.cluster = msgspec.structs.replace(context.cluster, phones=phones)


def open_now(context: Context) -> tuple[PhoneState, ...]:
    """The phones that nothing proves, by the last look of every gate that looked so far."""
    history = context.history
    gates = [one for one in context.plan.steps if one.kind is StepKind.PHONES_GATE and one.id in history.phones]
    last = {(one.purpose, one.detail.get("pass", "1")): history.phones[one.id] for one in gates}
    return tuple(state for seen in last.values() for state in seen.open)


def signed_off(context: Context) -> frozenset[str]:
    """Everybody a person took out of a gate of this run."""
    return frozenset(name for names in context.history.signed.values() for name in names)


def closed_gates(context: Context) -> frozenset[str]:
    """Gates that closed: proven, with every phone in the ledger."""
    history = context.history
    gates = (one.id for one in context.plan.steps if one.kind is StepKind.PHONES_GATE and one.id in history.verified)
    return frozenset(one for one in gates if one in history.phones)


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
    """Read SSO of every node but IM and Presence: an agreement may be per node (procedure.md 3.1 TOM-0)."""
    asked = [one.node for one in context.cluster.nodes if one.node.role in SSO_ROLES]
    for node, enabled in zip(asked, await asyncio.gather(*map(context.client.sso_enabled, asked)), strict=True):
        context.learn(node.name, sso_enabled=enabled)


def standing(context: Context, step: Step) -> tuple[Finding, ...]:
    """Lint findings about the upload `step` is about to make, from what the node holds now; () for other kinds."""
    now = context.node_now(step)
    facts = context.facts(step)
    if step.kind is StepKind.TRUST_UPLOAD:
        chain = context.history.certificate(step).chain
        name = store(step)
        return lint_trust(
            chain,
            purpose=step.purpose,
            now=now,
            trust=facts.holding.trusts(name),
            store=name,
            leaves=leaves_of(facts, name),
        )
    if step.kind is not StepKind.IDENTITY_UPLOAD:
        return ()
    issued = context.history.certificate(step)
    return lint_upload(
        read_request(context.history.fact(step, StepKind.CSR_GENERATE, "csr_pem").encode()),
        issued.leaf,
        issued.chain,
        purpose=step.purpose,
        now=now,
        trust=facts.holding.trusts(PURPOSES[step.purpose].trust),
        current=facts.holding.identity(step.purpose),
        known=known(context, step),
    )
