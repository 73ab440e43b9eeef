"""The real connections: the `Connect` port on sockets. Importing it loads httpx and asyncssh, so only a command that
really talks to a cluster does, at the moment it opens its session."""

from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import Http, HttpAnswer, Terminal, Trust
from ucmcert.ucm import ssh, tftp, tls_probe
from ucmcert.ucm.http import HttpsOrigin, PlainHttp


class RealConnect:
    """Opens the interfaces of nodes on the network."""

    def __init__(self) -> None:
        self._plain: PlainHttp | None = None

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> Http:
        """An HTTPS origin; its connections are made by the first request, which is also who raises UCM-TLS-001."""
        return HttpsOrigin(node, port, credential, trust)

    async def terminal(self, node: Node, credential: Credential) -> Terminal:
        """Log in by SSH. Raises UsageError UCM-SSH-*, UCM-NET-004; OutcomeUnknown UCM-NET-*."""
        return await ssh.open_terminal(node, credential)

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        """The DER chain a TLS handshake shows, leaf first. Raises OutcomeUnknown; UsageError UCM-NET-004."""
        return await tls_probe.handshake(node, port, timeout_s)

    async def plain_http(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        """One GET without TLS or login. Raises OutcomeUnknown UCM-NET-*; UsageError UCM-NET-004, -006."""
        self._plain = self._plain or PlainHttp()
        return await self._plain.get(address, port, path, timeout_s)

    async def tftp(self, node: Node, name: str, timeout_s: float) -> bytes | None:
        """A file by TFTP, None when there is none. Raises OutcomeUnknown UCM-NET-003, UCM-TFTP-*; UsageError."""
        return await tftp.fetch(node, name, timeout_s)
