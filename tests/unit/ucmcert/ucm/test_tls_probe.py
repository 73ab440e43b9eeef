"""Promise: a handshake shows what a port serves, whoever signed it and however old it is, and sends nothing."""

import asyncio
import socket
import ssl

import msgspec
import pytest
from loopback_tls import CA, Identity, Loopback, answering, context_of, identity, node, response, serving

from factory.certificates import NOW, request, sign
from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError
from ucmcert.ucm.tls_probe import handshake

SHOWN = identity()


async def nothing(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    server.heard += await reader.read()


def shown(what: Identity | None, name: str = "cucm-pub.lab.example") -> tuple[tuple[bytes, ...], Loopback]:
    async def work() -> tuple[tuple[bytes, ...], Loopback]:
        async with serving(what, nothing) as server:
            return await handshake(node(server.port, name=name), 8443, 2.0), server

    return asyncio.run(work())


def test_the_chain_comes_leaf_first_and_nothing_is_sent() -> None:
    chain, server = shown(SHOWN)
    assert (SHOWN.leaf.der, CA.intermediate.certificate.der) == chain
    assert b"" == bytes(server.heard)


@pytest.mark.parametrize("name", ["cucm-pub.lab.example", "other.example", "192.0.2.7", "under_score.example"])
def test_nothing_is_verified(name: str) -> None:
    chain, _ = shown(identity(not_after=NOW - 300 * 86_400), name)
    assert 2 == len(chain)


def test_of_two_certificates_the_rsa_one_is_looked_at() -> None:
    asked = request("cucm-pub.lab.example", key="rsa", key_label="loopback rsa")
    rsa = Identity(asked, sign(asked, CA.intermediate, not_after=4_000_000_000))

    async def work() -> bytes:
        context = context_of(SHOWN, rsa)
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        chain = await handshake(node(server.sockets[0].getsockname()[1]), 443, 2.0)
        server.close()
        await asyncio.sleep(0.05)
        return chain[0]

    assert rsa.leaf.der == asyncio.run(work())


def test_a_port_that_speaks_tls_1_3_only_is_seen_too() -> None:
    async def work() -> bytes:
        context = context_of(SHOWN)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        chain = await handshake(node(server.sockets[0].getsockname()[1]), 443, 2.0)
        server.close()
        await asyncio.sleep(0.05)
        return chain[0]

    assert SHOWN.leaf.der == asyncio.run(work())


def test_a_port_without_tls_is_told() -> None:
    async def work() -> UcmcertError:
        async with serving(None, answering(response())) as server:
            with pytest.raises(OutcomeUnknown) as caught:
                await handshake(node(server.port), 8443, 0.5)
            return caught.value

    assert asyncio.run(work()).code in {"UCM-NET-003", "UCM-TLS-002", "UCM-NET-002"}


def test_silence_refusal_and_no_address() -> None:
    async def work() -> list[tuple[str, bool | None]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = free.getsockname()[1]
        told: list[tuple[str, bool | None]] = []
        async with serving(None, nothing) as server:
            for port, address in ((server.port, "127.0.0.1"), (nobody, "127.0.0.1"), (1, "no-such.invalid")):
                there = msgspec.structs.replace(node(port), address=address)
                try:
                    await handshake(there, 8443, 0.5)
                except OutcomeUnknown as error:
                    told.append((error.code, error.sent))
                except UsageError as error:
                    told.append((error.code, None))
        return told

    assert [("UCM-NET-003", False), ("UCM-NET-001", False), ("UCM-NET-004", None)] == asyncio.run(work())
