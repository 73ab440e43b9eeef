"""Finds runs in the ledger of a configuration, without lock and without network."""

import difflib
import os
from collections.abc import Iterable

from ucmcert.cli.places import Places
from ucmcert.errors import UsageError
from ucmcert.model.event import Entry
from ucmcert.run.history import History, runs
from ucmcert.run.ledger import open_ledger


def read_entries(places: Places) -> tuple[Entry, ...]:
    """Every entry of the ledger, its chain checked. Raises UsageError UCM-LEDGER-*."""
    ledger = open_ledger(places.ledger, places.config.cluster, read_only=True)
    try:
        return tuple(ledger.entries())
    finally:
        ledger.close()


def entries_if_any(places: Places) -> tuple[Entry, ...]:
    """As `read_entries`, empty when no run was ever started."""
    return read_entries(places) if places.ledger.exists() else ()


def entries_of(entries: Iterable[Entry], run: str) -> tuple[Entry, ...]:
    """The entries of one run; what a newer release wrote is kept with it when it stands among them."""
    mine = [entry for entry in entries if entry.event is None or entry.event.run == run]
    known = [at for at, entry in enumerate(mine) if entry.event is not None]
    return tuple(mine[known[0] :]) if known else ()


def unfinished(entries: Iterable[Entry]) -> tuple[History, ...]:
    """The runs that have not reached their end, oldest first."""
    return tuple(history for history in runs(entries).values() if not history.over)


def keys_out(histories: Iterable[History]) -> frozenset[str]:
    """SHA-256 footprints of the keys whose CSRs the unfinished runs have out: those are no strangers on a node."""
    keys: set[str] = set()
    for history in histories:
        keys.update(ticket.spki_sha256 for ticket in history.tickets.values())
        keys.update(done.facts["spki_sha256"] for done in history.verified.values() if "csr_pem" in done.facts)
    return frozenset(keys)


def finished_run(entries: tuple[Entry, ...], run: str | None) -> History | None:
    """The run called `run` if it reached its end; without a name the newest run, if no other is unfinished."""
    histories = runs(entries)
    if run is None:
        run = "" if unfinished(entries) else next(reversed(histories), "")
    history = histories.get(run)
    return history if history is not None and history.finished else None


def run_to_resume(entries: tuple[Entry, ...], run: str | None, *, where: str) -> History:
    """The run called `run`, or the one that is unfinished. Raises UsageError UCM-RUNS-001 ... 004."""
    if run is not None:
        history = run_called(entries, run, where=where)
        if history.over:
            given_up = history.abandoned
            raise UsageError(
                "UCM-RUNS-004",
                f"the run {run} is {'abandoned' if given_up else 'finished'}",
                where=where,
                why=f"{given_up.by} gave it up: {given_up.why}"
                if given_up
                else "every certificate of it reached its last state; there is nothing to go on with",
                next=f"see it with `ucmcert report show {run}`, or renew what is due with `ucmcert renew`",
            )
        return history
    left = unfinished(entries)
    if len(left) == 1:
        return left[0]
    if not left:
        raise UsageError(
            "UCM-RUNS-001",
            "no run is unfinished",
            where=where,
            why="there is nothing to go on with",
            next="start one with `ucmcert renew`",
        )
    raise UsageError(
        "UCM-RUNS-002",
        f"{len(left)} runs are unfinished",
        where=where,
        why=", ".join(history.run for history in left),
        next=f"name the one you mean, as in `ucmcert resume {left[-1].run}`",
    )


def run_called(entries: tuple[Entry, ...], run: str, *, where: str) -> History:
    """The run called `run`. Raises UsageError UCM-RUNS-003 with the nearest name."""
    histories = runs(entries)
    if run in histories:
        return histories[run]
    near = difflib.get_close_matches(run, histories, n=1, cutoff=0.3)
    raise UsageError(
        "UCM-RUNS-003",
        f"the ledger has no run called {run}",
        where=where,
        why=f"it has: {', '.join(histories) or 'none'}",
        next=f"did you mean {near[0]}?" if near else "look at `ucmcert status`",
    )


def latest(entries: tuple[Entry, ...], run: str | None, *, where: str) -> History:
    """The run called `run`; else the newest unfinished one, else the newest. Raises UsageError UCM-RUNS-001, -003."""
    if run is not None:
        return run_called(entries, run, where=where)
    histories = tuple(runs(entries).values())
    if not histories:
        raise UsageError(
            "UCM-RUNS-001",
            "the ledger holds no run",
            where=where,
            why="nothing was ever started here",
            next="start a run with `ucmcert renew`",
        )
    left = [history for history in histories if not history.over]
    return (left or list(histories))[-1]


def working_process(places: Places) -> int | None:
    """The process that works on this cluster, by its lock file; None when it is gone. Takes no lock itself."""
    try:
        process = int((places.state / "run.lock").read_text())
        os.kill(process, 0)
    except PermissionError:
        return process
    except (OSError, ValueError):
        return None
    return process
