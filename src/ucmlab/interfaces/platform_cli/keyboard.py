"""What is typed, in order, ahead of whoever reads it; Ctrl-C goes past the queue to the command that runs."""

import asyncio
from collections import deque
from collections.abc import Callable

from ucmlab.clock import Clock
from ucmlab.interfaces.platform_cli.terminal import INTERRUPT, Gone, Idle, Terminal

AHEAD_MAX = 1_000_000


class Keyboard:
    """Typed characters of one session; Enter is LF, whether CR, LF or CR LF came.

    Lines typed before the far end hung up are still read; then `Gone`. `on_interrupt` is set while a command runs;
    else Ctrl-C is read like any key. `idle_s`: seconds of the cluster.
    """

    def __init__(self, terminal: Terminal, clock: Clock, *, idle_s: float) -> None:
        self._terminal = terminal
        self._clock = clock
        self._idle_s = idle_s
        self._typed: deque[str] = deque()
        self._hung_up = False
        self._news = asyncio.Event()
        self._on_hang_up: Callable[[], None] | None = None
        self.on_interrupt: Callable[[], None] | None = None

    async def pump(self) -> None:
        """Take in what is typed until the far end hangs up."""
        try:
            while text := await self._terminal.read():
                self._take(text)
        except (ConnectionError, EOFError):
            pass  # a line that breaks is a far end that hung up
        finally:
            self._hung_up = True
            self._news.set()
            if self._on_hang_up is not None and not self._typed:
                self._on_hang_up()

    def waiting(self) -> bool:
        """Whether something is typed that nobody has read."""
        return bool(self._typed)

    def next_is(self, text: str) -> bool:
        """Whether what is typed ahead goes on, after line ends, with `text`."""
        return "".join(self._typed).lstrip("\n").startswith(text)

    async def key(self) -> str:
        """The next character. Raises Gone, Idle."""
        while not self._typed:
            if self._hung_up:
                raise Gone
            await self._next_news()
        return self._typed.popleft()

    async def pause(self, seconds: float) -> None:
        """Let seconds of the cluster pass. Raises Gone as soon as nobody is there and nothing more is typed."""
        over = asyncio.Event()
        timer = self._clock.call_later(seconds, over.set)
        self._on_hang_up = over.set
        if self._hung_up and not self._typed:
            over.set()
        try:
            await over.wait()
        finally:
            timer.cancel()
            self._on_hang_up = None
        if self._hung_up and not self._typed:
            raise Gone

    def _take(self, text: str) -> None:
        for character in text.replace("\r\n", "\n").replace("\r", "\n")[: AHEAD_MAX - len(self._typed)]:
            if character == INTERRUPT and self.on_interrupt is not None:
                self._typed.clear()
                self.on_interrupt()
            else:
                self._typed.append(character)
        self._news.set()

    async def _next_news(self) -> None:
        self._news.clear()
        idle = asyncio.Event()

        def strike() -> None:
            idle.set()
            self._news.set()

        timer = self._clock.call_later(self._idle_s, strike)
        try:
            await self._news.wait()
        finally:
            timer.cancel()
        if idle.is_set() and not self._typed:
            raise Idle
