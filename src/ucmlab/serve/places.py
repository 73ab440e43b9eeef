"""Where each node is reached: its own loopback address with the real ports, or one address with a block of ports.

A lab tries what it used last, then 127.77.0.10, 127.77.1.10 ... with the real ports, then blocks from 21000 upwards. A
UDP socket on the number of each node's SSH port marks the place as taken for as long as the lab runs, also while the
node's listeners are closed; it dies with the process.
"""

import errno
import ipaddress
import itertools
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.errors import ScenarioError
from ucmlab.serve.sockets import bind, bind_datagrams

PortMode = Literal["auto", "real", "block"]
BLOCK_ADDRESS = "127.0.0.1"
BLOCK_PORTS = range(21000, 32000)  # below the ports a system hands out to outgoing connections
BLOCK_WIDTH = 16
SSH_PORT = 22
TFTP_PORT = 69
DATAGRAM_PORTS = (TFTP_PORT,)
LOW_PORTS = "Allow low ports (root, CAP_NET_BIND_SERVICE, net.ipv4.ip_unprivileged_port_start=0), or use --ports block."
TAKEN = "Stop what holds the ports, or give another --address-base or --port-base."


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A node to find a place for. `address` is the scenario's own wish, "" for none; `ports` are the product's."""

    node: str
    address: str = ""
    ports: tuple[int, ...]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where one node listens: `ports` leads from the product's port number to the real one."""

    node: str
    address: str
    ports: dict[int, int]

    @property
    def reached_at(self) -> str:
        """The address a client on this machine dials."""
        return BLOCK_ADDRESS if ipaddress.ip_address(self.address).is_unspecified else self.address

    @property
    def moved(self) -> dict[int, int]:
        """The ports that differ from the product's."""
        return {port: real for port, real in self.ports.items() if port != real}


class PlaceOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator asked for; "" and 0 leave the choice to the lab."""

    mode: PortMode = "auto"
    address_base: str = ""
    port_base: int = 0
    anywhere: bool = False

    @property
    def chosen(self) -> bool:
        """Whether the operator asked for anything that a remembered place could contradict."""
        return self.mode != "auto" or bool(self.address_base) or bool(self.port_base)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Places that are this lab's while `marks` stay open. `lost`: the remembered places could not be had again."""

    places: tuple[Place, ...]
    marks: tuple[socket.socket, ...]
    lost: bool = False

    def release(self) -> None:
        """Give the places back."""
        for mark in self.marks:
            mark.close()


def take_places(wanted: Sequence[Wanted], options: PlaceOptions, remembered: Sequence[Place] = ()) -> Held:
    """Find a place for every node and hold it. Raises ScenarioError when the machine allows none of those asked for."""
    _judge_addresses(wanted, options)
    last = () if options.chosen else _grown(wanted, remembered)
    if last and (held := _try(last)[0]) is not None:
        return held
    problem: OSError | None = None
    for places in _candidates(wanted, options):
        held, problem = _try(places)
        if held is not None:
            return msgspec.structs.replace(held, lost=bool(last))
        if problem is not None and problem.errno != errno.EADDRINUSE and options.mode == "real":
            break
    raise ScenarioError(
        f"no free place to listen: {problem}",
        where=f"--ports {options.mode}",
        next_step=LOW_PORTS if isinstance(problem, PermissionError) else TAKEN,
    )


def read_places(folder: Path) -> tuple[Place, ...]:
    """The places a lab used last in this state folder; none when it never ran."""
    path = folder / "places.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[Place, ...]) if path.exists() else ()


def write_places(folder: Path, places: Sequence[Place]) -> None:
    """Remember the places for the next start."""
    write_atomically(folder / "places.json", msgspec.json.format(msgspec.json.encode(places)))


def _judge_addresses(wanted: Sequence[Wanted], options: PlaceOptions) -> None:
    for text in (options.address_base, *(node.address for node in wanted)):
        if not text:
            continue
        try:
            address = ipaddress.IPv4Address(text)
        except ValueError as error:
            raise ScenarioError(str(error), where="address", next_step="Give an IPv4 address.") from error
        if not address.is_loopback and not options.anywhere:
            next_step = "Use an address in 127.0.0.0/8, or say --listen-anywhere if other machines may reach this lab."
            raise ScenarioError(f"{text} is not a loopback address", where="address", next_step=next_step)


def _grown(wanted: Sequence[Wanted], remembered: Sequence[Place]) -> tuple[Place, ...]:
    """The remembered places with exactly the ports wanted now; none when they belong to other nodes.

    A port that was not there before keeps its own number where all others do, else it gets one behind the block.
    """
    if not remembered or [node.node for node in wanted] != [place.node for place in remembered]:
        return ()
    free = itertools.count(1 + max(real for place in remembered for real in place.ports.values()))
    grown = []
    for node, place in zip(wanted, remembered, strict=True):
        ports = {
            port: place.ports[port] if port in place.ports else next(free) if place.moved else port
            for port in sorted(node.ports)
        }
        grown.append(msgspec.structs.replace(place, ports=ports))
    return tuple(grown)


def _candidates(wanted: Sequence[Wanted], options: PlaceOptions) -> Iterator[tuple[Place, ...]]:
    if options.mode != "block" and not options.port_base:
        bases = [options.address_base] if options.address_base else [f"127.77.{third}.10" for third in range(255)]
        for base in bases:
            yield _real(wanted, ipaddress.IPv4Address(base))
    if options.mode != "real":
        address = options.address_base or ("0.0.0.0" if options.anywhere else BLOCK_ADDRESS)  # noqa: S104 - asked for
        starts = BLOCK_PORTS[:: BLOCK_WIDTH * len(wanted)]
        for start in [options.port_base] if options.port_base else starts:
            yield _block(wanted, address, start)


def _real(wanted: Sequence[Wanted], base: ipaddress.IPv4Address) -> tuple[Place, ...]:
    return tuple(
        Place(node=node.node, address=node.address or str(base + number), ports={port: port for port in node.ports})
        for number, node in enumerate(wanted)
    )


def _block(wanted: Sequence[Wanted], address: str, start: int) -> tuple[Place, ...]:
    return tuple(
        Place(
            node=node.node,
            address=address,
            ports={port: start + BLOCK_WIDTH * number + nth for nth, port in enumerate(sorted(node.ports))},
        )
        for number, node in enumerate(wanted)
    )


def _try(places: Sequence[Place]) -> tuple[Held | None, OSError | None]:
    marks: list[socket.socket] = []
    trials: list[socket.socket] = []
    try:
        for place in places:
            marks.append(_mark(place))
            trials.extend(_listen_once(place.address, port, real) for port, real in place.ports.items())
    except OSError as problem:
        for mark in marks:
            mark.close()
        return None, problem
    finally:
        for trial in trials:
            trial.close()
    return Held(places=tuple(places), marks=tuple(marks)), None


def _mark(place: Place) -> socket.socket:
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        mark.bind((place.address, place.ports[SSH_PORT]))
    except OSError:
        mark.close()
        raise
    return mark


def _listen_once(address: str, port: int, real: int) -> socket.socket:
    if port in DATAGRAM_PORTS:
        return bind_datagrams(address, real, deaf=True)
    trial = bind(address, real)
    try:
        trial.listen(1)
    except OSError:
        trial.close()
        raise
    return trial
