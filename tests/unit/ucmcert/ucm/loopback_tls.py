"""A TLS server on the loopback for tests: shows the certificate it is given, records what it hears, answers as told."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from factory.certificates import NOW, Requested, Signer, request, sign, two_tier
from ucmcert.model.certificate import Certificate
from ucmcert.model.node import Credential, Node, Release, Role
from ucmcert.model.secret import Secret

NAME = "cucm-pub.lab.example"
ALWAYS = {"not_before": NOW - 86_400 * 365, "not_after": 4_000_000_000}
CA = two_tier("Loopback", key="ec")
PASSWORD = "s3cret-canary"
ADMIN = Credential(user="ccmadmin", password=Secret(PASSWORD))
Answer = Callable[["Loopback", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Identity:
    """A key with the certificates that are shown for it, leaf first."""

    def __init__(self, requested: Requested, *chain: Certificate) -> None:
        self.key = requested.key
        self.chain = chain

    @property
    def leaf(self) -> Certificate:
        return self.chain[0]


class Loopback:
    """What the server saw: connections made, and every byte that came through TLS."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.heard = bytearray()
        self.requests: list[bytes] = []


def identity(name: str = NAME, *, by: Signer = CA.intermediate, not_after: int = 4_000_000_000) -> Identity:
    asked = request(name, key="ec", key_label=f"loopback {name}")
    leaf = sign(asked, by, not_before=ALWAYS["not_before"], not_after=not_after)
    return Identity(asked, leaf, CA.intermediate.certificate)


def node(port: int, *, name: str = NAME, ssh_host_key: str = "") -> Node:
    return Node(
        name=name,
        host=name.split(".", maxsplit=1)[0],
        address="127.0.0.1",
        role=Role.PUBLISHER,
        release=Release(14, 0, 1, 13900, 155),
        ports={"https": port, "https_alt": port, "ssh": port},
        ssh_host_key=ssh_host_key,
    )


def response(body: bytes = b"ok", status: str = "200 OK", headers: str = "Content-Type: text/plain\r\n") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answering(*answers: bytes) -> Answer:
    """Answers each request on a connection with the next of `answers`; the last one is repeated."""

    async def serve(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = 0
        while await heard_request(server, reader):
            writer.write(answers[min(at, len(answers) - 1)])
            await writer.drain()
            at += 1

    return serve


async def heard_request(server: Loopback, reader: asyncio.StreamReader) -> bool:
    """Read one whole request. False when the client has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, OSError) as error:
        server.heard += getattr(error, "partial", b"")
        return False
    server.heard += head
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(lengths[0].split(b":")[1])) if lengths else b""
    server.heard += body
    server.requests.append(head + body)
    return True


def context_of(*shown: Identity) -> ssl.SSLContext:
    """A context that holds all of `shown`: one of each kind of key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for one in shown:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "identity.pem"
            key = one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
            file.write_text(key + "".join(certificate.pem for certificate in one.chain))
            context.load_cert_chain(file)
    return context


@asynccontextmanager
async def serving(shown: Identity | None, answer: Answer) -> AsyncIterator[Loopback]:
    """A server that runs until the block ends. It speaks no TLS when it has nothing to show."""
    seen = Loopback()
    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            await answer(seen, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            talking.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context_of(shown) if shown else None)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        for task in list(talking):
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        await asyncio.sleep(0.01)
