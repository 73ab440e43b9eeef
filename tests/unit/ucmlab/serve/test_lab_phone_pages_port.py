"""Promise: every phone with its page on answers on its own loopback address, and on no other interface."""

import asyncio
import socket
from pathlib import Path

import pytest

from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import PhonesSpec
from ucmlab.serve import phone_pages
from ucmlab.serve.phone_pages import PhonePages, bind_to_loopback, free_port, read_page_port, write_page_port
from ucmlab.serve.sockets import bind
from unit.ucmlab.serve.door_scene import WebScene, in_web_scene

PAGE = "/CGI/Java/Serviceability?adapter=device.statistics.device"
ONE_SOCKET = phone_pages._one_socket_serves_all()
PHONES = (PhonesSpec(count=300, page_share=1.0),)


async def asked(scene: WebScene, pages: PhonePages, name: str, path: str = PAGE, *, method: str = "GET") -> bytes:
    """All that a phone answers; raises what a client meets."""
    address = scene.cluster.phones.phone(name).address
    reader, writer = await asyncio.open_connection(address, pages.port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: phone\r\nConnection: close\r\n\r\n".encode())
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def pages_of(scene: WebScene) -> PhonePages:
    return PhonePages(
        scene.cluster,
        real_port=False,
        remembered=0,
        complain=lambda what, error: scene.complaints.append(f"{what} {error}"),
    )


@pytest.mark.parametrize(
    "one_socket", [pytest.param(True, marks=pytest.mark.skipif(not ONE_SOCKET, reason="Linux")), False]
)
def test_each_phone_tells_its_own_name(one_socket: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_pages, "_one_socket_serves_all", lambda: one_socket)

    async def test(scene: WebScene) -> None:
        pages = pages_of(scene)
        pages.open()
        for name in ("SEP0077AA000001", "SEP0077AA000002", "SEP0077AA000100"):
            answer = await asked(scene, pages, name)
            assert answer.startswith(b"HTTP/1.1 200")
            assert f"<HostName>{name}</HostName>".encode() in answer
        assert (await asked(scene, pages, "SEP0077AA000001", "/nothing")).startswith(b"HTTP/1.1 404")
        assert (await asked(scene, pages, "SEP0077AA000001", method="POST")).startswith(b"HTTP/1.1 405")
        await pages.close()
        with pytest.raises(ConnectionRefusedError):
            await asked(scene, pages, "SEP0077AA000001")
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, phones=PHONES)


@pytest.mark.skipif(not ONE_SOCKET, reason="Linux")
def test_one_socket_serves_more_phones_than_listeners_could(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        pages = pages_of(scene)
        pages.open()
        assert (await asked(scene, pages, "SEP0077AA00012C")).startswith(b"HTTP/1.1 200")
        await pages.close()

    in_web_scene(test, tmp_path, phones=PHONES)


def test_a_phone_without_page_or_power_and_an_address_without_phone_say_nothing(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        pages = pages_of(scene)
        pages.open()
        phones = scene.cluster.phones
        with pytest.raises(ConnectionError):
            await asked(scene, pages, "SEP0077AA000001")
        assert (await asked(scene, pages, "SEP0077AA000002")).startswith(b"HTTP/1.1 200")
        phones.power("SEP0077AA000002", on=False)
        with pytest.raises(ConnectionError):
            await asked(scene, pages, "SEP0077AA000002")
        with pytest.raises(ConnectionError):
            await read_from("127.99.0.1", pages.port)
        await pages.close()
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, phones=(PhonesSpec(count=1, page_share=0.0), PhonesSpec(count=1, page_share=1.0)))


async def read_from(address: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(address, port)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


@pytest.mark.skipif(not ONE_SOCKET, reason="Linux")
def test_the_one_socket_hears_the_loopback_interface_only() -> None:
    with bind_to_loopback("0.0.0.0", 0) as bound:
        device = bound.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16)

    assert b"lo" == device.rstrip(b"\0")


def test_no_phones_no_port(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        pages = pages_of(scene)
        pages.open()
        assert 0 == pages.port
        await pages.close()

    in_web_scene(test, tmp_path)


def test_the_first_free_number_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with bind("127.0.0.1", 0) as other:
            free = other.getsockname()[1]

        assert free == free_port(["127.0.0.1"], bind, iter((number, free)))
        with pytest.raises(ScenarioError, match="no free port"):
            free_port(["127.0.0.1"], bind, iter((number,)))


def test_the_number_is_remembered(tmp_path: Path) -> None:
    assert 0 == read_page_port(tmp_path)
    write_page_port(tmp_path, 0)
    assert 0 == read_page_port(tmp_path)
    write_page_port(tmp_path, 20007)
    assert 20007 == read_page_port(tmp_path)
