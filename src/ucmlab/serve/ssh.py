"""SSH as a node offers it: two ways to log in, an interactive shell on a pty, and nothing else."""

from collections.abc import Callable, Sequence

import asyncssh

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.platform_cli.session import check_login
from ucmlab.serve.door import Caller, Conversation
from ucmlab.serve.ssh_session import ShellSession


class LoginServer(asyncssh.SSHServer):
    """One SSH connection up to its log-in; sessions get what they need from it."""

    def __init__(self, cluster: Cluster, node: Node, caller: Caller) -> None:
        self._cluster = cluster
        self._node = node
        self._caller = caller
        self._user = ""
        self._methods = cluster.switches["auth_methods"]

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Let the door cut this connection off."""
        self._caller.held_by(conn.abort)

    def begin_auth(self, username: str) -> bool:
        """Nobody comes in without a password."""
        self._user = username
        return True

    def password_auth_supported(self) -> bool:
        """By switch auth_methods."""
        return self._methods in ("both", "password")

    def validate_password(self, username: str, password: str) -> bool:
        """Method `password`."""
        return check_login(self._cluster, self._node, username, password)

    def kbdint_auth_supported(self) -> bool:
        """By switch auth_methods."""
        return self._methods in ("both", "keyboard-interactive")

    def get_kbdint_challenge(
        self,
        username: str,  # noqa: ARG002 - asyncssh's signature
        lang: str,  # noqa: ARG002
        submethods: str,  # noqa: ARG002
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        """One prompt, by switch kbdint_prompt."""
        return "", "", "", [(self._cluster.switches["kbdint_prompt"], False)]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        """Method `keyboard-interactive`."""
        return len(responses) == 1 and check_login(self._cluster, self._node, username, responses[0])

    def session_requested(self) -> asyncssh.SSHServerSession[str]:
        """A session for the shell."""
        return ShellSession(self._cluster, self._node, self._user, self._caller)


def ssh(cluster: Cluster, node: Node, key: asyncssh.SSHKey) -> Conversation:
    """The conversation on port 22 of a node."""

    def greet(caller: Caller) -> Callable[[], LoginServer]:
        return lambda: LoginServer(cluster, node, caller)

    async def converse(caller: Caller) -> None:
        try:
            connection = await asyncssh.run_server(
                caller.socket,
                server_factory=greet(caller),
                server_host_keys=[key],
                gss_host=None,
                public_key_auth=False,
                host_based_auth=False,
                agent_forwarding=False,
                x11_forwarding=False,
                allow_scp=False,
                sftp_factory=None,
                line_editor=False,
                encoding="utf-8",
                errors="replace",
            )
            await connection.wait_closed()
        except asyncssh.Error:  # a log-in that failed, a client that speaks nothing we know
            caller.abort()

    return converse
