"""The `Http` port from a script: keeps what was asked, gives the next answer or raises the next error."""

import asyncio
from collections.abc import Mapping

import msgspec

from ucmcert.model.ports import HttpAnswer


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it went out."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ScriptedHttp:
    """Answers in order; the last answer is repeated."""

    def __init__(self, *answers: HttpAnswer | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[Asked] = []
        self.closed = 0

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes, timeout_s: float
    ) -> HttpAnswer:
        await asyncio.sleep(0)  # as on a network, others go on meanwhile
        self.asked.append(Asked(method=method, path=path, headers=dict(headers), body=body))
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed += 1
