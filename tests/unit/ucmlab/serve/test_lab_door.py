"""Promise: a port is open exactly while the model listens, shows what the model shows, and breaks off what it must."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ucmlab.errors import DropConnection, NodeDown, RefuseConnection, TransportFault
from ucmlab.serve.door import Caller, Conversation, Door
from ucmlab.serve.places import PlaceOptions, Wanted, take_places

SLEEPY_S = 30.0


class Scene:
    """A door over a model that a test moves, and what was complained of."""

    def __init__(self, converse: Callable[[str], Conversation]) -> None:
        self.shown: str | None = None
        self.complaints: list[str] = []
        self.held = take_places([Wanted(node="n", ports=(22,))], PlaceOptions(mode="block"))
        self.address = ("127.0.0.1", self.held.places[0].ports[22])
        self.door = Door(
            self.address,
            shows=lambda: self.shown,
            converse=converse,
            complain=lambda what, _: self.complaints.append(what),
        )

    def show(self, shown: str | None) -> None:
        """Move the model and tell the door."""
        self.shown = shown
        self.door.follow()

    async def dial(self) -> bytes:
        """All that a caller is told; raises what a client meets."""
        reader, writer = await asyncio.open_connection(*self.address)
        try:
            return await reader.read()
        finally:
            writer.close()


def say(words: str) -> Conversation:
    async def converse(caller: Caller) -> None:
        await asyncio.get_running_loop().sock_sendall(caller.socket, words.encode())
        caller.socket.close()

    return converse


def run(test: Callable[[Scene], Coroutine[Any, Any, None]], converse: Callable[[str], Conversation] = say) -> None:
    async def play() -> None:
        scene = Scene(converse)
        try:
            await test(scene)
        finally:
            scene.door.close()
            await scene.door.wait_idle()
            scene.held.release()

    asyncio.run(asyncio.wait_for(play(), 20))


def test_a_closed_door_refuses() -> None:
    async def test(scene: Scene) -> None:
        with pytest.raises(ConnectionRefusedError):
            await scene.dial()
        scene.show("first")
        assert b"first" == await scene.dial()
        scene.show(None)
        with pytest.raises(ConnectionRefusedError):
            await scene.dial()

    run(test)


def test_every_opening_shows_what_the_model_shows_then() -> None:
    async def test(scene: Scene) -> None:
        for words in ("first", "second", "third"):
            scene.show(words)
            assert words.encode() == await scene.dial()
            scene.show(None)

    run(test)


def test_another_identity_without_a_stop_is_shown_to_the_next_caller() -> None:
    async def test(scene: Scene) -> None:
        scene.show("first")
        scene.show("second")
        assert b"second" == await scene.dial()

    run(test)


def test_a_closing_door_breaks_off_who_is_inside() -> None:
    async def test(scene: Scene) -> None:
        scene.show("open")
        reader, writer = await asyncio.open_connection(*scene.address)
        await asyncio.sleep(0.05)
        scene.show(None)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()

    def wait(_: str) -> Conversation:
        async def converse(caller: Caller) -> None:
            await asyncio.sleep(SLEEPY_S)

        return converse

    run(test, wait)


@pytest.mark.parametrize("fault", [RefuseConnection("n"), NodeDown("n"), DropConnection("n", applied=True)])
def test_a_fault_of_the_transport_is_a_reset_and_no_complaint(fault: TransportFault) -> None:
    def fail(_: str) -> Conversation:
        async def converse(caller: Caller) -> None:
            raise fault

        return converse

    async def test(scene: Scene) -> None:
        scene.show("open")
        with pytest.raises(ConnectionResetError):
            await scene.dial()
        assert [] == scene.complaints

    run(test, fail)


def test_a_mistake_of_the_lab_ends_one_connection_and_is_told() -> None:
    def fail_once(_: str) -> Conversation:
        calls: list[Caller] = []

        async def converse(caller: Caller) -> None:
            calls.append(caller)
            if len(calls) == 1:
                raise KeyError("a mistake")
            await say("well")(caller)

        return converse

    async def test(scene: Scene) -> None:
        scene.show("open")
        with pytest.raises(ConnectionResetError):
            await scene.dial()
        assert 1 == len(scene.complaints)
        assert b"well" == await scene.dial()

    run(test, fail_once)


def test_a_change_that_nobody_told_is_noticed_at_the_next_caller() -> None:
    async def test(scene: Scene) -> None:
        scene.show("open")
        scene.shown = None
        with pytest.raises(ConnectionError):
            await scene.dial()
        assert not scene.door.is_open

    run(test)
