"""A running lab: every door of every node and the phones' pages, following the cluster until told to stop."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncssh

from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.tftp import answer_tftp_http
from ucmlab.interfaces.tvs import SERVICE_PORT as TVS_PORT
from ucmlab.serve.datagram_door import DatagramDoor
from ucmlab.serve.door import Complain, Conversation, Door
from ucmlab.serve.https import http_in_clear, http_over_tls, https
from ucmlab.serve.places import DATAGRAM_PORTS, SSH_PORT, Place
from ucmlab.serve.ssh import ssh
from ucmlab.serve.tftp import tftp, turn_away
from ucmlab.serve.tls import handshake_only, make_context, shown_identities
from ucmlab.serve.tvs import tvs

WEB_PORTS = (443, 8443)
TFTP_HTTP, TFTP_HTTPS = 6970, 6971


def ports_of(node: Node) -> tuple[int, ...]:
    """The product's ports that a node of this role and release ever opens in the lab."""
    shown = {port for service in node.services.values() for port, _ in service.row.ports if node.offers(port)}
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
        self._keys = keys
        self._complain = complain
        self._doors = {
            place.node: {
                port: self._door(cluster.nodes[place.node], port, (place.address, real))
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

    def _door(self, node: Node, port: int, address: tuple[str, int]) -> Door | DatagramDoor:
        if port in DATAGRAM_PORTS:
            return DatagramDoor(
                address,
                is_listening=lambda: node.listening(port),
                receive=tftp(self._cluster, node, address[0]),
                turn_away=turn_away,
                complain=self._complain,
            )
        shows, converse = self._shows(node, port), self._converse(node, port)
        return Door(address, shows=shows, converse=converse, complain=self._complain)

    def _shows(self, node: Node, port: int) -> Callable[[], object | None]:
        if port in (SSH_PORT, TFTP_HTTP):
            return lambda: "in clear" if node.listening(port) else None
        return lambda: shown_identities(node, port)

    def _converse(self, node: Node, port: int) -> Callable[[Any], Conversation]:
        cluster = self._cluster
        if port == SSH_PORT:
            return lambda _: ssh(cluster, node, self._keys[node.name])
        if port == TFTP_HTTP:
            return lambda _: http_in_clear(lambda _: lambda request: answer_tftp_http(cluster, node, request))

        def tls(identities: tuple[ServedIdentity, ...]) -> Conversation:
            context = make_context(identities, scratch=self._scratch)
            if port in WEB_PORTS:
                return https(cluster, node, port, context)
            if port == TFTP_HTTPS:
                return http_over_tls(context, lambda request: answer_tftp_http(cluster, node, request))
            return tvs(cluster, node, context) if port == TVS_PORT else handshake_only(context)

        return tls
