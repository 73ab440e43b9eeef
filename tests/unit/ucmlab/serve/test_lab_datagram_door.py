"""Promise: a UDP port answers exactly while the model listens, and refuses with the number kept otherwise."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ucmlab.errors import DropConnection
from ucmlab.serve import datagram_door
from ucmlab.serve.datagram_door import Address, DatagramDoor
from ucmlab.serve.places import PlaceOptions, Wanted, take_places


class Scene:
    """A door over a model that a test moves."""

    def __init__(self, receive: Callable[["Scene", bytes, Address], Coroutine[Any, Any, None]]) -> None:
        self.listening = False
        self.complaints: list[str] = []
        self.held = take_places([Wanted(node="n", ports=(22, 69))], PlaceOptions(mode="block"))
        self.address = ("127.0.0.1", self.held.places[0].ports[69])
        self.door = DatagramDoor(
            self.address,
            is_listening=lambda: self.listening,
            receive=lambda datagram, sender: receive(self, datagram, sender),
            turn_away=lambda datagram: b"busy: " + datagram,
            complain=lambda what, _: self.complaints.append(what),
        )

    def listen(self, listening: bool) -> None:
        """Move the model and tell the door."""
        self.listening = listening
        self.door.follow()

    async def ask(self, said: bytes = b"hello") -> bytes:
        """What comes back from whatever port; raises what a client meets."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.connect(self.address)
            line.send(said)
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(line, 100), 5)


async def echo(scene: Scene, datagram: bytes, sender: Address) -> None:
    scene.door._send(b"echo: " + datagram, sender)


def run(
    test: Callable[[Scene], Coroutine[Any, Any, None]],
    receive: Callable[[Scene, bytes, Address], Coroutine[Any, Any, None]] = echo,
) -> None:
    async def play() -> None:
        scene = Scene(receive)
        try:
            await test(scene)
        finally:
            scene.door.close()
            await scene.door.wait_idle()
            scene.held.release()

    asyncio.run(asyncio.wait_for(play(), 20))


def test_it_follows_the_model() -> None:
    async def test(scene: Scene) -> None:
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                await scene.ask()
            assert not scene.door.is_open
            scene.listen(True)
            assert scene.door.is_open
            assert b"echo: hello" == await scene.ask()
            scene.listen(False)

    run(test)


def test_a_closed_door_keeps_its_number() -> None:
    async def test(scene: Scene) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(scene.address)
        scene.listen(True)
        scene.listen(False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(scene.address)

    run(test)


def test_a_change_that_nobody_told_is_noticed_at_the_next_datagram() -> None:
    async def test(scene: Scene) -> None:
        scene.listen(True)
        scene.listening = False
        with pytest.raises((TimeoutError, ConnectionRefusedError)):
            await asyncio.wait_for(scene.ask(), 0.3)
        assert not scene.door.is_open

    run(test)


def test_a_closing_door_ends_what_is_being_served() -> None:
    ended: list[bytes] = []

    async def wait(scene: Scene, datagram: bytes, sender: Address) -> None:
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(datagram)

    async def test(scene: Scene) -> None:
        scene.listen(True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scene.ask(b"first"), 0.1)
        scene.listen(False)
        await asyncio.sleep(0)
        await scene.door.wait_idle()
        assert [b"first"] == ended

    run(test, wait)


def test_too_many_at_once_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagram_door, "TASKS_MAX", 1)

    async def wait(scene: Scene, datagram: bytes, sender: Address) -> None:
        await asyncio.sleep(30)

    async def test(scene: Scene) -> None:
        scene.listen(True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scene.ask(b"first"), 0.1)
        assert b"busy: second" == await scene.ask(b"second")

    run(test, wait)


@pytest.mark.parametrize(
    ("fault", "complaints"),
    [(DropConnection("n", applied=False), 0), (OSError(), 0), (TimeoutError(), 0), (KeyError("a mistake"), 1)],
)
def test_a_fault_is_silence_and_a_mistake_of_the_lab_is_told(fault: Exception, complaints: int) -> None:
    async def fail(scene: Scene, datagram: bytes, sender: Address) -> None:
        if datagram == b"bad":
            raise fault
        await echo(scene, datagram, sender)

    async def test(scene: Scene) -> None:
        scene.listen(True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scene.ask(b"bad"), 0.1)
        assert complaints == len(scene.complaints)
        assert b"echo: good" == await scene.ask(b"good")

    run(test, fail)
