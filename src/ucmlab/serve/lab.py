"""A running lab: every door of every node, following the cluster until told to stop."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncssh

from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.serve.door import Complain, Conversation, Door
from ucmlab.serve.https import https
from ucmlab.serve.places import SSH_PORT, Place
from ucmlab.serve.ssh import ssh
from ucmlab.serve.tls import handshake_only, make_context, shown_identities

WEB_PORTS = (443, 8443)


def ports_of(node: Node) -> tuple[int, ...]:
    """The product's ports that a node of this role and release ever opens in the lab."""
    shown = {port for service in node.services.values() for port, _ in service.row.ports}
    return (SSH_PORT, *sorted(shown))


class Lab:
    """The doors of a cluster. `keys`: the SSH host key of every node by name; `scratch`: a private folder."""

    def __init__(
        self,
        cluster: Cluster,
        places: Sequence[Place],
        keys: Mapping[str, asyncssh.SSHKey],
        *,
        scratch: Path,
        complain: Complain,
    ) -> None:
        self._cluster = cluster
        self._scratch = scratch
        self._doors = {
            place.node: {
                port: Door(
                    (place.address, real),
                    shows=self._shows(cluster.nodes[place.node], port),
                    converse=self._converse(cluster.nodes[place.node], port, keys[place.node]),
                    complain=complain,
                )
                for port, real in place.ports.items()
            }
            for place in places
        }

    def open(self) -> None:
        """Open what the cluster says is open, and follow it from now on."""
        self._cluster.watchers.append(self._follow)
        self.look_again()

    def look_again(self) -> None:
        """Read the injected faults and bring every door to what the cluster says."""
        self._cluster.faults.rules()
        for node in self._cluster.nodes.values():
            self._follow(node)

    def open_ports(self, node: Node) -> tuple[int, ...]:
        """The product's ports that accept connections now."""
        return tuple(port for port, door in self._doors[node.name].items() if door.is_open)

    async def close(self) -> None:
        """Stop following, close every door, and wait until nobody is being served."""
        self._cluster.watchers.remove(self._follow)
        doors = [door for doors in self._doors.values() for door in doors.values()]
        for door in doors:
            door.close()
        await asyncio.gather(*(door.wait_idle() for door in doors))

    def _follow(self, node: Node) -> None:
        for door in self._doors[node.name].values():
            door.follow()

    def _shows(self, node: Node, port: int) -> Callable[[], object | None]:
        if port == SSH_PORT:
            return lambda: "ssh" if node.listening(SSH_PORT) else None
        return lambda: shown_identities(node, port)

    def _converse(self, node: Node, port: int, key: asyncssh.SSHKey) -> Callable[[Any], Conversation]:
        if port == SSH_PORT:
            return lambda _: ssh(self._cluster, node, key)

        def tls(identities: tuple[ServedIdentity, ...]) -> Conversation:
            context = make_context(identities, scratch=self._scratch)
            return https(self._cluster, node, port, context) if port in WEB_PORTS else handshake_only(context)

        return tls
