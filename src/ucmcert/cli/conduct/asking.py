"""Asks a person a question in the middle of a command, so that Ctrl-C and SIGTERM still end it."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from ucmcert.errors import UsageError

YES = ("yes", "y", "oui", "o")
NO = ("no", "n", "non", "")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ask(question: str, *, instead: str) -> bool:
    """Whether the answer is a yes. `instead` says which option answers where nobody can be asked.

    Raises UsageError UCM-ASK-001 when standard input ends before an answer.
    """
    with _interruptible():
        while True:
            click.echo(f"{question} ", err=True, nl=False)
            words = sys.stdin.readline()
            if not words:
                click.echo(err=True)  # the question still stands on this line
                raise UsageError(
                    "UCM-ASK-001",
                    "nobody is there to answer",
                    where=question,
                    why="standard input has ended, and silence is not a yes",
                    next=instead,
                )
            answer = words.strip().lower()
            if answer in YES:
                return True
            if answer in NO:
                return False


@contextmanager
def _interruptible() -> Iterator[None]:
    """The event loop keeps signals for later while we wait for a line; here each of them ends the wait at once."""
    try:
        kept = {number: signal.signal(number, _interrupt) for number in SIGNALS}
    except ValueError:  # not the main thread: signals never come here
        yield
        return
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
