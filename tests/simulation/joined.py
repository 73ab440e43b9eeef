"""The seam: the client's `Connect` port joined to the lab's interfaces in memory, on one loop, without sockets.

Does what the network would do: refuses where a node does not listen, cuts where the lab drops, times out by the loop's
clock, and lets the client judge the certificate of every exchange before a password is handed over.
"""

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import HttpAnswer, Trust
from ucmlab import errors as lab_errors
from ucmlab.cluster.cluster import Cluster as LabCluster
from ucmlab.cluster.node import Node as LabNode
from ucmlab.interfaces.http import Request, answer
from ucmlab.interfaces.phone_pages import answer_page
from ucmlab.interfaces.platform_cli.session import check_login, serve_shell
from ucmlab.interfaces.tftp import Fetched, answer_tftp_http, fetch

TFTP_HTTP = 6970


class JoinedConnect:
    """Connect, straight into the lab."""

    def __init__(self, lab: LabCluster) -> None:
        self._lab = lab
        self._shells: set[asyncio.Task[None]] = set()
        self._phones: dict[str, str] = {}

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> "JoinedHttp":
        """An origin; the peer is judged at every exchange."""
        return JoinedHttp(self._lab, self._lab.node(node.name), port, credential, trust)

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        """The chain the port shows now."""
        return _chain(self._lab.node(node.name), port)

    async def plain_http(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        """A TFTP file of a node, or a page of a phone."""
        name, _, query = path.partition("?")
        try:
            async with asyncio.timeout(timeout_s):
                if port == TFTP_HTTP:
                    request = Request(method="GET", path=name, query=query, headers={}, body=b"")
                    response = await answer_tftp_http(self._lab, self._lab.node(address), request)
                else:
                    response = answer_page(self._lab, self._phone_at(address), path)
        except TimeoutError as error:
            raise OutcomeUnknown("UCM-NET-003", "no answer in time", where=address, why=f"{timeout_s:g} s") from error
        except lab_errors.TransportFault as fault:
            refused = isinstance(fault, lab_errors.RefuseConnection)
            code = "UCM-NET-001" if refused else "UCM-NET-002"
            raise OutcomeUnknown(code, str(fault), where=f"{address}:{port}", why="no answer", sent=False) from fault
        kind = {name.lower(): value for name, value in response.headers.items()}.get("content-type", "")
        return HttpAnswer(status=response.status, content_type=kind, body=response.body)

    async def tftp(self, node: Node, name: str, timeout_s: float) -> bytes | None:
        """A file of a node as TFTP gives it."""
        lab_node = self._lab.node(node.name)
        try:
            async with asyncio.timeout(timeout_s):
                found = await fetch(self._lab, lab_node, name)
        except TimeoutError as error:
            raise OutcomeUnknown("UCM-NET-003", "no answer in time", where=node.name, why=f"{timeout_s:g} s") from error
        except lab_errors.TransportFault as fault:
            raise _lost(lab_node, 69, fault, sent=False) from fault
        if found.outcome is Fetched.BUSY:
            raise OutcomeUnknown("UCM-NET-003", "no answer in time", where=node.name, why="its TFTP does not serve")
        return found.data

    def _phone_at(self, address: str) -> str:
        if not self._phones:
            self._phones = {self._lab.phones.phone(name).address: name for name in self._lab.phones.names()}
        return self._phones[address]

    async def terminal(self, node: Node, credential: Credential) -> "JoinedTerminal":
        """A shell in memory."""
        lab_node = self._lab.node(node.name)
        try:
            await self._lab.faults.before(lab_node.name, "ssh", "connect", "")
        except lab_errors.TransportFault as fault:
            raise _lost(lab_node, 22, fault, sent=False) from fault
        except lab_errors.Throttled as slow:  # a log-in is never told to slow down: it just takes longer
            await self._lab.clock.sleep(slow.retry_after_s)
        if not lab_node.listening(22):
            raise _refused(lab_node, 22)
        if not check_login(self._lab, lab_node, credential.user, credential.password.reveal()):
            raise UsageError("UCM-SSH-002", "wrong password", where=node.name, why="refused", next="correct it")
        terminal = JoinedTerminal()
        task = asyncio.create_task(self._serve(lab_node, credential.user, terminal), name=f"shell {lab_node.name}")
        self._shells.add(task)
        task.add_done_callback(self._shells.discard)
        return terminal

    async def _serve(self, lab_node: LabNode, user: str, terminal: "JoinedTerminal") -> None:
        try:
            await serve_shell(self._lab, lab_node, user, terminal.far_end)
        except lab_errors.TransportFault:
            pass  # the line is cut: both ends see the end of it below
        finally:
            terminal.cut()

    async def close(self) -> None:
        """End all shells."""
        for task in tuple(self._shells):
            task.cancel()
        await asyncio.gather(*self._shells, return_exceptions=True)


class JoinedHttp:
    """Http on `ucmlab.interfaces.http.answer`."""

    def __init__(self, lab: LabCluster, node: LabNode, port: int, credential: Credential, trust: Trust) -> None:
        self._lab = lab
        self._node = node
        self._port = port
        self._trust = trust
        token = f"{credential.user}:{credential.password.reveal()}".encode()
        self._authorization = f"Basic {base64.b64encode(token).decode()}"

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes, timeout_s: float
    ) -> HttpAnswer:
        """One exchange."""
        _judge(self._node, self._port, self._trust)
        path, _, query = path.partition("?")
        sent = {name.lower(): value for name, value in headers.items()} | {"authorization": self._authorization}
        request = Request(method=method, path=path, query=query, headers=sent, body=body)
        working = asyncio.create_task(answer(self._lab, self._node, self._port, request), name=f"{method} {path}")
        working.add_done_callback(_forget_the_end)
        try:
            async with asyncio.timeout(timeout_s):
                response = await asyncio.shield(working)  # a caller that dies does not stop the node
        except TimeoutError as error:
            raise OutcomeUnknown(
                "UCM-NET-003", "no answer in time", where=self._node.fqdn, why=f"{timeout_s:g} s passed"
            ) from error
        except lab_errors.TransportFault as fault:
            raise _lost(self._node, self._port, fault, sent=isinstance(fault, lab_errors.DropConnection)) from fault
        if not self._node.listening(self._port):
            raise OutcomeUnknown("UCM-NET-002", "connection reset", where=self._node.fqdn, why="Tomcat stopped")
        content_type = {name.lower(): value for name, value in response.headers.items()}.get("content-type", "")
        return HttpAnswer(status=response.status, content_type=content_type, body=response.body)

    async def close(self) -> None:
        """Nothing is kept open."""


