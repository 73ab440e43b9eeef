"""One UDP port of one node: open exactly while the model listens; every datagram that arrives is a task.

While closed the number stays ours and callers are refused: a socket connected to itself hears nobody else.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from ucmlab.errors import TransportFault
from ucmlab.serve.door import Complain
from ucmlab.serve.sockets import bind_datagrams

DATAGRAM_BYTES_MAX = 65536
TASKS_MAX = 500  # Cisco Tftp's Maximum Serving Count. Source: phones.md 4.1
Address = tuple[str, int]
Reception = Callable[[bytes, Address], Coroutine[Any, Any, None]]


class DatagramDoor:
    """A UDP socket that follows the model.

    `is_listening` asks the model; `receive` serves one datagram from one sender, `turn_away` answers it when too many
    are being served already.
    """

    def __init__(
        self,
        address: Address,
        *,
        is_listening: Callable[[], bool],
        receive: Reception,
        turn_away: Callable[[bytes], bytes],
        complain: Complain,
    ) -> None:
        self.address = address
        self._is_listening = is_listening
        self._receive = receive
        self._turn_away = turn_away
        self._complain = complain
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket = bind_datagrams(*address, deaf=True)
        self._open = False

    @property
    def is_open(self) -> bool:
        """Whether a datagram is answered."""
        return self._open

    def follow(self) -> None:
        """Bring the door to what the model says now."""
        wanted = self._is_listening()
        if wanted == self._open:
            return
        try:
            self._reopen(deaf=not wanted)
        except OSError as error:
            self._complain(f"UDP {self.address[0]}:{self.address[1]} stays closed", error)

    def close(self) -> None:
        """Close for good, with everything that is being served."""
        self._stop_hearing()

    async def wait_idle(self) -> None:
        """Await the tasks that `close` has cancelled."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _reopen(self, *, deaf: bool) -> None:
        self._stop_hearing()
        self._socket = bind_datagrams(*self.address, deaf=deaf)
        if not deaf:
            self._loop.add_reader(self._socket, self._hear)
            self._open = True

    def _stop_hearing(self) -> None:
        if self._open:
            self._loop.remove_reader(self._socket)
        self._open = False
        self._socket.close()
        for task in self._tasks:
            task.cancel()

    def _hear(self) -> None:
        try:
            datagram, sender = self._socket.recvfrom(DATAGRAM_BYTES_MAX)
        except (BlockingIOError, InterruptedError, ConnectionRefusedError):
            return
        self.follow()  # a fault written into the folder by hand is noticed here
        if not self._open:
            return
        if len(self._tasks) >= TASKS_MAX:
            self._send(self._turn_away(datagram), sender)
            return
        task = self._loop.create_task(self._guard(self._receive(datagram, sender)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send(self, datagram: bytes, to: Address) -> None:
        try:
            self._socket.sendto(datagram, to)
        except OSError as error:
            self._complain(f"UDP {self.address[0]}:{self.address[1]} cannot answer", error)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (OSError, TimeoutError, TransportFault):  # the far end went away, or a fault struck: silence
            return
        except Exception as error:  # noqa: BLE001 - a mistake of the lab ends this transfer, not the lab
            self._complain("a transfer ended by a mistake of the lab", error)
