"""What an inventory file may be: what `ucmcert scan --json` printed, one line per cluster, or a CSV."""

import msgspec

from ucmcert.errors import UsageError
from ucmcert.horizon.csv_file import read_csv
from ucmcert.horizon.held import Held, Named
from ucmcert.horizon.scan_file import read_scans

MOST_BYTES = 50_000_000


class Inventoried(msgspec.Struct, frozen=True, kw_only=True):
    """Certificates, and per cluster how many things could not be read."""

    held: tuple[Held, ...]
    unread: tuple[tuple[str, int], ...] = ()


def read_inventory(content: bytes, *, where: str, named: Named) -> Inventoried:
    """The certificates in `content` of the file `where`, whichever of the two forms it has.

    Raises UsageError: UCM-HORIZON-002 (too big, no text, empty), -003 (not the JSON of a scan), -004 (a cell of a CSV),
    -005 (one certificate twice). Nothing is guessed: one bad row refuses the whole file.
    """
    if len(content) > MOST_BYTES:
        raise _unusable(where, f"it has more than {MOST_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(where, f"byte {error.start + 1} is not UTF-8 text") from None
    if not text.strip():
        raise _unusable(where, "it is empty")
    if text.lstrip().startswith("{"):
        held, unread = read_scans(text, where=where, named=named)
        return Inventoried(held=held, unread=unread)
    return Inventoried(held=read_csv(text, where=where, named=named))


def together(parts: tuple[Inventoried, ...]) -> Inventoried:
    """Several inventories as one. Raises UsageError UCM-HORIZON-005 when two hold the same purpose of one node."""
    held = tuple(one for part in parts for one in part.held)
    seen: set[tuple[str, str, str]] = set()
    for one in held:
        key = (one.cluster, one.node.casefold(), one.purpose)
        if key in seen:
            raise UsageError(
                "UCM-HORIZON-005",
                f"the {one.purpose} certificate of {one.node} stands twice in the inventory",
                where=f"cluster {one.cluster}",
                why="a node has one certificate of a purpose; which of the two is true is not guessed",
                next="keep the newer row, or give each cluster a name of its own",
            )
        seen.add(key)
    return Inventoried(held=held, unread=tuple(one for part in parts for one in part.unread))


def _unusable(where: str, why: str) -> UsageError:
    return UsageError(
        "UCM-HORIZON-002",
        "the inventory file cannot be used",
        where=where,
        why=why,
        next="give what `ucmcert scan --json` printed, or a CSV with the heading of docs/horizon.md",
    )
