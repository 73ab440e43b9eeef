"""Promise: the ready file and the client configuration say truly how the lab is reached and recognised."""

import json
import tomllib
from pathlib import Path

from ucmlab.cluster.cluster import Cluster
from ucmlab.serve.handout import Ready, client_config, logins, node_cards, tomcat_fingerprints, write_ready
from ucmlab.serve.lab import ports_of
from ucmlab.serve.places import BLOCK_WIDTH, Place
from unit.ucmlab.lab_bench import in_lab, scenario

KEYS = {"cucm-pub": "SHA256:pub", "cucm-sub1": "SHA256:sub"}
FOLDER = Path('/labs/a "quoted" one')


def places(cluster: Cluster, *, start: int) -> tuple[Place, ...]:
    return tuple(
        Place(
            node=node.name,
            address="127.0.0.1",
            ports={port: start + BLOCK_WIDTH * number + nth for nth, port in enumerate(ports_of(node))}
            if start
            else {port: port for port in ports_of(node)},
        )
        for number, node in enumerate(cluster.nodes.values())
    )


def test_a_block_of_ports_stands_in_the_configuration() -> None:
    async def test(cluster: Cluster) -> None:
        where = places(cluster, start=21000)
        cards = node_cards(cluster, where, KEYS)
        config = tomllib.loads(client_config(cluster, where, cards, FOLDER))

        assert "pair" == config["cluster"]
        assert "ucmcert-state" == config["state"]
        assert {"name": "cucm-pub.lab.example", "address": "127.0.0.1"} == config["publisher"]
        assert {"user": "admin", "password": f"file:{FOLDER}/credentials/os_admin.password"} == config["credentials"][
            "os_admin"
        ]
        assert "axladmin" == config["credentials"]["app_admin"]["user"]
        assert [tomcat_fingerprints(node)[0] for node in cluster.nodes.values()] == config["trust"]["tls_sha256"]
        assert {"kind": "local", "folder": f"{FOLDER}/ca"} == config["authority"]
        assert ["cucm-pub.lab.example", "cucm-sub1.lab.example"] == [node["name"] for node in config["nodes"]]
        first = config["nodes"][0]
        assert "SHA256:pub" == first["ssh_host_key"]
        assert {"ssh", "https", "https_alt", "69", "2443", "2445", "3804", "5061", "6970"} == set(first["ports"])
        assert where[0].ports[443] == first["ports"]["https"]
        assert where[0].ports[8443] == first["ports"]["https_alt"]

    in_lab(test, scenario("pair"))


def test_real_ports_need_no_words() -> None:
    async def test(cluster: Cluster) -> None:
        where = places(cluster, start=0)
        config = tomllib.loads(client_config(cluster, where, node_cards(cluster, where, KEYS), FOLDER))

        assert [{"name", "address", "ssh_host_key"}] * 2 == [set(node) for node in config["nodes"]]

    in_lab(test, scenario("pair"))


def test_the_ready_file_keeps_the_contract(tmp_path: Path) -> None:
    async def test(cluster: Cluster) -> None:
        where = places(cluster, start=21000)
        ready = Ready(
            config="/c",
            cluster="pair",
            ca="/ca",
            nodes=node_cards(cluster, where, KEYS),
            credentials=logins(cluster, FOLDER),
            state="/s",
            seed=7,
            speed=1.0,
            pid=1,
            phone_page_port=20000,
        )
        write_ready(tmp_path / "ready", ready)
        written = json.loads((tmp_path / "ready").read_text())

        assert {"config", "cluster", "ca", "nodes", "credentials"} <= set(written)
        assert {"os_admin", "app_admin"} == set(written["credentials"])
        node = written["nodes"][1]
        assert {"name", "fqdn", "role", "version", "address", "ports", "ssh_host_key", "tls_sha256"} == set(node)
        assert ("cucm-sub1", "cucm-sub1.lab.example", "subscriber") == (node["name"], node["fqdn"], node["role"])
        assert {"ssh", "https", "https_alt", "tftp", "tftp_http", "tvs", "sip_tls", "sccp_tls"} == set(node["ports"])
        assert "capf" in written["nodes"][0]["ports"]
        assert 20000 == written["phone_page_port"]

    in_lab(test, scenario("pair"))


def test_a_node_that_is_off_is_known_by_what_it_will_show() -> None:
    async def test(cluster: Cluster) -> None:
        node = cluster.publisher
        before = tomcat_fingerprints(node)
        node.down = True

        assert before == tomcat_fingerprints(node)

    in_lab(test, scenario("single"))
