"""The trust stores for people: every entry with why it is there, the monitor's noise, what may go, what to mend."""

from ucmcert.report.moments import day, stamp
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Style, Table, Text, bullets, line, paragraph
from ucmcert.report.trust_words import KEPT_KEYS, hosts, name_of, nodes_words, why_words
from ucmcert.report.words import Say, speaker
from ucmcert.trust.audit import Audit, Judged
from ucmcert.trust.may_go import Kept
from ucmcert.trust.verdict import Verdict

STYLES: dict[Verdict, Style] = {
    Verdict.UNKNOWN: "warn",
    Verdict.EXPIRED: "bad",
    Verdict.FORMER: "warn",
    Verdict.DUPLICATE: "warn",
}


def trust_blocks(audited: Audit, shown: tuple[Judged, ...], lang: str) -> tuple[Block, ...]:
    """The whole page; `shown` are the entries that were asked for."""
    say = speaker(lang)
    stores = len({one.entry.store for one in audited.judged})
    seen = say("trust.seen", at=stamp(audited.observed_at), count=len(audited.judged), stores=stores)
    blocks: list[Block] = [Heading(say("trust.title", cluster=audited.cluster), 1), paragraph(seen)]
    if len(shown) < len(audited.judged):
        blocks.append(paragraph(say("trust.narrowed", count=len(shown), total=len(audited.judged))))
    if audited.secure_phones:
        blocks.append(paragraph(say("trust.secure", count=audited.secure_phones)))
    if shown:
        blocks.append(_table(audited, shown, say))
    blocks += [Heading(say("trust.monitor")), paragraph(say("trust.monitor_rule"))]
    noisy = [_noise(one, say) for one in shown if one.mails != "as-set"]
    blocks += [bullets(noisy)] if noisy else []
    blocks += _may_go(shown, say)
    if audited.findings:
        blocks += [Heading(say("trust.mend")), *findings_blocks(audited.findings, lang)]
    if audited.problems:
        blocks += [Heading(say("inventory.problems")), *findings_blocks(audited.problems, lang)]
    return tuple(blocks)


def _table(audited: Audit, shown: tuple[Judged, ...], say: Say) -> Table:
    columns = (
        Column(say("inventory.store"), tight=True),
        Column(say("trust.name")),
        Column(say("inventory.expires"), tight=True),
        Column(say("inventory.days_left"), right=True),
        Column(say("trust.why")),
        Column(say("trust.nodes")),
    )
    return Table(columns, tuple(_row(one, audited.nodes, say) for one in shown))


def _row(one: Judged, every: tuple[str, ...], say: Say) -> Line:
    replaced = f"; {say('trust.replaced', by=one.replaced_by)}" if one.replaced_by else ""
    left = Text(say("trust.expired", days=one.days_left), "bad") if one.expired else Text(f"{one.days_left}")
    return (
        Text(f"{one.entry.store}-trust"),
        Text(name_of(one.entry), "strong"),
        Text(day(one.entry.certificate.not_after)),
        left,
        Text(why_words(one, say) + replaced, STYLES.get(one.reasoned.verdict, "")),
        Text(nodes_words(one, every, say), "warn" if one.entry.missing else ""),
    )


def _noise(one: Judged, say: Say) -> Line:
    key = "trust.monitor_hourly" if one.mails == "hourly" else "trust.monitor_daily"
    told = say(key, nodes=hosts(one.entry.nodes), name=name_of(one.entry), store=f"{one.entry.store}-trust")
    if one.reasoned.verdict is Verdict.DEFAULT:
        meaning = Text(say("trust.monitor_cisco"), "dim")
    elif one.ignorable:
        meaning = Text(say("trust.monitor_ignore"), "dim")
    elif one.reasoned.verdict is Verdict.UNKNOWN:
        meaning = Text(say("trust.monitor_ask"), "warn")
    else:
        meaning = Text(say("trust.monitor_act"), "bad")
    return line(told, "; ", meaning)


def _may_go(shown: tuple[Judged, ...], say: Say) -> list[Block]:
    """What a removal plan would hold, and what stays out of it though nobody needs it."""
    goes = [one for one in shown if one.kept is Kept.NOTHING]
    stays = [one for one in shown if one.kept in KEPT_KEYS]
    blocks: list[Block] = [Heading(say("trust.may_go"))]
    told: list[Line] = []
    for one in goes:
        where = hosts(one.entry.nodes)
        told.append(line(say("trust.goes", name=name_of(one.entry), store=f"{one.entry.store}-trust", nodes=where)))
    for one in stays:
        reason = say(KEPT_KEYS[one.kept])
        told.append(line(say("trust.stays", name=name_of(one.entry), store=f"{one.entry.store}-trust", reason=reason)))
    if not goes:
        blocks.append(paragraph(Text(say("trust.may_go_none"), "good")))
    blocks += [bullets(told)] if told else []
    return [*blocks, paragraph(say("trust.may_go_how"))] if goes else blocks
