"""Promise: the web interfaces of the lab serve clients that nobody wrote for it: curl and zeep."""

import json
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import zeep
from lab_process import LabProcess, served_leaf, ucmlab

SNAPSHOT = "/platformcom/api/v1/certmgr/config/snapshot/server"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with LabProcess(tmp_path_factory.mktemp("web"), "--calm", "--speed", "50", scenario="pair") as running:
        yield running


def curl(lab: LabProcess, *words: str) -> str:
    """System curl that trusts the served leaf alone and calls the publisher by name."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    card = lab.node("cucm-pub")
    leaf = lab.folder / "leaf.pem"
    leaf.write_text(ssl.DER_cert_to_PEM_cert(served_leaf(lab.address("https"))))
    done = subprocess.run(
        [
            "curl",
            "-sS",
            "--cacert",
            leaf,
            "--resolve",
            f"{card['fqdn']}:{card['ports']['https']}:{card['address']}",
            *words,
        ],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout + done.stderr


def test_curl_reads_the_snapshot_with_a_pinned_leaf(lab: LabProcess) -> None:
    card = lab.node("cucm-pub")
    url = f"https://{card['fqdn']}:{card['ports']['https']}{SNAPSHOT}"
    answer = curl(lab, "-u", f"admin:{lab.password('os_admin')}", "-w", "\n%{http_code}", url)

    assert answer.endswith("\n200")
    assert '"identities"' in answer


def test_curl_without_a_login_is_turned_away(lab: LabProcess) -> None:
    card = lab.node("cucm-pub")
    url = f"https://{card['fqdn']}:{card['ports']['https']}{SNAPSHOT}"

    assert curl(lab, "-o", "/dev/null", "-w", "%{http_code}", url).endswith("401")


def soap(lab: LabProcess, path: str) -> zeep.Client:
    """A zeep client from the WSDL the lab serves."""
    session = requests.Session()
    session.verify = False
    session.trust_env = False
    session.auth = ("axladmin", lab.password("app_admin"))
    address, port = lab.address("https_alt")
    transport = zeep.Transport(session=session, timeout=10, operation_timeout=10)
    return zeep.Client(f"https://{address}:{port}{path}", transport=transport)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_zeep_asks_axl(lab: LabProcess) -> None:
    client = soap(lab, "/axl/?wsdl")
    answer: Any = client.service.getCCMVersion()

    assert answer["return"]["componentVersion"]["version"].startswith("14.0.1.13900")


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_zeep_asks_control_center(lab: LabProcess) -> None:
    client = soap(lab, "/controlcenterservice2/services/ControlCenterServices?wsdl")
    answer: Any = client.service.soapGetServiceStatus(["Cisco Tomcat"])

    assert "Cisco Tomcat" in str(answer)
    assert "Started" in str(answer)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_zeep_asks_ris(lab: LabProcess) -> None:
    client = soap(lab, "/realtimeservice2/services/RISService70?wsdl")
    criteria = {"MaxReturnedDevices": 10, "DeviceClass": "Any", "Model": 255, "Status": "Any", "SelectBy": "Name"}
    criteria |= {"NodeName": "", "SelectItems": {"item": [{"Item": "*"}]}, "Protocol": "Any", "DownloadStatus": "Any"}
    answer: Any = client.service.selectCmDevice(StateInfo="", CmSelectionCriteria=criteria)

    phones = json.loads(ucmlab("phones", "--state", lab.state, "--json"))
    assert len(phones) == answer["SelectCmDeviceResult"]["TotalDevicesFound"] > 0


def test_the_log_has_what_was_asked(lab: LabProcess) -> None:
    card = lab.node("cucm-pub")
    curl(lab, "-u", f"admin:{lab.password('os_admin')}", f"https://{card['fqdn']}:{card['ports']['https']}{SNAPSHOT}")
    rows = json.loads(ucmlab("log", "--state", lab.state, "--json"))

    assert {"at", "node", "interface", "operation", "purpose", "outcome"} == set(rows[0])
    assert ("cucm-pub", "rest", "ok") in [(row["node"], row["interface"], row["outcome"]) for row in rows]
