"""An SSH server on the loopback for tests: counts log-in attempts, runs a scripted shell on a pty."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import asyncssh
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from factory.keys import KeyKind, key_for

Talk = Callable[["asyncssh.SSHServerProcess[str]"], Awaitable[None]]


class Doors:
    """How this server lets people in, and what it saw of them."""

    def __init__(self, password: str, *, by_password: bool, by_questions: tuple[str, ...]) -> None:
        self.password = password
        self.by_password = by_password
        self.by_questions = by_questions
        self.attempts: list[str] = []
        self.keys_offered = 0
        self.asked_for_user = 0
        self.port = 0
        self.fingerprint = ""
        self.pty: list[tuple[str, int, int]] = []


class Porter(asyncssh.SSHServer):
    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def begin_auth(self, username: str) -> bool:
        self._doors.asked_for_user += 1
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._doors.keys_offered += 1
        return False

    def password_auth_supported(self) -> bool:
        return self._doors.by_password

    def validate_password(self, username: str, password: str) -> bool:
        self._doors.attempts.append("password")
        return password == self._doors.password

    def kbdint_auth_supported(self) -> bool:
        return bool(self._doors.by_questions)

    def get_kbdint_challenge(
        self, username: str, lang: str, submethods: str
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        return "", "", "", [(question, False) for question in self._doors.by_questions]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        self._doors.attempts.append("questions")
        return list(responses) == [self._doors.password]


def host_key(label: str, kind: KeyKind = "ec") -> asyncssh.SSHKey:
    text = key_for(label, kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return asyncssh.import_private_key(text)


async def silent(process: "asyncssh.SSHServerProcess[str]") -> None:
    process.stdout.write("admin:")
    await process.stdin.read()


@asynccontextmanager
async def ssh_serving(
    password: str,
    *,
    talk: Talk = silent,
    by_password: bool = True,
    by_questions: tuple[str, ...] = ("Password: ",),
    key: asyncssh.SSHKey | None = None,
    **options: object,
) -> AsyncIterator[Doors]:
    doors = Doors(password, by_password=by_password, by_questions=by_questions)
    shown = key or host_key("loopback host")
    doors.fingerprint = shown.get_fingerprint("sha256")

    async def shell(process: "asyncssh.SSHServerProcess[str]") -> None:
        columns, rows, _, _ = process.term_size
        doors.pty.append((process.term_type or "", columns, rows))
        try:
            await talk(process)
        finally:
            process.exit(0)

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[shown],
        server_factory=lambda: Porter(doors),
        process_factory=shell,
        line_editor=False,
        **options,
    )
    doors.port = server.get_port()
    try:
        yield doors
    finally:
        server.close()
        await server.wait_closed()
