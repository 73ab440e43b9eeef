"""Promise: a shell brings back exactly what the node answered, whatever the terminal does to it on the way."""

import asyncio
from itertools import pairwise

import pytest
from cli_line import PROMPT, Line, VirtualClock, ask, talk
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.virtual_loop import run_virtually
from ucmcert.ucm.platform_cli.shell import Shell

ANSWER = "Host Name          : pub\r\nDate               : Thu Jul 21, 2016 16:07:16\r\n"
EXPECTED = "Host Name          : pub\nDate               : Thu Jul 21, 2016 16:07:16"
PAGER = "\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K"


def test_the_banner_is_waited_for_and_the_pager_switched_off() -> None:
    async def main() -> tuple[str, str, float]:
        line = Line()

        async def node() -> None:
            line.says("Last login: never, by admin:\r\n")
            line.says("Command Line Interface is starting up, please wait ...\r\n")
            await asyncio.sleep(6)
            line.says("\r\n   Welcome to the Platform Command Line Interface\r\n\r\n\tWARNING: DNS unreachable\r\n")
            await asyncio.sleep(2)
            line.says("\r\n\r\x1b[Kadmin:")
            assert await line.hears() == "set cli pagination off"
            line.says("set cli pagination off\r\nAutomatic pagination is turned off\r\nadmin:")

        playing = asyncio.create_task(node())
        shell = await Shell.open(line, VirtualClock(), where="pub.example")
        took = asyncio.get_running_loop().time()
        await shell.close()
        await playing
        return shell.banner, line.typed, took

    banner, typed, took = run_virtually(main())
    assert "set cli pagination off\n" == typed
    assert "WARNING: DNS unreachable" in banner
    assert 8 < took < 10


def test_a_release_that_cannot_switch_the_pager_off_still_opens() -> None:
    async def main() -> bool:
        line = Line()
        line.says("admin:")
        opening = asyncio.create_task(Shell.open(line, VirtualClock(), where="pub.example"))
        await line.hears()
        line.says("set cli pagination off\r\nNo valid command entered\r\nadmin:")
        shell = await opening
        await shell.close()
        return shell.broken

    assert run_virtually(main())


