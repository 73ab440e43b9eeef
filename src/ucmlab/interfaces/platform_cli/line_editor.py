"""One typed line: echo, backspace, Ctrl-U, Ctrl-C, Ctrl-D, and at the prompt TAB and `?`.

Characters that cannot be shown are dropped, and a line ends growing at `LINE_MAX`.
"""

from collections.abc import Callable, Sequence

from ucmlab.interfaces.platform_cli.keyboard import Keyboard
from ucmlab.interfaces.platform_cli.screen import Screen
from ucmlab.interfaces.platform_cli.terminal import END_OF_TEXT, INTERRUPT, EndOfText, Interrupted

LINE_MAX = 4096
BELL, ESCAPE, ERASE_LINE = "\x07", "\x1b", "\x15"
BACKSPACES = ("\x7f", "\b")
Suggest = Callable[[str], Sequence[str]]


class LineEditor:
    """Reads lines from a keyboard and echoes them."""

    def __init__(self, keyboard: Keyboard, screen: Screen) -> None:
        self._keyboard = keyboard
        self._screen = screen
        self._hidden = False

    async def read(self, prompt: str, *, suggest: Suggest | None = None, hidden: bool = False) -> str:
        """A line without its end. `suggest` gives the words that may come next, for TAB and `?`; `hidden`: no echo.

        Raises: Gone, EndOfText (Ctrl-D), Idle, Interrupted (Ctrl-C).
        """
        self._screen.put(prompt)
        line = ""
        self._hidden = hidden
        while True:
            key = await self._key()
            if key == "\n":
                self._screen.put("\n")
                return line
            if key == INTERRUPT:
                self._screen.put("^C\n")
                raise Interrupted
            if key == END_OF_TEXT:
                raise EndOfText(line)
            if key in BACKSPACES or key == ERASE_LINE:
                line = self._erase(line, len(line) if key == ERASE_LINE else 1)
            elif key == ESCAPE:
                await self._skip_sequence()
            elif key in ("\t", "?") and suggest is not None:
                line = self._complete(prompt, line, key, suggest(line))
            elif key.isprintable():
                line = self._append(line, key)

    async def _key(self) -> str:
        if not self._keyboard.waiting():
            await self._screen.drain()
        return await self._keyboard.key()

    def _append(self, line: str, key: str) -> str:
        if len(line) >= LINE_MAX:
            self._screen.put(BELL)
            return line
        self._screen.put("" if self._hidden else key)
        return line + key

    def _erase(self, line: str, count: int) -> str:
        self._screen.put("" if self._hidden else "\b \b" * min(count, len(line)))
        return line[: max(0, len(line) - count)]

    async def _skip_sequence(self) -> None:
        """Swallow an arrow or function key: ESC [ parameters final, or ESC and one character."""
        if await self._key() == "[":
            while not "@" <= await self._key() <= "~":
                pass

    def _complete(self, prompt: str, line: str, key: str, words: Sequence[str]) -> str:
        begun = "" if line.endswith(" ") else line.rpartition(" ")[2]
        if key == "\t" and len(words) == 1:
            rest = words[0][len(begun) :] + " "
            self._screen.put(rest)
            return line + rest
        if words:
            self._screen.put("\n" + "".join(f"{word}\n" for word in words) + prompt + line)
        return line
