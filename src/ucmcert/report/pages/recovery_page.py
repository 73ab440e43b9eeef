"""Who lost trust and what can be done: fates with what helps, the ways a run can go, and the list to visit."""

from collections.abc import Iterable

from ucmcert.plan.recovery import Verdict
from ucmcert.plan.recovery.fates import Fate
from ucmcert.plan.recovery.rows import Way
from ucmcert.plan.recovery.verdict import Judged
from ucmcert.report.moments import stamp
from ucmcert.report.names import head
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Style, Table, Text, bullets, line, paragraph
from ucmcert.report.recovery_shape import all_findings, fate_rows, to_visit, way_rows
from ucmcert.report.words import Say, speaker

SHOWN = 40
STYLES: dict[str, Style] = {Fate.FINE: "good", Fate.HARD: "bad", Fate.SOFT: "bad"}


def recovery_blocks(verdict: Verdict, lang: str) -> tuple[Block, ...]:
    """The whole verdict."""
    say = speaker(lang)
    blocks: list[Block] = [Heading(say("recover.title", cluster=verdict.cluster), 1)]
    blocks.append(paragraph(say("recover.seen", count=verdict.total, at=stamp(verdict.observed_at))))
    blocks += [_fates(verdict, say)] if verdict.total else []
    if verdict.offers and (verdict.wrong or verdict.best):
        blocks += [Heading(say("recover.ways")), _ways(verdict, say)]
    blocks += _by_people(verdict, say)
    visits = to_visit(verdict)
    if visits:
        blocks += [Heading(say("recover.visit", count=len(visits))), *_phones(visits, say)]
    found = all_findings(verdict)
    if found:
        blocks += [Heading(say("recover.against")), *findings_blocks(found, lang)]
    return tuple(blocks)


def _fates(verdict: Verdict, say: Say) -> Table:
    columns = (
        Column(say("recover.phones"), right=True),
        Column(say("recover.fate")),
        Column(say("recover.help")),
    )
    rows = tuple(
        (
            Text(f"{one.count}", "strong"),
            Text(say(f"fate.{one.fate}"), STYLES.get(one.fate, "warn")),
            Text(say(f"way.{one.way}") if one.way else ""),
        )
        for one in fate_rows(verdict)
    )
    return Table(columns, rows)


def _ways(verdict: Verdict, say: Say) -> Table:
    columns = (
        Column(say("recover.way")),
        Column(say("recover.helps"), right=True),
        Column(say("recover.resets"), right=True),
        Column(say("recover.open")),
        Column(say("recover.mark")),
        Column(say("finding.source")),
    )
    best = verdict.best.way if verdict.best else ""
    rows = tuple(
        (
            Text(say(f"way.{one.way}"), "strong" if one.way == best else ""),
            Text(f"{one.helps}"),
            Text(f"{one.resets}"),
            Text(say("recover.first") if one.way == best else say("recover.yes") if one.open else say("recover.no")),
            Text(one.mark, "dim"),
            Text(one.source, "dim"),
        )
        for one in way_rows(verdict)
    )
    return Table(columns, rows)


def _by_people(verdict: Verdict, say: Say) -> list[Block]:
    """What only people can do: restore, sign with a key they kept, ask one phone."""
    told: list[Line] = [
        line(say("recover.restore", file=one.file, at=stamp(one.at), count=len(one.phones))) for one in verdict.restores
    ]
    if verdict.recovery_keys:
        keys = ", ".join(head(sha256) for sha256 in verdict.recovery_keys)
        told.append(line(say("recover.remote", keys=keys)))
    if verdict.probes:
        told.append(line(say("recover.probe", names=", ".join(verdict.probes[:5]))))
    if verdict.of(Fate.UNTOLD):
        told.append(line(say("recover.untold", count=len(verdict.of(Fate.UNTOLD)))))
    if verdict.of(Fate.AWAY):
        told.append(line(say("recover.away", count=len(verdict.of(Fate.AWAY)))))
    return [Heading(say("recover.people")), bullets(told)] if told else []


def _phones(phones: Iterable[Judged], say: Say) -> list[Block]:
    columns = (
        Column(say("status.phone"), tight=True),
        Column(say("status.pool")),
        Column(say("recover.model")),
        Column(say("status.last_seen"), tight=True),
        Column(say("recover.list"), code=True),
    )
    every = tuple(phones)
    rows = tuple(
        (
            Text(one.holder.name, "strong"),
            Text(one.holder.pool),
            Text(one.holder.model),
            Text(stamp(one.holder.seen_at) if one.holder.seen_at else "-"),
            Text(head(one.holder.itl) if one.holder.itl else "-"),
        )
        for one in every[:SHOWN]
    )
    blocks: list[Block] = [paragraph(Text(say(f"way.{Way.VISIT}"), "warn")), Table(columns, rows)]
    if len(every) > SHOWN:
        blocks.append(paragraph(say("recover.more", count=len(every) - SHOWN)))
    return blocks
