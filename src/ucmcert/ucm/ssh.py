"""SSH to a node: the only module that imports asyncssh. Host key pinned, one password attempt, no keys, no agent.

Old nodes speak old algorithms (interfaces-cli.md 1.1), so those are offered last. The host key is judged before the
password is asked for; the password goes out once, because three failures lock the account for five minutes.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncssh

from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError
from ucmcert.model.node import Credential, Node
from ucmcert.ucm.net_errors import from_connecting, lost, timed_out

SSH = 22
COLUMNS, ROWS = 500, 1000
CONNECT_S = 10.0
LOGIN_S = 60.0
CHUNK = 65536
HOST_KEY_ALGORITHMS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp521",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp256",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
)
ALSO_OLD_EXCHANGES = "+diffie-hellman-group-exchange-sha1"
ALSO_OLD_CIPHERS = "+aes256-cbc,aes192-cbc,aes128-cbc"


class OnePassword(asyncssh.SSHClient):
    """Answers for the client while a connection is set up: is this the pinned host, and the password, once."""

    def __init__(self, node: Node, credential: Credential) -> None:
        self._pin = node.ssh_host_key
        self._credential = credential
        self.shown = ""
        self.given = False

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        """True for the pinned key only."""
        self.shown = key.get_fingerprint("sha256")
        return bool(self._pin) and self.shown == self._pin

    def password_auth_requested(self) -> str | None:
        """The password, the first time it is asked for by any method."""
        return self._once()

    def kbdint_auth_requested(self) -> str | None:
        """Yes to keyboard-interactive, unless the password is spent."""
        return None if self.given else ""

    def kbdint_challenge_received(
        self,
        name: str,  # noqa: ARG002
        instructions: str,  # noqa: ARG002
        lang: str,  # noqa: ARG002
        prompts: Sequence[tuple[str, bool]],
    ) -> list[str] | None:
        """The password to one hidden question; nothing to a mere notice; no answer to anything else."""
        if not prompts:
            return []
        hidden = [text for text, echo in prompts if not echo]
        password = self._once() if len(prompts) == len(hidden) == 1 else None
        return None if password is None else [password]

    def _once(self) -> str | None:
        if self.given:
            return None
        self.given = True
        return self._credential.password.reveal()


class SshTerminal:
    """An interactive shell on a pty: the `Terminal` port on a real line."""

    def __init__(
        self, where: str, connection: asyncssh.SSHClientConnection, process: asyncssh.SSHClientProcess[str]
    ) -> None:
        self._where = where
        self._connection = connection
        self._process = process

    async def read(self) -> str:
        """What came, at least one character; "" when the far end closed or the line is gone."""
        try:
            return await self._process.stdout.read(CHUNK)
        except (asyncssh.Error, OSError):
            return ""

    async def write(self, text: str) -> None:
        """Type `text`. Raises OutcomeUnknown UCM-NET-002 when the line is gone."""
        if self._process.stdin.is_closing():
            raise lost(self._where, sent=False, why="the shell had been closed before this was typed")
        try:
            self._process.stdin.write(text)
            await self._process.stdin.drain()
        except (asyncssh.Error, OSError) as error:
            raise lost(self._where, sent=True) from error

    async def close(self) -> None:
        """Hang up."""
        self._connection.abort()
        await self._connection.wait_closed()


async def open_terminal(node: Node, credential: Credential) -> SshTerminal:
    """Log in to `node` and start its shell on a wide pty.

    Raises UsageError UCM-SSH-001 (host key), -002 (password), -003 (algorithms), UCM-NET-004; OutcomeUnknown UCM-NET-*.
    """
    where = f"ssh {node.name}:{SSH}"
    if not node.ssh_host_key:
        raise _not_pinned(where)
    client = OnePassword(node, credential)
    connection: asyncssh.SSHClientConnection | None = None
    try:
        async with asyncio.timeout(LOGIN_S):
            connection = await asyncssh.connect(
                node.address,
                node.port(SSH),
                username=credential.user,
                client_factory=lambda: client,
                known_hosts=([], [], []),
                options=_options(),
            )
            process: asyncssh.SSHClientProcess[str] = await connection.create_process(
                term_type="vt100", term_size=(COLUMNS, ROWS), encoding="utf-8", errors="replace"
            )
    except TimeoutError as error:
        _hang_up(connection)
        raise timed_out(where, LOGIN_S if connection else CONNECT_S, sent=False) from error
    except asyncio.CancelledError:
        _hang_up(connection)
        raise
    except (asyncssh.Error, OSError, UnicodeError) as error:
        _hang_up(connection)
        raise _trouble(error, where, node, client, credential.user) from error
    return SshTerminal(where, connection, process)


async def fetch_host_key(node: Node) -> str:
    """The fingerprint `SHA256:...` of the host key that `node` shows, without logging in. Raises OutcomeUnknown."""
    where = f"ssh {node.name}:{SSH}"
    try:
        async with asyncio.timeout(LOGIN_S):
            key = await asyncssh.get_server_host_key(
                node.address,
                node.port(SSH),
                server_host_key_algs=HOST_KEY_ALGORITHMS,
                kex_algs=ALSO_OLD_EXCHANGES,
                config=None,
                options=_options(),
            )
    except TimeoutError as error:
        raise timed_out(where, CONNECT_S, sent=False) from error
    except asyncssh.KeyExchangeFailed as error:
        raise _no_algorithm(where, error) from error
    except (asyncssh.Error, OSError, UnicodeError) as error:
        raise from_connecting(error, where, node.address) from error
    if key is None:
        raise lost(where, sent=False, why="the node showed no host key")
    return key.get_fingerprint("sha256")


def _options() -> asyncssh.SSHClientConnectionOptions:
    """Nothing of this machine's own SSH set-up counts: no agent, no keys, no configuration, no known hosts."""
    return asyncssh.SSHClientConnectionOptions(
        config=None,
        agent_path=None,
        client_keys=None,
        gss_host=None,
        preferred_auth=("keyboard-interactive", "password"),
        server_host_key_algs=HOST_KEY_ALGORITHMS,
        kex_algs=ALSO_OLD_EXCHANGES,
        encryption_algs=ALSO_OLD_CIPHERS,
        connect_timeout=CONNECT_S,
        keepalive_interval=30,
        keepalive_count_max=3,
    )


