"""What is shown: output held back until a command waits or ends, then shown a page at a time.

The hold is what lets a fault garble or swallow an answer. Source: interfaces-cli.md 1.2 (pager 1).
"""

from ucmlab.interfaces.platform_cli.keyboard import Keyboard
from ucmlab.interfaces.platform_cli.terminal import Terminal

PAGER = "\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K"
ERASE = "\r\x1b[K"


class Screen:
    """The output side of one session. `paging` is the session's setting, `always_paging` that of one command."""

    def __init__(self, terminal: Terminal, keyboard: Keyboard) -> None:
        self._terminal = terminal
        self._keyboard = keyboard
        self._held: list[str] = []
        self._unsent: list[str] = []
        self._shown_rows = 0
        self._quit = False
        self._at_line_start = True
        self.paging = True
        self.always_paging = False

    def hold(self, text: str) -> None:
        """Keep output until `release` or `take`."""
        self._held.append(text)

    def take(self) -> str:
        """The held output, which is not held any more."""
        text = "".join(self._held)
        self._held.clear()
        return text

    async def release(self) -> None:
        """Show the held output now. Raises Gone, Idle while a pager waits."""
        await self.show(self.take())

    async def show(self, text: str) -> None:
        """Show text, a page at a time where the pager is on; `q` drops the rest of this command's output."""
        if not (self.paging or self.always_paging):
            self.put(text)
        else:
            for line in text.splitlines(keepends=True):
                await self._show_line(line)
        await self.drain()

    def put(self, text: str) -> None:
        """Text that goes past the pager: echo, prompts, questions. It is sent before anything waits."""
        if text:
            self._unsent.append(text)
            self._at_line_start = text.endswith("\n")

    def send(self) -> None:
        """Hand over what was put, without waiting for the terminal."""
        text = "".join(self._unsent)
        self._unsent.clear()
        if text:
            self._terminal.write(text)

    async def drain(self) -> None:
        """Send what was put, and wait until the terminal can take more."""
        self.send()
        await self._terminal.drain()

    def new_page(self) -> None:
        """Count a page from here: after a question, and for every line that comes by itself."""
        self._shown_rows = 0

    def new_command(self) -> None:
        """Forget what the command before left: its `q`, its paging, its page."""
        self._held.clear()
        self._quit = self.always_paging = False
        self.new_page()

    def end_line(self) -> None:
        """Go to the start of a line."""
        if not self._at_line_start:
            self.put("\n")

    async def _show_line(self, line: str) -> None:
        rows = self._terminal.rows if self._terminal.rows > 1 else 24
        columns = self._terminal.columns if self._terminal.columns > 0 else 80
        if self._quit:
            return
        if self._shown_rows >= rows - 1:
            await self._ask_for_more()
        if not self._quit:
            self.put(line)
            self._shown_rows += max(1, -(-len(line.rstrip("\n")) // columns))

    async def _ask_for_more(self) -> None:
        self.put(PAGER)
        await self.drain()
        key = await self._keyboard.key()
        while key not in ("\n", " ", "q"):
            key = await self._keyboard.key()
        self.put(ERASE)
        self._at_line_start = True
        if key == "q":
            self._quit = True
        elif key == " ":
            self._shown_rows = 0
        else:
            self._shown_rows -= 1
