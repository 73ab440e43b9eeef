"""Promise: `ucmlab up` keeps its contract: a complete ready file, a lasting state, no labs in each other's way."""

import asyncio
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from lab_process import LabProcess, accepts, served_sha256, ucmlab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess(tmp_path_factory.mktemp("up"), "--calm", "--speed", "50", scenario="pair") as running:
        yield running


def host_key(address: tuple[str, int]) -> str:
    """`SHA256:...` of the key an SSH port shows, without log-in."""

    async def ask() -> str:
        key = await asyncssh.get_server_host_key(*address)
        assert key is not None
        return key.get_fingerprint("sha256")

    return asyncio.run(ask())


def test_every_port_of_the_ready_file_answers(lab: LabProcess) -> None:
    for node in lab.ready["nodes"]:
        assert {"ssh", "https", "https_alt", "tvs", "sip_tls", "sccp_tls", "tftp_http"} <= set(node["ports"])
        assert all(accepts((node["address"], port)) for name, port in node["ports"].items() if name != "tftp")


def test_the_fingerprints_of_the_ready_file_are_those_shown(lab: LabProcess) -> None:
    for node in lab.ready["nodes"]:
        for port in ("https", "https_alt"):
            assert node["tls_sha256"] == served_sha256((node["address"], node["ports"][port]))
        assert node["ssh_host_key"] == host_key((node["address"], node["ports"]["ssh"]))


def test_the_ready_file_leads_to_all_that_a_client_needs(lab: LabProcess) -> None:
    config = tomllib.loads(Path(lab.ready["config"]).read_text())
    ca = Path(lab.ready["ca"])

    assert "pair" == lab.ready["cluster"] == config["cluster"]
    assert [node["fqdn"] for node in lab.ready["nodes"]] == [node["name"] for node in config["nodes"]]
    assert {"root.pem", "intermediate.pem", "intermediate.key"} == {file.name for file in ca.iterdir()}
    assert str(ca) == config["authority"]["folder"]
    assert len(lab.password("os_admin")) > 10
    assert len(lab.password("app_admin")) > 10


def test_a_running_lab_can_be_inspected(lab: LabProcess) -> None:
    seen = json.loads(ucmlab("inspect", "--state", lab.state, "--json"))

    assert seen["running"] is True
    for node, card in zip(seen["nodes"], lab.ready["nodes"], strict=True):
        tomcat = next(row for row in node["identities"] if row["purpose"] == "tomcat")
        assert card["tls_sha256"] == tomcat["stored"] == tomcat["loaded"] == tomcat["served"]


def test_it_says_what_it_started(lab: LabProcess) -> None:
    said = lab.output.read_text()

    for word in ("cucm-pub", "cucm-sub1", "seed", "mischief       none", "50 times", str(lab.ready["config"])):
        assert word in said


def test_a_second_lab_in_the_same_folder_is_refused(lab: LabProcess) -> None:
    with pytest.raises(AssertionError, match="a lab is running in this folder"):
        LabProcess(lab.folder, scenario="pair")


def test_a_node_that_goes_down_refuses_and_comes_back(lab: LabProcess) -> None:
    ports = [name for name in lab.node("cucm-sub1")["ports"] if name != "tftp"]  # which is UDP
    addresses = [lab.address(port, "cucm-sub1") for port in ports]

    ucmlab("fault", "add", "node-down", "--node", "cucm-sub1", "--state", lab.state)
    assert [False] * len(ports) == [accepts(address) for address in addresses]
    assert accepts(lab.address("https"))

    ucmlab("fault", "clear", "--state", lab.state)
    assert [True] * len(ports) == [accepts(address) for address in addresses]


def test_two_labs_at_once_do_not_meet(lab: LabProcess, tmp_path: Path) -> None:
    with LabProcess(tmp_path, "--calm", "--seed", "2", scenario="pair") as other:
        for mine, theirs in zip(lab.ready["nodes"], other.ready["nodes"], strict=True):
            for port in mine["ports"]:
                assert (mine["address"], mine["ports"][port]) != (theirs["address"], theirs["ports"][port])
            assert theirs["tls_sha256"] == served_sha256((theirs["address"], theirs["ports"]["https"]))
            assert mine["tls_sha256"] == served_sha256((mine["address"], mine["ports"]["https"]))


def test_a_killed_lab_comes_back_as_it_was(tmp_path: Path) -> None:
    with LabProcess(tmp_path, "--calm") as first:
        address = first.address("https")
        first.kill()
        assert not accepts(address)
    with LabProcess(tmp_path, "--calm") as again:
        assert first.ready["nodes"] == again.ready["nodes"]
        assert first.password("os_admin") == again.password("os_admin")
        assert served_sha256(address) == again.node("cucm-pub")["tls_sha256"]
        assert host_key(again.address("ssh")) == first.node("cucm-pub")["ssh_host_key"]
        assert 0 == again.stop()
        assert "the state is saved" in again.output.read_text()


def test_a_block_of_ports_works_without_privileges(tmp_path: Path) -> None:
    with LabProcess(tmp_path, "--calm", "--ports", "block") as lab:
        card = lab.node("cucm-pub")
        config = tomllib.loads(Path(lab.ready["config"]).read_text())

        assert "127.0.0.1" == card["address"]
        assert min(card["ports"].values()) > 1024
        assert card["ports"]["https"] == config["nodes"][0]["ports"]["https"]
        assert card["ports"]["sip_tls"] == config["nodes"][0]["ports"]["5061"]
        assert card["tls_sha256"] == served_sha256(lab.address("https_alt"))
