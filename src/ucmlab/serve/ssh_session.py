"""One SSH session: a shell on a pty, or the short answer to an exec request."""

from collections.abc import Mapping

import asyncssh

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.platform_cli.session import serve_shell
from ucmlab.serve.door import Caller
from ucmlab.serve.terminal import Terminal

BANNER = "Command Line Interface is starting up, please wait ...\n"  # interfaces-cli.md 1.1
INTERRUPT = "\x03"


class ShellSession(asyncssh.SSHServerSession[str]):
    """A session channel. The shell reads and writes a Terminal; this class moves characters between both."""

    def __init__(self, cluster: Cluster, node: Node, user: str, caller: Caller) -> None:
        self._cluster = cluster
        self._node = node
        self._user = user
        self._caller = caller
        self._terminal = Terminal(self._send)
        self._has_pty = False
        self._exec = False
        self._open = False
        self._channel: asyncssh.SSHServerChannel[str] | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[str]) -> None:
        """The channel is there."""
        self._channel = chan
        self._open = True

    def pty_requested(
        self,
        term_type: str,  # noqa: ARG002 - asyncssh's signature
        term_size: tuple[int, int, int, int],
        term_modes: Mapping[int, int],  # noqa: ARG002
    ) -> bool:
        """A pty is what the shell needs."""
        self._has_pty = True
        self._terminal.resize(term_size[0], term_size[1])
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:  # noqa: ARG002 - asyncssh's signature
        """The window has another size."""
        self._terminal.resize(width, height)

    def shell_requested(self) -> bool:
        """Only on a pty. Source: interfaces-cli.md 1.2."""
        return self._has_pty

    def exec_requested(self, command: str) -> bool:  # noqa: ARG002 - never run, so never looked at
        """Commands are not run this way. Source: interfaces-cli.md 1.2, switch exec_mode."""
        self._exec = self._cluster.switches["exec_mode"] == "banner-close"
        now = self._cluster.clock.now()
        outcome = "refused: no exec on this platform"
        self._cluster.log.append(now, self._node.name, interface="ssh", operation="exec", outcome=outcome)
        return self._exec

    def session_started(self) -> None:
        """Begin what was asked for."""
        if self._exec:
            self._terminal.write(BANNER)
            self._leave()
        else:
            self._caller.spawn(self._serve())

    def data_received(self, data: str, datatype: int | None) -> None:  # noqa: ARG002 - asyncssh's signature
        """Keys."""
        self._terminal.typed(data)

    def break_received(self, msec: int) -> bool:  # noqa: ARG002 - asyncssh's signature
        """A break is an interrupt."""
        self._terminal.typed(INTERRUPT)
        return True

    def signal_received(self, signal: str) -> None:
        """So is the signal."""
        if signal == "INT":
            self._terminal.typed(INTERRUPT)

    def eof_received(self) -> bool:
        """Nothing more will be typed; what is being printed may still go out."""
        self._terminal.hung_up()
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's signature
        """The far end is gone."""
        self._open = False
        self._terminal.hung_up()

    def pause_writing(self) -> None:
        """The far end reads too slowly."""
        self._terminal.pause()

    def resume_writing(self) -> None:
        """The far end reads again."""
        self._terminal.resume()

    async def _serve(self) -> None:
        try:
            await serve_shell(self._cluster, self._node, self._user, self._terminal)
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._open and self._channel is not None:
            self._channel.exit(0)

    def _send(self, text: str) -> None:
        if self._open and self._channel is not None:
            self._channel.write(text)
