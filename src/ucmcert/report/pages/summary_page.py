"""The run on one paper, for the change ticket and the evidence pack: short in Markdown, complete in HTML."""

from ucmcert.report.aftermath import after_findings
from ucmcert.report.moments import duration, stamp
from ucmcert.report.pages.errands import errand_blocks
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.fingerprints_page import fingerprint_blocks
from ucmcert.report.pages.history_page import evidence_blocks, pauses_blocks, step_blocks
from ucmcert.report.pages.phones_page import phones_blocks
from ucmcert.report.pages.status_page import certificate_table, outcome_text, reminder_blocks
from ucmcert.report.paper.blocks import Block, Facts, Heading, Line, Text, line, paragraph
from ucmcert.report.story import Story
from ucmcert.report.words import Say, speaker


def summary_title(story: Story, lang: str) -> str:
    """The title of the paper."""
    return speaker(lang)("summary.title", cluster=story.plan.cluster)


def summary_blocks(story: Story, lang: str, *, complete: bool) -> tuple[Block, ...]:
    """What was renewed, as served, who approved, phones, who signed for them, waits, findings, reminders, digests.

    `complete` adds the evidence of every state and every step with its times.
    """
    say = speaker(lang)
    blocks: list[Block] = [
        Heading(summary_title(story, lang), 1),
        _facts(story, say),
        Heading(say("summary.certificates")),
        certificate_table(story, say, whole=True),
        Heading(say("summary.fingerprints")),
        *fingerprint_blocks(story, lang, whole=True),
        *phones_blocks(story.phones, say, whole=True),
    ]
    if complete:
        blocks += [Heading(say("summary.evidence")), *evidence_blocks(story, lang)]
        blocks += [Heading(say("summary.steps")), *step_blocks(story, lang)]
    blocks += [
        Heading(say("summary.pauses")),
        *pauses_blocks(story, lang),
        Heading(say("summary.findings_before")),
        *findings_blocks(story.plan.findings, lang),
    ]
    if story.after is not None:
        blocks += [Heading(say("summary.findings_after")), *findings_blocks(after_findings(story), lang)]
    blocks += [*errand_blocks(story.plan, lang), *reminder_blocks(story, lang)]
    blocks += [Heading(say("summary.digests")), _digests(story, say), paragraph(Text(say("summary.verify"), "dim"))]
    return tuple(blocks)


def _facts(story: Story, say: Say) -> Facts:
    pairs: list[tuple[str, Line]] = [
        (say("status.outcome"), line(outcome_text(story, say))),
        (say("summary.run"), line(story.run)),
        (say("status.approved"), line(story.approved_by)),
        (say("status.started"), line(stamp(story.started_at))),
        (say("summary.ended"), line(stamp(story.last_at))),
        (say("summary.took"), line(duration(story.last_at - story.started_at, say))),
        (say("summary.tool"), line(story.tool)),
    ]
    if story.resumed_at:
        pairs.append((say("summary.resumed"), line(", ".join(stamp(one) for one in story.resumed_at))))
    if story.stopped:
        pairs.append((say("summary.stopped"), line(", ".join(stamp(at) for at, _ in story.stopped))))
    for one in story.accepted:
        values = {"codes": ", ".join(one.codes), "by": one.by, "at": stamp(one.at), "why": one.why}
        pairs.append((say("summary.accepted"), line(Text(say("summary.accepted_line", **values), "warn"))))
    if story.unknown:
        pairs.append((say("summary.unknown"), line(Text(f"{story.unknown}", "warn"))))
    return Facts(tuple(pairs))


def _digests(story: Story, say: Say) -> Facts:
    return Facts(
        (
            (say("plan.digest"), line(Text(story.plan.digest, "code"))),
            (say("summary.entries"), line(f"{story.entries}")),
            (say("summary.last_digest"), line(Text(story.last_digest, "code"))),
        )
    )
