"""The reference page of all codes, in each language: `python -m ucmcert.report.rules_page docs` writes them."""

import sys
from pathlib import Path

from ucmcert.knowledge.words import LANGUAGES
from ucmcert.report.explained import Explained
from ucmcert.report.paper.blocks import Block, Facts, Heading, Text, line, paragraph
from ucmcert.report.paper.markdown import render
from ucmcert.report.rule_book import rule_book
from ucmcert.report.words import Say, speaker

COMMAND = "python -m ucmcert.report.rules_page docs"
EXAMPLE = "ucmcert lint --explain UCM-SAN-001"


def rules_page(lang: str) -> str:
    """The page as Markdown: one section for each area, one entry for each code."""
    say = speaker(lang)
    blocks: list[Block] = [
        Heading(say("explain.title"), 1),
        paragraph(say("explain.generated", command=COMMAND, example=EXAMPLE), " ", say("explain.placeholders")),
    ]
    area = ""
    for code, one in rule_book(lang).items():
        if code.split("-")[1] != area:
            area = code.split("-")[1]
            blocks.append(Heading(f"UCM-{area}"))
        blocks += [Heading(code, 3), paragraph(*_severity(one, say), one.what), _facts(one, say)]
    return render(block for block in blocks if block != Facts(()))


def page_name(lang: str) -> str:
    """The file name of the page: `rules.md`, or `rules.fr.md`."""
    return "rules.md" if lang == LANGUAGES[0] else f"rules.{lang}.md"


def write_pages(folder: Path) -> None:
    """Write the page of every language into `folder`."""
    for lang in LANGUAGES:
        (folder / page_name(lang)).write_text(rules_page(lang), "utf-8")


def _severity(one: Explained, say: Say) -> tuple[Text, ...]:
    return (Text(say(f"severity.{one.severity}"), "strong"), Text(" ")) if one.severity else ()


def _facts(one: Explained, say: Say) -> Facts:
    pairs = (("finding.why", one.why), ("finding.next", one.next), ("finding.source", one.source))
    return Facts(tuple((say(key), line(words)) for key, words in pairs if words))


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
