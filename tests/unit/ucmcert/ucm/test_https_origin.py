"""Promise: the password goes only to a verified node, nothing is sent twice, and every broken line says what it was."""

import asyncio
import base64
import os
import socket

import msgspec
import pytest
from loopback_tls import (
    ADMIN,
    CA,
    NAME,
    PASSWORD,
    Answer,
    Identity,
    Loopback,
    answering,
    heard_request,
    identity,
    node,
    response,
    serving,
)

from factory.certificates import NOW, request, self_signed, two_tier
from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError
from ucmcert.model.ports import HttpAnswer, Trust
from ucmcert.ucm import http
from ucmcert.ucm.http import HttpsOrigin

SHOWN = identity()
ROOT = Trust(anchors=(CA.root.certificate.der,))
ISSUING = Trust(anchors=(CA.intermediate.certificate.der,))
PINNED = Trust(leaf_sha256=frozenset({SHOWN.leaf.sha256}))
STRANGER = Trust(anchors=(two_tier("Stranger", key="ec").root.certificate.der,), leaf_sha256=frozenset({"0" * 64}))


async def post(origin: HttpsOrigin, *, timeout_s: float = 5.0, body: bytes = b"{}") -> HttpAnswer:
    return await origin.request("POST", "/a/b?c=d", headers={"X-Test": "1"}, body=body, timeout_s=timeout_s)


def asked(
    trust: Trust,
    answer: Answer | None = None,
    *,
    shown: Identity | None = SHOWN,
    name: str = NAME,
    timeout_s: float = 5.0,
) -> tuple[HttpAnswer | UcmcertError, Loopback]:
    """One request to a server that shows `shown`: what came back, and what the server saw."""

    async def work() -> tuple[HttpAnswer | UcmcertError, Loopback]:
        async with serving(shown, answer or answering(response())) as server:
            origin = HttpsOrigin(node(server.port, name=name), 8443, ADMIN, trust)
            try:
                return await post(origin, timeout_s=timeout_s), server
            except UcmcertError as error:
                return error, server
            finally:
                await origin.close()

    return asyncio.run(work())


def unknown(result: HttpAnswer | UcmcertError) -> tuple[str, bool]:
    assert isinstance(result, OutcomeUnknown)
    return result.code, result.sent


def untrusted(trust: Trust, **how: object) -> tuple[UsageError, Loopback]:
    result, server = asked(trust, **how)  # type: ignore[arg-type]
    assert isinstance(result, UsageError)
    assert ("UCM-TLS-001", b"", []) == (result.code, bytes(server.heard), server.requests)
    return result, server


@pytest.mark.parametrize("trust", [ROOT, ISSUING, PINNED], ids=["root", "issuing CA", "pin"])
def test_a_peer_that_is_anchored_or_pinned_is_asked_once(trust: Trust) -> None:
    result, server = asked(trust)
    assert HttpAnswer(status=200, content_type="text/plain", body=b"ok") == result
    assert len(server.requests) == 1


def test_the_request_carries_the_account_the_node_name_and_asks_for_plain_bytes() -> None:
    _, server = asked(ROOT)
    head = server.requests[0].decode()
    assert head.startswith("POST /a/b?c=d HTTP/1.1\r\n")
    assert f"Authorization: Basic {base64.b64encode(f'ccmadmin:{PASSWORD}'.encode()).decode()}\r\n" in head
    assert f"Host: {NAME}:8443\r\n" in head
    assert "Accept-Encoding: identity\r\n" in head
    assert head.endswith("\r\n\r\n{}")


def test_a_stranger_gets_no_byte_and_its_fingerprint_and_issuer_are_told() -> None:
    error, _ = untrusted(STRANGER)
    assert SHOWN.leaf.sha256 in error.what
    assert "Loopback Issuing CA" in error.why
    assert "unable to get local issuer certificate" in error.why
    assert "tls_sha256" in error.next


def test_nobody_is_believed_without_anchors_and_pins() -> None:
    error, server = untrusted(Trust())
    assert SHOWN.leaf.sha256 in error.what
    assert server.connections == 1


def test_an_anchor_is_not_enough_for_another_node_s_certificate() -> None:
    error, _ = untrusted(ROOT, shown=identity("cucm-sub1.lab.example"))
    assert "not valid for 'cucm-pub.lab.example'" in error.why


def test_the_name_is_checked_not_the_address_we_connect_to() -> None:
    error, _ = untrusted(ROOT, name="other.lab.example")
    assert "not valid for 'other.lab.example'" in error.why


def test_an_expired_leaf_is_refused_by_anchor_and_taken_by_pin() -> None:
    old = identity(not_after=NOW - 300 * 86_400)
    error, _ = untrusted(ROOT, shown=old)
    assert "expired" in error.why
    result, _ = asked(Trust(anchors=ROOT.anchors, leaf_sha256=frozenset({old.leaf.sha256})), shown=old)
    assert isinstance(result, HttpAnswer)


def test_a_pin_is_taken_whatever_the_name_in_the_certificate() -> None:
    other = identity("something.else.example")
    result, _ = asked(Trust(leaf_sha256=frozenset({other.leaf.sha256})), shown=other)
    assert isinstance(result, HttpAnswer)


def test_a_self_signed_leaf_can_be_its_own_anchor() -> None:
    leaf = self_signed(NAME, not_after=4_000_000_000, key_label="own anchor")
    shown = Identity(request(NAME, key="ec", key_label="own anchor"), leaf)
    result, _ = asked(Trust(anchors=(leaf.der,)), shown=shown)
    assert isinstance(result, HttpAnswer)


