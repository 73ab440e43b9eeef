"""What a run waits for, or is held by: since when, and what happens next."""

from ucmcert.report.moments import duration, stamp
from ucmcert.report.pages.findings import finding_blocks
from ucmcert.report.paper.blocks import Block, Facts, Text, Verbatim, line, paragraph
from ucmcert.report.story import Pause
from ucmcert.report.words import Say, finding_words, recorded_words, speaker

WHO = {"ca": "wait.ca", "person": "wait.person", "window": "wait.window", "hold": "wait.hold"}


def pause_blocks(pause: Pause, lang: str, now: float) -> tuple[Block, ...]:
    """One wait or hold. `now` (UTC epoch) gives how long an open one has lasted."""
    say = speaker(lang)
    until = pause.until if pause.until is not None else now
    lasted = duration(until - pause.since, say)
    times = say("wait.open", since=stamp(pause.since), lasted=lasted)
    if pause.until is not None:
        times = say("wait.over", since=stamp(pause.since), until=stamp(pause.until), lasted=lasted)
    blocks: list[Block] = [
        paragraph(Text(who(pause.who, say), "bad" if pause.who == "hold" else "warn"), f"  {pause.step}  {times}")
    ]
    if pause.finding is not None:
        blocks += finding_blocks(pause.finding, lang)
        if pause.answer:
            blocks += [paragraph(say("wait.answer")), Verbatim(pause.answer)]
    else:
        what, todo = recorded_words(pause.what, lang), recorded_words(pause.next, lang)
        pairs = ((say("wait.for"), what), (say("finding.next"), todo))
        blocks.append(Facts(tuple((label, line(words)) for label, words in pairs if words)))
    return tuple(blocks)


def who(name: str, say: Say) -> str:
    """Who has to move: the CA, a person, the change window; or the safety rule that holds."""
    return say(WHO[name]) if name in WHO else name


def pause_words(pause: Pause, lang: str) -> str:
    """What is waited for, in one sentence."""
    return finding_words(pause.finding, lang)[0] if pause.finding else recorded_words(pause.what, lang)
