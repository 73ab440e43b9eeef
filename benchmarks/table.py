"""The table of figures: what was measured, beside what it cannot go below, or why it is what it is."""

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `bound` is the lower bound in the same unit, or a sentence."""

    what: str
    measured: str
    bound: str


def render(figures: list[Figure]) -> str:
    """The table in columns."""
    rows = [("what", "measured", "lower bound, or reason"), *((one.what, one.measured, one.bound) for one in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    lines = [f"{what:<{widths[0]}}  {measured:>{widths[1]}}  {bound}" for what, measured, bound in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def seconds(value: float) -> str:
    """`1.23 s` or `45 ms`."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"
