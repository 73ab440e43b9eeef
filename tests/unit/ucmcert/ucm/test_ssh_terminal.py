"""Promise: the password goes to the pinned host only, and exactly once; a shell is characters on a wide pty."""

import asyncio
import socket

import asyncssh
import pytest
from loopback_ssh import Doors, host_key, ssh_serving
from loopback_tls import ADMIN, PASSWORD, node

from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError
from ucmcert.model.node import Credential
from ucmcert.model.secret import Secret
from ucmcert.ucm.ssh import SshTerminal, fetch_host_key, open_terminal

WRONG = Credential(user="ccmadmin", password=Secret("wrong-canary"))


async def read_until(terminal: SshTerminal, end: str) -> str:
    text = ""
    while not text.endswith(end):
        piece = await asyncio.wait_for(terminal.read(), 5)
        assert piece
        text += piece
    return text


def logged_in(**how: object) -> Doors:
    """Log in with the right password and hang up again."""

    async def work() -> Doors:
        async with ssh_serving(PASSWORD, **how) as doors:  # type: ignore[arg-type]
            terminal = await open_terminal(node(doors.port, ssh_host_key=doors.fingerprint), ADMIN)
            assert "admin:" == await read_until(terminal, "admin:")
            await terminal.close()
            return doors

    return asyncio.run(work())


def refused(credential: Credential = ADMIN, pin: str | None = None, **how: object) -> tuple[UcmcertError, Doors]:
    """The error of a log-in that must fail."""

    async def work() -> tuple[UcmcertError, Doors]:
        async with ssh_serving(PASSWORD, **how) as doors:  # type: ignore[arg-type]
            there = node(doors.port, ssh_host_key=doors.fingerprint if pin is None else pin)
            with pytest.raises(UcmcertError) as caught:
                await open_terminal(there, credential)
            return caught.value, doors

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("by_password", "by_questions", "attempts"),
    [
        (True, (), ["password"]),
        (False, ("Password: ",), ["questions"]),
        (True, ("Password: ",), ["questions"]),
        (False, ("ccmadmin's secret? ",), ["questions"]),
    ],
    ids=["password", "keyboard-interactive", "both", "another question"],
)
def test_every_way_of_asking_for_one_password_is_answered(
    by_password: bool, by_questions: tuple[str, ...], attempts: list[str]
) -> None:
    doors = logged_in(by_password=by_password, by_questions=by_questions)
    assert (attempts, 0) == (doors.attempts, doors.keys_offered)


def test_the_shell_stands_on_a_wide_vt100() -> None:
    assert [("vt100", 500, 1000)] == logged_in().pty


@pytest.mark.parametrize("by_password", [True, False])
@pytest.mark.parametrize("by_questions", [("Password: ",), ()])
def test_a_wrong_password_is_tried_once(by_password: bool, by_questions: tuple[str, ...]) -> None:
    if not by_password and not by_questions:
        return
    error, doors = refused(WRONG, by_password=by_password, by_questions=by_questions)
    assert isinstance(error, UsageError)
    assert ("UCM-SSH-002", 1) == (error.code, len(doors.attempts))
    assert "lock" in error.why
    assert "canary" not in f"{error!r} {vars(error)}"


def test_two_questions_are_not_answered_with_a_password() -> None:
    error, doors = refused(by_password=False, by_questions=("Password: ", "Token: "))
    assert ("UCM-SSH-002", []) == (error.code, doors.attempts)
    assert "not sent" in error.why


def test_another_host_key_gets_no_user_name_and_no_password() -> None:
    pinned = host_key("somebody else").get_fingerprint("sha256")
    error, doors = refused(pin=pinned)
    assert isinstance(error, UsageError)
    assert ("UCM-SSH-001", 0, []) == (error.code, doors.asked_for_user, doors.attempts)
    assert pinned in error.what
    assert doors.fingerprint in error.what


def test_without_a_pin_nobody_is_called() -> None:
    error, doors = refused(pin="")
    assert ("UCM-SSH-001", 0) == (error.code, doors.asked_for_user)
    assert "ucmcert init" in error.next


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_key_that_is_fetched_is_the_key_that_is_pinned(kind: str) -> None:
    async def work() -> tuple[str, str, Doors]:
        async with ssh_serving(PASSWORD, key=host_key("fetched", kind)) as doors:  # type: ignore[arg-type]
            fetched = await fetch_host_key(node(doors.port))
            terminal = await open_terminal(node(doors.port, ssh_host_key=fetched), ADMIN)
            await terminal.close()
            return fetched, doors.fingerprint, doors

    fetched, shown, doors = asyncio.run(work())
    assert shown == fetched
    assert fetched.startswith("SHA256:")
    assert 1 == len(doors.attempts)


