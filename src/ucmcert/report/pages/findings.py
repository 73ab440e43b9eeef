"""Findings for people: worst first, each with why it matters, what to do next and where the rule comes from."""

from collections.abc import Iterable

from ucmcert.model.finding import Finding, Severity
from ucmcert.report.paper.blocks import Block, Facts, Paragraph, Style, Text, line, paragraph
from ucmcert.report.words import Say, finding_words, speaker

STYLES: dict[Severity, Style] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.UNKNOWN: "warn",
    Severity.NOTICE: "dim",
}


def findings_blocks(findings: Iterable[Finding], lang: str) -> tuple[Block, ...]:
    """Every finding, worst first; one sentence when there is none."""
    say = speaker(lang)
    ordered = sorted(findings, key=lambda one: list(Severity).index(one.severity))
    if not ordered:
        return (paragraph(Text(say("finding.none"), "good")),)
    return (_count(ordered, say), *(block for one in ordered for block in finding_blocks(one, lang)))


def finding_blocks(finding: Finding, lang: str) -> tuple[Block, ...]:
    """One finding: its sentence, then why, next and source."""
    say = speaker(lang)
    what, why, todo = finding_words(finding, lang)
    severity = Text(say(f"severity.{finding.severity}"), STYLES[finding.severity])
    pairs = (("finding.why", why), ("finding.next", todo), ("finding.source", finding.source))
    return (
        Paragraph(
            line(
                severity, "  ", Text(finding.code, "strong"), f"  {say('finding.line', where=finding.where, what=what)}"
            )
        ),
        Facts(tuple((say(key), line(words)) for key, words in pairs if words)),
    )


def _count(findings: list[Finding], say: Say) -> Paragraph:
    counts = [(one, sum(found.severity is one for found in findings)) for one in Severity]
    told = [say("finding.count", severity=say(f"severity.{one}"), count=count) for one, count in counts if count]
    return paragraph(", ".join(told))
