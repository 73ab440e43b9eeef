"""Promise: SSH offers the log-in methods and the one kind of session that the switches allow, and knows when to end."""

import asyncio
import contextlib
from pathlib import Path

import asyncssh
import pytest

from unit.ucmlab.serve.door_scene import WebScene, in_web_scene


class Client(asyncssh.SSHClient):
    """Answers every prompt with the password and keeps the prompts."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.prompts: list[str] = []

    def kbdint_auth_requested(self) -> str:
        return ""

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str]:
        self.prompts += [prompt for prompt, _ in prompts]
        return [self.password] * len(prompts)


async def connect(
    scene: WebScene, *, methods: str = "password", password: str = ""
) -> tuple[asyncssh.SSHClientConnection, Client]:
    right = scene.cluster.accounts[0].password
    host, port = scene.address(22)
    client = Client(password or right)
    connection = await asyncssh.connect(
        host,
        port,
        username="admin",
        password=password or right,
        preferred_auth=methods,
        client_factory=lambda: client,
        known_hosts=None,
        client_keys=None,
        config=None,
    )
    return connection, client


def test_the_prompt_of_keyboard_interactive_is_a_switch(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        connection, client = await connect(scene, methods="keyboard-interactive")
        assert ["Secret word: "] == client.prompts
        connection.abort()

    in_web_scene(test, tmp_path, switches={"kbdint_prompt": "Secret word: "})


@pytest.mark.parametrize(
    ("offered", "other"), [("password", "keyboard-interactive"), ("keyboard-interactive", "password")]
)
def test_only_the_offered_methods_let_somebody_in(offered: str, other: str, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        (await connect(scene, methods=offered))[0].abort()
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(scene, methods=other)

    in_web_scene(test, tmp_path, switches={"auth_methods": offered})


def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        with pytest.raises(asyncssh.PermissionDenied):
            await connect(scene, password="wrong")
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)


@pytest.mark.parametrize("mode", ["banner-close", "refuse"])
def test_exec_never_runs_a_command(mode: str, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        connection, _ = await connect(scene)
        if mode == "refuse":
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.run("show version active")
        else:
            done = await connection.run("show version active")
            assert "Command Line Interface is starting up, please wait ..." == str(done.stdout).strip()
        connection.abort()
        logged = [(row.operation, row.interface, row.outcome[:7]) for row in scene.cluster.log.operations()]
        assert ("exec", "ssh", "refused") in logged

    in_web_scene(test, tmp_path, switches={"exec_mode": mode})


def test_a_shell_reads_keys_and_sees_lines_of_a_tty(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        connection, _ = await connect(scene)
        async with connection.create_process(term_type="vt100", term_size=(120, 50)) as process:
            assert "\r\n" in await process.stdout.readuntil("admin:")
            process.stdin.write("exit\r")
            await process.wait()
        connection.abort()
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)


def test_a_node_that_goes_down_takes_its_sessions_along(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        connection, _ = await connect(scene)
        process = await connection.create_process(term_type="vt100")
        await process.stdout.readuntil("admin:")
        scene.cluster.publisher.down = True
        await asyncio.wait_for(connection.wait_closed(), 5)
        with pytest.raises(ConnectionRefusedError):
            await connect(scene)

    in_web_scene(test, tmp_path)


def test_what_is_not_ssh_is_hung_up_on(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        reader, writer = await asyncio.open_connection(*scene.address(22))
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        greeting = await asyncio.wait_for(reader.readline(), 5)
        with contextlib.suppress(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 5)
        assert greeting.startswith(b"SSH-2.0-")
        writer.close()
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)
