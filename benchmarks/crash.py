"""`make crash`: the four-node renewal on real sockets, killed by SIGKILL at every ledger append, before and after.

Several chains run side by side, each in a copy of one prepared lab: process after process dies at an append no process
of its chain has died at yet, and the next one resumes. What a chain passed by gets a run of its own, killed once.
"""

import argparse
import platform
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import msgspec

from end_to_end.dying_runs import Ending, Moment, copy_of, killed_everywhere, killed_once, prepare, undisturbed
from end_to_end.mortal_ucmcert import name_of
from ucmcert.cli.places import open_places
from ucmcert.cli.runs import read_entries

SPEED = 400
PURPOSES = ("tomcat", "ipsec")
MOMENTS: tuple[Moment, ...] = ("before", "after")
TABLE = Path(__file__).parents[1] / "docs" / "crash-table.md"


class Crashed(msgspec.Struct, frozen=True, kw_only=True):
    """All deaths of one moment, and what was not as in the undisturbed run."""

    moment: Moment
    deaths: tuple[str, ...]
    appends: frozenset[str]
    troubles: tuple[str, ...]


def crash(folder: Path, scenario: str, moment: Moment, *, chains: int, jobs: int) -> Crashed:
    """Kill a renewal of `scenario` at every append, `moment` it."""
    prepared = prepare(folder / "lab", scenario)
    with copy_of(prepared, folder / "calm", speed=SPEED) as (one, config):
        calm = undisturbed(one, config, PURPOSES)
        entries = read_entries(open_places(config))
    appends = frozenset(name_of(entry.event) for entry in entries if entry.event is not None)

    def chain(part: int) -> Ending:
        with copy_of(prepared, folder / f"chain-{part}", speed=SPEED) as (one, config):
            ending = killed_everywhere(one, config, PURPOSES, moment, f"{part}/{chains}")
        print(f"{moment}: chain {part + 1} of {chains} died {len(ending.deaths)} times", file=sys.stderr)
        return ending

    def alone(name: str) -> Ending:
        with copy_of(prepared, folder / name.replace("/", "-"), speed=SPEED) as (one, config):
            return killed_once(one, config, PURPOSES, moment, name)

    with ThreadPoolExecutor(jobs) as pool:
        endings = list(pool.map(chain, range(chains)))
        met = {name for one in endings for name in one.deaths}
        missed = sorted(appends - met)
        print(f"{moment}: {len(missed)} appends were passed by; each gets a run of its own", file=sys.stderr)
        endings += list(pool.map(alone, missed))
    troubles = [line for one in (calm, *endings) for line in one.troubles(calm.state)]
    deaths = tuple(name for one in endings for name in one.deaths)
    return Crashed(moment=moment, deaths=deaths, appends=appends, troubles=tuple(troubles))


def table(found: list[Crashed], scenario: str, took_s: float) -> str:
    """The page for docs/."""
    kinds = sorted({_kind(name) for one in found for name in one.deaths})
    counts = {one.moment: Counter(_kind(name) for name in one.deaths) for one in found}
    lines = [
        "# Killed at every ledger append",
        "",
        f"`make crash`, {datetime.now(UTC):%Y-%m-%d}: scenario `{scenario}`, tomcat and ipsec on every node, real",
        f"processes and sockets, a lab {SPEED} times faster than real nodes. The process dies by SIGKILL right before",
        "or right after an append; before means that the act has happened and is not recorded. The next one resumes.",
        "At the end the lab itself is asked: same certificates stored, loaded and served, no CSR left, same services,",
        "no second CSR, no second upload, no second restart.",
        "",
        "| append | step | killed before it | killed after it |",
        "|---|---|---|---|",
    ]
    for kind in kinds:
        event, step = kind
        lines.append(f"| {event} | {step} | {counts['before'][kind]} | {counts['after'][kind]} |")
    total = {one.moment: len(one.deaths) for one in found}
    passed = {one.moment: len(one.appends - set(one.deaths)) for one in found}
    wrong = sum(len(one.troubles) for one in found)
    lines += [
        f"| **all** | | **{total['before']}** | **{total['after']}** |",
        "",
        f"Appends of the undisturbed run: {len(found[0].appends)}.",
        f"Never met by a death: {passed['before']} before and {passed['after']} after.",
        f"Differences at the end: {wrong}. Took {took_s / 60:.0f} minutes. Python {platform.python_version()}.",
        "",
    ]
    return "\n".join(lines)


def _kind(name: str) -> tuple[str, str]:
    event, _, about = name.partition(" ")
    parts = about.split("/")
    return event, parts[2] if len(parts) > 2 else "-"


def main() -> int:
    """Run it, write the page, and say what differed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--scenario", default="demo")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--chains", type=int, default=8, help="chains per moment")
    wanted = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            crash(Path(folder) / moment, wanted.scenario, moment, chains=wanted.chains, jobs=wanted.jobs)
            for moment in MOMENTS
        ]
    page = table(found, wanted.scenario, time.perf_counter() - began)
    TABLE.write_text(page)
    print(page)
    troubles = [f"{one.moment}: {line}" for one in found for line in one.troubles]
    print("\n".join(troubles), file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
