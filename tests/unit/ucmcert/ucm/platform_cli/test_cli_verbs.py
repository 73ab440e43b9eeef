"""Promise: the verbs of the command line tell values with the node's words, and call nothing done that is not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from cli_line import PROMPT, Line, talk

from factory.certificates import request, sign, two_tier
from ucmcert.errors import OutcomeUnknown, Refused, UsageError
from ucmcert.model.cluster import Backup
from ucmcert.model.node import Release
from ucmcert.ucm.platform_cli import certificate_verbs, node_verbs
from ucmcert.ucm.platform_cli.parsers.certificate_lists import Listed
from ucmcert.ucm.platform_cli.shell import Shell

T = TypeVar("T")
CA = two_tier(key="ec")
ASKED = request("pub.example", key="ec")
LEAF = sign(ASKED, CA.intermediate)
UTC_2019 = 1562157636.0
NTP = "synchronised to NTP server (10.1.89.1) at stratum 3\n\nCurrent time in UTC is : Wed Jul  3 12:40:36 UTC 2019"
STATUS = """Host Name          : pub
Date               : Wed Jul 03, 2019 14:40:36
Time Zone          : Central European Time (Europe/Paris)

Uptime:
 14:40:36 up 72 days, 21:01,  9 users,  load average: 0.21, 0.16, 0.11"""
IMPORTED = "Successfully imported certificate for {}.\nPlease restart services related to it."
INVITATION = "Paste the Certificate and Hit Enter\r\n"


def with_pages(verb: Callable[[Shell], Awaitable[T]], **pages: str) -> T:
    """What `verb` returns on a node that answers commands (with _ for blanks) from `pages`."""
    answers = {command.replace("_", " "): answer for command, answer in pages.items()}

    async def client(shell: Shell, line: Line) -> T:
        return await verb(shell)

    return talk(lambda line: line.answers(answers), client)


def refused(verb: Callable[[Shell], Awaitable[Any]], **pages: str) -> Refused:
    with pytest.raises(Refused) as caught:
        with_pages(verb, **pages)
    return caught.value


def unknown(verb: Callable[[Shell], Awaitable[Any]], **pages: str) -> OutcomeUnknown:
    with pytest.raises(OutcomeUnknown) as caught:
        with_pages(verb, **pages)
    return caught.value


def test_a_fact_comes_with_the_words_it_was_read_from() -> None:
    told = with_pages(node_verbs.release, show_version_active="Active Master Version: 15.0.1.12900-234\n")
    assert Release(15, 0, 1, 12900, 234) == told.value
    assert "Active Master Version: 15.0.1.12900-234" == told.raw


def test_words_no_parser_reads_are_unknown_with_the_reason() -> None:
    error = unknown(node_verbs.release, show_version_active="Active Master Version: fifteen")
    assert ("UCM-CLI-003", "pub.example") == (error.code, error.where)
    assert "fifteen" in error.why


def test_the_node_clock_comes_from_the_utc_line() -> None:
    assert UTC_2019 == with_pages(node_verbs.node_clock, utils_ntp_status=NTP).value


@pytest.mark.parametrize("ntp", ["unsynchronised", "No valid command entered"])
def test_without_a_utc_line_the_clock_comes_from_the_status_and_its_zone(ntp: str) -> None:
    told = with_pages(node_verbs.node_clock, utils_ntp_status=ntp, show_status=STATUS)
    assert UTC_2019 == told.value
    assert STATUS == told.raw


def test_a_clock_in_a_zone_nobody_knows_is_unknown() -> None:
    status = STATUS.replace("Europe/Paris", "Europe/Atlantis")
    error = unknown(node_verbs.node_clock, utils_ntp_status="unsynchronised", show_status=status)
    assert "Europe/Atlantis" in error.why


def test_free_sessions_are_estimated_from_the_log_ins() -> None:
    assert 1 == with_pages(node_verbs.status, show_status=STATUS).value.sessions_free
    assert 0 == with_pages(node_verbs.status, show_status=STATUS.replace("9 users", "12 users")).value.sessions_free
    assert None is with_pages(node_verbs.status, show_status=STATUS.replace("9 users", "0 users")).value.sessions_free


NO_BACKUP = "drfCliMsg: No backup status available"
NO_RESTORE = "drfCliMsg: No restore status available"
NO_HISTORY = "drfCliMsg:  No history data is available"
JOB = "Status: SUCCESS :Backup Completed...\nTar Filename: a.tar\nPercentage Complete: 100%"
HISTORY = (
    "Tar Filename: Backup Device: Completed On: Result: Backup Type: Features Backed Up:\n"
    "b.tar NETWORK Fri Dec 12 13:45:19 PST 2025 ERROR MANUAL"
)


@pytest.mark.parametrize(
    ("backup", "restore", "history", "expected"),
    [
        (JOB, NO_RESTORE, HISTORY, Backup(running=False, last_result="ERROR", last_file="b.tar")),
        (JOB, NO_RESTORE, NO_HISTORY, Backup(running=False, last_result="SUCCESS", last_file="a.tar")),
        (JOB, JOB.replace("100%", "7%"), "rubbish", Backup(running=True, last_result="SUCCESS", last_file="a.tar")),
        (NO_BACKUP, NO_RESTORE, "No valid command entered", Backup(running=False)),
    ],
)
def test_backup_joins_the_two_jobs_and_the_history(backup: str, restore: str, history: str, expected: Backup) -> None:
    pages = {
        "utils disaster_recovery status backup": backup,
        "utils disaster_recovery status restore": restore,
        "utils disaster_recovery history backup": history,
    }

    async def client(shell: Shell, line: Line) -> Backup:
        return (await node_verbs.backup(shell)).value

    assert expected == talk(lambda line: line.answers(pages), client)


@pytest.mark.parametrize(
    "words",
    [
        "Unable to connect to Master Agent host: pub, Port: 4040. This may be due to Master or Local Agent being down.",
        "drfCliMsg: Error occurred...Master Agent may be processing an operation or it is down",
    ],
)
def test_a_master_agent_that_does_not_answer_is_unknown_never_idle(words: str) -> None:
    pages = {"utils disaster_recovery status backup": words}

    async def client(shell: Shell, line: Line) -> Backup:
        return (await node_verbs.backup(shell)).value

    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003"):
        talk(lambda line: line.answers(pages), client)


RESTART = "utils_service_restart_Cisco_Tomcat"


async def restart(shell: Shell) -> str:
    return await node_verbs.restart_service(shell, "Cisco Tomcat")


def test_a_restart_that_ends_started_returns_its_transcript() -> None:
    transcript = "Service Manager is running\nCisco Tomcat[STOPPING]  \nCisco Tomcat[STARTED]  "
    assert transcript == with_pages(restart, **{RESTART: transcript + "\n"})


def test_a_restart_that_ends_stopped_is_refused_with_the_reason() -> None:
    transcript = "Cisco Tomcat[STARTED]  \nCisco Tomcat[STOPPED]  Component is not running"
    error = refused(restart, **{RESTART: transcript})
    assert ("UCM-CLI-015", "Component is not running", transcript) == (error.code, error.why, error.answer)


@pytest.mark.parametrize(
    "transcript",
    ["Cisco Tomcat[STARTED]\nCisco Tomcat[STARTING]  ", "Service Manager is running", "Cisco Finesse Tomcat[STARTED]"],
)
def test_a_restart_without_a_final_state_is_unknown(transcript: str) -> None:
    error = unknown(restart, **{RESTART: transcript})
    assert ("UCM-CLI-003", True) == (error.code, error.sent)


def test_a_restart_of_a_service_the_node_does_not_know_is_refused() -> None:
    words = "Service Cisco Tomcat not found\nExecuted command unsuccessfully"
    error = refused(restart, **{RESTART: words})
    assert ("UCM-CLI-012", words) == (error.code, error.answer)


def test_rows_of_sql_and_refusals_of_the_database() -> None:
    async def select(shell: Shell) -> Any:
        return await node_verbs.sql(shell, "select name from processnode")

    command = "run_sql_select_name_from_processnode"
    assert ({"name": "pub"},) == with_pages(select, **{command: "name\n====\npub "}).value
    assert "UCM-CLI-016" == refused(select, **{command: "A syntax error has occurred."}).code
    assert "UCM-CLI-003" == unknown(select, **{command: "something else"}).code


def test_lists_and_facts_of_certificates() -> None:
    async def client(shell: Shell, line: Line) -> tuple[Any, ...]:
        own = (await certificate_verbs.list_own(shell)).value
        trust = (await certificate_verbs.list_trust(shell)).value
        requests = (await certificate_verbs.list_requests(shell)).value
        return (
            (await certificate_verbs.show_certificate(shell, own[0])).value.sha256,
            (await certificate_verbs.show_certificate(shell, trust[0])).value.sha256,
            (await certificate_verbs.show_request(shell, requests[0])).value.spki_sha256,
        )

    pages = {
        "show cert list own": "\ntomcat/tomcat.pem: Certificate Signed by Example Issuing CA\n",
        "show cert list trust": "tomcat-trust/Example_Root_CA.pem: Trust Certificate",
        "show csr list own": "tomcat/tomcat.csr",
        "show cert own tomcat/tomcat.pem": f"[\n  Version: V3\n]{LEAF.pem}",
        "show cert trust tomcat-trust/Example_Root_CA.pem": f"[\n]{CA.root.certificate.pem}",
        "show csr own tomcat/tomcat.csr": ASKED.request.pem,
    }
    expected = (LEAF.sha256, CA.root.certificate.sha256, ASKED.request.spki_sha256)
    assert expected == talk(lambda line: line.answers(pages), client)


def test_a_file_name_that_would_act_at_the_prompt_is_not_typed() -> None:
    listed = Listed(unit="tomcat-trust", file="what?.pem")
    with pytest.raises(UsageError, match="UCM-CLI-020"):
        with_pages(lambda shell: certificate_verbs.show_certificate(shell, listed))


def test_a_request_is_made_without_the_ou_when_the_node_asks() -> None:
    async def node(line: Line) -> None:
        assert "set csr gen tomcat" == await line.hears()
        line.says("set csr gen tomcat\r\nInclude OU in CSR (yes|no)?")
        assert "no" == await line.hears()
        line.says("no\r\nSuccessfully Generated CSR  for tomcat\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> str:
        return await certificate_verbs.generate_request(shell, "tomcat")

    assert "Successfully Generated CSR  for tomcat" in talk(node, client)


def test_a_request_for_another_purpose_is_no_success() -> None:
    words = "Successfully Generated CSR for tomcat-ECDSA."
    error = unknown(lambda shell: certificate_verbs.generate_request(shell, "tomcat"), set_csr_gen_tomcat=words)
    assert "UCM-CLI-003" == error.code


async def take_paste(line: Line, command: str, answer: str, *, echo: bool = True) -> None:
    """A node that asks for a paste, echoes it, and answers once the paste has its end."""
    assert command == await line.hears()
    line.says(f"{command}\r\n{INVITATION}")
    while True:
        pasted = await line.hears()
        if echo:
            line.says(f"{pasted}\r\n")
        if pasted == "-----END CERTIFICATE-----":
            break
    await asyncio.sleep(5)
    line.says(answer.replace("\n", "\r\n") + PROMPT)


@pytest.mark.parametrize("echo", [True, False])
@pytest.mark.parametrize("unit", ["tomcat", "tomcat-trust"])
def test_a_trust_certificate_is_pasted_once_and_its_echo_dropped(unit: str, echo: bool) -> None:
    async def client(shell: Shell, line: Line) -> tuple[str, str]:
        words = await certificate_verbs.import_trust(shell, "tomcat", CA.root.certificate.pem)
        return words, line.typed

    words, typed = talk(
        lambda line: take_paste(line, "set cert import trust tomcat", IMPORTED.format(unit), echo=echo), client
    )
    assert f"Successfully imported certificate for {unit}." in words
    assert "BEGIN CERTIFICATE" not in words
    assert 1 == typed.count(CA.root.certificate.pem)


async def import_leaf(shell: Shell, line: Line) -> str:
    return await certificate_verbs.import_identity(shell, "tomcat", LEAF.pem, "Example_Issuing_CA.pem")


COMMAND = "set cert import own tomcat Example_Issuing_CA.pem"


def test_an_identity_is_imported_with_the_file_of_its_issuer() -> None:
    words = talk(lambda line: take_paste(line, COMMAND, IMPORTED.format("tomcat")), import_leaf)
    assert "Successfully imported certificate for tomcat." in words


@pytest.mark.parametrize("keys", ["\n", "\n\x04"])
def test_a_node_that_wants_another_end_of_the_paste_gets_it_after_a_silence(keys: str) -> None:
    async def node(line: Line) -> None:
        assert COMMAND == await line.hears()
        line.says(f"{COMMAND}\r\n{INVITATION}")
        while await line.hears() != "-----END CERTIFICATE-----":
            pass
        for key in keys:
            assert key == await line.key()
        line.says(IMPORTED.format("tomcat") + PROMPT)

    assert "Successfully imported" in talk(node, import_leaf)


def test_an_identity_import_that_speaks_of_the_trust_store_is_unknown() -> None:
    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003"):
        talk(lambda line: take_paste(line, COMMAND, IMPORTED.format("tomcat-trust")), import_leaf)


@pytest.mark.parametrize("tail", ["", "\nExecuted command unsuccessfully"])
def test_a_refusal_of_the_upload_that_we_know_is_named(tail: str) -> None:
    words = "CSR SAN and Certificate SAN does not match" + tail
    with pytest.raises(Refused, match="UCM-CLI-013") as caught:
        talk(lambda line: take_paste(line, COMMAND, words), import_leaf)
    assert words in caught.value.answer


def test_words_nobody_has_published_are_refused_or_unknown_never_success() -> None:
    with pytest.raises(Refused, match="UCM-CLI-012") as caught:
        talk(lambda line: take_paste(line, COMMAND, "The moon is full\nExecuted command unsuccessfully"), import_leaf)
    assert "The moon is full" in caught.value.answer
    with pytest.raises(OutcomeUnknown, match="UCM-CLI-003"):
        talk(lambda line: take_paste(line, COMMAND, "The moon is full"), import_leaf)


def test_a_refusal_before_the_paste_leaves_nothing_pasted() -> None:
    async def node(line: Line) -> None:
        assert COMMAND == await line.hears()
        line.says(f"{COMMAND}\r\nInvalid certificate type found\r\nExecuted command unsuccessfully\r\n" + PROMPT)

    async def client(shell: Shell, line: Line) -> str:
        with pytest.raises(Refused, match="UCM-CLI-013"):
            await import_leaf(shell, line)
        return line.typed

    assert "BEGIN" not in talk(node, client)


def test_a_line_that_breaks_in_the_paste_leaves_the_outcome_unknown() -> None:
    async def node(line: Line) -> None:
        await line.hears()
        line.says(f"{COMMAND}\r\n{INVITATION}")
        await line.hears()
        line.cut()

    with pytest.raises(OutcomeUnknown, match="UCM-CLI-002") as caught:
        talk(node, import_leaf)
    assert caught.value.sent


@pytest.mark.parametrize(
    ("purpose", "pem"),
    [
        ("tomcat", LEAF.pem + CA.root.certificate.pem),
        ("tomcat", "no certificate"),
        ("tomcat", LEAF.pem.replace("\n", "\x03\n", 1)),
        ("tomcat caCert.pem", LEAF.pem),
        ("", LEAF.pem),
    ],
)
def test_only_one_certificate_and_one_word_are_ever_typed(purpose: str, pem: str) -> None:
    async def client(shell: Shell, line: Line) -> str:
        with pytest.raises(UsageError, match="UCM-CLI-020"):
            await certificate_verbs.import_identity(shell, purpose, pem)
        return line.typed

    assert "set cli pagination off\n" == talk(lambda line: line.answers({}), client)