def test_connections_are_kept_and_judged_again_when_they_are_new() -> None:
    async def work() -> None:
        async with serving(SHOWN, answering(response())) as server:
            origin = HttpsOrigin(node(server.port), 443, ADMIN, PINNED)
            for _ in range(3):
                await post(origin)
            assert (1, 3) == (server.connections, len(server.requests))
            await origin.close()

    asyncio.run(work())


def test_a_swapped_certificate_is_refused_on_the_next_connection() -> None:
    async def one_only(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        writer.write(response(headers="Connection: close\r\n"))
        await writer.drain()

    async def work() -> None:
        async with serving(SHOWN, one_only) as first:
            origin = HttpsOrigin(node(first.port), 443, ADMIN, PINNED)
            assert 200 == (await post(origin)).status
        swapped = identity(not_after=3_900_000_000)
        async with serving(swapped, answering(response())) as second:
            origin._url = origin._url.copy_with(port=second.port)
            with pytest.raises(UsageError) as caught:
                await post(origin)
            assert ("UCM-TLS-001", b"") == (caught.value.code, bytes(second.heard))
        await origin.close()

    asyncio.run(work())


def test_a_redirect_is_not_followed() -> None:
    moved = response(status="302 Found", headers="Location: https://127.0.0.1:1/login\r\nContent-Type: text/html\r\n")
    result, server = asked(ROOT, answering(moved))
    assert isinstance(result, HttpAnswer)
    assert (302, 1) == (result.status, len(server.requests))


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setitem(os.environ, "ALL_PROXY", "http://127.0.0.1:1")
    assert isinstance(asked(ROOT)[0], HttpAnswer)


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ("UCM-NET-001", False) == unknown(alone(port))


def test_a_name_without_address_is_our_trouble() -> None:
    async def work() -> None:
        lost = msgspec.structs.replace(node(1), address="no-such.invalid")
        origin = HttpsOrigin(lost, 443, ADMIN, ROOT)
        with pytest.raises(UsageError) as caught:
            await post(origin)
        assert "UCM-NET-004" == caught.value.code
        await origin.close()

    asyncio.run(work())


@pytest.mark.parametrize("name", [".x", "a" * 64 + ".example", "\u00e9.example", "a b"])
def test_a_name_no_host_can_have_is_our_trouble_and_gets_no_password(name: str) -> None:
    result, server = asked(ROOT, name=name)
    assert isinstance(result, UsageError)
    assert result.code in {"UCM-NET-006", "UCM-TLS-001"}
    assert b"" == bytes(server.heard)


def test_a_cancelled_handshake_leaves_no_open_connection() -> None:
    async def silent(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.heard += await reader.read()
        server.port = 0

    async def work() -> int:
        async with serving(None, silent) as server:
            origin = HttpsOrigin(node(server.port), 8443, ADMIN, ROOT)
            asking = asyncio.create_task(post(origin))
            while not server.connections:
                await asyncio.sleep(0.01)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await origin.close()
            await asyncio.sleep(0.1)
            return server.port

    assert 0 == asyncio.run(work())


def test_a_listener_that_never_shakes_hands_is_a_time_out_before_anything_was_sent() -> None:
    async def silent(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    assert ("UCM-NET-003", False) == unknown(asked(ROOT, silent, shown=None, timeout_s=0.3)[0])


def test_a_listener_that_hangs_up_before_the_handshake() -> None:
    async def hang_up(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    assert ("UCM-NET-002", False) == unknown(asked(ROOT, hang_up, shown=None)[0])


def test_a_listener_that_speaks_no_tls() -> None:
    async def greet(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_7.4\r\n")
        await reader.read()

    assert ("UCM-TLS-002", False) == unknown(asked(ROOT, greet, shown=None)[0])


def test_a_reset_after_the_request_may_have_arrived() -> None:
    async def reset(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)

    result, server = asked(ROOT, reset)
    assert ("UCM-NET-002", True) == unknown(result)
    assert len(server.requests) == 1


def test_half_an_answer_is_a_lost_line() -> None:
    async def half(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        writer.write(response(b"x" * 100)[:-50])
        await writer.drain()

    assert ("UCM-NET-002", True) == unknown(asked(ROOT, half)[0])


def test_nonsense_instead_of_http_is_a_lost_line() -> None:
    assert ("UCM-NET-002", True) == unknown(asked(ROOT, answering(b"\x00\x01nonsense\r\n\r\n"))[0])


def test_no_answer_in_time() -> None:
    async def silent(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        await reader.read()

    assert ("UCM-NET-003", True) == unknown(asked(ROOT, silent, timeout_s=0.3)[0])


def test_an_answer_that_trickles_is_cut_off_at_the_limit_of_the_whole_exchange() -> None:
    async def trickle(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        writer.write(response(b"x" * 1000)[:-1000])
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    assert ("UCM-NET-003", True) == unknown(asked(ROOT, trickle, timeout_s=0.4)[0])


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 100_000)

    async def flood(server: Loopback, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await heard_request(server, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    assert ("UCM-NET-005", True) == unknown(asked(ROOT, flood)[0])


def test_no_trouble_ever_tells_the_password() -> None:
    results = [asked(trust)[0] for trust in (STRANGER, Trust())]
    assert all(isinstance(one, UcmcertError) for one in results)
    texts = [f"{one!r} {one} {vars(one)}" for one in results]
    assert not any(PASSWORD in text for text in texts)


def alone(port: int) -> UcmcertError:
    """The error of a request to a port of ours."""

    async def work() -> UcmcertError:
        origin = HttpsOrigin(node(port), 8443, ADMIN, ROOT)
        with pytest.raises(UcmcertError) as caught:
            await post(origin)
        await origin.close()
        return caught.value

    return asyncio.run(work())
