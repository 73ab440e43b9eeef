"""The five states of a renewal. Only evidence moves a certificate on, and only the last one is done."""

from enum import StrEnum


class State(StrEnum):
    """In order. PLANNED is where every item starts; it claims nothing."""

    PLANNED = "planned"
    ISSUED = "issued"
    UPLOADED = "uploaded"
    ACTIVE = "active"
    SERVED = "served"
    TRUSTED = "trusted"


ORDER: tuple[State, ...] = tuple(State)


def later(one: State, other: State) -> State:
    """The further of two states: a renewal never goes back."""
    return max(one, other, key=ORDER.index)
