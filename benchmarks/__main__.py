"""`make bench`: one table of figures. Takes about four minutes; writes nothing but standard output."""

import os
import platform
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from benchmarks.crowd import crowd
from benchmarks.in_memory import ledger, planning, simulated
from benchmarks.lint import linting
from benchmarks.on_sockets import inventories, renewals
from benchmarks.start_up import start_ups
from benchmarks.table import Figure, render


def main() -> None:
    """Measure, then print."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for measure in (start_ups, linting, planning):
            figures += measure()
        for take in (crowd, ledger, simulated, inventories, renewals):
            print(f"measuring: {take.__name__}", file=sys.stderr)
            figures += take(place)
    print(render(figures))
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")


if __name__ == "__main__":
    main()
