"""`python -m benchmarks.kill_points`: a simulated renewal killed at every append, and every fault at every step.

Four nodes, tomcat and ipsec, killed before and after each ledger append (`make test` tries every ninth); two nodes,
tomcat, each kind of fault at each step, once and lasting (every seventh there). Exit code 1 when one of them did not
end as undisturbed.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from simulation import fault_product, kill_points
from simulation.killing import Moment
from simulation.world import Wish


def main() -> int:
    """Try, print a line for each kind, and say whether all went well."""
    wrong: list[str] = []
    moments: tuple[Moment, ...] = ("before", "after")
    with tempfile.TemporaryDirectory() as folder:
        for moment in moments:
            killed = kill_points.explore(Path(folder) / moment, "demo", Wish(), moment)
            print(f"killed right {moment} an append: {killed.tried} tried, {len(killed.wrong)} wrong", flush=True)
            wrong += killed.wrong
        for lasting in (False, True):
            place, wish = Path(folder) / f"fault-{lasting}", Wish(purposes=("tomcat",))
            struck = fault_product.explore(place, "pair", wish, lasting=lasting)
            how = "lasting" if lasting else "once"
            told = f"{struck.tried} tried, {struck.held} held, {len(struck.wrong)} wrong"
            print(f"faults at every step, {how}: {told}", flush=True)
            wrong += struck.wrong
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
