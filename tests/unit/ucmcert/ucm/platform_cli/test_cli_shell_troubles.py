"""Promise: a shell never takes a broken, late, refused or foreign answer for a good one, and never says yes unasked."""

import asyncio

import pytest
from cli_line import PROMPT, Line, VirtualClock, ask, talk

from simulation.virtual_loop import run_virtually
from ucmcert.errors import OutcomeUnknown, Refused, UsageError
from ucmcert.ucm.platform_cli.inbox import Heard, Inbox, TooMuchText
from ucmcert.ucm.platform_cli.questions import Answer
from ucmcert.ucm.platform_cli.shell import Shell

STATUS = "show status\r\nHost Name          : pub\r\n"


async def silent(line: Line) -> None:
    await line.hears()
    line.says(STATUS)
    await asyncio.sleep(10_000)


async def breaks_off(line: Line) -> None:
    await line.hears()
    line.says(STATUS)
    line.cut()


async def outcome(shell: Shell, command: str = "show status", timeout_s: float = 60) -> OutcomeUnknown:
    with pytest.raises(OutcomeUnknown) as caught:
        await shell.ask(command, timeout_s=timeout_s)
    return caught.value


def test_a_time_out_is_unknown_and_breaks_the_session() -> None:
    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, bool, OutcomeUnknown, str]:
        first = await outcome(shell)
        return first, shell.broken, await outcome(shell, "show version active"), line.typed

    first, broken, second, typed = talk(silent, client)
    assert ("UCM-CLI-001", True, "pub.example") == (first.code, first.sent, first.where)
    assert "Host Name" in first.why
    assert broken
    assert ("UCM-CLI-002", False) == (second.code, second.sent)
    assert "show version" not in typed


def test_a_cancelled_command_breaks_the_session() -> None:
    async def client(shell: Shell, line: Line) -> tuple[bool, OutcomeUnknown]:
        asking = asyncio.create_task(shell.ask("show status", timeout_s=60))
        await asyncio.sleep(5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return shell.broken, await outcome(shell)

    broken, after = talk(silent, client)
    assert broken
    assert ("UCM-CLI-002", False) == (after.code, after.sent)


def test_a_command_that_waited_for_a_session_that_broke_was_never_typed() -> None:
    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, OutcomeUnknown, str]:
        first, second = await asyncio.gather(outcome(shell), outcome(shell, "set csr gen tomcat"))
        return first, second, line.typed

    first, second, typed = talk(silent, client)
    assert ("UCM-CLI-001", True) == (first.code, first.sent)
    assert ("UCM-CLI-002", False) == (second.code, second.sent)
    assert "csr" not in typed


def test_a_line_that_breaks_in_the_answer_leaves_the_outcome_unknown() -> None:
    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, bool]:
        return await outcome(shell), shell.broken

    lost, broken = talk(breaks_off, client)
    assert ("UCM-CLI-002", True, True) == (lost.code, lost.sent, broken)


def test_a_line_that_was_gone_before_the_command_has_sent_nothing() -> None:
    async def node(line: Line) -> None:
        line.cut()

    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, str]:
        await asyncio.sleep(1800)
        return await outcome(shell, "set csr gen tomcat"), line.typed

    lost, typed = talk(node, client)
    assert ("UCM-CLI-002", False) == (lost.code, lost.sent)
    assert "csr" not in typed


@pytest.mark.parametrize("sent", [True, False])
def test_a_write_that_fails_says_whether_it_may_have_arrived(sent: bool) -> None:
    async def node(line: Line) -> None:
        line.gone = OutcomeUnknown("UCM-SSH-003", "gone", where="pub", why="reset by peer", sent=sent)
        await asyncio.sleep(10_000)

    async def client(shell: Shell, line: Line) -> OutcomeUnknown:
        await asyncio.sleep(1)
        return await outcome(shell)

    lost = talk(node, client)
    assert ("UCM-CLI-002", sent, "reset by peer") == (lost.code, lost.sent, lost.why)


