"""What every message must be, whoever reads it at night: what, where, why, next, an exit code, and no traceback."""

import re
from pathlib import Path

from end_to_end.programs import Finished

DONE, FAILED, USAGE, FINDINGS, WAITING, HELD = range(6)
SENTENCES = ("where", "why", "next")
CODE = re.compile(r"\bUCM-[A-Z-]+-\d{3}\b")
VAGUE = ("Traceback", "UCM-BUG", "None", "object at 0x", "<class")


def told_by(done: Finished) -> str:
    """Everything a person saw, blanks and line ends made one."""
    return re.sub(r"\s+", " ", done.out + "\n" + done.err)


def error(done: Finished, code: int, *words: str) -> None:
    """The command ended with an error in four sentences on stderr that say `words`."""
    text = _ended(done, code)
    lines = done.err.splitlines()
    assert any(CODE.match(line) for line in lines), done.err
    for sentence in SENTENCES:
        assert any(re.match(rf"  {sentence} +\S", line) for line in lines), f"no {sentence}:\n{done.err}"
    _says(text, words)


def finding(done: Finished, code: int, *words: str) -> None:
    """The command ended with at least one finding, each with its why and its next action, that says `words`."""
    text = _ended(done, code)
    assert CODE.search(done.out), done.out
    assert (
        len(re.findall(r"^Next  ", done.out, re.MULTILINE)) >= len(re.findall(r"^ERROR  ", done.out, re.MULTILINE)) > 0
    )
    _says(text, words)


def ending(done: Finished, code: int, *words: str) -> None:
    """A run came to a stop that says `words` and the exact command that goes on."""
    text = _ended(done, code)
    assert re.search(r"ucmcert resume \S+ --config \S+", text), text
    _says(text, words)


def plain(done: Finished, code: int, *words: str) -> None:
    """The command ended with `code`, without anything a person should not see, and said `words`."""
    _says(_ended(done, code), words)


def ledger_is_intact(config: Path) -> None:
    """`status` reads the whole ledger and checks its chain; it ends with an error where that is broken."""
    from end_to_end.programs import ucmcert

    done = ucmcert("status", "--config", config, "--json")
    assert done.code in (DONE, FAILED, WAITING, HELD), done.err
    assert done.last["entries"] > 0


def _ended(done: Finished, code: int) -> str:
    text = told_by(done)
    assert code == done.code, f"exit {done.code}, expected {code}\n{done.out}\n{done.err}"
    for word in VAGUE:
        assert word not in text, f"{word!r} in:\n{done.out}\n{done.err}"
    return text


def _says(text: str, words: tuple[str, ...]) -> None:
    for word in words:
        assert word in text, f"{word!r} is not said in:\n{text}"
