"""The table's row type, and how a typed line finds its row. Source: interfaces-cli.md 1.3."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from ucmlab.cluster.node import Node
from ucmlab.cluster.releases import release_has
from ucmlab.interfaces.platform_cli.conversation import Call, Run

UNKNOWN = "No valid command entered"
UNSUCCESSFUL = "Executed command unsuccessfully"


def nothing(_call: Call) -> str:
    """The purpose of a command that has none."""
    return ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command.

    `operation`: its name in faults and log; `purpose` reads theirs from a call. `arguments`: how help writes them, and
    `least`, `most` how many there may be. `free_text`: the rest of the line is one argument in which dashes and blanks
    mean nothing. `products`, `needs`: where it exists (a Fact of releases.py). `takes_s`: seconds of the cluster
    before it answers.
    """

    words: str
    run: Run
    operation: str
    about: str
    arguments: str = ""
    least: int = 0
    most: int = 0
    free_text: bool = False
    purpose: Callable[[Call], str] = nothing
    privilege: int = 0
    products: tuple[str, ...] = ("cucm", "imp", "unity-connection")
    needs: str = ""
    takes_s: float = 0.3


class NotUnderstood(Exception):
    """A line that is no command; `words` is what is printed."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def available(commands: Sequence[Command], node: Node, *, privilege: int) -> tuple[Command, ...]:
    """The commands a node knows, for an account of this privilege level."""
    return tuple(
        command
        for command in commands
        if node.product in command.products
        and command.privilege <= privilege
        and (not command.needs or release_has(node.version, command.needs))
    )


def find(line: str, commands: Sequence[Command], switches: Mapping[str, str]) -> tuple[Command, Call]:
    """The command that a line calls. Raises NotUnderstood."""
    words = line.split()
    begins = " ".join(words) + " "
    matches = [command for command in commands if begins.startswith(command.words + " ")]
    if not matches:
        if _has_dash(words):
            raise NotUnderstood(switches["dash_text"])
        begun = any(command.words.split()[: len(words)] == words for command in commands)
        raise NotUnderstood(switches["incomplete_text"] if begun else UNKNOWN)
    command = max(matches, key=lambda match: len(match.words))
    call = _call(command, line)
    if not command.free_text and _has_dash(call.arguments):
        raise NotUnderstood(switches["dash_text"])
    if len(call.arguments) < command.least:
        raise NotUnderstood(switches["incomplete_text"])
    if len(call.arguments) > command.most and not command.free_text:
        raise NotUnderstood(UNKNOWN)
    return command, call


def next_words(line: str, commands: Sequence[Command]) -> list[str]:
    """The words that may stand where the line ends, in order."""
    words = line.split()
    begun = "" if not words or line.endswith(" ") else words.pop()
    found = [command.words.split() for command in commands]
    nexts = {row[len(words)] for row in found if row[: len(words)] == words and len(row) > len(words)}
    return sorted(word for word in nexts if word.startswith(begun))


def _call(command: Command, line: str) -> Call:
    count = len(command.words.split())
    rest = line.split(None, count)[count:]
    text = rest[0].strip() if rest else ""
    return Call(arguments=tuple(text.split()), rest=text)


def _has_dash(words: Sequence[str]) -> bool:
    return any(word.startswith("-") for word in words)
