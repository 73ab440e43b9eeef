"""What waits for a key at the end of the terminal: the prompt, a pager, an invitation to paste, or a question.

Everything is data of interfaces-cli.md 1.2, 1.4 and 4.7. Nothing is answered here; the shell does that, as told.
"""

import re
from typing import Literal

import msgspec

from ucmcert.ucm.platform_cli.screen import (
    FILE_PAGER,
    MESSAGE,
    PAGER,
    PROMPT,
    lines_drawn,
    printed,
    without_messages,
)

Kind = Literal["prompt", "page", "file_page", "paste", "yes_no", "secret", "open"]

YES_NO = re.compile(r"\((y(?:es)?)[ \t]*[/|][ \t]*n(?:o)?\)[ \t]*\??[ \t]*:?[ \t\r]*\Z", re.IGNORECASE)
SINGLE_LETTER = re.compile(
    r"""(?:Please answer 'y' for <yes> or 'n' for <no>|Enter "y" followed by return to continue):[ \t\r]*\Z""",
    re.IGNORECASE,
)
INVITATION = re.compile(r"Paste the Certificate and Hit Enter\s*\Z", re.IGNORECASE)
PAGER_WAITS = re.compile(PAGER.pattern + r"\s*\Z")
FILE_PAGER_WAITS = re.compile(FILE_PAGER.pattern + r"\s*\Z")
SECRET = re.compile(r"password|passphrase", re.IGNORECASE)

# How long the end of the buffer must have been quiet before it counts, in seconds. A question gets longer: an answer
# that is typed too fast gets lost, and a line of output may look like a question while the rest of it is on its way.
QUIET_S: dict[Kind, float] = {
    "prompt": 0.15,
    "page": 0.1,
    "file_page": 0.1,
    "paste": 0.5,
    "yes_no": 0.5,
    "secret": 1.0,
    "open": 3.0,
}


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something at the end of the terminal that wants a key. `long_form`: it shows `yes`, not `y`."""

    kind: Kind
    text: str = ""
    long_form: bool = False

    def form(self, yes: bool) -> str:
        """Yes or no as the question shows it."""
        word = "yes" if yes else "no"
        return word if self.long_form else word[0]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What to say to the yes/no question that contains `question`, whatever its case; ` ... ` stands for any words."""

    question: str
    yes: bool


def what_waits(tail: str) -> Waiting | None:
    """What stands at the end of `tail`, the last part of what the terminal said; None for ordinary output."""
    text = printed(tail)
    kind: Kind | None = None
    line = text[max(text.rfind("\r"), text.rfind("\n")) + 1 :].strip()
    choice = YES_NO.search(text)
    prompted = text.rstrip(" \t").endswith("admin:") and PROMPT.search(text)
    if prompted or (MESSAGE.search(text) and _prompt_before_message(text)):
        kind = "prompt"
    elif PAGER_WAITS.search(text):
        kind = "page"
    elif FILE_PAGER_WAITS.search(text):
        kind = "file_page"
    elif INVITATION.search(text):
        kind = "paste"
    elif choice or SINGLE_LETTER.search(text):
        kind = "yes_no"
    elif line.endswith(":") and SECRET.search(line):
        kind = "secret"
    elif line.endswith("?") or (line.endswith(":") and line.startswith("Enter ")):
        kind = "open"
    if kind is None:
        return None
    return Waiting(kind=kind, text=_last_words(text), long_form=bool(choice and len(choice.group(1)) > 1))


def told(waiting: Waiting, answers: tuple[Answer, ...]) -> str | None:
    """The word to type for the question that waits; None when nobody told what to say to it."""
    if waiting.kind != "yes_no":
        return None
    asked = " ".join(waiting.text.lower().split())
    for answer in answers:
        if _contains(asked, answer.question.lower().split(" ... ")):
            return waiting.form(answer.yes)
    return None


def _contains(asked: str, parts: list[str]) -> bool:
    """Whether `parts` stand in `asked`, one after the other."""
    at = 0
    for part in parts:
        found = asked.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _prompt_before_message(text: str) -> bool:
    """A message to all users can be written behind the prompt, which nobody draws again then."""
    return bool(PROMPT.search(without_messages(lines_drawn(text)).text.rstrip("\n")))


def _last_words(text: str) -> str:
    """The last three lines: some questions begin on the line before their `(yes/no)`."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    return "\n".join(lines[-3:])
