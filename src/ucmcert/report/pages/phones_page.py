"""Where the phones stand: per gate what proves them, who is open since when, and who was signed for."""

from collections.abc import Iterable, Mapping

from ucmcert.model.phone import PhoneState
from ucmcert.report.moments import stamp
from ucmcert.report.names import step_words
from ucmcert.report.paper.blocks import Block, Column, Heading, Line, Table, Text, bullets, line, paragraph
from ucmcert.report.phones import PhoneStory
from ucmcert.report.words import Say

SHOWN = 20
NAMED = 5


def phones_blocks(stories: Iterable[PhoneStory], say: Say, *, whole: bool = False) -> tuple[Block, ...]:
    """A line per step that looked at phones, then who was signed for and the open ones; nothing when none looked.

    `whole` names everybody who was signed for.
    """
    told = tuple(stories)
    if not told:
        return ()
    blocks: list[Block] = [Heading(say("status.phones")), bullets(_line(one, say) for one in told)]
    for one in told:
        for signed in one.signed:
            values = {"by": signed.by, "count": len(signed.phones), "at": stamp(signed.at), "why": signed.why}
            names = f": {', '.join(sorted(signed.phones))}" if whole else ""
            blocks.append(paragraph(say("status.phones_signed", **values) + names))
        if one.open and one.closed_at is None:
            blocks += open_blocks(one.open, say)
    return tuple(blocks)


def open_blocks(phones: tuple[PhoneState, ...], say: Say, *, most: int = SHOWN) -> tuple[Block, ...]:
    """The open phones, `most` of them by name, and how many more there are."""
    shown = sorted(phones, key=lambda one: one.name)[:most]
    columns = (
        Column(say("status.phone"), tight=True),
        Column(say("status.pool")),
        Column(say("status.proof")),
        Column(say("status.last_seen"), tight=True),
    )
    rows = tuple(
        (
            Text(one.name, "strong"),
            Text(one.pool),
            Text(say(f"proof.{one.proof}") + (f": {one.lsc}" if one.lsc else ""), "warn"),
            Text(stamp(one.changed_at) if one.changed_at else "-"),
        )
        for one in shown
    )
    blocks: list[Block] = [paragraph(Text(say("status.phones_open", count=len(phones)), "warn")), Table(columns, rows)]
    if len(phones) > most:
        blocks.append(paragraph(say("status.and_more", count=len(phones) - most)))
    return tuple(blocks)


def counts_text(counts: Mapping[str, int], say: Say) -> str:
    """How many phones by what proves them, in words."""
    return ", ".join(f"{count} {say(f'proof.{proof}')}" for proof, count in counts.items()) or "-"


def first_names(phones: Iterable[PhoneState]) -> str:
    """The first names in order, and dots when there are more."""
    names = sorted(one.name for one in phones)
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


def _line(one: PhoneStory, say: Say) -> Line:
    told = say("status.phones_at", step=f"{one.step.purpose}  {step_words(one.step, say)}", counts="")
    since = say("status.phones_since", since=stamp(one.since), last=stamp(one.seen_at))
    times = since if one.closed_at is None else say("status.phones_closed", at=stamp(one.closed_at))
    return line(Text(told, "strong"), counts_text(one.counts, say), Text(f"  ({times})", "dim"))
