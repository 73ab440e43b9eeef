"""Promise: Cisco Tftp serves the files that phones and tools ask for by name, and only while it serves."""

import asyncio

import pytest

from ucmlab.cluster.certificates.records import load_certificate
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.trust_lists.reading import read_list, read_signed
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection
from ucmlab.faults import FaultRule
from ucmlab.interfaces.phone_config import read_config
from ucmlab.interfaces.tftp import Fetched, File, answer_tftp_http, fetch
from ucmlab.interfaces.web.messages import Request
from ucmlab.scenarios.schema import PhonesSpec, Scenario
from unit.ucmlab.lab_bench import in_lab, scenario

NAME = "SEP0077AA000001"


def with_phones(name: str = "pair", *, secure: bool = False, **changes: object) -> Scenario:
    return scenario(name, phones=(PhonesSpec(count=2, secure=secure, page_share=1.0),), **changes)


async def got(cluster: Cluster, name: str) -> bytes | None:
    return (await fetch(cluster, cluster.publisher, name)).data


@pytest.mark.parametrize("name", ["ITLFile.tlv", f"ITL{NAME}.tlv", "/ITLFile.tlv", "ITLSEPFFFFFFFFFFFF.tlv"])
def test_every_phone_is_given_the_itl_of_the_node(name: str) -> None:
    async def test(cluster: Cluster) -> None:
        for node in cluster.nodes.values():
            assert node.tftp is not None
            assert node.tftp.itl is not None
            assert File(Fetched.FOUND, node.tftp.itl.data) == await fetch(cluster, node, name)
        assert "itl" == read_list(await got(cluster, name) or b"").kind

    in_lab(test, with_phones())


def test_a_ctl_is_there_in_mixed_mode_only() -> None:
    async def mixed(cluster: Cluster) -> None:
        assert "ctl" == read_list(await got(cluster, f"CTL{NAME}.tlv") or b"").kind
        assert await got(cluster, "CTLFile.tlv") == await got(cluster, f"CTL{NAME}.tlv")

    async def non_secure(cluster: Cluster) -> None:
        assert File(Fetched.MISSING) == await fetch(cluster, cluster.publisher, f"CTL{NAME}.tlv")

    in_lab(mixed, with_phones(mixed=True))
    in_lab(non_secure, with_phones())


def test_the_configuration_says_what_the_cluster_knows_of_the_phone() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.phones.apply_settings(NAME, page=False)
        settings = read_config(await got(cluster, f"{NAME}.cnf.xml") or b"")

        assert (NAME, "SIP", "Default") == (settings.device, settings.protocol, settings.pool)
        assert ["cucm-pub.lab.example", "cucm-sub1.lab.example"] == [server.name for server in settings.group]
        assert [node.address for node in cluster.nodes.values()] == [server.address for server in settings.group]
        assert (True, False) == (settings.secure, settings.page)
        assert read_config(await got(cluster, "SEP0077AA000002.cnf.xml") or b"").page

    in_lab(test, with_phones(mixed=True, secure=True))


def test_a_secure_profile_is_in_force_in_mixed_mode_only() -> None:
    async def test(cluster: Cluster) -> None:
        assert not read_config(await got(cluster, f"{NAME}.cnf.xml") or b"").secure

    in_lab(test, with_phones(secure=True))


@pytest.mark.parametrize("name", [f"{NAME}.cnf.xml", "XMLDefault.cnf.xml", "ConfigFileCacheList.txt"])
def test_a_signed_file_is_the_plain_one_behind_a_header_of_its_signer(name: str) -> None:
    async def test(cluster: Cluster) -> None:
        signed = read_signed(await got(cluster, f"{name}.sgn") or b"")
        stored = cluster.publisher.certificates.identity("CallManager")
        assert stored is not None

        assert await got(cluster, name) == signed.payload
        assert f"{name}.sgn" == signed.filename
        assert signed.signed_by(load_certificate(stored.certificate_pem))

    in_lab(test, with_phones())


def test_the_cache_list_has_a_line_for_every_file() -> None:
    async def test(cluster: Cluster) -> None:
        lines = (await got(cluster, "ConfigFileCacheList.txt") or b"").decode().splitlines()

        names = ["ITLFile.tlv", "XMLDefault.cnf.xml", f"{NAME}.cnf.xml.sgn", "SEP0077AA000002.cnf.xml.sgn"]
        assert names == [line.split()[0] for line in lines]
        for name in names:
            assert await got(cluster, name) is not None

    in_lab(test, with_phones())


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "nothing",
        "SEP0077AA0000FF.cnf.xml",
        "SEP0077AA0000FF.cnf.xml.sgn",
        "ITLSEP1.tlv",
        "ITLFile.tlv.sgn",
        "../x",
    ],
)
def test_what_is_not_there_is_missing(name: str) -> None:
    async def test(cluster: Cluster) -> None:
        assert File(Fetched.MISSING) == await fetch(cluster, cluster.publisher, name)

    in_lab(test, with_phones())


def test_it_refuses_while_it_restarts_and_is_busy_while_it_builds_its_files() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        service = node.service("Cisco Tftp")
        service.begin("restart")
        with pytest.raises(RefuseConnection):
            await fetch(cluster, node, "ITLFile.tlv")
        async for _ in service.follow(1.0):
            pass

        assert File(Fetched.BUSY) == await fetch(cluster, node, "ITLFile.tlv")
        request = Request("GET", "/ITLFile.tlv", "", {}, b"")
        assert 503 == (await answer_tftp_http(cluster, node, request)).status
        await asyncio.sleep(60)
        assert Fetched.FOUND == (await fetch(cluster, node, "ITLFile.tlv")).outcome

    in_lab(test, with_phones())


def test_http_answers_as_it_should() -> None:
    async def test(cluster: Cluster) -> None:
        async def status(method: str, path: str) -> int:
            return (await answer_tftp_http(cluster, cluster.publisher, Request(method, path, "", {}, b""))).status

        assert 200 == await status("GET", "/ITLFile.tlv")
        assert 200 == await status("HEAD", "/ITLFile.tlv")
        assert 404 == await status("GET", "/nothing")
        assert 405 == await status("PUT", "/ITLFile.tlv")

    in_lab(test, with_phones())


@pytest.mark.parametrize(
    ("kind", "error"), [("drop-before", DropConnection), ("refuse", RefuseConnection), ("drop-after", DropConnection)]
)
def test_injected_faults_strike(kind: str, error: type[Exception]) -> None:
    async def test(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind=kind, interface="tftp", operation="ITLFile.tlv"))
        with pytest.raises(error):
            await got(cluster, "ITLFile.tlv")
        assert await got(cluster, "ITLFile.tlv") is not None

    in_lab(test, with_phones())


def test_a_throttled_server_is_busy_and_a_node_that_is_off_is_silent() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind="throttle", interface="tftp"))
        assert File(Fetched.BUSY) == await fetch(cluster, cluster.publisher, "ITLFile.tlv")
        cluster.publisher.down = True
        with pytest.raises(NodeDown):
            await got(cluster, "ITLFile.tlv")

    in_lab(test, with_phones())


def test_what_was_fetched_stands_in_the_log() -> None:
    async def test(cluster: Cluster) -> None:
        await got(cluster, f"ITL{NAME}.tlv")
        await got(cluster, "nothing")

        rows = [(row.node, row.interface, row.operation, row.outcome) for row in cluster.log.operations()]
        expected = [
            ("cucm-pub", "tftp", f"ITL{NAME}.tlv", "ok"),
            ("cucm-pub", "tftp", "nothing", "refused: missing"),
        ]
        assert expected == rows

    in_lab(test, with_phones())
