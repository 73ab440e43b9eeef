"""Which of all the moments a test tries: every so many, so that each kind of step is met and the suite stays short."""

from collections.abc import Callable
from itertools import count

from ucmcert.model.event import Event
from ucmcert.model.plan import Step


def every_append(step: int, offset: int) -> Callable[[Event], bool]:
    """Append number `offset`, and every `step`-th after it."""
    numbers = count()
    return lambda _event: next(numbers) % step == offset


def every_pair(step: int, offset: int) -> Callable[[Step, str], bool]:
    """Pair of step and fault number `offset`, and every `step`-th after it."""
    numbers = count()
    return lambda _step, _kind: next(numbers) % step == offset
