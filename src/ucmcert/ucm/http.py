"""HTTPS to one port of one node, and plain HTTP for what anybody may read: the only module that imports httpx.

The peer is judged on every new connection, after the handshake and before a byte of the request leaves: either its
chain leads to an anchor for the node's name, or its leaf is pinned. The two need two TLS contexts, hence two clients;
the one that was believed last is tried first. Redirects, proxies and the environment are ignored, nothing is retried.
"""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.certificate import read_certificate
from ucmcert.model.node import Credential, Node
from ucmcert.model.ports import HttpAnswer, Trust
from ucmcert.ucm.net_errors import causes, from_connecting, lost, timed_out
from ucmcert.ucm.tls_contexts import unverified, verifying

CONNECT_S = 10.0
LARGEST_PAGE = 1024 * 1024  # a TFTP file or a page of a phone
LARGEST_BODY = 16 * 1024 * 1024  # a snapshot of a node is under 1 MB (interfaces-http.md 1.3), an AXL answer under 8 MB
HTTPS = 443


class Unpinned(Exception):
    """The leaf that was shown is not pinned; the connection is closed and nothing was sent."""

    def __init__(self, leaf: bytes) -> None:
        super().__init__("not pinned")
        self.leaf = leaf


class Exchange:
    """What happened on the wire so far in one request, as httpx tells it through its `trace` hook.

    `timeout_s` counts from the moment the request begins to leave; before that, connecting has limits of its own.
    """

    def __init__(self, pins: frozenset[str] | None, timeout_s: float) -> None:
        self._pins = pins
        self._timeout_s = timeout_s
        self._bare: Any = None
        self.limit = asyncio.timeout(None)
        self.sent = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Judge the peer by its pin, and note when the request begins to leave. Raises Unpinned."""
        if event == "connection.connect_tcp.complete":
            self._bare = info["return_value"]
        elif event == "connection.start_tls.complete":
            self._bare = None
            await self._judge(info["return_value"])
        elif event == "http11.send_request_headers.started":
            self.sent = True
            self.limit.reschedule(asyncio.get_running_loop().time() + self._timeout_s)

    async def abandon(self) -> None:
        """Close a connection whose handshake was cut short: httpx closes it only when the handshake fails."""
        if self._bare is not None:
            await self._bare.aclose()

    async def _judge(self, stream: Any) -> None:
        if self._pins is None:
            return
        leaf = stream.get_extra_info("ssl_object").getpeercert(True) or b""
        if hashlib.sha256(leaf).hexdigest() not in self._pins:
            await stream.aclose()
            raise Unpinned(leaf)


class HttpsOrigin:
    """An HTTPS origin with Basic auth: the `Http` port on real sockets."""

    def __init__(self, node: Node, port: int, credential: Credential, trust: Trust) -> None:
        self._node = node
        self._where = f"https {node.name}:{port}"
        self._url = httpx.URL(scheme="https", host=node.address, port=node.port(port))
        self._credential = credential
        self._host = node.name if port == HTTPS else f"{node.name}:{port}"
        self._pins = frozenset(trust.leaf_sha256)
        self._pinned = _client(unverified())
        self._anchored = _client(verifying(trust.anchors)) if trust.anchors else None
        self._pin_first = self._anchored is None

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes, timeout_s: float
    ) -> HttpAnswer:
        """One exchange. Raises OutcomeUnknown UCM-NET-*, UCM-TLS-002; UsageError UCM-TLS-001, UCM-NET-004."""
        request = httpx.Request(
            method,
            self._url.copy_with(raw_path=path.encode()),
            headers=[
                *((name.encode(), value.encode()) for name, value in headers.items()),
                (b"Host", self._host.encode()),
                (b"Authorization", self._basic().encode()),
                (b"Accept-Encoding", b"identity"),
            ],
            content=body,
        )
        leaf, why = b"", "no anchor is configured"
        for pinned in (self._pin_first, not self._pin_first):
            try:
                answer = await self._exchange(request, timeout_s, pinned=pinned)
            except Unpinned as error:
                leaf = error.leaf
            except ssl.SSLCertVerificationError as error:
                why = error.verify_message
            else:
                if answer is not None:
                    self._pin_first = pinned
                    return answer
        raise _untrusted(self._where, leaf, why)

    async def close(self) -> None:
        """Drop all connections; the next request makes a new handshake."""
        await self._pinned.aclose()
        if self._anchored is not None:
            await self._anchored.aclose()

    async def _exchange(self, request: httpx.Request, timeout_s: float, *, pinned: bool) -> HttpAnswer | None:
        """The answer; None where no anchors are configured to try. Raises Unpinned, SSLCertVerificationError."""
        client = self._pinned if pinned else self._anchored
        if client is None:
            return None
        exchange = Exchange(self._pins if pinned else None, timeout_s)
        request.extensions = {
            "trace": exchange.trace,
            "sni_hostname": self._node.name,
            "timeout": httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)).as_dict(),
        }
        try:
            async with exchange.limit:
                answer = await client.send(request, stream=True)
                try:
                    content = await _read(answer, LARGEST_BODY, self._where)
                finally:
                    await answer.aclose()
        except httpx.ConnectTimeout as error:
            raise timed_out(self._where, min(CONNECT_S, timeout_s), sent=False) from error
        except (httpx.TimeoutException, TimeoutError) as error:
            raise timed_out(self._where, timeout_s, sent=exchange.sent) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # ValueError: a name no host can have
            raise self._trouble(error, sent=exchange.sent) from error
        except asyncio.CancelledError:
            await exchange.abandon()
            raise
        return HttpAnswer(status=answer.status_code, content_type=answer.headers.get("Content-Type", ""), body=content)

    def _trouble(self, error: Exception, *, sent: bool) -> Exception:
        if sent:
            return lost(self._where, sent=True, why=str(error) or "the other end closed it without an answer")
        untrusted = next((one for one in causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
        return untrusted or from_connecting(error, self._where, self._node.address)

    def _basic(self) -> str:
        secret = f"{self._credential.user}:{self._credential.password.reveal()}"
        return "Basic " + base64.b64encode(secret.encode()).decode()


class PlainHttp:
    """GET without TLS, login or a connection that is kept: for files and pages that prove nothing by themselves."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(verify=unverified(), trust_env=False, follow_redirects=False, limits=limits)

    async def get(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        """One exchange, whole within `timeout_s`. Raises OutcomeUnknown UCM-NET-*; UsageError UCM-NET-004, -006."""
        where = f"http {address}:{port}"
        sent = False

        async def trace(event: str, info: Mapping[str, Any]) -> None:  # noqa: ARG001 - httpx names its arguments
            nonlocal sent
            sent = sent or event == "http11.send_request_headers.started"

        try:
            url = httpx.URL(scheme="http", host=address, port=port).copy_with(raw_path=path.encode("ascii"))
            request = httpx.Request("GET", url, headers={"Accept-Encoding": "identity", "Connection": "close"})
            request.extensions = {
                "trace": trace,
                "timeout": httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)).as_dict(),
            }
            async with asyncio.timeout(timeout_s):
                answer = await self._client.send(request, stream=True)
                try:
                    content = await _read(answer, LARGEST_PAGE, where)
                finally:
                    await answer.aclose()
        except (httpx.TimeoutException, TimeoutError) as error:
            raise timed_out(where, timeout_s, sent=sent) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            if sent:
                raise lost(where, sent=True, why=str(error) or "the other end closed it without an answer") from error
            raise from_connecting(error, where, address) from error
        return HttpAnswer(status=answer.status_code, content_type=answer.headers.get("Content-Type", ""), body=content)


async def _read(answer: httpx.Response, most: int, where: str) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_raw():
        content += chunk
        if len(content) > most:
            why = f"more than {most // 1024 // 1024} MB came, which no answer of this kind needs"
            raise OutcomeUnknown("UCM-NET-005", "the answer is too large", where=where, why=why)
    return bytes(content)


def _client(context: ssl.SSLContext) -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, http2=False)


def _untrusted(where: str, leaf: bytes, why: str) -> UsageError:
    fingerprint = hashlib.sha256(leaf).hexdigest() if leaf else "none"
    try:
        issuer = read_certificate(leaf).issuer
    except ValueError:
        issuer = "unreadable"
    return UsageError(
        "UCM-TLS-001",
        f"the certificate shown is not trusted: SHA-256 {fingerprint}",
        where=where,
        why=f"{why}, and this leaf is not pinned; it was issued by {issuer}. The password was not sent.",
        next="compare the fingerprint with the node's own, then pin it (`ucmcert init`, or `tls_sha256` in [trust]), "
        "or add the CA that issued it to `anchors`",
    )
