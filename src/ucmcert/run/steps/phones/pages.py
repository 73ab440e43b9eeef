"""Open the web pages of phones that have none, for the run only, or close them again; phones obey at their next reset.

Setting it twice is harmless: after a crash all are set again. What a phone really does shows at the gates.
Source: phones.md 2.4 (config probe); interfaces-http.md 9.
"""

from contextlib import suppress

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.plan import Step, StepKind
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo

TRIES = 5
BUSY_S = 10.0  # the database takes some writes at a time and says when it is busy (interfaces-http.md 2.3)


async def observe(context: Context, step: Step) -> Observation:
    """Done when the database took the setting of every phone whose page this run opens or closes."""
    names = await _names_now(context, step)
    if not context.phones.answered.get(step.id, set()).issuperset(names):
        return Todo(baseline={"count": str(len(names))})
    fact = f"web access of {len(names)} phones is set {step.detail['to']}, which they obey at their next reset"
    proof = context.evidence(fact, f"database of {context.cluster.publisher.node.name}")
    return Done(evidence=(proof,), facts={"phones": ",".join(names)})


async def act(context: Context, step: Step) -> str:
    """Set it phone by phone, those that were not answered to this process yet; a busy database is asked again."""
    answered = context.phones.answered.setdefault(step.id, set())
    for name in await _names_now(context, step):
        if name not in answered:
            await _set(context, name, on=step.detail["to"] == "on")
            answered.add(name)
    return f"{len(answered)} phones were set {step.detail['to']}"


async def _set(context: Context, name: str, *, on: bool) -> None:
    """Harmless twice, so a lost answer is followed by another try. Raises OutcomeUnknown after the last one."""
    node = context.cluster.publisher.node
    for _ in range(TRIES - 1):
        with suppress(OutcomeUnknown):
            await context.client.set_phone_page(node, name, on)
            return
        await context.clock.sleep(BUSY_S / context.limits.pace)
    await context.client.set_phone_page(node, name, on)


async def _names_now(context: Context, step: Step) -> tuple[str, ...]:
    """The phones this step is about, without those that left the database since."""
    named = silent_phones(context) if step.detail["to"] == "on" else opened(context)
    there = {one.name for one in await context.phones.all(context.cluster.publisher.node)} if named else set()
    return tuple(name for name in named if name in there)


def silent_phones(context: Context) -> tuple[str, ...]:
    """The registered phones whose page was off at the baseline."""
    return _names(context, StepKind.PHONES_BASELINE, "silent")


def opened(context: Context) -> tuple[str, ...]:
    """The phones whose page this run opened, and has to close."""
    return _names(context, StepKind.PHONES_PAGES, "phones", to="on")


def _names(context: Context, kind: StepKind, fact: str, **detail: str) -> tuple[str, ...]:
    history = context.history
    for step in context.plan.steps:
        if step.kind is kind and step.id in history.verified and detail.items() <= step.detail.items():
            text = history.verified[step.id].facts.get(fact, "")
            return tuple(text.split(",")) if text else ()
    return ()
