"""Forked copies of a running simulation: what would happen from this moment on if something went wrong now?

A copy is a child process with cluster, clock, ledger and client as they are. It goes on in the very coroutine it was
made in, tells its end through a pipe, and never returns to the test. One copy at a time: the parent waits.
"""

import asyncio
import gc
import os
from typing import NoReturn

AS_WANTED = "as wanted"
LONGEST_TALE = 60_000


class Copies:
    """Makes copies. `told_to` is -1 in the parent, the writing end of the pipe in a copy."""

    def __init__(self) -> None:
        self.told_to = -1

    @property
    def in_copy(self) -> bool:
        """Whether this process is a copy."""
        return self.told_to >= 0

    def make(self) -> str | None:
        """None in the copy; in the parent what the copy told, "" when it died without a word."""
        gc.freeze()  # so that a collection does not touch, and thereby double, all memory that copies share
        read, write = os.pipe()
        loop = asyncio.get_running_loop()
        child = os.fork()
        if child == 0:
            asyncio._set_running_loop(loop)  # asyncio forgets it in a forked process, and here the loop goes on
            os.close(read)
            self.told_to = write
            return None
        os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return said

    def end(self, said: str) -> NoReturn:
        """In the copy: tell the parent, and be gone at once."""
        os.write(self.told_to, said.encode()[:LONGEST_TALE])
        os._exit(0)
