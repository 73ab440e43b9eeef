"""Promise: the web door speaks HTTP/1.1 as a patient but limited server does, whatever a client sends."""

import asyncio
import ssl
from pathlib import Path

import pytest

from ucmlab.serve import https
from unit.ucmlab.serve.door_scene import WebScene, any_certificate, in_web_scene

GET = b"GET /nothing HTTP/1.1\r\nHost: lab\r\n\r\n"
LAST = b"GET /nothing HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"


def talked(tmp_path: Path, said: bytes) -> bytes:
    answers: list[bytes] = []

    async def test(scene: WebScene) -> None:
        answers.append(await asyncio.to_thread(scene.talk, 8443, said))
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)
    return answers[0]


def test_one_connection_carries_several_requests(tmp_path: Path) -> None:
    assert 3 == talked(tmp_path, GET + GET + LAST).count(b"HTTP/1.1 404")


def test_a_head_request_gets_no_body(tmp_path: Path) -> None:
    answer = talked(tmp_path, LAST.replace(b"GET", b"HEAD"))

    assert answer.startswith(b"HTTP/1.1 404")
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 0" not in answer


def test_a_body_over_the_limit_is_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "BODY_BYTES_MAX", 100)
    post = b"POST /x HTTP/1.1\r\nHost: lab\r\nContent-Length: 101\r\n\r\n" + b"x" * 101

    assert talked(tmp_path, post).startswith(b"HTTP/1.1 413")


def test_a_head_over_the_limit_is_turned_away(tmp_path: Path) -> None:
    long = b"GET /x HTTP/1.1\r\nHost: lab\r\nX: " + b"x" * (https.HEAD_BYTES_MAX + 1)

    assert talked(tmp_path, long).startswith(b"HTTP/1.1 431")


def test_what_is_not_http_is_turned_away(tmp_path: Path) -> None:
    assert talked(tmp_path, b"\x00\x01 nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_a_client_that_waits_for_permission_gets_it(tmp_path: Path) -> None:
    asks = b"POST /x HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    answers: list[bytes] = []

    async def test(scene: WebScene) -> None:
        reader, writer = await asyncio.open_connection(*scene.address(443), ssl=any_certificate())
        writer.write(asks)
        answers.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"ok")
        answers.append(await reader.read())
        writer.close()

    in_web_scene(test, tmp_path)

    assert answers[0].startswith(b"HTTP/1.1 100")
    assert answers[1].startswith(b"HTTP/1.1 404")


def test_a_request_that_never_ends_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "REQUEST_S", 0.2)

    async def test(scene: WebScene) -> None:
        with pytest.raises(ssl.SSLEOFError):  # what OpenSSL makes of a reset
            await asyncio.to_thread(scene.talk, 8443, b"POST /x HTTP/1.1\r\nHost: lab\r\nContent-Length: 9\r\n\r\nx")

    in_web_scene(test, tmp_path)


def test_a_connection_that_asks_nothing_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "IDLE_S", 0.2)

    assert b"" == talked(tmp_path, b"")
