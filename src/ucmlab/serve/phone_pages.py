"""The phones' own web pages: plain HTTP on every phone's loopback address, on one number that the ready file tells.

On Linux one socket serves them all: it hears every address of the loopback interface and no other interface, and the
address a caller has dialled says which phone is meant. Elsewhere each of the first phones has a listener of its own.
Real phones refuse a connection while their page is off; behind one socket they accept it and reset it.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import RefuseConnection, ScenarioError
from ucmlab.interfaces.phone_pages import answer_page
from ucmlab.interfaces.web.messages import Request, Response
from ucmlab.interfaces.web.pages import wrong_method
from ucmlab.serve.door import Binder, Caller, Complain, Door
from ucmlab.serve.https import Answerer, http_in_clear
from ucmlab.serve.sockets import bind

PAGE_PORT = 80
OTHER_PORTS = range(20000, 21000)  # below the blocks of the nodes
LISTENERS_MAX = 256
LOOPBACK_DEVICE = b"lo"
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - of one device, the loopback
PORT_FILE = "phone-page-port.json"


class PhonePages:
    """The doors to the pages of a cluster's phones; `port` is 0 when there are none.

    `real_port`: whether port 80 may be tried. Raises ScenarioError when no number is free.
    """

    def __init__(self, cluster: Cluster, *, real_port: bool, remembered: int, complain: Complain) -> None:
        self._cluster = cluster
        phones = (cluster.phones.phone(name) for name in cluster.phones.names())
        self._names = {phone.address: phone.name for phone in phones if ipaddress.ip_address(phone.address).is_loopback}
        self.port = 0
        self._doors: list[Door] = []
        if not self._names:
            return
        addresses = [ANY_ADDRESS] if _one_socket_serves_all() else list(self._names)[:LISTENERS_MAX]
        binder = bind_to_loopback if addresses == [ANY_ADDRESS] else bind
        self.port = free_port(addresses, binder, _candidates(real_port=real_port, remembered=remembered))
        self._doors = [
            Door(
                (address, self.port),
                shows=lambda: "pages",
                converse=lambda _: http_in_clear(self._answerer),
                complain=complain,
                binder=binder,
            )
            for address in addresses
        ]

    def open(self) -> None:
        """Listen, until closed."""
        for door in self._doors:
            door.follow()

    async def close(self) -> None:
        """Close, and wait until nobody is being served."""
        for door in self._doors:
            door.close()
        await asyncio.gather(*(door.wait_idle() for door in self._doors))

    def _answerer(self, caller: Caller) -> Answerer:
        """Raises RefuseConnection for an address that is no phone's, and while the phone's page is off."""
        address = caller.socket.getsockname()[0]
        name = self._names.get(address)
        if name is None or not self._cluster.phones.phone(name).page:
            raise RefuseConnection(address)

        async def answer(request: Request) -> Response:
            if request.method not in ("GET", "HEAD"):
                return wrong_method("GET, HEAD")
            path = f"{request.path}?{request.query}" if request.query else request.path
            return answer_page(self._cluster, name, path)

        return answer


def bind_to_loopback(address: str, port: int) -> socket.socket:
    """A TCP socket that hears the loopback interface only, whatever addresses it stands for. Raises OSError."""
    return bind(address, port, device=LOOPBACK_DEVICE)


def read_page_port(folder: Path) -> int:
    """The number that a lab used last in this state folder; 0 when it had no phones."""
    path = folder / PORT_FILE
    return msgspec.json.decode(path.read_bytes(), type=int) if path.exists() else 0


def write_page_port(folder: Path, port: int) -> None:
    """Remember the number for the next start."""
    if port:
        write_atomically(folder / PORT_FILE, msgspec.json.encode(port))


def free_port(addresses: Sequence[str], binder: Binder, candidates: Iterator[int]) -> int:
    """The first number that all addresses can listen on. Raises ScenarioError when there is none."""
    for port in candidates:
        with contextlib.suppress(OSError), contextlib.ExitStack() as tried:
            for address in addresses:
                trial = tried.enter_context(binder(address, port))
                trial.listen(1)
            return port
    next_step = "Stop what holds the ports from 20000 to 20999, or run the lab without phones."
    raise ScenarioError("no free port for the phones' web pages", where="phones", next_step=next_step)


def _candidates(*, real_port: bool, remembered: int) -> Iterator[int]:
    if remembered:
        yield remembered
    if real_port:
        yield PAGE_PORT
    yield from OTHER_PORTS


def _one_socket_serves_all() -> bool:
    if not hasattr(socket, "SO_BINDTODEVICE"):
        return False
    try:
        bind_to_loopback(ANY_ADDRESS, 0).close()
    except OSError:  # not permitted here
        return False
    return True
