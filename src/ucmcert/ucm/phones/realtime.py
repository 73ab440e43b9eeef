"""The whole picture of the phones from many real-time questions: within the budget, joined, honest about its gaps.

Up to 1000 phones one question may do; more are asked for by name, in pieces small enough that old reports of the same
phones from other nodes still fit into an answer. An answer that is full is not believed but asked again in halves.
"""

from collections.abc import Awaitable, Callable, Sequence

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.phone import Picture, Sighting
from ucmcert.model.ports import Clock
from ucmcert.ucm.ris import EVERYBODY, THROTTLED, Answer, Budget, newest

NAMES_A_QUESTION = 900
BACK_OFF_S = 30.0
BACK_OFFS = 3  # 30, 60 and 120 s
Ask = Callable[[Sequence[str]], Awaitable[Answer]]


class Questions:
    """Asks within the budget. A throttled question is asked again after a pause, a bounded number of times."""

    def __init__(self, ask: Ask, budget: Budget, clock: Clock) -> None:
        self._ask = ask
        self._budget = budget
        self._clock = clock

    async def put(self, names: Sequence[str]) -> Answer:
        """One answer. Raises OutcomeUnknown UCM-RIS-001 when the cluster goes on to say that it is too often."""
        pause_s = BACK_OFF_S
        for _ in range(BACK_OFFS):
            await self._budget.take()
            try:
                return await self._ask(names)
            except OutcomeUnknown as error:
                if error.code != THROTTLED:
                    raise
            await self._clock.sleep(pause_s)
            pause_s *= 2
        await self._budget.take()
        return await self._ask(names)


async def everybody(questions: Questions, clock: Clock) -> tuple[Picture, bool]:
    """All phones in one question, and whether there are more than an answer holds: then ask by name."""
    observed_at = clock.now()
    answer = await questions.put(EVERYBODY)
    return _picture(observed_at, (answer,), answer.sightings, cut=answer.cut_short), answer.cut_short


async def by_name(questions: Questions, clock: Clock, names: Sequence[str]) -> Picture:
    """Exactly the phones called `names`. Raises what a question raises: half a sweep is no picture."""
    observed_at = clock.now()
    waiting = [name for name in dict.fromkeys(names) if name]
    size, cut = NAMES_A_QUESTION, False
    answers: list[Answer] = []
    while waiting:
        piece = waiting[:size]
        answer = await questions.put(piece)
        if answer.cut_short and len(piece) > 1:
            size = (len(piece) + 1) // 2
            continue
        cut = cut or answer.cut_short
        answers.append(answer)
        del waiting[: len(piece)]
    return _picture(observed_at, answers, newest([one for answer in answers for one in answer.sightings]), cut=cut)


def _picture(observed_at: float, answers: Sequence[Answer], sightings: tuple[Sighting, ...], *, cut: bool) -> Picture:
    silent = sorted({name for answer in answers for name in answer.silent_nodes})
    gaps = [f"{', '.join(silent)} did not report"] if silent else []
    if cut:
        gaps.append("the answer may leave out phones")
    return Picture(observed_at=observed_at, sightings=sightings, complete=not gaps, missing="; ".join(gaps))
