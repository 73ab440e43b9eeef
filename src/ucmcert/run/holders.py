"""Phones as a verdict on them wants to know them: the database, real-time data and their own pages, one row a phone."""

from ucmcert.discover import PhonesSeen
from ucmcert.plan.recovery import Holder


def holders_of(seen: PhonesSeen) -> tuple[Holder, ...]:
    """A row for every phone of the database; what nobody told of it is empty."""
    sightings = {one.name: one for one in seen.picture.sightings} if seen.picture else {}
    held = seen.held or {}
    found = []
    for phone in seen.phones or ():
        sighting, told = sightings.get(phone.name), held.get(phone.name)
        found.append(
            Holder(
                name=phone.name,
                model=phone.model,
                pool=phone.pool,
                group=phone.group,
                lists=phone.sbd,
                registered=sighting is not None and sighting.registered,
                seen_at=sighting.changed_at if sighting else 0,
                node=sighting.node if sighting else "",
                itl=told.itl if told else "",
                ctl=told.ctl if told else "",
                description=phone.description,
            )
        )
    return tuple(found)
