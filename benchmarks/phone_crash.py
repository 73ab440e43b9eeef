"""`python -m benchmarks.phone_crash`: a mixed cluster with phones, killed at every append and struck by every fault.

Simulated, so that a death costs a second or two: CAPF, CallManager and TVS of two nodes of 14SU3 are renewed; at every
ledger append the process dies, before it and after it, in a copy of the world; and at every step each fault strikes,
once and for as long as nobody takes it away. Every copy is resumed and must end like the undisturbed run.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from simulation import fault_product, kill_points
from simulation.killing import Moment
from simulation.phones.mixed_pair import NEW_KINDS, WISH, eyes, mixed_pair, resets_phones
from simulation.sampling import every_append, every_pair
from ucmcert.model.plan import Step

KINDS_OF_RUN = ("before", "after", "once", "lasting")


def part_of_pairs(part: int, parts: int, *, every_step: bool) -> Callable[[Step, str], bool]:
    """Every `parts`-th pair of step and fault; of all steps, or of those that only plans with phones have."""
    sampled = every_pair(parts, part)
    return lambda step, kind: (every_step or step.kind in NEW_KINDS) and sampled(step, kind)


def work(job: tuple[str, int, int, bool]) -> tuple[str, int, int, tuple[str, ...]]:
    """One part of one kind of run: its name, how many were tried and held, and what went wrong."""
    what, part, parts, every_step = job
    with tempfile.TemporaryDirectory() as folder:
        if what in ("before", "after"):
            moment: Moment = "before" if what == "before" else "after"
            here = every_append(parts, part)
            killed = kill_points.explore(Path(folder), mixed_pair(), WISH, moment, here=here, eyes=eyes)
            return what, killed.tried, 0, killed.wrong
        pairs = part_of_pairs(part, parts, every_step=every_step)
        struck = fault_product.explore(
            Path(folder), mixed_pair(), WISH, lasting=what == "lasting", pairs=pairs, eyes=eyes, person=resets_phones
        )
        return what, struck.tried, struck.held, struck.wrong


def main() -> int:
    """Run it, and say what differed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phone_crash", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--parts", type=int, default=8, help="parts that each kind of run is cut into")
    parser.add_argument("--only", choices=KINDS_OF_RUN, action="append", help="only this kind of run")
    parser.add_argument("--every-step", action="store_true", help="faults at every step, not only at those of phones")
    wanted = parser.parse_args()
    began = time.perf_counter()
    kinds = wanted.only or KINDS_OF_RUN
    jobs = [(what, part, wanted.parts, wanted.every_step) for what in kinds for part in range(wanted.parts)]
    wrong: list[str] = []
    tried, held = dict.fromkeys(kinds, 0), dict.fromkeys(kinds, 0)
    with ProcessPoolExecutor(wanted.jobs) as pool:
        for what, count, holds, troubles in pool.map(work, jobs):
            tried[what], held[what] = tried[what] + count, held[what] + holds
            wrong += [f"{what}: {one}" for one in troubles]
            print("\n".join(f"{what}: {one}" for one in troubles), end="\n" * bool(troubles), file=sys.stderr)
            print(f"{what}: {tried[what]} tried, {len(wrong)} differ so far", file=sys.stderr, flush=True)
    for what in kinds:
        name = f"killed right {what} an append" if what in ("before", "after") else f"faults, {what}"
        print(f"{name}: {tried[what]} tried, {held[what]} held by name")
    print(f"differences at the end: {len(wrong)}; took {(time.perf_counter() - began) / 60:.0f} minutes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
