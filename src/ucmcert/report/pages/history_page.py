"""What was done and what proves it: states with evidence, steps with durations, waits and holds."""

from ucmcert.report.moments import duration, stamp
from ucmcert.report.names import head, step_words
from ucmcert.report.pages.pauses_page import pause_words, who
from ucmcert.report.paper.blocks import Block, Column, Line, Style, Table, Text, paragraph
from ucmcert.report.proof import Proof, proofs
from ucmcert.report.story import Pause, Standing, StepStory, Story
from ucmcert.report.words import Say, recorded_words, speaker

STANDING_STYLES: dict[Standing, Style] = {
    "verified": "good",
    "found": "good",
    "working": "warn",
    "unclear": "warn",
    "waiting": "warn",
    "held": "bad",
    "next": "dim",
    "later": "dim",
}


def evidence_blocks(story: Story, lang: str) -> tuple[Block, ...]:
    """A row for each piece of evidence behind each state of each certificate."""
    say = speaker(lang)
    columns = (
        Column(say("word.purpose"), tight=True),
        Column(say("word.node"), tight=True),
        Column(say("status.state"), tight=True),
        Column(say("evidence.at"), tight=True),
        Column(say("evidence.fact")),
        Column(say("evidence.source")),
        Column(say("evidence.digest"), code=True, tight=True),
    )
    rows = tuple(row for proof in proofs(story) for row in _evidence_rows(proof, say, lang))
    return (paragraph(Text(say("evidence.about"), "dim")), Table(columns, rows))


def _evidence_rows(proof: Proof, say: Say, lang: str) -> list[Line]:
    start = (Text(proof.purpose, "strong"), Text(proof.node), Text(say(f"state.{proof.state}")))
    if proof.skipped:
        return [(*start, Text("-"), Text(recorded_words(proof.skipped, lang), "dim"), Text(""), Text(""))]
    if proof.at is None:
        return [(*start, Text("-"), Text(say("evidence.not_yet"), "warn"), Text(""), Text(""))]
    if not proof.evidence:
        return [(*start, Text(stamp(proof.at)), Text(say("evidence.nothing")), Text(""), Text(""))]
    return [
        (
            *start,
            Text(stamp(seen.observed_at)),
            Text(seen.fact),
            Text(seen.source, "dim"),
            Text(head(seen.digest) if seen.digest else ""),
        )
        for seen in proof.evidence
    ]


def step_blocks(story: Story, lang: str) -> tuple[Block, ...]:
    """Every step in the order of the plan, with its times."""
    say = speaker(lang)
    columns = (
        Column(say("plan.id")),
        Column(say("plan.step")),
        Column(say("step_table.standing"), tight=True),
        Column(say("step_table.began"), tight=True),
        Column(say("step_table.took"), right=True, tight=True),
        Column(say("plan.estimate"), right=True, tight=True),
        Column(say("step_table.attempts"), right=True),
    )
    return (Table(columns, tuple(_step_row(one, say) for one in story.steps)),)


def _step_row(one: StepStory, say: Say) -> Line:
    took = "-"
    if one.began_at is not None and one.ended_at is not None and one.standing != "found":
        took = duration(one.ended_at - one.began_at, say)
    return (
        Text(one.step.id),
        Text(step_words(one.step, say), "strong"),
        Text(say(f"standing.{one.standing}"), STANDING_STYLES[one.standing]),
        Text(stamp(one.began_at) if one.began_at is not None else "-"),
        Text(took),
        Text(duration(one.step.estimate_s, say), "dim"),
        Text(f"{one.attempts}" if one.attempts else "-"),
    )


def pauses_blocks(story: Story, lang: str) -> tuple[Block, ...]:
    """Every wait and hold of the run, first to last; one sentence when there was none."""
    say = speaker(lang)
    if not story.pauses:
        return (paragraph(say("wait.none")),)
    columns = (
        Column(say("wait.who")),
        Column(say("plan.id")),
        Column(say("wait.for")),
        Column(say("wait.since"), tight=True),
        Column(say("wait.until"), tight=True),
        Column(say("wait.lasted"), right=True, tight=True),
    )
    return (Table(columns, tuple(_pause_row(one, say, lang) for one in story.pauses)),)


def _pause_row(one: Pause, say: Say, lang: str) -> Line:
    code = f"{one.finding.code}: " if one.finding else ""
    return (
        Text(who(one.who, say), "bad" if one.who == "hold" else "warn"),
        Text(one.step),
        Text(f"{code}{pause_words(one, lang)}"),
        Text(stamp(one.since)),
        Text(stamp(one.until) if one.until is not None else say("wait.still"), "" if one.until else "warn"),
        Text(duration(one.until - one.since, say) if one.until is not None else "-"),
    )
