"""Where the horizon takes its certificates from: the configured cluster, or inventory files; and where it writes."""

from datetime import date, timedelta
from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.cli.session import open_session, run
from ucmcert.errors import UsageError
from ucmcert.horizon.build import Horizon, horizon
from ucmcert.horizon.held import Named, day_of
from ucmcert.horizon.inventory_file import MOST_BYTES, Inventoried, read_inventory, together
from ucmcert.model.cluster import Cluster
from ucmcert.report.inventory import inventory
from ucmcert.report.json_shapes import scan_shape

LAST_YEAR = 2099


def look_ahead(
    files: tuple[Path, ...], config_file: Path, *, named: Named, now: float, until: date, threshold_days: int
) -> Horizon:
    """The horizon of `files`, or of the cluster of `config_file` when there are none.

    Raises UsageError UCM-HORIZON-001 to -007, and as `scan` does.
    """
    today = day_of(now)
    _inside(today, until, threshold_days)
    parts = [_file(path, named) for path in files] if files else [_cluster(config_file, named)]
    all_of_it = together(tuple(parts))
    _named_rightly(named, all_of_it)
    return horizon(all_of_it.held, today=today, until=until, threshold_days=threshold_days, unread=all_of_it.unread)


def written(path: Path, content: str) -> str:
    """Write `content` whole or not at all; the path. Raises UsageError UCM-HORIZON-008."""
    try:
        write_durably(path.absolute(), content.encode())
    except OSError as error:
        raise UsageError(
            "UCM-HORIZON-008",
            "the file cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours",
        ) from error
    return str(path)


def _cluster(config_file: Path, named: Named) -> Inventoried:
    """As if the scan of the cluster lay in a file."""

    async def look() -> Cluster:
        async with open_session(config_file) as session:
            return await session.look()

    content = msgspec.json.encode(scan_shape(inventory(run(look()))))
    return read_inventory(content, where=str(config_file), named=named)


def _file(path: Path, named: Named) -> Inventoried:
    try:
        with path.open("rb") as handle:
            content = handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            "UCM-HORIZON-001",
            "the inventory file cannot be read",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="correct the path, or leave it out to ask the cluster of the configuration",
        ) from error
    return read_inventory(content, where=str(path), named=named)


def _inside(today: date, until: date, threshold_days: int) -> None:
    if today + timedelta(days=max(1, threshold_days)) <= until <= date(LAST_YEAR, 12, 31):
        return
    raise UsageError(
        "UCM-HORIZON-007",
        "the horizon ends too early or too late",
        where=f"--until {until}",
        why=f"it must hold the next {threshold_days} days at least, and end by {LAST_YEAR}",
        next="give a later day, as 2029-12-31",
    )


def _named_rightly(named: Named, all_of_it: Inventoried) -> None:
    """A CA whose name nobody carries is a misspelt one: its certificates would be counted as unknown."""
    issuers = tuple(sorted({one.issuer for one in all_of_it.held if one.issuer and one.signer != "self-signed"}))
    for name in named.unmet(issuers):
        raise UsageError(
            "UCM-HORIZON-006",
            f"no certificate was issued by `{name}`",
            where="--public-ca, --private-ca",
            why=f"the issuers here are: {'; '.join(issuers) or 'none'}",
            next="give a part of one of these names",
        )