@pytest.mark.parametrize(
    "only",
    [
        {"kex_algs": ["diffie-hellman-group14-sha1"]},
        {"kex_algs": ["diffie-hellman-group-exchange-sha256"]},
        {"kex_algs": ["diffie-hellman-group-exchange-sha1"]},
        {"encryption_algs": ["aes128-cbc"]},
        {"encryption_algs": ["aes256-cbc"]},
    ],
    ids=str,
)
def test_the_algorithms_of_old_nodes_are_spoken(only: dict[str, list[str]]) -> None:
    assert 1 == len(logged_in(key=host_key("old", "rsa"), **only).attempts)


def test_no_algorithm_in_common_is_our_trouble() -> None:
    error, doors = refused(encryption_algs=["3des-cbc"])
    assert isinstance(error, UsageError)
    assert ("UCM-SSH-003", 0) == (error.code, doors.asked_for_user)


def test_what_is_typed_arrives_and_broken_characters_are_replaced() -> None:
    async def talk(process: "asyncssh.SSHServerProcess[str]") -> None:
        process.stdout.write("admin:")
        line = await process.stdin.readline()
        process.channel.write(f"heard {line.strip()} é\n")
        await process.stdin.read()

    async def work() -> None:
        async with ssh_serving(PASSWORD, talk=talk) as doors:
            terminal = await open_terminal(node(doors.port, ssh_host_key=doors.fingerprint), ADMIN)
            await read_until(terminal, "admin:")
            await terminal.write("show version\n")
            assert "heard show version é" in (await read_until(terminal, "é\n"))
            await terminal.close()

    asyncio.run(work())


def test_bytes_that_are_no_text_do_not_break_the_line() -> None:
    async def talk(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write(b"\xff\xfe\x80admin:")
        await process.stdin.read()

    async def work() -> str:
        async with ssh_serving(PASSWORD, talk=talk, encoding=None) as doors:  # type: ignore[arg-type]
            terminal = await open_terminal(node(doors.port, ssh_host_key=doors.fingerprint), ADMIN)
            text = await read_until(terminal, "admin:")
            await terminal.close()
            return text

    assert "\ufffd" in asyncio.run(work())


def test_the_end_of_the_line_reads_as_nothing_and_typing_then_is_known_not_to_arrive() -> None:
    async def leave(process: "asyncssh.SSHServerProcess[str]") -> None:
        process.stdout.write("bye")

    async def work() -> OutcomeUnknown:
        async with ssh_serving(PASSWORD, talk=leave) as doors:
            terminal = await open_terminal(node(doors.port, ssh_host_key=doors.fingerprint), ADMIN)
            await read_until(terminal, "bye")
            assert "" == await asyncio.wait_for(terminal.read(), 5)
            await asyncio.sleep(0.05)
            with pytest.raises(OutcomeUnknown) as caught:
                await terminal.write("set csr gen tomcat\n")
            await terminal.close()
            return caught.value

    error = asyncio.run(work())
    assert ("UCM-NET-002", False) == (error.code, error.sent)


def test_nobody_listens_and_somebody_else_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def call(port: int) -> OutcomeUnknown:
        with pytest.raises(OutcomeUnknown) as caught:
            await open_terminal(node(port, ssh_host_key="SHA256:x"), ADMIN)
        with pytest.raises(OutcomeUnknown):
            await fetch_host_key(node(port))
        return caught.value

    async def hang_up() -> OutcomeUnknown:
        server = await asyncio.start_server(lambda _, writer: writer.transport.abort(), "127.0.0.1", 0)
        error = await call(server.sockets[0].getsockname()[1])
        server.close()
        return error

    nobody, somebody = asyncio.run(call(port)), asyncio.run(hang_up())
    assert ("UCM-NET-001", False) == (nobody.code, nobody.sent)
    assert ("UCM-NET-002", False) == (somebody.code, somebody.sent)
