"""The ledger inside a pack: every entry must follow from the one before, from 64 zeros to the last."""

import msgspec

from ucmcert.model.event import Entry
from ucmcert.model.finding import Finding
from ucmcert.report.pack.contents import EventLine
from ucmcert.report.pack.layout import EVENTS
from ucmcert.report.pack.pack_finding import pack_finding
from ucmcert.run.ledger import FIRST_PREVIOUS, digest_of, read_event


def read_chain(text: bytes) -> tuple[tuple[Entry, ...], Finding | None]:
    """The entries up to the first that does not follow, and what is wrong with that one."""
    entries: list[Entry] = []
    previous = FIRST_PREVIOUS
    lines = text.split(b"\n")
    if lines[-1]:
        return (), pack_finding("UCM-PACK-006", f"{EVENTS}:{len(lines)}", entry=f"{len(lines)}", field="newline")
    for number, raw in enumerate(lines[:-1], 1):
        try:
            line = msgspec.json.decode(raw, type=EventLine)
            body = line.body.encode()
            event = read_event(body)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return tuple(entries), _broken(number, "JSON")
        field = _wrong_field(line, number, previous, body)
        if field:
            return tuple(entries), _broken(number, field)
        entries.append(Entry(number=number, previous=previous, digest=line.digest, body=body, event=event))
        previous = line.digest
    return tuple(entries), None


def _wrong_field(line: EventLine, number: int, previous: str, body: bytes) -> str:
    if line.number != number:
        return "number"
    if line.previous != previous:
        return "previous"
    return "digest" if digest_of(previous, body) != line.digest else ""


def _broken(number: int, field: str) -> Finding:
    return pack_finding("UCM-PACK-006", f"{EVENTS}:{number}", entry=f"{number}", field=field)
