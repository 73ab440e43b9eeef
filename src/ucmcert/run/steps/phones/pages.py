"""Open the web pages of phones that have none, for the run only, or close them again; phones obey at their next reset.

Whose page the database already has on is left alone, or it would be closed in the end: its phone lost power or has not
been reset since. Setting it twice is harmless: after a crash all are set again. What a phone does shows at the gates.
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
    begun = step.id in context.history.intended
    names = await (_intended(context, step) if begun else _to_be_set(context, step))
    if names and not (begun and context.phones.answered.get(step.id, set()).issuperset(names)):
        return Todo(baseline={"count": str(len(names)), "phones": ",".join(names)})
    fact = f"web access of {len(names)} phones is set {step.detail['to']}, which they obey at their next reset"
    proof = context.evidence(fact, f"database of {context.cluster.publisher.node.name}")
    return Done(evidence=(proof,), facts={"phones": ",".join(names)})


async def act(context: Context, step: Step) -> str:
    """Set it phone by phone, those that were not answered to this process yet; a busy database is asked again."""
    answered = context.phones.answered.setdefault(step.id, set())
    for name in await _intended(context, step):
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


async def _to_be_set(context: Context, step: Step) -> tuple[str, ...]:
    """The phones whose page has to be switched: those that the database does not have as they should be already."""
    if step.detail["to"] == "off":
        return await _there(context, opened(context))
    names = await _there(context, silent_phones(context))
    node = context.cluster.publisher.node
    return tuple([name for name in names if await context.client.phone_page(node, name) is not True])


async def _intended(context: Context, step: Step) -> tuple[str, ...]:
    """The phones our intention named, without those that left the database since."""
    return await _there(context, tuple(context.history.intended[step.id].baseline["phones"].split(",")))


async def _there(context: Context, named: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `named` that the database still knows."""
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
