"""The removal plan for people, step by step, and what became of one. ucmcert carries out none of it."""

from ucmcert.report.moments import day, stamp
from ucmcert.report.names import head
from ucmcert.report.paper.blocks import (
    Block,
    Bullets,
    Column,
    Facts,
    Heading,
    Line,
    Style,
    Table,
    Text,
    bullets,
    line,
    paragraph,
)
from ucmcert.report.words import Say, speaker
from ucmcert.trust.removal import Removal, RemovalPlan
from ucmcert.trust.since import Fate, Since
from ucmcert.trust.verdict import Verdict

FATE_KEYS: dict[Fate, tuple[str, Style]] = {
    Fate.GONE: ("since.gone", "good"),
    Fate.STILL: ("since.still", "warn"),
    Fate.BACK: ("since.back", "bad"),
    Fate.UNREAD: ("since.unread", "warn"),
}


def removal_blocks(plan: RemovalPlan, lang: str, *, folder: str, look_again: str) -> tuple[Block, ...]:
    """The plan. `folder` holds the exported files, `look_again` is the command that tells what became of the plan."""
    say = speaker(lang)
    blocks: list[Block] = [Heading(say("removal.title", cluster=plan.cluster), 1)]
    if not plan.removals:
        return (*blocks, paragraph(Text(say("removal.nothing"), "good")))
    rules = ("removal.alone", "removal.order", "removal.backup", "removal.unit")
    blocks.append(bullets(line(say(key)) for key in rules))
    blocks.append(paragraph(say("removal.exported", count=len(plan.removals), folder=folder)))
    for one in plan.removals:
        name = one.common_name or one.subject
        blocks += [Heading(say("removal.head", number=one.number, name=name, store=one.store)), _facts(one, say)]
        blocks.append(Bullets(tuple(_steps(one, look_again, say)), numbered=True))
        blocks.append(paragraph(*_undo(one, say)))
    return tuple(blocks)


def _facts(one: Removal, say: Say) -> Facts:
    dates = say("removal.dates", since=day(one.not_before), until=day(one.not_after))
    return Facts(
        (
            (say("removal.serial"), line(Text(one.serial, "code"))),
            (say("word.fingerprint"), line(Text(one.sha256, "code"))),
            (say("removal.valid"), line(dates)),
            (say("removal.nodes"), line(", ".join(one.nodes))),
            (say("removal.why"), line(_why(one, say))),
            (say("finding.source"), line(one.source)),
        )
    )


def _why(one: Removal, say: Say) -> str:
    if one.verdict == Verdict.FORMER:
        node = one.evidence.get("node", "") or say("trust.somebody")
        return say("removal.why_former", purpose=one.evidence.get("purpose", ""), node=node)
    if one.verdict == Verdict.DUPLICATE:
        return say("removal.why_duplicate", serial=one.evidence.get("twin", ""))
    return say("removal.why_expired")


def _steps(one: Removal, look_again: str, say: Say) -> list[Line]:
    steps: list[Line] = [line(Text(say("removal.phones"), "warn"))] if one.disturbs_phones else []
    steps += [line(say("removal.look", node=each.node, command=each.command)) for each in one.look]
    steps += [line(say("removal.before", node=each.node, command=each.command)) for each in one.before]
    wait = line(say("removal.wait", minutes=one.wait_s // 60, command=look_again))
    for number, each in enumerate(one.delete):
        key = "removal.rest" if number else "removal.delete"
        steps.append(line(say(key, node=each.node, command=each.command)))
        steps += [wait] if number in (0, len(one.delete) - 1) else []
    steps += [line(say("removal.after", node=each.node, command=each.command)) for each in one.after]
    steps += [line(say("removal.restart", node=each.node, command=each.command)) for each in one.restart]
    return steps


def _undo(one: Removal, say: Say) -> Line:
    if not one.undo:
        return line(Text(say("removal.no_undo", file=one.file), "warn"))
    told = [say("removal.undo", node=each.node, command=each.command, file=one.file) for each in one.undo]
    return line("; ".join(told))


def since_blocks(plan: RemovalPlan, found: Since, lang: str) -> tuple[Block, ...]:
    """What became of `plan`, certificate by certificate and node by node."""
    say = speaker(lang)
    names = {one.number: (one.common_name or one.subject, one.store) for one in plan.removals}
    columns = (
        Column(say("since.certificate")),
        Column(say("inventory.store"), tight=True),
        Column(say("word.node"), tight=True),
        Column(say("since.fate")),
    )
    rows = tuple(
        (
            Text(names[one.number][0], "strong"),
            Text(names[one.number][1]),
            Text(one.held.node),
            Text(say(FATE_KEYS[one.fate][0]), FATE_KEYS[one.fate][1]),
        )
        for one in found.outcomes
    )
    blocks: list[Block] = [Heading(say("since.title", at=stamp(plan.made_at)), 1)]
    blocks += [Table(columns, rows)] if rows else []
    fates = {one.fate for one in found.outcomes}
    if found.done:
        blocks.append(paragraph(Text(say("since.all_gone"), "good")))
    if Fate.BACK in fates:
        blocks.append(paragraph(Text(say("since.back_next"), "bad")))
    if Fate.STILL in fates:
        blocks.append(paragraph(say("since.still_next")))
    if found.lost:
        lost = [
            line(say("since.lost_line", sha256=head(one.sha256), store=f"{one.store}-trust", node=one.node))
            for one in found.lost
        ]
        blocks += [Heading(say("since.lost")), bullets(lost), paragraph(Text(say("since.lost_next"), "warn"))]
    return tuple(blocks)
