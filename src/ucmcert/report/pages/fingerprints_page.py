"""Old and new fingerprints as served, per node, purpose and port: the last page of a run."""

from ucmcert.report.fingerprints import Mark, Pair, fingerprints
from ucmcert.report.names import head
from ucmcert.report.paper.blocks import Block, Column, Line, Style, Table, Text, paragraph
from ucmcert.report.story import Story
from ucmcert.report.words import Say, speaker

MARKS: dict[Mark, tuple[str, Style]] = {
    "served": ("fingerprint.served", "good"),
    "stored": ("fingerprint.stored", "good"),
    "not-yet": ("fingerprint.not_yet", "dim"),
    "other": ("fingerprint.other", "bad"),
}


def fingerprint_blocks(story: Story, lang: str, *, whole: bool = False) -> tuple[Block, ...]:
    """A table with a row per port. `whole` shows all 64 hex digits instead of the first 16."""
    say = speaker(lang)
    columns = (
        Column(say("word.purpose")),
        Column(say("word.node"), tight=True),
        Column(say("fingerprint.port"), right=True),
        Column(say("fingerprint.old"), code=True),
        Column(say("fingerprint.new"), code=True),
        Column(say("fingerprint.result")),
    )
    rows = tuple(_row(one, say, whole=whole) for one in fingerprints(story))
    return (paragraph(Text(say("fingerprint.about"), "dim")), Table(columns, rows))


def _row(pair: Pair, say: Say, *, whole: bool) -> Line:
    key, style = MARKS[pair.mark]
    return (
        Text(pair.purpose, "strong"),
        Text(pair.node),
        Text(f"{pair.port}" if pair.port else "-"),
        Text(head(pair.old, whole=whole)),
        Text(head(pair.new, whole=whole)),
        Text(say(key), style),
    )