class JoinedTerminal:
    """Terminal for the client; `far_end` is what the lab's shell reads and writes."""

    def __init__(self) -> None:
        self._to_client: asyncio.Queue[str] = asyncio.Queue()
        self._to_lab: asyncio.Queue[str] = asyncio.Queue()
        self._cut = False
        self.far_end = _FarEnd(self._to_lab, self._to_client)

    async def read(self) -> str:
        """What came; "" at the end."""
        if self._cut and self._to_client.empty():
            return ""
        text = await self._to_client.get()
        while not self._to_client.empty():
            text += self._to_client.get_nowait()
        return text

    async def write(self, text: str) -> None:
        """Type."""
        if self._cut:
            raise OutcomeUnknown("UCM-NET-002", "the line is gone", where="shell", why="it was cut", sent=False)
        self._to_lab.put_nowait(text)

    async def close(self) -> None:
        """Hang up."""
        self._to_lab.put_nowait("")

    def cut(self) -> None:
        """The far end is gone."""
        self._cut = True
        self._to_client.put_nowait("")


class _FarEnd:
    columns = 500
    rows = 1000

    def __init__(self, incoming: asyncio.Queue[str], outgoing: asyncio.Queue[str]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self) -> str:
        return await self._incoming.get()

    def write(self, text: str) -> None:
        if text:
            self._outgoing.put_nowait(text)

    async def drain(self) -> None:
        await asyncio.sleep(0)


def _forget_the_end(working: "asyncio.Task[object]") -> None:
    if not working.cancelled():
        working.exception()  # whoever still waits gets it too; nobody else needs to hear of it


def _chain(node: LabNode, port: int) -> tuple[bytes, ...]:
    served = node.tls_certificate(port)
    if served is None:
        raise _refused(node, port)
    return _der_of(served.chain_pem)


@lru_cache(maxsize=256)
def _der_of(chain_pem: str) -> tuple[bytes, ...]:
    return tuple(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(chain_pem.encode()))


def _judge(node: LabNode, port: int, trust: Trust) -> None:
    """The client's rule: an exact pinned leaf, or a chain to an anchor. Names are the real sockets' tests' matter."""
    shown = _chain(node, port)
    if hashlib.sha256(shown[0]).hexdigest() in trust.leaf_sha256:
        return
    chain = [x509.load_der_x509_certificate(der) for der in shown]
    for anchor in (x509.load_der_x509_certificate(der) for der in trust.anchors):
        for one in chain:
            try:
                one.verify_directly_issued_by(anchor)
            except (ValueError, TypeError, InvalidSignature):
                continue  # not this anchor
            return
    raise UsageError("UCM-TLS-001", "untrusted", where=node.fqdn, why="no anchor fits", next="look at it")


def _refused(node: LabNode, port: int) -> OutcomeUnknown:
    return OutcomeUnknown(
        "UCM-NET-001", "connection refused", where=f"{node.fqdn}:{port}", why="nothing listens", sent=False
    )


def _lost(node: LabNode, port: int, fault: lab_errors.TransportFault, *, sent: bool) -> OutcomeUnknown:
    return OutcomeUnknown("UCM-NET-002", str(fault), where=f"{node.fqdn}:{port}", why="the connection ended", sent=sent)
