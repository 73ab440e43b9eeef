"""The external consumers that the configuration names, and what their trust stores hold where it says how to ask."""

import asyncio

from ucmcert.cli.session import Session, secret_at
from ucmcert.config.load import read_trust
from ucmcert.config.schema import ConsumerSection
from ucmcert.discover import peer_node, peer_trust
from ucmcert.model.consumer import Consumer
from ucmcert.model.node import Credential
from ucmcert.ucm.access import Access
from ucmcert.ucm.cluster_client import ClusterClient


async def consumers_told(session: Session) -> tuple[Consumer, ...]:
    """All of them, in the order of the file. A system that does not answer says so; nothing is raised for it.

    Raises UsageError UCM-CONFIG-006, -007 for a password that cannot be had.
    """
    return tuple(await asyncio.gather(*(_told(session, one) for one in session.config.consumers)))


async def _told(session: Session, section: ConsumerSection) -> Consumer:
    one = Consumer(kind=section.kind, name=section.name, how="told", address=section.address, port=section.port)
    if section.os_admin is None:
        return one
    where = f"{session.places.config_file}, consumer {section.name}, os_admin, password"
    login = Credential(user=section.os_admin.user, password=secret_at(section.os_admin.password, where=where))
    trust = read_trust(session.config, session.places.config_file)
    access = Access(os_admin=login, app_admin=login, trust=trust)
    client = ClusterClient(session.connect, session.clock, access)
    try:
        return await peer_trust(client, peer_node(one, section.ssh_host_key, {"ssh": section.ssh_port}), one)
    finally:
        await client.close()
