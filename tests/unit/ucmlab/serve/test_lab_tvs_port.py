"""Promise: port 2445 presents what TVS loaded and answers its protocol, question after question."""

import asyncio
import hashlib
import ssl
from pathlib import Path

import pytest

from ucmlab.cluster import tvs
from ucmlab.cluster.trust_lists.tlv import distinguished_name
from ucmlab.faults import FaultRule
from ucmlab.interfaces.tvs_wire import HEADER_BYTES, UNKNOWN, Query, Verdict, body_length, decode, encode
from ucmlab.serve.phone_calls import ask_tvs
from unit.ucmlab.serve.door_scene import WebScene, any_certificate, in_web_scene

PORT = 2445


def question(scene: WebScene, *, session: int = 1, other: int = 0) -> Query:
    stored = scene.cluster.publisher.certificates.identity("CallManager")
    assert stored is not None
    certificate = stored.certificate()
    return Query(
        session=session,
        device="CP-8851-SEP0077AA000001",
        subject=distinguished_name(certificate.subject),
        issuer=distinguished_name(certificate.issuer),
        serial=certificate.serial_number + other,
    )


def leaf(scene: WebScene) -> str:
    presented = tvs.presents(scene.cluster.publisher)
    assert presented is not None
    return presented


async def opened(scene: WebScene) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*scene.address(PORT), ssl=any_certificate())


def test_one_connection_carries_several_questions(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        reader, writer = await opened(scene)
        for number in (1, 2):
            writer.write(encode(question(scene, session=number, other=number - 1)))
            header = await reader.readexactly(HEADER_BYTES)
            said = decode(header + await reader.readexactly(body_length(header)))
            assert isinstance(said, Verdict)
            assert number == said.session
            assert (number == 1) == (said.status != UNKNOWN)
        writer.close()
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)


def test_a_phone_hears_an_answer_only_from_a_leaf_it_holds(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        presented, said = await ask_tvs(scene.address(PORT), question(scene), {leaf(scene)})
        assert leaf(scene) == presented
        assert said is not None
        stored = scene.cluster.publisher.certificates.identity("CallManager")
        assert stored is not None
        assert stored.sha256 == hashlib.sha256(said.certificate_der).hexdigest()
        assert (leaf(scene), None) == await ask_tvs(scene.address(PORT), question(scene), {"another"})

    in_web_scene(test, tmp_path)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", bytes.fromhex("57010400000000010000"), b""])
def test_what_is_no_question_ends_the_connection(said: bytes, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        reader, writer = await opened(scene)
        writer.write(said)
        if not said:
            writer.write_eof() if writer.can_write_eof() else writer.close()
        assert b"" == await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)


def test_an_injected_drop_is_a_broken_connection(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        scene.cluster.faults.add(FaultRule(kind="drop-before", interface="tvs"))
        with pytest.raises(ConnectionError):
            await ask_tvs(scene.address(PORT), question(scene), {leaf(scene)})
        assert (await ask_tvs(scene.address(PORT), question(scene), {leaf(scene)}))[1] is not None

    in_web_scene(test, tmp_path)


def test_a_certificate_check_may_hang_up_without_a_word(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        def look() -> None:
            pem = ssl.get_server_certificate(scene.address(PORT), timeout=5)
            assert leaf(scene) == hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

        await asyncio.to_thread(look)
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)
