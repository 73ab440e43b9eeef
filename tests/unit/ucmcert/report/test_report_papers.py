"""Promise: the same blocks read alike on every paper, and words from outside cannot become anything but words."""

import io
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ucmcert.report.paper import html, markdown, plain, terminal
from ucmcert.report.paper.blocks import (
    Block,
    Column,
    Facts,
    Heading,
    Table,
    Text,
    Verbatim,
    bullets,
    line,
    paragraph,
)
from ucmcert.report.paper.clean import clean, clean_lines

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b31m",
    "one\ntwo\r\n# three",
    "\u202egnp.exe",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "| a | b |",
    "`code` **bold** __init__ ~~x~~ $x$",
    "[bold red]rich[/bold red]",
    "&lt;b&gt;",
    "{title}",
)

TAGS = frozenset(
    (
        "html",
        "head",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "span",
        "code",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
    )
)


def everything(words: str) -> tuple[Block, ...]:
    """`words` in every place a paper has."""
    return (
        Heading(words, 1),
        Heading(words),
        paragraph(words, Text(words, "strong"), Text(words, "code")),
        bullets([line(words), line(Text(words, "bad"))]),
        Facts(((words, line(words)),)),
        Table(
            (Column(words), Column("n", right=True, tight=True), Column("c", code=True)),
            ((Text(words), Text(words), Text(words)),),
        ),
        Verbatim(words),
    )


def drawn(blocks: tuple[Block, ...]) -> str:
    stream = io.StringIO()
    terminal.draw(blocks, stream, width=200)
    return stream.getvalue()


def test_a_table_is_aligned_when_it_is_piped() -> None:
    table = Table((Column("Node"), Column("Days", right=True)), (line("a", "9"), line("日本", "-120")))
    assert "Node  Days\n----  ----\na        9\n日本  -120\n" == plain.render([table])


def test_labels_are_aligned_and_lists_count_from_where_they_start() -> None:
    blocks = (Facts((("a", line("1")), ("long", line("2")))), bullets([line("x")], numbered=True))
    assert "a     1\nlong  2\n\n1. x\n" == plain.render(blocks)


def test_nothing_to_say_is_an_empty_paper() -> None:
    assert ("", "") == (plain.render([]), markdown.render([]))


@pytest.mark.parametrize("words", HOSTILE)
def test_plain_text_holds_no_control_character(words: str) -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain.render(everything(words)))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_terminal_gets_words_and_never_commands_or_markup(words: str) -> None:
    shown = drawn(everything(words))
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert clean(words).split()[0][:8] in shown


@pytest.mark.parametrize("width", [40, 70, 110])
def test_a_narrow_terminal_loses_no_letter_of_a_table(width: int) -> None:
    cells = (
        "cucm-pub.lab.example",
        "2026-09-21 14:13:20 UTC",
        "Extension Mobility of this node is away",
        "a1b2c3d4e5f60718",
    )
    columns = (Column("Node", tight=True), Column("At", tight=True), Column("What"), Column("SHA-256", code=True))
    stream = io.StringIO()
    terminal.draw((Table(columns, (line(*cells),)),), stream, width=width)
    rows = stream.getvalue().splitlines()
    assert max(len(one) for one in rows) <= width
    letters = sorted("".join(cells).replace(" ", ""))
    assert letters == sorted("".join(rows[2:]).replace(" ", ""))


def test_colour_on_a_terminal_comes_from_styles_only() -> None:
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    terminal.draw_line(line(Text("\x1b[5mred", "bad")), stream)
    assert "\\x1b[5mred" in stream.getvalue()


@pytest.mark.parametrize("words", HOSTILE)
def test_html_is_well_formed_and_every_word_is_text(words: str) -> None:
    page = html.render(everything(words), title=words, lang="en")
    body = re.sub(r"<(meta|!DOCTYPE)[^>]*>", "", page)
    tree = ET.fromstring(body)
    names = {element.tag for element in tree.iter()}
    assert names <= TAGS
    assert {"class", "lang", "scope", "start"} >= {name for element in tree.iter() for name in element.attrib}
    assert clean(words) in "".join(tree.itertext())


def test_html_loads_nothing_and_runs_nothing() -> None:
    page = html.render(everything("x"), title="x", lang="en")
    assert not re.search(
        r"(?i)\bsrc\s*=|\bhref\s*=|\burl\(|@import|javascript:|<script|<link|<iframe|<img|\bon\w+\s*=", page
    )
    assert "default-src &#x27;none&#x27;" in page


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_holds_no_html_no_link_and_no_extra_line(words: str) -> None:
    text = markdown.render([paragraph(words), bullets([line(words)])])
    assert "<" not in text
    assert not re.search(r"(?<!\\)\](\(|\[|:)", text)
    assert 3 == text.count("\n")


@pytest.mark.parametrize("start", ["# x", "- x", "> x", "1. x", "+ x", "12) x", "=== x"])
def test_markdown_words_do_not_start_a_heading_list_or_quotation(start: str) -> None:
    assert re.match(r"&#\d+;", markdown.render([paragraph(start)]))


def test_markdown_leaves_names_and_menus_readable() -> None:
    words = "Backup > Manual Backup: utils disaster_recovery [STARTED] - done"
    assert f"{words}\n" == markdown.render([paragraph(words)])


def test_a_pipe_does_not_open_a_column_in_markdown() -> None:
    text = markdown.render([Table((Column("a"), Column("b", code=True)), (line("x|y", "p|q`r"),))])
    assert "| x\\|y | p\\|q\\`r |" == text.splitlines()[2]


def test_the_nodes_own_words_keep_their_lines_and_nothing_else() -> None:
    assert ("a", "", "\\x1b[1mb") == clean_lines("a\r\n\n\x1b[1mb\n\n")
    assert "  | a\n  | b\n" == plain.render([Verbatim("a\nb\n")])


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_at_all_is_one_harmless_line(words: str) -> None:
    shown = clean(words)
    assert shown.isprintable() or not shown.isascii()
    assert 1 == len(shown.splitlines() or [""])
    ET.fromstring(f"<p>{html.escaped(words)}</p>")
    shown.encode()
