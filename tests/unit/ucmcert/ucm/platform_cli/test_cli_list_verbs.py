"""Promise: what changes the trust of phones is agreed to only where its question is known, and believed by its end."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cli_line import PROMPT, Line, talk

from ucmcert.errors import OutcomeUnknown, Refused, UsageError
from ucmcert.ucm.platform_cli import backup_verbs, list_verbs
from ucmcert.ucm.platform_cli.parsers.backup_devices import BackupDevice
from ucmcert.ucm.platform_cli.shell import Shell

Verb = Callable[[Shell], Awaitable[Any]]
CTL_QUESTION = "This operation will update the CTLFile. Do you want to continue? (y/n):"
UPDATED = "\r\n\r\nUpdating CTL file\r\nCTL file Updated\r\nPlease Restart the TFTP"
REGEN_QUESTION = (
    "WARNING: it will overwrite any CA signed certificate for  CAPF\r\nProceed with regeneration (yes|no)? "
)
TRANSFER = "Number of Active TFTP servers in the cluster : 2\r\n\r\nSuccessfully transferred reset ITL to node pub\r\n"


def asked(verb: Verb, command: str, question: str, after: str) -> tuple[Any, str]:
    """What `verb` returns where the node asks `question` and then says `after`; and what was typed."""

    async def node(line: Line) -> None:
        assert await line.hears() == command
        line.says(f"{command}\r\n{question}")
        answer = await line.hears() if question else ""
        line.says(f"{answer}{after}{PROMPT}")

    async def client(shell: Shell, line: Line) -> tuple[Any, str]:
        try:
            return await verb(shell), line.typed
        except (Refused, OutcomeUnknown) as error:
            return error, line.typed

    return talk(node, client)


def answer_of(typed: str) -> str:
    return typed.rstrip("\n").rpartition("\n")[2]


@pytest.mark.parametrize(
    "question",
    [
        CTL_QUESTION,
        "This operation updates the CTLFile. Do you want to continue? (y/n): ",
        CTL_QUESTION.replace("Do you", " Auto-registration is enabled on at least one CM node. Do you"),
    ],
)
def test_the_ctl_is_made_after_the_question_that_names_it(question: str) -> None:
    words, typed = asked(list_verbs.update_ctl, "utils ctl update CTLFile", question, UPDATED)
    assert "CTL file Updated" in words
    assert "y" == answer_of(typed)


@pytest.mark.parametrize(
    "question",
    [
        "The cluster is not in mixed mode. Do you want to continue? (y/n):",
        "This operation will set the cluster to Mixed mode. Do you want to continue? (y/n):",
    ],
)
def test_another_question_is_declined(question: str) -> None:
    error, typed = asked(list_verbs.update_ctl, "utils ctl update CTLFile", question, "\r\nExiting...")
    assert isinstance(error, Refused)
    assert ("UCM-CLI-014", "n") == (error.code, answer_of(typed))


@pytest.mark.parametrize("after", ["\r\nUpdating CTL file", "\r\nCTL file was not updated", ""])
def test_without_the_sentence_of_success_the_outcome_is_unknown(after: str) -> None:
    error, _ = asked(list_verbs.update_ctl, "utils ctl update CTLFile", CTL_QUESTION, after)
    assert isinstance(error, OutcomeUnknown)
    assert "UCM-CLI-003" == error.code


def test_a_subscriber_refuses() -> None:
    words = "This command can only be run on the publisher.\r\nExecuted command unsuccessfully"
    error, _ = asked(list_verbs.update_ctl, "utils ctl update CTLFile", "", words)
    assert isinstance(error, Refused)
    assert "only be run on the publisher" in error.answer


def test_the_ctl_is_reset_after_its_question() -> None:
    question = "This operation will reset the CTLFile. Do you want to continue? (y/n):"
    words, typed = asked(
        lambda shell: list_verbs.reset_localkey(shell, "ctl"), "utils ctl reset localkey", question, UPDATED
    )
    assert "CTL file Updated" in words
    assert "y" == answer_of(typed)


def test_the_itl_is_reset_when_every_tftp_node_has_it() -> None:
    after = TRANSFER + "Successfully transferred reset ITL to node sub1"
    words, _ = asked(lambda shell: list_verbs.reset_localkey(shell, "itl"), "utils itl reset localkey", "", after)
    assert "node sub1" in words


def test_an_itl_that_missed_a_tftp_node_is_unknown() -> None:
    error, _ = asked(lambda shell: list_verbs.reset_localkey(shell, "itl"), "utils itl reset localkey", "", TRANSFER)
    assert isinstance(error, OutcomeUnknown)
    assert "1 of 2 TFTP servers" in error.why


@pytest.mark.parametrize("question", ["Enter CCM Administrator password : ", "Do you want to continue? (y/n): "])
def test_an_itl_reset_that_asks_is_declined(question: str) -> None:
    error, typed = asked(
        lambda shell: list_verbs.reset_localkey(shell, "itl"), "utils itl reset localkey", question, "\n"
    )
    assert isinstance(error, Refused | OutcomeUnknown)
    assert "y" not in answer_of(typed)


def test_a_certificate_is_regenerated_after_its_question() -> None:
    after = "\r\nSuccessfully Regenerated Certificate for CAPF.\r\n"
    words, typed = asked(
        lambda shell: list_verbs.regenerate(shell, "CAPF"), "set cert regen CAPF", REGEN_QUESTION, after
    )
    assert "Successfully Regenerated" in words
    assert "yes" == answer_of(typed)


def test_the_success_of_another_purpose_is_none() -> None:
    after = "\r\nSuccessfully Regenerated Certificate for CAPF-trust.\r\n"
    error, _ = asked(lambda shell: list_verbs.regenerate(shell, "CAPF"), "set cert regen CAPF", REGEN_QUESTION, after)
    assert isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(
    "verb",
    [
        lambda shell: list_verbs.regenerate(shell, "CAPF yes"),
        lambda shell: backup_verbs.start_backup(shell, "a\nutils system restart"),
    ],
)
def test_what_is_no_single_word_is_never_typed(verb: Verb) -> None:
    async def node(line: Line) -> None:
        await line.hears()

    async def client(shell: Shell, line: Line) -> str:
        before = line.typed
        with pytest.raises(UsageError, match="UCM-CLI-020"):
            await verb(shell)
        return line.typed.removeprefix(before)

    assert "" == talk(node, client)


def test_a_list_that_is_not_there_is_none_and_a_cut_one_is_unknown() -> None:
    none = "Length of ITL file: 0\r\nITL File not found.\r\nError parsing the ITL File."
    told, _ = asked(lambda shell: list_verbs.show_list(shell, "itl"), "show itl", "", none)
    assert None is told.value
    error, _ = asked(lambda shell: list_verbs.show_list(shell, "itl"), "show itl", "", "Length of ITL file: 5302")
    assert isinstance(error, OutcomeUnknown)


DEVICES = "Device Name   Device Type   Device Path\r\n-------\r\nnightly   NETWORK   sftp:/backup"
START = "utils disaster_recovery backup network UCM nightly"


def test_backup_devices_are_listed_by_name() -> None:
    told, _ = asked(backup_verbs.devices, "utils disaster_recovery device list", "", DEVICES)
    assert (BackupDevice(name="nightly", kind="NETWORK", path="sftp:/backup"),) == told.value


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("drfCliMsg: Backup initiated successfully.", str),
        ("Unable to connect to Master Agent host: pub, Port: 4040.", Refused),
        ("drfCliMsg: Error occurred...Master Agent may be processing an operation or it is down", Refused),
        ("Executed command unsuccessfully", Refused),
        ("drfCliMsg: something", OutcomeUnknown),
        ("Status: SUCCESS :Backup in progress...", OutcomeUnknown),
    ],
)
def test_a_backup_began_only_when_the_node_says_so(words: str, expected: type) -> None:
    told, typed = asked(lambda shell: backup_verbs.start_backup(shell, "nightly"), START, "", words)
    assert isinstance(told, expected)
    assert 1 == typed.count(START)
