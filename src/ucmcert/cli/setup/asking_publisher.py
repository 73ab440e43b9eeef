"""The course of `init`: look, confirm, only then log in, list the nodes, look at them, confirm them."""

import asyncio
import ipaddress
from pathlib import Path

import msgspec

from ucmcert.cli.printing import Printer
from ucmcert.cli.session import NOT_YET_KNOWN, secret_at
from ucmcert.cli.setup.config_text import cluster_name
from ucmcert.cli.setup.confirming import Expected, confirm
from ucmcert.cli.setup.found import Account, Found, Shown
from ucmcert.cli.setup.sight import Sight, look_at
from ucmcert.config.credentials import absolute_reference
from ucmcert.discover import nodes_of
from ucmcert.errors import UsageError
from ucmcert.model.node import Credential, Node, Role
from ucmcert.model.ports import Clock, Trust
from ucmcert.ucm.access import Access
from ucmcert.ucm.cluster_client import ClusterClient
from ucmcert.ucm.platform_cli.parsers.cluster_rows import ClusterRow


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says. `folder` is where the configuration will lie: `file:` references start there."""

    host: str
    ports: dict[str, int]
    cluster: str
    os_admin: Account
    app_admin: Account
    expected: Expected
    folder: Path


async def ask_publisher(wanted: Wanted, sight: Sight, clock: Clock, printer: Printer) -> Found:
    """Everything for the configuration. No password goes to a node that was not confirmed.

    Raises: SafetyHold UCM-INIT-001, -002; UsageError UCM-INIT-006, -007, UCM-CONFIG-*, UCM-SSH-002 ...; OutcomeUnknown.
    """
    publisher = await _confirmed_publisher(wanted, sight, printer)
    leaf = publisher.leaf.sha256 if publisher.leaf else ""
    access = Access(
        os_admin=_credential(wanted, wanted.os_admin, "--os-password"),
        app_admin=_credential(wanted, wanted.app_admin, "--app-password"),
        trust=Trust(leaf_sha256=frozenset({leaf})),
    )
    client = ClusterClient(sight.connect, clock, access)
    try:
        rows = await _rows(client, publisher.node)
        release = await client.release(publisher.node)
        await client.services(publisher.node)  # asks the application user too: a wrong password shows here, not later
    finally:
        await client.close()
    own = next(row for row in rows if row.own)
    named = msgspec.structs.replace(publisher.node, name=own.fqdn or publisher.node.name, host=own.host)
    nodes, _ = nodes_of(rows, msgspec.structs.replace(named, release=release), ())
    others = [node for node in nodes if node.name != named.name]
    shown = tuple(await asyncio.gather(*(look_at(sight, node) for node in others)))
    confirm(printer, (one for one in shown if one.complete), wanted.expected)
    return Found(
        cluster=wanted.cluster or cluster_name(named.host),
        os_admin=wanted.os_admin,
        app_admin=wanted.app_admin,
        nodes=(msgspec.structs.replace(publisher, node=named), *shown),
    )


async def _confirmed_publisher(wanted: Wanted, sight: Sight, printer: Printer) -> Shown:
    """The publisher, named by its own certificate when only an address was given."""
    node = Node(
        name=wanted.host,
        host=wanted.host.partition(".")[0],
        address=wanted.host,
        role=Role.PUBLISHER,
        release=NOT_YET_KNOWN,
        ports=wanted.ports,
    )
    shown = await look_at(sight, node)
    if not shown.complete:
        raise UsageError(
            "UCM-INIT-007",
            "the publisher could not be seen",
            where=f"{wanted.host} (TLS port {node.port(443)} or {node.port(8443)}, SSH port {node.port(22)})",
            why=shown.trouble,
            next="correct the name or the ports, see that nothing in between blocks them, then run init again",
        )
    confirm(printer, (shown,), wanted.expected)
    name = shown.leaf.common_name if shown.leaf and _is_address(wanted.host) else wanted.host
    pinned = msgspec.structs.replace(node, name=name or wanted.host, ssh_host_key=shown.ssh_host_key)
    return msgspec.structs.replace(shown, node=pinned)


async def _rows(client: ClusterClient, publisher: Node) -> tuple[ClusterRow, ...]:
    rows = await client.cluster_rows(publisher)
    own = next((row for row in rows if row.own), None)
    if own is not None and not own.publisher:
        first = next((row for row in rows if row.publisher), None)
        name = (first.fqdn or first.address) if first else "the publisher"
        raise UsageError(
            "UCM-INIT-006",
            "this node is not the publisher",
            where=publisher.name,
            why=f"it says that the publisher is {name}",
            next=f"run `ucmcert init {name}`",
        )
    return rows


def _credential(wanted: Wanted, account: Account, option: str) -> Credential:
    reference = absolute_reference(account.reference, wanted.folder)
    return Credential(user=account.user, password=secret_at(reference, where=option))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
