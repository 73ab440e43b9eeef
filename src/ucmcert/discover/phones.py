"""The look at phones: what TFTP serves, who is in the database, who is registered, and what each says it holds.

Every reading that fails is told in the facts and never taken for "no phones". Source: phones.md 2.4, 4.3.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

import msgspec

from ucmcert.discover.lists import look_at_lists
from ucmcert.discover.looking import Looking
from ucmcert.discover.phone_facts import PhonesSeen, phones_facts
from ucmcert.errors import OutcomeUnknown, UcmcertError
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Severity
from ucmcert.model.node import Node
from ucmcert.model.phone import HeldLists, Phone, PhonesFacts, Sighting
from ucmcert.model.ports import Clock
from ucmcert.ucm.cluster_client import ClusterClient

T = TypeVar("T")
PhoneDepth = Literal["none", "counts", "lists"]
PAGES_AT_ONCE = 32
PAUSES_S = (2.0, 5.0)


async def look_at_phones(client: ClusterClient, cluster: Cluster, *, clock: Clock, depth: PhoneDepth) -> Cluster:
    """`cluster` with what TFTP nodes serve, and its phones.

    "none": as it is.  "counts": the served ITL and CTL, the phones of the database, one real-time picture of them,
    the parameters that concern them, the backup devices.  "lists": also the checksums that phones tell on their pages.
    A picture of 40,000 phones takes four to five minutes, within our share of the cluster's questions.
    """
    if depth == "none":
        return cluster
    return (await look_phone_by_phone(client, cluster, clock=clock, pages=depth == "lists"))[0]


async def look_phone_by_phone(
    client: ClusterClient, cluster: Cluster, *, clock: Clock, pages: bool = True
) -> tuple[Cluster, PhonesSeen]:
    """As `look_at_phones`, and what was seen of each phone besides. Without `pages` nobody's lists are asked for."""
    publisher = Looking(cluster.publisher.node)
    asked = asyncio.create_task(_ask(client, publisher.node, clock, pages=pages), name="phones")
    cluster = await look_at_lists(client, cluster)
    seen = await asked
    lists = tuple(one for facts in cluster.nodes for one in facts.lists)
    told = phones_facts(
        seen, lists=lists, release=msgspec.structs.astuple(publisher.node.release), manual_value=client.manual_value
    )
    devices = await _devices(client, publisher, told)
    nodes = tuple(
        msgspec.structs.replace(facts, problems=(*facts.problems, *publisher.problems))
        if facts.node is publisher.node
        else facts
        for facts in cluster.nodes
    )
    whole = msgspec.structs.replace(cluster, nodes=nodes, phones=told, backup_devices=devices, observed_at=clock.now())
    return whole, seen


async def _ask(client: ClusterClient, publisher: Node, clock: Clock, *, pages: bool) -> PhonesSeen:
    """Everything that the publisher and the phones tell; what failed is named in `problem`, the first trouble first."""
    observed_at = clock.now()
    problems: list[str] = []

    async def tried(what: str, read: Callable[[Node], Awaitable[T]]) -> T | None:
        try:
            return await _read_again(read, publisher, clock)
        except UcmcertError as error:
            problems.append(f"{what}: {error.code}: {error.what}; {error.why}")
            return None

    phones = await tried("phones of the database", client.phones)
    if not phones:
        return PhonesSeen(observed_at=observed_at, phones=phones, problem="; ".join(problems))
    parameters = await tried("enterprise parameters", client.parameters)
    picture = await tried("real-time data", client.sightings)
    held = await _held(client, phones, picture.sightings if pages and picture else ())
    return PhonesSeen(
        observed_at=observed_at,
        phones=phones,
        picture=picture,
        held=held if pages else None,
        parameters=parameters,
        problem="; ".join(problems),
    )


async def _read_again(read: Callable[[Node], Awaitable[T]], node: Node, clock: Clock) -> T:
    """A reading; one lost answer among many questions says nothing, so it is asked again a little later."""
    for pause_s in PAUSES_S:
        try:
            return await read(node)
        except OutcomeUnknown:
            await clock.sleep(pause_s)
    return await read(node)


async def _held(client: ClusterClient, phones: Sequence[Phone], sightings: Sequence[Sighting]) -> dict[str, HeldLists]:
    """What the pages tell of those that are registered and have one, PAGES_AT_ONCE at a time."""
    with_lists = {phone.name for phone in phones if phone.sbd}
    waiting = iter([one for one in sightings if one.registered and one.page and one.name in with_lists])
    found: dict[str, HeldLists] = {}

    async def work() -> None:
        for one in waiting:
            try:
                told = await client.held_lists(one)
            except UcmcertError:
                continue  # a page that does not answer tells nothing
            if told is not None:
                found[one.name] = told

    await asyncio.gather(*(work() for _ in range(PAGES_AT_ONCE)))
    return found


async def _devices(client: ClusterClient, publisher: Looking, phones: PhonesFacts) -> tuple[str, ...]:
    """Where a backup can be started to; only where phones make fresh backups necessary (phones.md I11)."""
    if not phones.total:
        return ()
    found = await publisher.read("backup devices", client.backup_devices(publisher.node), Severity.WARNING)
    return found or ()
