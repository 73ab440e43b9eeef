"""How every parser of this room begins: whatever came, as lines without line ends and trailing blanks.

Rule of the room: text that is not the expected output, or is cut off, raises ValueError with a plain reason. No parser
guesses, waits, or knows who asked.
"""

import re


def lines_of(text: str | bytes) -> list[str]:
    """The lines of `text`, blank ones at its start and end left out."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    lines = [line.rstrip() for line in _split(text)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def quoted(line: str) -> str:
    """`line`, short enough to stand in a reason."""
    return repr(line if len(line) <= 80 else f"{line[:77]}...")


def _split(text: str) -> list[str]:
    return re.split(r"\r*\n|\r", text) if "\r" in text else text.split("\n")
