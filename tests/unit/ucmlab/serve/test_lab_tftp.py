"""Promise: phones and tools get the same bytes over UDP 69 as over HTTP 6970 and HTTPS 6971, whole or not at all."""

import asyncio
import socket
from pathlib import Path

import pytest

from ucmlab.faults import FaultRule
from ucmlab.interfaces.tftp_wire import Acknowledgement, Block, Failure, Packet, ReadRequest, decode, encode
from ucmlab.serve import phone_calls, tftp
from ucmlab.serve.phone_calls import fetch_file, get_http, get_tftp
from unit.ucmlab.serve.door_scene import WebScene, in_web_scene

GET = b"GET /ITLFile.tlv HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n"
TFTP, HTTP, HTTPS = 69, 6970, 6971


class Line:
    """A client's UDP socket that sees every packet."""

    def __init__(self, scene: WebScene) -> None:
        self._server = scene.address(TFTP)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    async def ask(self, packet: Packet | bytes) -> Packet:
        """Send to port 69."""
        self._socket.sendto(packet if isinstance(packet, bytes) else encode(packet), self._server)
        return await self.hear()

    async def hear(self) -> Packet:
        """The next packet, from whatever port."""
        loop = asyncio.get_running_loop()
        datagram, self.far_end = await asyncio.wait_for(loop.sock_recvfrom(self._socket, 65536), 5)
        return decode(datagram)

    async def acknowledge(self, number: int) -> Packet:
        """Answer the port that spoke last."""
        self._socket.sendto(encode(Acknowledgement(number)), self.far_end)
        return await self.hear()


def itl(scene: WebScene) -> bytes:
    files = scene.cluster.publisher.tftp
    assert files is not None
    assert files.itl is not None
    return files.itl.data


def test_all_three_ports_give_the_same_bytes(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        assert itl(scene) == await get_tftp(scene.address(TFTP), "ITLFile.tlv")
        assert itl(scene) == await get_http(scene.address(HTTP), "ITLFile.tlv")
        assert (await asyncio.to_thread(scene.talk, HTTPS, GET)).endswith(itl(scene))
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, switches={"tftp_https": "open"})


def test_https_is_closed_by_its_switch(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        assert HTTPS not in scene.places[0].ports
        assert {TFTP, HTTP} <= set(scene.lab.open_ports(scene.cluster.publisher))

    in_web_scene(test, tmp_path)


def test_without_options_blocks_of_512_come_from_a_port_of_their_own(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        with Line(scene) as line:
            first = await line.ask(ReadRequest(filename="ITLFile.tlv"))
            assert Block(1, itl(scene)[:512]) == first
            assert scene.address(TFTP) != line.far_end
            assert Block(2, itl(scene)[512:1024]) == await line.acknowledge(1)

    in_web_scene(test, tmp_path)


def test_a_lost_block_is_sent_again_until_nobody_hopes_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tftp, "PATIENCE_S", 0.05)

    async def test(scene: WebScene) -> None:
        with Line(scene) as line:
            first = await line.ask(ReadRequest(filename="ITLFile.tlv"))
            again = [await line.hear() for _ in range(tftp.TRIES - 1)]
            assert [first] * (tftp.TRIES - 1) == again
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.hear(), 0.2)

    in_web_scene(test, tmp_path)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (ReadRequest(filename="nothing"), Failure(1, "File not found")),
        (b"\0\2ITLFile.tlv\0octet\0", Failure(2, "Access violation")),
        (b"nonsense", Failure(4, "Illegal TFTP operation")),
    ],
)
def test_what_is_not_served_is_an_error(said: Packet | bytes, answer: Failure, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        with Line(scene) as line:
            assert answer == await line.ask(said)

    in_web_scene(test, tmp_path)


def test_a_stopped_service_gives_nothing_on_any_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_calls, "TFTP_PATIENCE_S", 0.05)

    async def test(scene: WebScene) -> None:
        scene.cluster.publisher.service("Cisco Tftp").begin("stop")
        with pytest.raises(ConnectionRefusedError):
            await get_http(scene.address(HTTP), "ITLFile.tlv")
        with pytest.raises(TimeoutError):
            await get_tftp(scene.address(TFTP), "ITLFile.tlv")

    in_web_scene(test, tmp_path)


def test_a_service_that_builds_its_files_is_busy(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        service = scene.cluster.publisher.service("Cisco Tftp")
        service.begin("restart")
        async for _ in service.follow(1.0):
            pass
        with pytest.raises(ConnectionError, match="503"):
            await get_http(scene.address(HTTP), "ITLFile.tlv")
        with pytest.raises(ConnectionError, match="busy"):
            await get_tftp(scene.address(TFTP), "ITLFile.tlv")

    in_web_scene(test, tmp_path, speed=30.0)


def test_a_phone_that_http_fails_takes_tftp(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        scene.cluster.faults.add(FaultRule(kind="throttle", interface="tftp"))
        found = await fetch_file(scene.address(HTTP), scene.address(TFTP), "ITLFile.tlv")

        assert itl(scene) == found
        assert ["refused: busy", "ok"] == [row.outcome for row in scene.cluster.log.operations()]

    in_web_scene(test, tmp_path)


def test_a_missing_file_is_missing_without_a_second_try(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        assert await fetch_file(scene.address(HTTP), scene.address(TFTP), "nothing") is None
        assert 1 == len(scene.cluster.log.operations())
        assert await get_tftp(scene.address(TFTP), "nothing") is None

    in_web_scene(test, tmp_path)


def test_a_dropped_request_over_udp_is_silence(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        scene.cluster.faults.add(FaultRule(kind="drop-before", interface="tftp"))
        with Line(scene) as line, pytest.raises(TimeoutError):
            await asyncio.wait_for(line.ask(ReadRequest(filename="ITLFile.tlv")), 0.2)
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)
