"""One run at a time: a new one waits until the last one has reached its end."""

from collections.abc import Iterable

from ucmcert.cli.held import SafetyHold
from ucmcert.cli.next_command import abandon_command, resume_command
from ucmcert.cli.places import Places
from ucmcert.cli.runs import unfinished
from ucmcert.model.event import Entry


def none_unfinished(places: Places, entries: Iterable[Entry]) -> None:
    """Raises SafetyHold UCM-RUNS-005 when a run of this cluster has not reached its end."""
    left = unfinished(entries)
    if left:
        raise SafetyHold(
            "UCM-RUNS-005",
            f"the run {left[-1].run} of this cluster is not finished",
            where=str(places.ledger),
            why="its CSRs may be out for signature and its services half restarted: a second run would disturb it",
            next=f"go on with it: {resume_command(left[-1].run, places.config_file)}; or, when it can never go on, "
            f"give it up: {abandon_command(left[-1].run, places.config_file)}",
        )
