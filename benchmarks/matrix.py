"""`make matrix`: every release x mode x shared or own certificates x EC twins, with every unknown on each value.

Prints one row per cell as it ends and a table at the end; exit code 1 when a cell did not end done, lost a phone or
left one unregistered. Takes about an hour on two cores. With words as arguments only cells whose names hold them all
are run.
"""

import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import msgspec

from simulation.phones.cells import Cell, whole_matrix
from simulation.phones.runs import Watched, renew_cell
from ucmcert.run.outcome import Outcome

FEWEST_AT_ONCE = 2


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One cell and what became of it; `trouble` is the exception of a run that could not even start."""

    cell: Cell
    seen: Watched | None
    trouble: str = ""

    @property
    def sound(self) -> bool:
        """Everything renewed, nobody locked at any moment, everybody back and trusting."""
        seen = self.seen
        if seen is None or seen.outcome is not Outcome.DONE or seen.open_certificates:
            return False
        return not seen.locked and not seen.unregistered and seen.trusted == seen.with_lists


def run(cell: Cell) -> Row:
    """One cell in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return Row(cell=cell, seen=renew_cell(cell, Path(folder)))
        except Exception as error:  # noqa: BLE001 - a cell that breaks is a row of the table, not its end
            return Row(cell=cell, seen=None, trouble=f"{type(error).__name__}: {error}")


def told(row: Row) -> str:
    """One line about one cell."""
    if row.seen is None:
        return f"{row.cell.name:<64} broken  {row.trouble[:120]}"
    seen = row.seen
    counts = f"{seen.trusted}/{seen.with_lists} trust, {seen.locked} locked, {seen.unregistered} unregistered"
    end = "" if row.sound else f"  {seen.reason[:200]}"
    return f"{row.cell.name:<64} {seen.outcome.value:<8} {counts}{end}"


def table(rows: list[Row]) -> str:
    """Per release and mode: cells, sound ones, phones, locked phones."""
    lines = [f"{'release':<8} {'mode':<11} {'cells':>6} {'sound':>6} {'phones':>7} {'locked':>7} {'unregistered':>13}"]
    groups = dict.fromkeys((row.cell.release, row.cell.mixed) for row in rows)
    for release, mixed in groups:
        of = [row for row in rows if (row.cell.release, row.cell.mixed) == (release, mixed)]
        sums = Counter[str]()
        for row in of:
            if row.seen is not None:
                sums.update(phones=row.seen.phones, locked=row.seen.locked, gone=row.seen.unregistered)
        mode = "mixed" if mixed else "non-secure"
        sound = sum(row.sound for row in of)
        numbers = f"{len(of):>6} {sound:>6} {sums['phones']:>7} {sums['locked']:>7} {sums['gone']:>13}"
        lines.append(f"{release:<8} {mode:<11} {numbers}")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Run the cells, print, and say whether all are sound."""
    cells = [cell for cell in whole_matrix() if all(word in cell.name for word in words)]
    rows: list[Row] = []
    with ProcessPoolExecutor(max_workers=os.cpu_count() or FEWEST_AT_ONCE) as pool:
        for row in pool.map(run, cells):
            rows.append(row)
            print(told(row), flush=True)
    print(f"\n{table(rows)}\n\n{sum(row.sound for row in rows)} of {len(rows)} cells sound")
    return 0 if all(row.sound for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
