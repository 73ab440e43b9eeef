"""Promise: the `Connect` port on sockets opens every interface of a node on the port the node maps it to."""

import asyncio

from loopback_ssh import ssh_serving
from loopback_tls import ADMIN, CA, PASSWORD, answering, identity, node, response, serving

from ucmcert.model.ports import Connect, Trust
from ucmcert.ucm.connect import RealConnect

SHOWN = identity()


def test_http_handshake_and_terminal_reach_the_mapped_ports() -> None:
    async def work() -> tuple[int, bytes, str]:
        connect: Connect = RealConnect()
        async with serving(SHOWN, answering(response())) as web, ssh_serving(PASSWORD) as ssh:
            origin = await connect.http(node(web.port), 8443, ADMIN, Trust(anchors=(CA.root.certificate.der,)))
            answer = await origin.request("GET", "/", headers={}, body=b"", timeout_s=5)
            await origin.close()
            chain = await connect.handshake(node(web.port), 443, 5)
            terminal = await connect.terminal(node(ssh.port, ssh_host_key=ssh.fingerprint), ADMIN)
            heard = await terminal.read()
            await terminal.close()
        return answer.status, chain[0], heard

    assert (200, SHOWN.leaf.der, "admin:") == asyncio.run(work())
