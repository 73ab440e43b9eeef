"""One failed log-in is enough: it is remembered and told again, never tried again, for accounts lock (2 to 3 failures).

The first log-in of an account is made by one caller alone; the others wait for its outcome, so that a wrong password
costs one attempt, not one for each of the things that are asked at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ucmcert.errors import UsageError

REFUSED_LOGIN = {"UCM-AUTH-001", "UCM-SSH-002"}
Result = TypeVar("Result")


class Logins:
    """What is known of each account. A key names where an account lives: a node's own, or the cluster's."""

    def __init__(self) -> None:
        self._refused: dict[str, UsageError] = {}
        self._proven: set[str] = set()
        self._first: dict[str, asyncio.Lock] = {}

    async def guard(self, key: str, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do `work`, which logs in as `key`. Raises the remembered UsageError when that was refused before."""
        self._raise_if_refused(key)
        if key in self._proven:
            return await self._watched(key, work)
        async with self._first.setdefault(key, asyncio.Lock()):
            self._raise_if_refused(key)
            result = await self._watched(key, work)
            self._proven.add(key)
        return result

    def _raise_if_refused(self, key: str) -> None:
        known = self._refused.get(key)
        if known is not None:
            raise UsageError(known.code, known.what, where=known.where, why=known.why, next=known.next)

    async def _watched(self, key: str, work: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await work()
        except UsageError as error:
            if error.code in REFUSED_LOGIN:
                self._refused[key] = error
            raise