def _hang_up(connection: Any) -> None:
    if connection is not None:
        connection.abort()


def _trouble(error: Exception, where: str, node: Node, client: OnePassword, user: str) -> UcmcertError:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return _wrong_host(where, node.ssh_host_key, client.shown)
    if isinstance(error, asyncssh.PermissionDenied):
        return _wrong_password(where, user) if client.given else _no_password_login(where, user)
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return _no_algorithm(where, error)
    if isinstance(error, asyncssh.ChannelOpenError):
        return OutcomeUnknown(
            "UCM-SSH-004",
            "logged in, but no shell was given",
            where=where,
            why=f"{error.reason or 'no reason given'}; perhaps all sessions of the node are in use",
            sent=False,
        )
    return from_connecting(error, where, node.address)


def _not_pinned(where: str) -> UsageError:
    return UsageError(
        "UCM-SSH-001",
        "no SSH host key is pinned for this node",
        where=where,
        why="the password is sent only to a node whose key you have confirmed",
        next="run `ucmcert init` to see and pin the host keys, or set `ssh_host_key` of this node in the configuration",
    )


def _wrong_host(where: str, pinned: str, shown: str) -> UsageError:
    return UsageError(
        "UCM-SSH-001",
        f"the SSH host key is not the pinned one: shown {shown or 'none'}, pinned {pinned}",
        where=where,
        why="the node was installed again or its keys renewed, or somebody else answers at its address. "
        "The password was not sent.",
        next="compare the shown key with the node's own on its console; if it is right, pin it with `ucmcert init`",
    )


def _wrong_password(where: str, user: str) -> UsageError:
    return UsageError(
        "UCM-SSH-002",
        f"the node refused the password of {user}",
        where=where,
        why="the password is wrong, or the account is locked: by default three failures lock it for 300 seconds, "
        "and a locked account looks the same",
        next="check the account by hand, correct the credential, then run again; ucmcert does not try twice",
    )


def _no_password_login(where: str, user: str) -> UsageError:
    return UsageError(
        "UCM-SSH-002",
        f"the node asked {user} for something else than one password",
        where=where,
        why="neither password nor a single keyboard-interactive question was offered. The password was not sent.",
        next="log in by hand once and see what the node asks for (a second factor, a new password)",
    )


def _no_algorithm(where: str, error: Exception) -> UsageError:
    return UsageError(
        "UCM-SSH-003",
        "the node and ucmcert have no SSH algorithm in common",
        where=where,
        why=str(error),
        next="see which key exchange, cipher and host key algorithms the node's security settings allow",
    )
