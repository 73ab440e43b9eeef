"""Promise: the program starts quickly, explains itself on one screen, and never shows a raw traceback or a password."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_bench import CANARY, CONFIG, configured, ucmcert

from ucmcert.cli.bug_report import bug_report, details
from ucmcert.cli.main import COMMANDS
from ucmcert.cli.words import LANGUAGES, catalogue
from ucmcert.model.secret import Secret

HEAVY = ("asyncssh", "httpx", "cryptography", "lxml", "rich", "sqlite3", "ucmlab")


def modules_loaded_by(*words: str) -> set[str]:
    script = (
        "import sys, json, contextlib, io\nfrom ucmcert.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        f"    try: main({list(words)!r})\n    except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_help_loads_nothing_heavy() -> None:
    assert set() == modules_loaded_by("--help") & set(HEAVY)


def test_status_talks_to_no_network(tmp_path: Path) -> None:
    loaded = modules_loaded_by("status", "--config", str(configured(tmp_path)))
    assert set() == loaded & {"asyncssh", "httpx", "ucmlab"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_fits_on_a_screen(command: str) -> None:
    ended = ucmcert(command, "--help")
    assert 0 == ended.code
    assert len(ended.out.splitlines()) < 25


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "report"])
def test_every_command_speaks_json_and_two_languages(command: str) -> None:
    shown = ucmcert(command, "--help").out
    assert "--json" in shown
    assert "--lang [en|fr]" in shown


def test_a_mistyped_command_names_the_nearest() -> None:
    ended = ucmcert("rennew")
    assert (2, True) == (ended.code, "ucmcert renew" in ended.err)


def test_wrong_usage_is_told_in_json_too() -> None:
    ended = ucmcert("scan", "--no-such-option", "--json")
    assert (2, "failed") == (ended.code, ended.last["outcome"])


def test_a_plan_beside_a_selection_is_wrong_usage(tmp_path: Path) -> None:
    ended = ucmcert("renew", "plan.json", "--purpose", "ipsec", "-c", configured(tmp_path))
    assert 2 == ended.code


def test_a_bug_becomes_a_report_in_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object, **__: object) -> None:
        password = Secret(CANARY)
        raise RuntimeError(f"unforeseen, near {password.reveal()} and Basic b3NhZG1pbjpzM2NyZXQtY2FuYXJ5LTlmMmU=")

    monkeypatch.setattr("ucmcert.cli.runs.read_entries", explode)
    ended = ucmcert("status", "-c", configured(tmp_path), "--json")
    (kept,) = (tmp_path / "state").glob("bug-*.txt")
    text = kept.read_text()

    assert (1, "failed", "UCM-BUG-001") == (ended.code, ended.last["outcome"], ended.last["error"]["code"])
    assert str(kept) in ended.err
    assert "Traceback" not in ended.err
    assert "RuntimeError" in text
    assert CANARY not in text + ended.out + ended.err
    assert "b3NhZG1pbjpzM2NyZXQtY2FuYXJ5LTlmMmU=" not in text


def test_debug_shows_the_traceback_of_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ucmcert.cli.runs.read_entries", lambda *_: 1 // 0)
    ended = ucmcert("status", "-c", configured(tmp_path), "--debug")
    assert (1, True) == (ended.code, "ZeroDivisionError" in ended.err)


def test_a_bug_without_a_state_folder_asks_for_debug() -> None:
    told = bug_report(ValueError("x"), None)
    assert "--debug" in told.next


def test_details_mask_the_longest_secret_whole() -> None:
    kept = (Secret("abc-12345"), Secret("abc-12345-and-more"))
    text = details(ValueError("abc-12345-and-more"))
    assert "and-more" not in text
    assert 2 == len(kept)


def test_an_interrupt_leaves_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ucmcert.cli.runs.read_entries", interrupted)
    assert 130 == ucmcert("status", "-c", configured(tmp_path)).code


def test_a_closed_pipe_is_no_bug() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", "from ucmcert.cli.main import main; main(['lint', '--help'])"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (1, "") == (done.returncode, done.stderr)


def test_missing_configuration_says_how_to_make_one(tmp_path: Path) -> None:
    ended = ucmcert("scan", "-c", tmp_path / "none.toml", "--json")
    assert (2, "UCM-CONFIG-001") == (ended.code, ended.last["error"]["code"])
    assert "ucmcert init" in ended.err


def test_a_typo_in_the_configuration_names_the_key(tmp_path: Path) -> None:
    ended = ucmcert("scan", "-c", configured(tmp_path, CONFIG.replace("anchors", "anchor")))
    assert (2, True) == (ended.code, "did you mean `anchors`" in ended.err)


def test_a_literal_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    wrong = CONFIG.replace('app_admin = { user = "appadmin", password = "file:os.pass" }',
                           f'app_admin = {{ user = "appadmin", password = "{CANARY}" }}')  # fmt: skip
    ended = ucmcert("check", "-c", configured(tmp_path, wrong), "--json")
    assert (2, "UCM-CONFIG-006") == (ended.code, ended.last["error"]["code"])
    assert CANARY not in ended.out + ended.err


def test_an_unknown_purpose_is_told_before_anything_else(tmp_path: Path) -> None:
    ended = ucmcert("plan", "-c", tmp_path / "none.toml", "--purpose", "tomcats", "--json")
    assert (2, "UCM-ARG-001") == (ended.code, ended.last["error"]["code"])
    assert "did you mean tomcat?" in ended.err


def test_both_languages_have_the_same_words_and_placeholders() -> None:
    english, french = (catalogue(lang) for lang in LANGUAGES)

    def holes(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    assert english.keys() == french.keys()
    assert {} == {key: text for key, text in english.items() if holes(text) != holes(french[key])}


def test_every_word_is_used() -> None:
    rooms = Path(sys.modules["ucmcert.cli.main"].__file__ or "").parent
    sources = "".join(path.read_text() for path in rooms.rglob("*.py"))
    made = {"run.waiting", "run.held", "run.failed", "ask.env", "ask.file", "ask.keyring", "ask.command"}
    assert [] == [key for key in catalogue("en") if f'"{key}"' not in sources and key not in made]
