"""Runs what mostly waits at the same time, and tells every failure by its name."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def side_by_side(work: Mapping[str, Callable[[], Result]], *, at_once: int = 6) -> dict[str, Result]:
    """The result of every function of `work`. Raises ExceptionGroup of what failed, each with its name as a note."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        running = {name: pool.submit(one) for name, one in work.items()}
    results: dict[str, Result] = {}
    failures: list[Exception] = []
    for name, future in running.items():
        error = future.exception()
        if error is None:
            results[name] = future.result()
            continue
        assert isinstance(error, Exception)
        error.add_note(f"in: {name}")
        failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(work)} failed", failures)
    return results
