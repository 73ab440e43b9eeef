"""What verifying an evidence pack said, for people."""

from ucmcert.report.pack.verify import Verdict
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Facts, Heading, Text, line, paragraph
from ucmcert.report.words import speaker


def verify_blocks(verdict: Verdict, lang: str) -> tuple[Block, ...]:
    """The verdict first, then the digests to compare with the ticket, then what is wrong, first things first."""
    say = speaker(lang)
    told = Text(say("verify.intact"), "good") if verdict.intact else Text(say("verify.broken"), "bad")
    return (
        Heading(say("verify.title", pack=verdict.pack), 1),
        Facts(
            (
                (say("verify.verdict"), line(told)),
                (say("verify.cluster"), line(verdict.cluster)),
                (say("summary.run"), line(verdict.run)),
                (say("summary.tool"), line(verdict.tool)),
                (say("plan.digest"), line(Text(verdict.plan_digest, "code"))),
                (say("summary.entries"), line(f"{verdict.entries}")),
                (say("summary.last_digest"), line(Text(verdict.last_digest, "code"))),
            )
        ),
        paragraph(Text(say("verify.anchor"), "dim")),
        *findings_blocks(verdict.findings, lang),
    )
