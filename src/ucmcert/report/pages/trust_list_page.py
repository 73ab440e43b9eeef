"""An ITL, a CTL or a signed file for people: who signed it, then who is trusted for what, then what is wrong."""

from ucmcert.report.inspected import InspectShape, RecordRow
from ucmcert.report.moments import day, stamp
from ucmcert.report.names import head
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Facts, Heading, Line, Table, Text, line
from ucmcert.report.words import Say, speaker


def trust_list_blocks(seen: InspectShape, lang: str, *, now: float) -> tuple[Block, ...]:
    """The whole page. `now` is UTC epoch seconds, for what has expired."""
    say = speaker(lang)
    blocks: list[Block] = [Heading(say("trust_list.title", kind=seen.kind.upper(), where=seen.where), 1)]
    if seen.present:
        blocks.append(Facts(tuple(_about(seen, say))))
    if seen.records:
        blocks.append(_records(seen, say, now))
    return (*blocks, *findings_blocks(seen.findings, lang))


def _about(seen: InspectShape, say: Say) -> list[tuple[str, Line]]:
    """What is known of the file; of one that was not understood only its size and its checksums."""
    pairs: list[tuple[str, Line]] = []
    if seen.filename:
        pairs.append((say("trust_list.file"), line(seen.filename)))
    pairs.append((say("trust_list.length"), line(say("trust_list.bytes", count=seen.length))))
    pairs.append(("MD5", line(Text(seen.md5, "code"))))
    pairs.append(("SHA-1", line(Text(seen.sha1, "code"))))
    if seen.made_at:
        pairs.append((say("trust_list.made"), line(stamp(seen.made_at))))
    if seen.signer_serial:
        serial = say("trust_list.serial_line", serial=seen.signer_serial)
        pairs.append((say("trust_list.signer"), line(seen.signer_subject, " ", Text(serial, "dim"))))
        told = Text(say("trust_list.good"), "good") if seen.verified else Text(say("trust_list.bad"), "bad")
        pairs.append((say("trust_list.signature"), line(told, f" ({seen.digest})")))
    return pairs


def _records(seen: InspectShape, say: Say, now: float) -> Table:
    compared = any(one.owners is not None for one in seen.records)
    columns = (
        Column("#", right=True),
        Column(say("trust_list.role"), tight=True),
        Column(say("trust_list.subject")),
        Column(say("trust_list.serial"), code=True),
        Column(say("word.fingerprint"), code=True),
        Column(say("trust_list.valid")),
        *((Column(say("trust_list.owner")),) if compared else ()),
    )
    return Table(columns, tuple(_row(one, say, now, compared=compared) for one in seen.records))


def _row(row: RecordRow, say: Say, now: float, *, compared: bool) -> Line:
    role = say("trust_list.signed_it", role=row.role) if row.signed_it else row.role
    return (
        Text(f"{row.number}"),
        Text(role, "strong"),
        Text(row.subject or row.host or row.address or "-"),
        Text(row.serial or "-"),
        Text(head(row.sha256)),
        _validity(row, say, now),
        *((_owner(row, say),) if compared else ()),
    )


def _validity(row: RecordRow, say: Say, now: float) -> Text:
    if not row.not_after:
        return Text("-", "dim")
    span = say("trust_list.span", begins=day(row.not_before), ends=day(row.not_after))
    return Text(span) if row.not_before <= now < row.not_after else Text(span, "warn")


def _owner(row: RecordRow, say: Say) -> Text:
    if row.owners:
        return Text(", ".join(f"{one.purpose} {one.node}" for one in row.owners), "good")
    if row.token:
        return Text(say("trust_list.token"), "dim")
    return Text(say("trust_list.nobody"), "bad") if row.sha256 or row.sha1 else Text("-", "dim")
