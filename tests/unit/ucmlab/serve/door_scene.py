"""A calm cluster in memory behind real TLS doors on loopback, for tests of the socket layer."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncssh

from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import build_cluster
from ucmlab.serve.lab import Lab, ports_of
from ucmlab.serve.places import Place, PlaceOptions, Wanted, take_places
from unit.ucmlab.lab_bench import scenario

NOW = 1_790_000_000.0


class WebScene:
    """The cluster, its open doors, and where its publisher is."""

    def __init__(self, cluster: Cluster, lab: Lab, places: tuple[Place, ...], complaints: list[str]) -> None:
        self.cluster = cluster
        self.lab = lab
        self.places = places
        self.complaints = complaints

    def address(self, port: int) -> tuple[str, int]:
        """Where a port of the publisher is."""
        return self.places[0].address, self.places[0].ports[port]

    def talk(self, port: int, said: bytes, *, context: ssl.SSLContext | None = None) -> bytes:
        """Everything a port answers to `said`, until it hangs up. Raises ssl.SSLEOFError when it breaks off instead.

        Blocking: call it in a thread.
        """
        with (
            socket.create_connection(self.address(port), timeout=10) as plain,
            (context or any_certificate()).wrap_socket(plain, suppress_ragged_eofs=False) as tls,
        ):
            tls.sendall(said)
            answer = b""
            while part := tls.recv(65536):
                answer += part
            return answer


def any_certificate() -> ssl.SSLContext:
    """A client context that trusts whatever it is shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def in_web_scene(
    test: Callable[[WebScene], Coroutine[Any, Any, None]], scratch: Path, *, speed: float = 200.0, **changes: Any
) -> None:
    """Run `test` with every door of a one-node cluster open."""

    async def play() -> None:
        clock = LoopClock(epoch=NOW, speed=speed)
        cluster = build_cluster(scenario("single", **changes), clock=clock, seed=7, calm=True)
        wanted = [Wanted(node=node.name, ports=ports_of(node)) for node in cluster.nodes.values()]
        held = take_places(wanted, PlaceOptions(mode="block"))
        keys = dict.fromkeys(cluster.nodes, asyncssh.generate_private_key("ssh-ed25519"))
        complaints: list[str] = []
        lab = Lab(
            cluster,
            held.places,
            keys,
            scratch=scratch,
            complain=lambda what, error: complaints.append(f"{what} {error}"),
        )
        cluster.start()
        lab.open()
        try:
            await test(WebScene(cluster, lab, held.places, complaints))
        finally:
            await lab.close()
            cluster.close()
            held.release()

    asyncio.run(asyncio.wait_for(play(), 30))
