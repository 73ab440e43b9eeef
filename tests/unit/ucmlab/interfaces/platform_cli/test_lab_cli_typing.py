# Promise: what is typed is echoed and can be mended, and Ctrl-C ends the command, not the session nor what it began.
import asyncio

import pytest

from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt

ON = "Automatic Pagination : Off.\n"


async def shown_for(end: FarEnd, typed: str) -> str:
    end.type(typed)
    return await end.until("\nadmin:") + "\n"


def typed(text: str) -> str:
    async def type_it(end: FarEnd) -> str:
        return await shown_for(end, text)

    return at_prompt(type_it)


@pytest.mark.parametrize("enter", ["\n", "\r", "\r\n"])
def test_a_line_is_echoed_and_carried_out_once_however_it_ends(enter: str) -> None:
    assert f"show cli pagination\n{ON}" == typed(f"show cli pagination{enter}")


@pytest.mark.parametrize("erase", ["\x7f", "\b"])
def test_backspace_erases_what_stands_on_the_line_and_nothing_else(erase: str) -> None:
    assert f"shox\b \bw cli pagination\n{ON}" == typed(f"{erase}shox{erase}w cli pagination\n")


def test_ctrl_u_erases_the_line() -> None:
    assert f"junk\b \b\b \b\b \b\b \bshow cli pagination\n{ON}" == typed("junk\x15show cli pagination\n")


@pytest.mark.parametrize("keys", ["\x1b[A", "\x1b[3~", "\x1bO", "\x01\x00\ud800\x9b"])
def test_keys_that_cannot_be_shown_are_dropped(keys: str) -> None:
    assert f"show cli pagination\n{ON}" == typed(f"show cli {keys}pagination\n")


def test_a_line_stops_growing_at_its_limit() -> None:
    shown = typed("x" * 4100 + "\n")
    assert "x" * 4096 + "\a" * 4 + "\nNo valid command entered\n" == shown


def test_ctrl_c_at_the_prompt_drops_the_line() -> None:
    async def interrupt(end: FarEnd) -> tuple[str, str]:
        end.type("utils system restart\x03")
        shown = await end.until("\nadmin:")
        return shown, await end.run("show cli pagination")

    assert ("utils system restart^C", ON) == at_prompt(interrupt)


def test_ctrl_d_behind_a_letter_ends_the_session_too() -> None:
    async def leave(end: FarEnd) -> str:
        end.type("show\x04")
        return await end.ended()

    assert "show" == at_prompt(leave)


def test_ctrl_c_ends_a_command_before_its_work_is_done() -> None:
    async def interrupt(end: FarEnd) -> tuple[str, list[tuple[str, str, str]]]:
        end.type("show version active\n")
        await asyncio.sleep(2)
        end.type("\x03")
        shown = await end.until("\nadmin:")
        await end.run("show cli pagination")
        return shown, end.operations()[1:2]

    assert ("^C", [("version", "", "interrupted")]) == at_prompt(interrupt)


def test_ctrl_c_stops_the_watching_of_a_restart_and_not_the_restart() -> None:
    async def interrupt(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        began = end.node.service("Cisco Tomcat").started_at
        end.type("utils service restart Cisco Tomcat\n")
        await asyncio.sleep(12)
        end.type("\x03")
        shown = await end.until("\nadmin:")
        assert "STOPPING" == end.node.service("Cisco Tomcat").state
        await asyncio.sleep(120)
        after = end.node.service("Cisco Tomcat")
        return shown, after.running and after.started_at > began, end.operations()[1:]

    assert ("^C", True, [("restart", "Cisco Tomcat", "ok")]) == at_prompt(interrupt)


def test_ctrl_c_at_a_question_changes_nothing() -> None:
    async def interrupt(end: FarEnd) -> tuple[bool, list[tuple[str, str, str]]]:
        before = end.node.certificates.identity("tomcat")
        await end.asked("set cert regen tomcat", "(yes|no)? ")
        end.type("ye\x03")
        await end.until("^C\nadmin:")
        return before == end.node.certificates.identity("tomcat"), end.operations()[1:]

    assert (True, [("regenerate", "tomcat", "interrupted")]) == at_prompt(interrupt)


def test_ctrl_c_throws_away_what_was_typed_ahead() -> None:
    async def interrupt(end: FarEnd) -> list[str]:
        end.type("show version active\nshow status\nshow ctl\n")
        await asyncio.sleep(1)
        end.type("\x03")
        await end.until("^C\nadmin:")
        await end.run("show itl")
        return [operation for operation, _, _ in end.operations()[1:]]

    assert ["version", "itl-show"] == at_prompt(interrupt)


def test_lines_typed_ahead_wait_for_their_turn() -> None:
    async def ahead(end: FarEnd) -> list[str]:
        end.type("show version active\nshow ctl\n")
        await end.until("Error parsing the CTL File.\nadmin:")
        return [operation for operation, _, _ in end.operations()[1:]]

    assert ["version", "ctl-show"] == at_prompt(ahead)


def test_tab_completes_the_only_word_that_fits() -> None:
    assert f"show cli pagination \n{ON}" == typed("show cli pa\t\n")


@pytest.mark.parametrize("key", ["\t", "?"])
def test_tab_and_question_mark_list_the_words_that_fit(key: str) -> None:
    async def ask(end: FarEnd) -> str:
        end.type(f"show cert list {key}")
        await end.until("admin:show cert list ")
        return end.fresh

    assert "show cert list \nown\ntrust\nadmin:show cert list " == at_prompt(ask)


def test_tab_and_question_mark_say_nothing_where_nothing_fits() -> None:
    assert "xyz\nNo valid command entered\n" == typed("xyz\t?\n")


def test_a_tab_or_question_mark_inside_an_answer_lists_nothing() -> None:
    async def answer(end: FarEnd) -> str:
        await end.asked("set cert regen tomcat", "(yes|no)? ")
        return await end.run("\tno?\x7f")

    assert "no?\b \b\nExiting...\n" == at_prompt(answer)
