"""What the terminal of the platform CLI shows, turned back into plain text: pure functions that wait for nothing.

Order matters: control sequences and pager texts go first, the echo is found before carriage returns are applied (a
wrapped echo is full of them), and foreign messages are dropped from finished lines. Source: interfaces-cli.md 7.
"""

import re

import msgspec

CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor, erase
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # window titles
    r"|\x1b[()][0-9A-Za-z]|\x1b[=>78]|[\x00\x07]"
)
CONTROL_BEGINS = ("\x1b", "\x00", "\x07")
PAGER = re.compile(r"Press <enter> for 1 line, <space> for one page, or <q> to quit")
FILE_PAGER = re.compile(r"options: q=quit, n=next, p=prev, b=begin, e=end \(lines \d+ - (\d{1,18}) of (\d{1,18})\) :")
PROMPT = re.compile(r"(?:^|[\r\n])admin:[ \t]*\Z")
PROMPT_LINE = re.compile(r"\s*admin:\s*")
MESSAGE = re.compile(r"(?:Message from syslogd@|Broadcast message from )")
GOING_DOWN = re.compile(r"system is going down|going down for (?:reboot|system halt|power|maintenance)", re.IGNORECASE)
ECHO_WITHIN = 32_768  # characters from the start of an answer in which its echo is looked for


class Messages(msgspec.Struct, frozen=True, kw_only=True):
    """A text without what others said in between. `open_ended`: where a message ended could not be told."""

    text: str
    foreign: tuple[str, ...] = ()
    open_ended: bool = False

    @property
    def reboot(self) -> str:
        """The message that announces a reboot of the node, "" when there is none."""
        return next((one for one in self.foreign if GOING_DOWN.search(one)), "")


def printed(raw: str) -> str:
    """`raw` without ANSI sequences and control characters. Most of what a node says has none."""
    return CONTROL.sub("", raw) if any(begin in raw for begin in CONTROL_BEGINS) else raw


def uncontrolled(raw: str) -> str:
    """`raw` without ANSI sequences and pager texts; the data glued to a pager text stays."""
    return FILE_PAGER.sub("", PAGER.sub("", printed(raw)))


def lines_drawn(text: str) -> str:
    """The lines as they stand on the screen at the end: after the last carriage return, with backspaces applied."""
    return "\n".join(_drawn(line) for line in re.sub(r"\r+\n", "\n", text).split("\n"))


def after_echo(text: str, typed: str) -> str | None:
    """What stands after the line on which `typed` was echoed, wrapped or not; None when it is not there (yet)."""
    found = _find(text[: ECHO_WITHIN + 2 * len(typed)], typed)
    line_end = -1 if found is None else text.find("\n", found[1])
    return None if line_end < 0 else text[line_end + 1 :]


def without_pasted(answer: str, pasted: str) -> str:
    """`answer` without the echo of what was pasted, when it is there whole."""
    found = _find(answer, pasted)
    return answer if found is None else answer[: found[0]].rstrip() + answer[found[1] + 1 :]


def cut_by_file_pager(raw: str) -> bool:
    """Whether the viewer of files was left before its last line."""
    pages = FILE_PAGER.findall(printed(raw))
    return bool(pages) and int(pages[-1][0]) < int(pages[-1][1])


def without_messages(text: str) -> Messages:
    """Drops what syslogd and `wall` wrote on the terminal, each up to its blank line."""
    kept: list[str] = []
    foreign: list[str] = []
    open_ended = False
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not MESSAGE.match(lines[at]):
            kept.append(lines[at])
            at += 1
            continue
        end = _message_end(lines, at)
        foreign.append("\n".join(lines[at:end]).strip())
        open_ended = open_ended or end == len(lines) or bool(lines[end].strip())
        at = end + 1 if end < len(lines) and not lines[end].strip() else end
    return Messages(text="\n".join(kept), foreign=tuple(foreign), open_ended=open_ended)


def without_prompt(text: str) -> str:
    """Without the prompts and blank lines at the end and the blank lines at the start; inner blanks are data."""
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or PROMPT_LINE.fullmatch(lines[-1])):
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


def answer_of(raw: str, typed: str) -> Messages | None:
    """The answer to the command `typed`, from everything the terminal said since; None without its echo."""
    rest = after_echo(uncontrolled(raw), typed)
    if rest is None:
        return None
    messages = without_messages(lines_drawn(rest))
    return msgspec.structs.replace(messages, text=without_prompt(messages.text))


def left_over(raw: str) -> Messages:
    """What came although nothing was asked: prompts redrawn are nothing, everything else is worth a look."""
    messages = without_messages(lines_drawn(uncontrolled(raw)))
    lines = (line for line in messages.text.split("\n") if line.strip() and not PROMPT_LINE.fullmatch(line))
    return msgspec.structs.replace(messages, text="\n".join(lines), open_ended=False)


def _find(text: str, wanted: str) -> tuple[int, int] | None:
    """First and last index of `wanted` in `text`, whatever blanks, line ends and backspaces stand in between."""
    plain = text.find(wanted)
    if wanted.strip() and plain >= 0 and "\n" not in text[:plain]:  # nearly always: nothing was wrapped
        return plain, plain + len(wanted) - 1
    places = [at for at, letter in enumerate(text) if not (letter.isspace() or letter == "\b")]
    letters = "".join(wanted.split())
    start = "".join(text[at] for at in places).find(letters)
    return None if start < 0 or not letters else (places[start], places[start + len(letters) - 1])


def _drawn(line: str) -> str:
    last = line.rsplit("\r", 1)[-1]
    if "\b" not in last:
        return last
    letters: list[str] = []
    for letter in last:
        if letter != "\b":
            letters.append(letter)
        elif letters:
            letters.pop()
    return "".join(letters)


def _message_end(lines: list[str], start: int) -> int:
    """Index of the blank line after the message at `start`; a blank line right under its title is part of it."""
    at = start + 1
    if at + 1 < len(lines) and not lines[at].strip() and lines[start].startswith("Broadcast"):
        at += 1
    while at < len(lines) and lines[at].strip() and not PROMPT_LINE.fullmatch(lines[at]):
        at += 1
    return at