def test_an_answer_is_good_when_the_line_ends_right_behind_its_prompt() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(STATUS + PROMPT)
        line.cut()

    async def client(shell: Shell, line: Line) -> tuple[str, bool, OutcomeUnknown]:
        return await shell.ask("show status", timeout_s=60), shell.broken, await outcome(shell)

    answer, broken, after = talk(node, client)
    assert ("Host Name          : pub", True) == (answer, broken)
    assert ("UCM-CLI-002", False) == (after.code, after.sent)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("No valid command entered", "UCM-CLI-010"),
        ("Invalid command, a dash character must be preceded", "UCM-CLI-010"),
        ("Incomplete command entered", "UCM-CLI-011"),
        ("The cluster security password is too short\r\nExecuted command unsuccessfully", "UCM-CLI-012"),
    ],
)
def test_a_refusal_keeps_the_words_of_the_node(words: str, code: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(f"show status\r\n{words}\r\n" + PROMPT)

    with pytest.raises(Refused, match=code) as caught:
        ask(node)
    assert words.replace("\r\n", "\n") == caught.value.answer


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("Proceed with regeneration (yes|no)? ", "no\n"),
        ("Do you want to continue? (y/n):", "n\n"),
        ("Continue (y/n)?", "n\n"),
        ("Do you want to continue (yes/no) ? ", "no\n"),
        ("Do you really want to restart ?\r\nEnter (yes/no)? ", "no\n"),
        ("Start installation (yes/no): ", "no\n"),
        ("Please answer 'y' for <yes> or 'n' for <no>:", "n\n"),
        ('Delete the File CTLFile.tlv?\r\nEnter "y" followed by return to continue: ', "n\n"),
    ],
)
def test_a_question_nobody_foresaw_is_declined_in_its_own_form(question: str, typed: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n" + question)
        assert typed == await line.hears() + "\n"
        line.says(f"{typed.strip()}\r\nExiting...\r\n" + PROMPT)
        await line.answers({"show version active": "fine\n"})

    async def client(shell: Shell, line: Line) -> tuple[Refused, str]:
        with pytest.raises(Refused) as caught:
            await shell.ask("show status", timeout_s=60)
        return caught.value, await shell.ask("show version active", timeout_s=60)

    refused, after = talk(node, client)
    assert "UCM-CLI-014" == refused.code
    assert question.split("\r\n", maxsplit=1)[0].strip() in refused.answer
    assert "fine" == after


@pytest.mark.parametrize(
    "question",
    [
        "Enter CCM Administrator password : ",
        "Enter Sftp password :",
        "Password:",
        "Enter the Common Name of Default CA Certificate : ",
        "Are you sure want\r\nto proceed?",
        "Paste the Certificate and Hit Enter\r\n",
    ],
)
def test_a_question_for_words_is_interrupted_and_nothing_else_is_typed(question: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n" + question)
        assert "\x03" == await line.key()
        line.says("^C\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> tuple[Refused, str]:
        with pytest.raises(Refused) as caught:
            await shell.ask("show status", timeout_s=60, answers=(Answer(question="password", yes=True),))
        return caught.value, line.typed

    refused, typed = talk(node, client)
    assert "UCM-CLI-014" == refused.code
    assert typed.endswith("show status\n\x03")


def test_a_node_that_does_not_come_back_from_its_question_leaves_the_outcome_unknown() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\nSftp password:")
        await asyncio.sleep(10_000)

    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, bool]:
        return await outcome(shell, timeout_s=600), shell.broken

    error, broken = talk(node, client)
    assert ("UCM-CLI-003", True, True) == (error.code, error.sent, broken)


@pytest.mark.parametrize(("question", "yes", "typed"), [("(yes|no)?", True, "yes"), ("(y/n): ", False, "n")])
def test_a_foreseen_question_is_answered_as_told_and_not_too_fast(question: str, yes: bool, typed: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("set csr gen tomcat\r\nInclude OU in CSR " + question)
        asked = asyncio.get_running_loop().time()
        assert typed == await line.hears()
        assert asyncio.get_running_loop().time() - asked >= 0.3
        line.says(f"{typed}\r\nSuccessfully Generated CSR for tomcat.\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> str:
        answers = (Answer(question="include ou", yes=yes),)
        return await shell.ask("set csr gen tomcat", timeout_s=60, answers=answers)

    assert talk(node, client).endswith("Successfully Generated CSR for tomcat.")


def test_the_viewer_of_files_is_left_and_its_answer_called_cut_off() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        pager = "\x1b[1moptions: q=quit, n=next, p=prev, b=begin, e=end (lines 1 - 20 of 207554) :\x1b[0m"
        line.says("show status\r\nfirst line\r\n" + pager)
        assert "q" == await line.key()
        line.says("\r\x1b[K" + PROMPT)

    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003: cut off"):
        ask(node)


def test_a_message_whose_end_cannot_be_told_makes_the_answer_garbled() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(STATUS + "Message from syslogd@pub at Sat Jul 17 03:56:11 2010 ...\r\nalarm\r\nDate : x\r\nadmin:")

    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003"):
        ask(node)


@pytest.mark.parametrize("when", ["inside", "before"])
def test_a_reboot_that_is_announced_stops_the_work(when: str) -> None:
    wall = "\r\nBroadcast message from root@pub (Mon Jul 5 10:31:04 2021):\r\n\r\n"
    wall += "The system is going down for reboot in 1 Minute\r\n\r\n"

    async def node(line: Line) -> None:
        if when == "before":
            await asyncio.sleep(0.5)
            line.says(wall)
        await line.hears()
        line.says(STATUS + wall + PROMPT)

    async def client(shell: Shell, line: Line) -> OutcomeUnknown:
        await asyncio.sleep(1)
        return await outcome(shell)

    error = talk(node, client)
    assert ("UCM-CLI-004", when == "inside") == (error.code, error.sent)


def test_text_nobody_asked_for_means_the_session_is_out_of_step() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(STATUS + PROMPT)
        await asyncio.sleep(2)
        line.says("Date               : and more\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> tuple[OutcomeUnknown, bool]:
        await shell.ask("show status", timeout_s=60)
        await asyncio.sleep(5)
        return await outcome(shell, "set csr gen tomcat"), shell.broken

    error, broken = talk(node, client)
    assert ("UCM-CLI-003", False, True) == (error.code, error.sent, broken)


def test_a_prompt_without_the_echo_of_the_command_is_garbled() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("shw stats\r\nNo valid command entered\r\n" + PROMPT)

    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003"):
        ask(node)


@pytest.mark.parametrize("command", ["show\tstatus", "show status?", "a\nset csr gen tomcat", "show \x1b", "", " "])
def test_keys_that_act_at_once_are_never_typed(command: str) -> None:
    async def node(line: Line) -> None:
        assert not await line.hears()

    async def client(shell: Shell, line: Line) -> str:
        with pytest.raises(UsageError, match="UCM-CLI-020"):
            await shell.ask(command, timeout_s=60)
        return line.typed

    assert "set cli pagination off\n" == talk(node, client)


@pytest.mark.parametrize(
    ("banner", "code"), [("", "UCM-CLI-001"), ("Too many sessions", "UCM-CLI-002"), ("New password:", "UCM-CLI-014")]
)
def test_a_session_that_does_not_open_is_hung_up(banner: str, code: str) -> None:
    async def main() -> tuple[str, bool, int]:
        line = Line()
        if banner:
            line.says(banner)
        if code == "UCM-CLI-002":
            line.cut()
        with pytest.raises((OutcomeUnknown, Refused)) as caught:
            await Shell.open(line, VirtualClock(), where="pub.example")
        sent = isinstance(caught.value, OutcomeUnknown) and caught.value.sent
        return caught.value.code, sent, line.hung_up

    assert (code, False, 1) == run_virtually(main())


def test_an_answer_without_end_is_stopped_at_the_limit() -> None:
    async def main() -> tuple[list[Heard], int]:
        line = Line()
        inbox = Inbox(line, most_characters=10_000)
        for _ in range(11):
            line.says("x" * 1000)
        heard = [await inbox.more(None) for _ in range(10)]
        with pytest.raises(TooMuchText):
            await inbox.more(None)
        return heard, len(inbox.text)

    heard, size = run_virtually(main())
    assert [Heard.MORE] * 10 == heard
    assert 11_000 == size


def test_closing_twice_hangs_up_once() -> None:
    async def node(line: Line) -> None:
        await line.hears()

    async def client(shell: Shell, line: Line) -> tuple[int, OutcomeUnknown]:
        await shell.close()
        await shell.close()
        return line.hung_up, await outcome(shell)

    hung_up, after = talk(node, client)
    assert (1, "UCM-CLI-002", False) == (hung_up, after.code, after.sent)
