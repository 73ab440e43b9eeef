"""Where a run stands: each certificate's state, what is at work, what is waited for since when, what comes next."""

from ucmcert.report.aftermath import reminders
from ucmcert.report.moments import duration, stamp
from ucmcert.report.names import head, step_words
from ucmcert.report.pages.pauses_page import pause_blocks
from ucmcert.report.pages.phones_page import phones_blocks
from ucmcert.report.paper.blocks import Block, Column, Facts, Heading, Style, Table, Text, bullets, line, paragraph
from ucmcert.report.story import StepStory, Story
from ucmcert.report.words import Say, speaker
from ucmcert.run.outcome import Outcome

NEXT_SHOWN = 6
OUTCOME_STYLES: dict[str, Style] = {
    Outcome.DONE: "good",
    Outcome.WAITING: "warn",
    Outcome.HELD: "bad",
    Outcome.FAILED: "bad",
    "running": "strong",
}


def status_blocks(story: Story, lang: str, *, now: float, working: bool, resume: str = "") -> tuple[Block, ...]:
    """The run as of `now` (UTC epoch). `working` is whether a process carries it on at this moment.

    `resume` is the exact command to go on with; without it only the run is named.
    """
    say = speaker(lang)
    proven = sum(one.standing in ("verified", "found") for one in story.steps)
    blocks: list[Block] = [
        Heading(say("status.title", run=story.run), 1),
        Facts(
            (
                (say("status.outcome"), line(outcome_text(story, say, working=working))),
                (say("status.started"), line(stamp(story.started_at))),
                (say("status.last"), line(stamp(story.last_at))),
                (say("plan.digest"), line(Text(story.plan.digest, "code"))),
                (say("status.approved"), line(story.approved_by)),
                (say("plan.steps"), line(say("status.proven", done=proven, all=len(story.steps)))),
            )
        ),
        certificate_table(story, say),
    ]
    blocks += _at_work(story, say, now, working=working)
    blocks += phones_blocks(story.phones, say)
    if story.open_pauses:
        blocks.append(Heading(say("status.waits")))
        blocks += [block for one in story.open_pauses for block in pause_blocks(one, lang, now)]
    blocks += _next(story, say, "" if working else resume or f"ucmcert resume {story.run}")
    blocks += reminder_blocks(story, lang)
    return tuple(blocks)


def outcome_text(story: Story, say: Say, *, working: bool = False) -> Text:
    """How the run stands in one word or two."""
    if story.abandoned is not None:
        return Text(say("outcome.abandoned", by=story.abandoned.by, why=story.abandoned.why), "bad")
    outcome = outcome_of(story, working=working)
    return Text(say(f"outcome.{outcome}"), OUTCOME_STYLES[outcome])


def outcome_of(story: Story, *, working: bool = False) -> str:
    """`done`, `waiting`, `held`; else `running` while a process works on it, and `failed` when none does."""
    if story.outcome is None or (working and story.outcome is not Outcome.DONE):
        return "running" if working else Outcome.FAILED.value
    return story.outcome.value


def certificate_table(story: Story, say: Say, *, whole: bool = False) -> Table:
    """Each certificate with the state its evidence proves."""
    ends = {(one.node, one.purpose): one.last_state for one in story.plan.items}
    columns = (
        Column(say("word.purpose")),
        Column(say("word.node"), tight=True),
        Column(say("status.state")),
        Column(say("plan.done_is")),
        Column(say("status.new"), code=True),
    )
    rows = tuple(
        (
            Text(one.purpose, "strong"),
            Text(one.node),
            Text(say(f"state.{one.state}"), "good" if one.done else ""),
            Text(say(f"state.{ends[(one.node, one.purpose)]}"), "dim"),
            Text(head(one.new, whole=whole)),
        )
        for one in story.certificates
    )
    return Table(columns, rows)


def reminder_blocks(story: Story, lang: str) -> tuple[Block, ...]:
    """What is left to a person after the run; nothing before its end."""
    said = reminders(story, lang) if story.outcome is Outcome.DONE else ()
    if not said:
        return ()
    return (Heading(speaker(lang)("status.reminders")), bullets(line(one) for one in said))


def _at_work(story: Story, say: Say, now: float, *, working: bool) -> list[Block]:
    open_steps = [one for one in story.steps if one.standing in ("working", "unclear")]
    if not open_steps:
        return []
    title = say("status.works") if working else say("status.left_open")
    return [Heading(title), bullets(line(*_open_step(one, say, now)) for one in open_steps)]


def _open_step(one: StepStory, say: Say, now: float) -> tuple[Text | str, ...]:
    since = one.began_at if one.began_at is not None else now
    times = say("wait.open", since=stamp(since), lasted=duration(now - since, say))
    unclear = say("status.unclear") if one.standing == "unclear" else ""
    return (f"{one.step.node}  ", Text(step_words(one.step, say), "strong"), f"  {times}  {unclear}".rstrip())


def _next(story: Story, say: Say, resume: str) -> list[Block]:
    if story.outcome is Outcome.DONE or story.abandoned is not None:
        return []
    coming = [one for one in story.steps if one.standing in ("next", "later")]
    blocks: list[Block] = []
    if coming:
        shown = [line(f"{one.step.node}  ", step_words(one.step, say)) for one in coming[:NEXT_SHOWN]]
        if len(coming) > NEXT_SHOWN:
            shown.append(line(say("status.and_more", count=len(coming) - NEXT_SHOWN)))
        blocks += [Heading(say("status.next")), bullets(shown)]
    if resume:
        blocks.append(paragraph(say("status.resume"), Text(resume, "code")))
    return blocks
