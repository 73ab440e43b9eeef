"""One port of one node: open exactly while the model listens, showing what the model shows.

Rules of the room: opening and closing happen inside the call that tells of the change, so that the next client already
meets it; a door that closes aborts whoever came through it; every opening makes its conversation anew.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from ucmlab.errors import TransportFault
from ucmlab.serve.sockets import bind

BACKLOG = 128
CRAMPED_S = 1.0  # wait after the system is out of descriptors
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
Complain = Callable[[str, BaseException], None]
Binder = Callable[[str, int], socket.socket]


class Caller:
    """One accepted connection and the tasks that serve it."""

    def __init__(self, accepted: socket.socket, complain: Complain, *, gone: Callable[["Caller"], None]) -> None:
        self.socket = accepted
        self.aborted = False
        self.tasks: set[asyncio.Task[None]] = set()
        self._complain = complain
        self._gone = gone
        self._cut: Callable[[], object] = accepted.close

    def held_by(self, cut: Callable[[], object]) -> None:
        """From now on `cut` is what breaks the connection off; called at once when it is broken off already."""
        self._cut = cut
        if self.aborted:
            cut()

    def abort(self) -> None:
        """Break the connection off with a reset, whatever is under way on it."""
        if self.aborted:
            return
        self.aborted = True
        with contextlib.suppress(OSError):  # closed already
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self._cut()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a part of the conversation; a fault of the transport in it breaks the connection off."""
        task = asyncio.get_running_loop().create_task(self._guard(work))
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not self.tasks:
            self._gone(self)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except TransportFault:
            self.abort()
        except (OSError, EOFError, TimeoutError):  # the far end went away, or never finished its sentence
            self.abort()
        except Exception as error:  # noqa: BLE001 - a mistake of the lab ends this connection, not the lab
            self._complain("a connection ended by a mistake of the lab", error)
            self.abort()


Conversation = Callable[[Caller], Awaitable[None]]


class Door:
    """A listening socket that follows the model.

    `shows` says what a caller would meet now, None while nobody listens; `converse` makes the conversation of an
    opening from it; `binder` makes the socket.
    """

    def __init__(
        self,
        address: tuple[str, int],
        *,
        shows: Callable[[], object | None],
        converse: Callable[[Any], Conversation],
        complain: Complain,
        binder: Binder = bind,
    ) -> None:
        self.address = address
        self._shows = shows
        self._converse = converse
        self._complain = complain
        self._loop = asyncio.get_running_loop()
        self._bind = binder
        self._socket = binder(*address)
        self._shown: object | None = None
        self._conversation: Conversation | None = None
        self._callers: set[Caller] = set()

    @property
    def is_open(self) -> bool:
        """Whether a connection is accepted."""
        return self._shown is not None

    def follow(self) -> None:
        """Bring the door to what the model says now."""
        shown = self._shows()
        if shown == self._shown:
            return
        try:
            if self._shown is not None:
                self._shut(abort=shown is None)
            if shown is not None:
                self._open(shown)
        except OSError as error:
            self._complain(f"{self.address[0]}:{self.address[1]} stays closed", error)

    def close(self) -> None:
        """Close for good, aborting every caller."""
        self._stop_listening()
        self._shown, self._conversation = None, None
        self._abort_callers()

    async def wait_idle(self) -> None:
        """Cancel and await the tasks of every caller, for a lab that stops."""
        tasks = [task for caller in self._callers for task in caller.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _open(self, shown: object) -> None:
        conversation = self._converse(shown)
        if self._socket.fileno() < 0:
            self._socket = self._bind(*self.address)
        self._socket.listen(BACKLOG)
        self._loop.add_reader(self._socket, self._accept)
        self._shown, self._conversation = shown, conversation

    def _shut(self, *, abort: bool) -> None:
        self._shown, self._conversation = None, None
        self._stop_listening()
        if abort:
            self._abort_callers()
        self._socket = self._bind(*self.address)  # keeps the number ours while nobody listens

    def _stop_listening(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
        self._socket.close()

    def _abort_callers(self) -> None:
        for caller in tuple(self._callers):
            caller.abort()

    def _accept(self) -> None:
        try:
            accepted, _ = self._socket.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:  # out of descriptors: let some go first
            self._complain(f"{self.address[0]}:{self.address[1]} cannot accept", error)
            self._loop.remove_reader(self._socket)
            self._loop.call_later(CRAMPED_S, self._accept_again)
            return
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does so for its own listeners only
        caller = Caller(accepted, self._complain, gone=self._callers.discard)
        self.follow()  # a fault written into the folder by hand is noticed here
        if self._conversation is None:
            caller.abort()
            return
        self._callers.add(caller)
        caller.spawn(_meet(caller, self._conversation))

    def _accept_again(self) -> None:
        if self._shown is not None:
            self._loop.add_reader(self._socket, self._accept)


async def _meet(caller: Caller, conversation: Conversation) -> None:
    if not caller.aborted:
        await conversation(caller)
