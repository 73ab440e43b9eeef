"""One look at one node: what cannot be read becomes a finding of that node and hides nothing else."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ucmcert.check.node_rules import UNREADABLE
from ucmcert.errors import UcmcertError
from ucmcert.model.finding import Finding, Severity, worded
from ucmcert.model.node import Node

T = TypeVar("T")


class Looking:
    """One look at one node: readings that fail become problems of that node, worth `severity` each."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.problems: list[Finding] = []

    async def read(self, fact: str, reading: Coroutine[Any, Any, T], severity: Severity = Severity.ERROR) -> T | None:
        """The value of `reading`, or None and a problem."""
        try:
            return await reading
        except UcmcertError as error:
            self.problems.append(problem(UNREADABLE, self.node.name, error, severity, fact=fact))
            return None

    def begin(
        self, fact: str, reading: Coroutine[Any, Any, T], severity: Severity = Severity.ERROR
    ) -> "asyncio.Task[T | None]":
        """`read`, at the same time as everything else that is begun."""
        return asyncio.create_task(self.read(fact, reading, severity), name=f"{fact} of {self.node.name}")


def problem(code: str, where: str, error: UcmcertError, severity: Severity, **values: str) -> Finding:
    """A reading that failed, with the reading's own trouble as its reason."""
    filled = {**values, "trouble": f"{error.code}: {error.what}; {error.why}", "step": error.next}
    return worded(code, severity, where, "design.md 3 (what cannot be read is never fine)", filled)
