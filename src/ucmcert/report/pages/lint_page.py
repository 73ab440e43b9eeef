"""What `lint` found, for people: pair by pair, then what is missing, then every finding."""

from ucmcert.report.explained import Explained
from ucmcert.report.lint_shape import LintJudgement, Missing, PairShape
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Facts, Line, Table, Text, bullets, line, paragraph
from ucmcert.report.words import Say, speaker


def lint_blocks(judged: LintJudgement, lang: str) -> tuple[Block, ...]:
    """The whole page."""
    say = speaker(lang)
    blocks: list[Block] = []
    if judged.pairs:
        titles = ("lint.csr", "lint.certificate", "lint.chain", "word.purpose", "lint.verdict")
        rows = tuple(_row(one, say) for one in judged.pairs)
        blocks.append(Table(tuple(Column(say(title)) for title in titles), rows))
    if judged.missing:
        blocks.append(paragraph(Text(say("lint.missing"), "bad")))
        blocks.append(bullets(line(_gap(one, say)) for one in judged.missing))
    return (*blocks, *findings_blocks(judged.findings, lang))


def explained_blocks(one: Explained, lang: str) -> tuple[Block, ...]:
    """One code: what it means, why, and what to do."""
    say = speaker(lang)
    severity = say(f"severity.{one.severity}") if one.severity else say("explain.depends")
    pairs = (
        ("explain.severity", severity),
        ("explain.what", one.what),
        ("finding.why", one.why),
        ("finding.next", one.next),
        ("finding.source", one.source),
    )
    blocks: tuple[Block, ...] = (
        paragraph(Text(one.code, "strong")),
        Facts(tuple((say(key), line(words)) for key, words in pairs if words)),
    )
    filled = "[" in one.what + one.why + one.next
    return (*blocks, paragraph(Text(say("explain.placeholders"), "dim"))) if filled else blocks


def _row(pair: PairShape, say: Say) -> Line:
    verdict = Text(say("lint.accepted"), "good") if pair.accepted else Text(say("lint.refused"), "bad")
    chain = ", ".join(dict.fromkeys(pair.chain))
    return (
        Text(pair.csr or say("lint.alone")),
        Text(pair.certificate, "strong"),
        Text(chain or say("lint.no_chain")),
        Text(pair.purpose),
        verdict,
    )


def _gap(one: Missing, say: Say) -> str:
    key = "lint.missing_certificate" if one.what == "certificate" else "lint.missing_issuer"
    return say(key, file=one.file, name=one.name)
