"""The inventory for people: every identity certificate, most urgent first, and what its ports show."""

from ucmcert.report.inventory import Inventory, Row
from ucmcert.report.moments import day, stamp
from ucmcert.report.names import common_name, head
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Style, Table, Text, paragraph
from ucmcert.report.words import Say, speaker

THRESHOLD_DAYS = 45


def inventory_blocks(
    listed: Inventory, lang: str, *, threshold_days: int = THRESHOLD_DAYS, trust: bool = False
) -> tuple[Block, ...]:
    """Identities, then what could not be read. `threshold_days` decides what is marked due; `trust` adds the stores."""
    say = speaker(lang)
    blocks: list[Block] = [
        Heading(say("inventory.title", cluster=listed.cluster), 1),
        paragraph(say("inventory.seen", at=stamp(listed.observed_at), count=len(listed.certificates))),
        inventory_table(listed, lang, threshold_days=threshold_days),
    ]
    if trust and listed.trust:
        blocks += [Heading(say("inventory.trust")), _trust(listed, say, threshold_days)]
    if listed.problems:
        blocks += [Heading(say("inventory.problems")), *findings_blocks(listed.problems, lang)]
    return tuple(blocks)


def inventory_table(listed: Inventory, lang: str, *, threshold_days: int = THRESHOLD_DAYS) -> Table:
    """The identities alone, as a table."""
    say = speaker(lang)
    return Table(
        columns=(
            Column(say("word.purpose")),
            Column(say("word.node"), tight=True),
            Column(say("inventory.expires")),
            Column(say("inventory.days_left"), right=True),
            Column(say("inventory.issuer")),
            Column(say("inventory.stored"), code=True),
            Column(say("inventory.served")),
        ),
        rows=tuple(_row(one, say, threshold_days) for one in listed.certificates),
    )


def _row(row: Row, say: Say, threshold_days: int) -> Line:
    return (
        Text(row.purpose, "strong"),
        Text(row.node),
        Text(day(row.not_after)),
        _left(row.days_left, say, threshold_days),
        Text(say("inventory.itself") if row.issuer == row.subject else common_name(row.issuer)),
        Text(head(row.sha256)),
        _served(row, say),
    )


def _left(days: int, say: Say, threshold_days: int) -> Text:
    if days < 0:
        return Text(say("inventory.expired", days=days), "bad")
    style: Style = "warn" if days < threshold_days else ""
    return Text(f"{days}", style)


def _served(row: Row, say: Say) -> Text:
    match row.shown:
        case "same":
            return Text(say("inventory.same"), "good")
        case "twin":
            return Text(say("inventory.twin"), "dim")
        case "none":
            return Text(say("inventory.no_port"), "dim")
        case "silent":
            ports = ", ".join(f"{one.port}" for one in row.served if not one.sha256)
            return Text(say("inventory.silent", ports=ports), "warn")
        case "other":
            others = [f"{one.port}: {head(one.sha256)}" for one in row.served if one.sha256 not in ("", row.sha256)]
            return Text(say("inventory.other", shown=", ".join(others)), "bad")


def _trust(listed: Inventory, say: Say, threshold_days: int) -> Table:
    return Table(
        columns=(
            Column(say("inventory.store")),
            Column(say("inventory.subject")),
            Column(say("inventory.expires")),
            Column(say("inventory.days_left"), right=True),
            Column(say("inventory.nodes")),
            Column(say("word.fingerprint"), code=True),
        ),
        rows=tuple(
            (
                Text(one.store),
                Text(common_name(one.subject)),
                Text(day(one.not_after)),
                _left(one.days_left, say, threshold_days),
                Text(", ".join(one.nodes)),
                Text(head(one.sha256)),
            )
            for one in listed.trust
        ),
    )