@pytest.mark.parametrize(
    "echo",
    [
        "show status\r\n",
        "show status \r\n",
        "show \r\nstatus\r\n",
        "show st \ratus\r\n",
        "show sx\b \btatus\r\n",
        "\r\x1b[Kadmin:show status\r\n",
        "\r\nadmin:\r\x1b[Kadmin:show status\r\n\r\n",
    ],
)
def test_the_echo_is_dropped_however_the_terminal_draws_it(echo: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(echo.replace("sx\b \b", "s"))
        line.says(ANSWER + PROMPT)

    assert EXPECTED == ask(node)


def test_a_long_command_that_wraps_is_recognised() -> None:
    command = "run sql select " + ",".join(f"column{number}" for number in range(60)) + " from processnode"
    wrapped = " \r".join(command[at : at + 80] for at in range(0, len(command), 80))

    async def node(line: Line) -> None:
        await line.hears()
        line.says(wrapped + "\r\nname\r\n====\r\n\r\x1b[Kadmin:")

    assert "name\n====" == ask(node, command)


@pytest.mark.parametrize(
    "prompt", ["admin:", "\r\x1b[Kadmin:", "\r\nadmin: ", "\r\nadmin:\r\x1b[Kadmin:", "\r\n\x1b[0madmin:"]
)
def test_every_form_of_the_prompt_ends_an_answer(prompt: str) -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n" + ANSWER + prompt)

    assert EXPECTED == ask(node)


def test_lines_redrawn_with_carriage_returns_keep_their_last_form() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\nworking |\rworking /\r\x1b[K" + ANSWER.replace("\r\n", "\r\r\n") + PROMPT)

    assert EXPECTED == ask(node)


def test_the_pager_is_answered_with_space_and_taken_out_of_the_data() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\nHost Name          : pub\r\n" + PAGER)
        assert " " == await line.key()
        line.says("\r\x1b[KDate               : Thu Jul 21, 2016 16:07:16\r\n" + PAGER)
        assert " " == await line.key()
        line.says("Locale             : en_US.UTF-8\r\n" + PROMPT)

    assert EXPECTED + "\nLocale             : en_US.UTF-8" == ask(node)


def test_a_message_of_others_is_dropped_up_to_its_blank_line() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\nHost Name          : pub\r\n")
        line.says("Message from syslogd@ipcbu-plat44 at Sat Jul 17 03:56:11 2010 ...\r\nipcbu-plat44 alarm\r\n\r\n")
        line.says("Broadcast message from root@pub (Mon Jul 5 10:31:04 2021):\r\n\r\nBackup soon\r\n\r\n")
        line.says("Date               : Thu Jul 21, 2016 16:07:16\r\n" + PROMPT)

    assert EXPECTED == ask(node)


def test_a_message_behind_the_prompt_does_not_hide_it() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n" + ANSWER + "admin:")
        line.says("\r\nBroadcast message from root@pub (Mon Jul 5 10:31:04 2021):\r\n\r\nBackup soon\r\n\r\n")

    assert EXPECTED == ask(node)


def test_slow_characters_are_waited_for() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        for letter in "show status\r\n" + ANSWER + "\r\nadmin:file list activelog platform detail\r\n" + PROMPT:
            await asyncio.sleep(0.1)
            line.says(letter)

    assert EXPECTED + "\n\nadmin:file list activelog platform detail" == ask(node)


def test_a_prompt_inside_the_output_does_not_end_it() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\nexample:\r\nadmin:")
        await asyncio.sleep(0.1)
        line.says("\r\nadmin:file list activelog platform detail\r\n see admin:\r\n" + PROMPT)

    assert "example:\nadmin:\nadmin:file list activelog platform detail\n see admin:" == ask(node)


def test_silence_for_minutes_is_not_the_end() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("utils service restart Cisco Tomcat\r\nService Manager is running\r\n")
        await asyncio.sleep(600)
        line.says("Cisco Tomcat[STARTED]  \r\n" + PROMPT)

    expected = "Service Manager is running\nCisco Tomcat[STARTED]  "
    assert expected == ask(node, "utils service restart Cisco Tomcat", timeout_s=900)


def test_a_late_prompt_of_before_is_not_the_answer() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("\r\x1b[Kadmin:")
        await asyncio.sleep(3)
        line.says("show status\r\n" + ANSWER + PROMPT)

    assert EXPECTED == ask(node)


def test_an_empty_answer_is_empty() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n\r\n" + PROMPT)

    assert "" == ask(node)


def test_blanks_at_the_start_of_a_line_are_data() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says("show status\r\n\r\n   a  b\r\n  c\r\n\r\n" + PROMPT)

    assert "   a  b\n  c" == ask(node)


def test_commands_are_typed_one_at_a_time() -> None:
    async def node(line: Line) -> None:
        for number in range(3):
            command = await line.hears()
            await asyncio.sleep(5)
            line.says(f"{command}\r\nanswer {number} to {command}\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> list[str]:
        return await asyncio.gather(*(shell.ask(f"show {name}", timeout_s=60) for name in ("a", "b", "c")))

    assert ["answer 0 to show a", "answer 1 to show b", "answer 2 to show c"] == talk(node, client)


@given(cuts=st.lists(st.integers(1, 150), max_size=30), gap_s=st.sampled_from((0.0, 0.01, 0.1)))
@settings(max_examples=60, deadline=None)
def test_where_the_network_cuts_the_answer_changes_nothing(cuts: list[int], gap_s: float) -> None:
    whole = "\r\x1b[Kadmin:show st \ratus\r\n" + ANSWER + PAGER
    rest = "\r\x1b[Kadmin:x\r\n" + PROMPT

    async def node(line: Line) -> None:
        await line.hears()
        for text in (whole, rest):
            edges = [0, *sorted({cut for cut in cuts if cut < len(text)}), len(text)]
            for start, end in pairwise(edges):
                line.says(text[start:end])
                await asyncio.sleep(gap_s)
            if text is whole:
                assert " " == await line.key()

    assert EXPECTED + "\nadmin:x" == ask(node)
