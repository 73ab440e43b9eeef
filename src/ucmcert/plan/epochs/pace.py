"""How long phones take, in seconds, by their number: assumptions until a pilot measures (phones.md 4.2, U10)."""

from itertools import pairwise

RESET_PER_S = 40
WRITES_PER_S = 5
QUESTIONS_A_PAGE = 3
SWEEP_S_PER_1000 = 4
PAGES_AT_ONCE = 32
LAST_BACK_S = ((0, 240), (1_000, 780), (10_000, 1_080), (40_000, 1_800))


def reset_s(phones: int) -> int:
    """Until the cluster has told every one of `phones` to reset."""
    return 10 + phones // RESET_PER_S


def lsc_s(phones: int) -> int:
    """Until the database has taken a new LSC for every one of `phones`, one write each."""
    return 10 + phones // WRITES_PER_S


def pages_s(phones: int) -> int:
    """Until the database has the web pages of `phones` switched: each is read, read again and written."""
    return 10 + QUESTIONS_A_PAGE * phones // WRITES_PER_S


def gate_s(phones: int) -> int:
    """Until the last of `phones` is back and looked at: the simulated table of phones.md 4.2, straight between rows."""
    if phones <= 0:
        return 0
    return _last_back_s(phones) + look_s(phones)


def look_s(phones: int) -> int:
    """One full look: real-time data at 15 requests a minute, then pages, a second each, so many at once (4.3)."""
    return SWEEP_S_PER_1000 * -(-phones // 1000) + -(-phones // PAGES_AT_ONCE)


def rebuild_s(phones: int) -> int:
    """Until a TFTP node has made its lists and configurations anew."""
    return 20 + 5 * phones // 1000


def _last_back_s(phones: int) -> int:
    (fewer, sooner), (more, later) = next(
        (pair for pair in pairwise(LAST_BACK_S) if phones <= pair[1][0]), LAST_BACK_S[-2:]
    )
    return sooner + (later - sooner) * (phones - fewer) // (more - fewer)
