"""Wait until no phone changes its status any more: from 14 on an upload may have reset them all by itself.

Asked of a sample where the cluster is large: an automatic reset moves everybody, so some hundreds tell as much as all.
Source: phones.md 2.5 (wait for quiescence), 4.2, U8.
"""

from collections.abc import Sequence

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import Phone, Sighting
from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Unclear
from ucmcert.run.phone_book import Watch

SAMPLE = 300
LOOKS = 2
BOOT_S = 600.0  # a phone that went away so recently may be on its way back (phones.md 4.2: cap of a boot)


async def observe(context: Context, step: Step) -> Observation:
    """Done when two looks, `quiet_s` apart, show no change of status within `quiet_s` and nobody on the way back."""
    limits, now = context.limits, context.clock.now()
    watch = context.phones.watches.setdefault(step.id, Watch(began=now, next_at=now))
    if now < watch.next_at:
        return Unclear(code="UCM-RUN-038", what="phones are watched", why="two looks", again_s=watch.next_at - now)
    publisher = context.cluster.publisher.node
    phones = sample(await context.phones.all(publisher), SAMPLE)
    if not phones:
        return Done(evidence=(context.evidence("there are no phones", f"database of {publisher.name}"),))
    watch.next_at = now + limits.quiet_s
    try:
        picture = await context.client.sightings(publisher, [one.name for one in phones])
        node_utc = await context.client.node_utc(publisher)
    except OutcomeUnknown as error:
        return Unclear(code=error.code, what=error.what, why=error.why, again_s=limits.quiet_s)
    newest = max((one.changed_at for one in picture.sightings), default=0)
    returning = on_their_way(picture.sightings, node_utc, BOOT_S / limits.pace)
    restless = not picture.complete or node_utc - newest < limits.quiet_s or returning > 0
    watch.quiet_looks = 0 if restless else watch.quiet_looks + 1 if newest == watch.newest else 1
    watch.newest = newest
    if watch.quiet_looks < LOOKS:
        why = picture.missing or f"the newest change is {node_utc - newest:.0f} s old"
        return Unclear(code="UCM-RUN-038", what="phones may still be moving", why=why, again_s=limits.quiet_s)
    fact = f"no status of {len(phones)} phones changed for {node_utc - newest:.0f} s (node clock)"
    return Done(evidence=(context.evidence(fact, f"real-time data of {publisher.name}"),))


def sample(phones: Sequence[Phone], most: int) -> tuple[Phone, ...]:
    """At most `most` of `phones`, evenly spread over their order."""
    return tuple(phones) if len(phones) <= most else tuple(phones[at * len(phones) // most] for at in range(most))


def on_their_way(seen: Sequence[Sighting], node_utc: float, boot_s: float) -> int:
    """How many went away so recently that they may be back soon. `boot_s`: how recently; both in seconds."""
    return sum(not one.registered and node_utc - one.changed_at < boot_s for one in seen)
