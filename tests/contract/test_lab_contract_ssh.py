"""Promise: the command line of the lab serves clients that nobody wrote for it: paramiko, asyncssh, OpenSSH."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import paramiko
import pytest
from lab_process import LabProcess

PROMPT = "admin:"
COMMAND = "show version active"
WITHIN_S = 20.0
LOGINS = ("password", "keyboard-interactive")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess(tmp_path_factory.mktemp("ssh"), "--calm", "--speed", "50") as running:
        yield running


def log_in(lab: LabProcess, how: str) -> paramiko.Transport:
    """A paramiko connection, logged in by one method only."""
    transport = paramiko.Transport(socket.create_connection(lab.address("ssh"), timeout=10))
    transport.start_client(timeout=10)
    if how == "password":
        transport.auth_password("admin", lab.password("os_admin"), fallback=False)
    else:
        transport.auth_interactive("admin", lambda title, words, prompts: [lab.password("os_admin")] * len(prompts))
    return transport


def until_prompt(channel: paramiko.Channel, *, times: int = 1) -> str:
    """What is shown until the prompt has come `times` times."""
    shown = ""
    deadline = time.monotonic() + WITHIN_S
    while shown.count(PROMPT) < times or not shown.endswith(PROMPT):
        assert time.monotonic() < deadline, shown
        shown += channel.recv(65536).decode()
    return shown


@pytest.mark.parametrize("how", LOGINS)
def test_paramiko_reaches_the_prompt_and_asks_for_the_version(lab: LabProcess, how: str) -> None:
    transport = log_in(lab, how)
    channel = transport.open_session(timeout=10)
    channel.settimeout(WITHIN_S)
    channel.get_pty(term="vt100", width=200, height=100)
    channel.invoke_shell()
    greeting = until_prompt(channel)
    channel.send(f"{COMMAND}\n".encode())
    answer = until_prompt(channel)
    channel.send(b"exit\n")
    assert "Welcome to the Platform Command Line Interface" in greeting
    assert "14.0.1.13900-155" in answer
    assert "\r\n" in answer
    assert "\r\r\n" not in answer
    transport.close()


def test_asyncssh_reaches_the_prompt_and_asks_for_the_version(lab: LabProcess) -> None:
    host, port = lab.address("ssh")

    async def play() -> str:
        async with (
            asyncssh.connect(
                host, port, username="admin", password=lab.password("os_admin"), known_hosts=None, client_keys=None
            ) as connection,
            connection.create_process(term_type="vt100", term_size=(200, 100)) as process,
        ):
            await process.stdout.readuntil(PROMPT)
            process.stdin.write(f"{COMMAND}\n")
            answer = await process.stdout.readuntil(PROMPT)
            process.stdin.write("exit\n")
            await process.wait()
            return str(answer)

    assert "14.0.1.13900-155" in asyncio.run(asyncio.wait_for(play(), WITHIN_S))


def test_openssh_reaches_the_prompt_and_asks_for_the_version(lab: LabProcess, tmp_path: Path) -> None:
    if shutil.which("ssh") is None:
        pytest.skip("ssh is not installed")
    askpass = tmp_path / "askpass"
    askpass.write_text(f"#!/bin/sh\ncat {lab.state}/credentials/os_admin.password\n")
    askpass.chmod(0o700)
    host, port = lab.address("ssh")
    options = [
        "-tt",
        "-p",
        str(port),
        "-oStrictHostKeyChecking=no",
        f"-oUserKnownHostsFile={tmp_path}/known",
        "-F/dev/null",
    ]
    done = subprocess.run(
        ["ssh", *options, f"admin@{host}"],
        input=f"{COMMAND}\nexit\n",
        env={"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )

    assert "14.0.1.13900-155" in done.stdout, done.stderr
    assert "ssh-rsa" in (tmp_path / "known").read_text()


def test_a_wrong_password_does_not_come_in(lab: LabProcess) -> None:
    transport = paramiko.Transport(socket.create_connection(lab.address("ssh"), timeout=10))
    transport.start_client(timeout=10)
    with pytest.raises(paramiko.AuthenticationException):
        transport.auth_password("admin", "wrong", fallback=False)
    transport.close()


def test_exec_prints_the_banner_and_closes(lab: LabProcess) -> None:
    transport = log_in(lab, "password")
    channel = transport.open_session(timeout=10)
    channel.settimeout(WITHIN_S)
    channel.exec_command(COMMAND)
    shown = b""
    while part := channel.recv(1000):
        shown += part
    transport.close()

    assert shown.startswith(b"Command Line Interface is starting up")
    assert b"14.0" not in shown


@pytest.mark.parametrize("what", ["shell without a pty", "sftp", "a tunnel"])
def test_nothing_but_the_shell_is_offered(lab: LabProcess, what: str) -> None:
    transport = log_in(lab, "password")

    def ask() -> None:
        if what == "a tunnel":
            transport.open_channel("direct-tcpip", lab.address("https"), ("127.0.0.1", 1), timeout=10)
        elif what == "sftp":
            transport.open_session(timeout=10).invoke_subsystem("sftp")
        else:
            transport.open_session(timeout=10).invoke_shell()

    with pytest.raises(paramiko.SSHException):
        ask()
    transport.close()
