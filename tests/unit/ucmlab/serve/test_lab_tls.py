"""Promise: every port shows the certificate its service loaded, and follows the service through a restart."""

import asyncio
import hashlib
import socket
import ssl
from pathlib import Path

import pytest

from unit.ucmlab.lab_bench import a_ca, renewed
from unit.ucmlab.serve.door_scene import WebScene, any_certificate, in_web_scene


def shown(scene: WebScene, port: int, context: ssl.SSLContext | None = None) -> str:
    """SHA-256 of the leaf that a port shows."""
    with (
        socket.create_connection(scene.address(port), timeout=10) as plain,
        (context or any_certificate()).wrap_socket(plain) as tls,
    ):
        leaf = tls.getpeercert(binary_form=True)
        assert leaf is not None
        return hashlib.sha256(leaf).hexdigest()


@pytest.mark.parametrize(
    ("port", "purpose"), [(443, "tomcat"), (8443, "tomcat"), (5061, "CallManager"), (2445, "TVS"), (3804, "CAPF")]
)
def test_each_port_shows_its_purpose(port: int, purpose: str, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        identity = scene.cluster.publisher.certificates.identity(purpose)
        assert identity is not None
        assert identity.sha256 == await asyncio.to_thread(shown, scene, port)
        assert [] == scene.complaints

    in_web_scene(test, tmp_path)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_of_tls_are_spoken(version: ssl.TLSVersion, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        context = any_certificate()
        context.minimum_version = context.maximum_version = version
        assert 64 == len(await asyncio.to_thread(shown, scene, 8443, context))

    in_web_scene(test, tmp_path)


def test_tomcat_refuses_while_it_restarts_and_then_shows_the_new_certificate(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        node = scene.cluster.publisher
        tomcat = node.services["Cisco Tomcat"]
        before = await asyncio.to_thread(shown, scene, 8443)
        new = renewed(node, a_ca())
        assert before == await asyncio.to_thread(shown, scene, 8443)
        reader, writer = await asyncio.open_connection(*scene.address(8443), ssl=any_certificate())

        tomcat.begin("restart")

        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(shown, scene, 8443)
        assert b"" == await asyncio.wait_for(reader.read(), 5)
        writer.close()
        assert 443 not in scene.lab.open_ports(node)
        assert 5061 in scene.lab.open_ports(node)
        async for _ in tomcat.follow(1.0):
            pass
        assert new == await asyncio.to_thread(shown, scene, 8443)
        assert new == await asyncio.to_thread(shown, scene, 443)

    in_web_scene(test, tmp_path)


def test_with_both_key_types_a_client_without_rsa_is_shown_the_ec_certificate(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        context = any_certificate()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE+ECDSA")
        identity = scene.cluster.publisher.certificates.identity("tomcat-ECDSA")
        assert identity is not None
        assert identity.sha256 == await asyncio.to_thread(shown, scene, 8443, context)

    in_web_scene(test, tmp_path, switches={"https_ciphers": "rsa-and-ec"})


def test_served_at_once_needs_no_restart(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        new = renewed(scene.cluster.publisher, a_ca())
        assert new == await asyncio.to_thread(shown, scene, 8443)

    in_web_scene(test, tmp_path, switches={"served_when": "at-once"})


def test_no_key_is_left_in_the_folder(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        await asyncio.to_thread(shown, scene, 8443)

    in_web_scene(test, tmp_path)

    assert [] == list(tmp_path.iterdir())
