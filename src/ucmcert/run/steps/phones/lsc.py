"""Have every secure phone install a new LSC when it boots next, because the CAPF that issued the present one goes.

Recognised by the operation that waits in the database. Asking twice is harmless, so a lost answer is followed by
another look and another try. Whether the phones really did it is the gate's question.
Source: procedure.md 3.3 CAP-7, 4.1 P20; phones.md 1.6, I9, U11.
"""

from collections.abc import Sequence
from contextlib import suppress

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import INSTALL
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Todo
from ucmcert.run.surprises import surprise
from ucmcert.run.words import names_told

TRIES = 5
BUSY_S = 10.0  # the database takes some writes at a time and says when it is busy (interfaces-http.md 2.3)
BATCH = 100  # a phone that boots meanwhile does it at once: so many are asked between two looks


async def observe(context: Context, step: Step) -> Observation:
    """Done when the operation waits for every secure phone, or was seen to wait by this process and is gone since."""
    publisher = context.cluster.publisher.node
    names = await secure_phones(context)
    if not names:
        return Done(evidence=(context.evidence("no phone is secure", f"database of {publisher.name}"),))
    states = await context.client.lsc_states(publisher, names)
    unread = [name for name in names if name not in states]
    if unread:
        return surprise("UCM-RUN-043", publisher.name, count=str(len(unread)), names=names_told(unread))
    others = [f"{name} ({one.waiting})" for name, one in states.items() if one.waiting not in ("", INSTALL)]
    if others:
        return surprise("UCM-RUN-044", publisher.name, count=str(len(others)), names=names_told(others))
    seen = context.phones.answered.get(step.id, set())
    left = [name for name in names if states[name].waiting != INSTALL and name not in seen]
    if left:
        return Todo(baseline={"count": str(len(left))})
    fact = f"{INSTALL} waits for the LSC of {len(names)} secure phones, which they obey at their next reset"
    proof = context.evidence(fact, f"database of {publisher.name}")
    return Done(evidence=(proof,), facts={"count": str(len(names))})


async def act(context: Context, step: Step) -> str:
    """Ask for it phone by phone, for those it does not wait for yet; a look after every batch notes what took."""
    publisher = context.cluster.publisher.node
    seen = context.phones.answered.setdefault(step.id, set())
    names = await secure_phones(context)
    states = await context.client.lsc_states(publisher, names)
    left = [name for name in names if name not in seen and (name not in states or states[name].waiting != INSTALL)]
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        await _ask(context, step, batch)
        now = await context.client.lsc_states(publisher, batch)
        seen.update(name for name, one in now.items() if one.waiting == INSTALL)
    return f"{len(left)} phones were asked to renew their LSC"


async def secure_phones(context: Context) -> tuple[str, ...]:
    """Names of the phones of the database whose security profile is not known to be non-secure."""
    return tuple(one.name for one in await context.phones.all(context.cluster.publisher.node) if one.secure)


async def _ask(context: Context, step: Step, names: Sequence[str]) -> None:
    """Harmless twice, so a lost answer is followed by another try. Raises OutcomeUnknown after the last one."""
    publisher, how = context.cluster.publisher.node, step.detail["authentication"]
    for name in names:
        for _ in range(TRIES - 1):
            with suppress(OutcomeUnknown):
                await context.client.renew_lsc(publisher, name, how)
                break
            await context.clock.sleep(BUSY_S / context.limits.pace)
        else:
            await context.client.renew_lsc(publisher, name, how)
