# Promise: a line that is no command is refused in the product's words, and help knows every command there is.
import msgspec
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.interfaces.platform_cli.catalogue import COMMANDS
from ucmlab.interfaces.platform_cli.registry import next_words
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at, at_prompt, output, outputs
from unit.ucmlab.lab_bench import in_lab, scenario


@pytest.mark.parametrize(
    "line",
    ["nonsense", "Show status", "show Status", "show statuss", "show status now", "utils ctl update ctlfile", "\u00e9"],
)
def test_what_is_no_command_is_not_valid(line: str) -> None:
    assert "No valid command entered\n" == output(line)


@pytest.mark.parametrize(
    "line", ["show", "show cert", "show cert own", "set cert delete tomcat", "utils service restart", "run sql"]
)
@pytest.mark.parametrize("words", ["Incomplete command entered", "More please"])
def test_a_missing_argument_is_incomplete(line: str, words: str) -> None:
    assert f"{words}\n" == output(line, incomplete_text=words)


@pytest.mark.parametrize("line", ["uname -a", "-x", "show cert own -tomcat"])
@pytest.mark.parametrize("words", ["Invalid command, a dash character must be preceded", "No dashes"])
def test_a_bare_dash_is_refused(line: str, words: str) -> None:
    assert f"{words}\n" == output(line, dash_text=words)


def test_a_dash_means_nothing_in_a_service_name_or_a_statement() -> None:
    said = outputs("utils service stop Cisco SOAP - CallRecord Service", "run sql select -1 as minus from systables")
    assert "Cisco SOAP - CallRecord Service[STOPPED]" in said[0]
    assert said[1].startswith("minus\n=====\n-1   \n")


def test_blanks_around_and_between_words_do_not_matter() -> None:
    assert "Automatic Pagination : Off.\n" == output("  show   cli  pagination ").removeprefix(
        "  show   cli  pagination \n"
    )


def test_an_unknown_line_is_logged_without_what_was_typed() -> None:
    async def mistype(end: FarEnd) -> list[tuple[str, str, str]]:
        await end.run("secret-password")
        await end.run("show secret")
        return end.operations()[1:]

    assert [("unknown", "", "refused: No valid command entered")] * 2 == at_prompt(mistype)


def test_an_account_of_level_0_may_only_look() -> None:
    async def look(cluster: Cluster) -> list[str]:
        cluster.accounts = tuple(
            msgspec.structs.replace(account, privilege=0 if account.kind == "platform" else 4)
            for account in cluster.accounts
        )
        end = await at(cluster)
        return [await end.run(line) for line in ("set csr gen tomcat", "show itl", "help set csr gen")]

    unknown, itl, nothing = in_lab(look)
    assert "No valid command entered\n" == unknown
    assert itl.startswith("The checksum value of the ITL file:\n")
    assert "No help available for this command\n" == nothing


def test_a_user_the_lab_does_not_know_may_only_look() -> None:
    async def look(cluster: Cluster) -> str:
        end = await FarEnd(cluster, user="somebody").greeted()
        return await end.run("set csr gen tomcat")

    assert "No valid command entered\n" == in_lab(look)


@pytest.mark.parametrize("line", ["show ctl", "show itl", "utils contactsearchauthentication status"])
def test_trust_lists_are_unknown_on_an_im_and_presence_node(line: str) -> None:
    assert "No valid command entered\n" == output(line, of=scenario("demo"), node="imp-pub")


def test_every_command_has_help_that_shows_the_prompt_in_its_middle() -> None:
    async def ask(end: FarEnd) -> None:
        listed = await end.run("help")
        for command in COMMANDS:
            syntax = f"{command.words} {command.arguments}".rstrip()
            assert f"\n{syntax}\n" in listed
            text = await end.run(f"help {command.words}")
            assert (
                f"\n{command.words} help:\nThis command {command.about}\n\n{syntax}\n\nExample:\nadmin:{syntax}\n"
                in text
            )

    at_prompt(ask)


def test_help_for_first_words_lists_what_begins_with_them() -> None:
    assert "\nshow cert list own\nshow cert list trust\n\n" == output("help show cert list")


def test_help_for_nothing_known_says_so() -> None:
    assert "No help available for this command\n" == output("help uname")


def test_no_two_commands_have_the_same_words() -> None:
    words = [command.words for command in COMMANDS]
    assert sorted(set(words)) == sorted(words)


def test_next_words_are_those_of_the_table() -> None:
    assert ["active", "inactive"] == next_words("show version ", COMMANDS)
    assert ["version"] == next_words("show ver", COMMANDS)
    assert [] == next_words("show version active ", COMMANDS)
    assert ["file", "help", "run", "set", "show", "utils"] == next_words("", COMMANDS)


def test_the_counting_prompt_is_the_one_of_the_switch() -> None:
    async def count(end: FarEnd) -> str:
        end.type("set commandcount enable\n")
        await end.until("\n1-admin:")
        end.type("set commandcount disable\n")
        await end.until("\nadmin:")
        return await end.run("show cli pagination")

    assert "Automatic Pagination : Off.\n" == at_prompt(count, commandcount_prompt="1-admin:")


def test_the_counting_prompt_is_unchanged_by_default() -> None:
    assert ["", ""] == outputs("set commandcount enable", "set commandcount disable")
