"""The real connections: the `Connect` port on sockets. Importing it loads httpx and asyncssh, so only a command that
really talks to a cluster does, at the moment it opens its session."""

from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import Http, Terminal, Trust
from ucmcert.ucm import ssh, tls_probe
from ucmcert.ucm.http import HttpsOrigin


class RealConnect:
    """Opens the interfaces of nodes on the network."""

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> Http:
        """An HTTPS origin; its connections are made by the first request, which is also who raises UCM-TLS-001."""
        return HttpsOrigin(node, port, credential, trust)

    async def terminal(self, node: Node, credential: Credential) -> Terminal:
        """Log in by SSH. Raises UsageError UCM-SSH-*, UCM-NET-004; OutcomeUnknown UCM-NET-*."""
        return await ssh.open_terminal(node, credential)

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        """The DER chain a TLS handshake shows, leaf first. Raises OutcomeUnknown; UsageError UCM-NET-004."""
        return await tls_probe.handshake(node, port, timeout_s)
