"""How long a person waits for the first word of a program."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.table import Figure, seconds

RUNS = 7
BIN = Path(sys.executable).parent


def start_ups() -> list[Figure]:
    """Median wall time of `--help`, against an interpreter that does nothing."""
    bare = _median([sys.executable, "-c", "pass"])
    figures = []
    for words in (
        ("ucmcert", "--help"),
        ("ucmcert", "renew", "--help"),
        ("ucmcert", "lint", "--help"),
        ("ucmlab", "--help"),
    ):
        took = _median([str(BIN / words[0]), *words[1:]])
        figures.append(Figure(what=" ".join(words), measured=seconds(took), bound=f"{seconds(bare)}: python -c pass"))
    return figures


def _median(command: list[str]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)
