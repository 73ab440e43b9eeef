"""One operation from door to door: faults strike before and after it, and the log says what became of it.

Outcomes in the log: `ok`, `refused: <words>`, `throttled`, `dropped: not applied`, `dropped: applied` (the work was
done and the caller cannot know), `crashed: <error>` (a bug of the lab). A refused connection leaves no line.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from ucmlab.errors import DropConnection, Throttled, TransportFault
from ucmlab.interfaces.web.messages import Asked, Response
from ucmlab.interfaces.web.pages import page

NOT_APPLIED, APPLIED = "dropped: not applied", "dropped: applied"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, as faults and log name it; several purposes (services to restart, stores) are a line each."""

    interface: str
    operation: str
    purposes: tuple[str, ...] = ("",)


class Result(msgspec.Struct, frozen=True):
    """An answer and its outcome; `outcomes` gives it per purpose where they differ."""

    response: Response
    outcome: str = "ok"
    outcomes: Mapping[str, str] = {}


async def carry_out(
    asked: Asked, call: Call, work: Callable[[], Awaitable[Result]], throttled: Callable[[], Response]
) -> Response:
    """Do the work of one call. `throttled` makes the answer to a caller who is asked to slow down.

    Raises: NodeDown, RefuseConnection, DropConnection. Any other mishap of the work is Tomcat's page 500.
    """
    nothing, clock = page(500), asked.cluster.clock
    try:
        await _strike_before(asked, call)
    except Throttled:
        _log(asked, call, Result(nothing, "throttled"), at=clock.now())
        return throttled()
    except (DropConnection, asyncio.CancelledError):
        _log(asked, call, Result(nothing, NOT_APPLIED), at=clock.now())
        raise
    begun = clock.now()
    done = Result(nothing, APPLIED)
    try:
        done = await _worked(work, throttled)
        response = await _strike_after(asked, call, done.response)
    except (TransportFault, asyncio.CancelledError):
        _log(asked, call, _unseen(done), at=begun)
        raise
    _log(asked, call, done, at=begun)
    return response


async def _strike_before(asked: Asked, call: Call) -> None:
    for purpose in call.purposes:
        await asked.cluster.faults.before(asked.node.name, call.interface, call.operation, purpose)
    if not asked.node.listening(asked.port):
        raise DropConnection(asked.node.name, applied=False)


async def _strike_after(asked: Asked, call: Call, response: Response) -> Response:
    body = response.body
    for purpose in call.purposes:
        body = await asked.cluster.faults.after(asked.node.name, call.interface, call.operation, purpose, answer=body)
    if not asked.node.listening(asked.port):
        raise DropConnection(asked.node.name, applied=True)
    return msgspec.structs.replace(response, body=body)


async def _worked(work: Callable[[], Awaitable[Result]], throttled: Callable[[], Response]) -> Result:
    try:
        return await work()
    except TransportFault:
        raise
    except Throttled:
        return Result(throttled(), "throttled")
    except Exception as error:  # noqa: BLE001 - a servlet that crashes is a page 500 and a line in the log, not a dead lab
        return Result(page(500), f"crashed: {type(error).__name__}: {error}")


def _unseen(done: Result) -> Result:
    """The same work, whose answer never reached the caller."""
    outcomes = {purpose: APPLIED if outcome == "ok" else outcome for purpose, outcome in done.outcomes.items()}
    return Result(done.response, APPLIED if done.outcome == "ok" else done.outcome, outcomes)


def _log(asked: Asked, call: Call, result: Result, *, at: float) -> None:
    """A line per purpose; `at` is when the work began, epoch seconds, however late its answer."""
    for purpose in call.purposes:
        asked.cluster.log.append(
            at,
            asked.node.name,
            interface=call.interface,
            operation=call.operation,
            purpose=purpose,
            outcome=result.outcomes.get(purpose, result.outcome),
        )
