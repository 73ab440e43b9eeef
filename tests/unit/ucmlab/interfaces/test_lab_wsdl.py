# Promise: zeep, fed with the lab's own WSDLs, can call every operation of the three SOAP services.
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
import zeep
from lxml import etree
from zeep.transports import Transport

from ucmlab.interfaces.answers import ANSWERS
from ucmlab.interfaces.http import Response
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.interfaces.web_bench import (
    AXL_PATH,
    CC_PATH,
    RIS_PATH,
    OpenLab,
    ask,
    is_page,
    login,
    open_lab,
)
from unit.ucmlab.lab_bench import scenario

HOST = "cucm-pub.lab.example:8443"
PATHS = {"axl": AXL_PATH, "ris": RIS_PATH, "control-center": CC_PATH}


class LabTransport(Transport):
    """Hands zeep's requests to the lab's web door."""

    def __init__(self, lab: OpenLab) -> None:
        super().__init__()
        self._lab = lab
        self.addresses: list[str] = []

    def _ask(self, method: str, address: str, body: bytes = b"") -> Response:
        self.addresses.append(address)
        headers = login(self._lab.cluster, "application") | {"host": HOST}
        path = address.removeprefix(f"https://{HOST}")
        return self._lab.run(ask(self._lab.cluster, method, path, body, headers=headers))

    def _load_remote_data(self, url: str) -> bytes:
        return self._ask("GET", url).body

    def post(self, address, message, headers):
        answer = self._ask("POST", address, message)
        response = requests.Response()
        response.status_code, response._content = answer.status, answer.body
        response.headers.update(answer.headers)
        return response


@contextmanager
def client_of(interface: str, of=None) -> Iterator[tuple[zeep.Client, OpenLab]]:
    with open_lab(of) as lab:
        yield zeep.Client(f"https://{HOST}{PATHS[interface]}?wsdl", transport=LabTransport(lab)), lab


@pytest.mark.parametrize("interface", list(PATHS))
def test_the_wsdl_has_every_operation_that_is_answered(interface) -> None:
    with client_of(interface) as (client, _):
        port = next(iter(next(iter(client.wsdl.services.values())).ports.values()))
        answered = [row.call for row in ANSWERS if row.interface == interface]
        assert sorted(answered) == sorted(port.binding._operations)
        assert f"https://{HOST}{PATHS[interface]}" == port.binding_options["address"]


def test_axl_by_zeep() -> None:
    with client_of("axl", scenario("demo")) as (client, _):
        answer = client.service.executeSQLQuery(sql="select name, nodeid from processnode where nodeid = 2")
        cells = [[(cell.tag, cell.text) for cell in row] for row in answer["return"]["row"]]
        assert [[("name", "cucm-pub.lab.example"), ("nodeid", "2")]] == cells
        version = client.service.getCCMVersion(processNodeName="cucm-sub1")
        assert "14.0.1.13900(155)" == version["return"]["componentVersion"]["version"]
        listed = client.service.listProcessNode(
            searchCriteria={"name": "cucm-sub%"}, returnedTags={"name": "", "processNodeRole": ""}
        )
        assert [("cucm-sub1.lab.example", "CUCM Voice/Video"), ("cucm-sub2.lab.example", "CUCM Voice/Video")] == [
            (node["name"], node["processNodeRole"]) for node in listed["return"]["processNode"]
        ]
        with pytest.raises(zeep.exceptions.Fault, match=r"Item not valid: The specified SEP1 was not found") as fault:
            client.service.doDeviceReset(deviceName="SEP1", deviceResetType="Restart")
        assert "5007" == fault.value.detail.findtext("axlError/axlcode")


def test_phones_over_axl_by_zeep() -> None:
    with client_of("axl", scenario("pair", phones=(PhonesSpec(count=2),))) as (client, lab):
        listed = client.service.listPhone(searchCriteria={"name": "SEP%"}, returnedTags={"name": "", "model": ""})
        phones = listed["return"]["phone"]
        assert [("SEP0077AA000001", "Cisco 8851"), ("SEP0077AA000002", "Cisco 8851")] == [
            (phone["name"], phone["model"]) for phone in phones
        ]
        shown = client.service.getPhone(uuid=phones[1]["uuid"])["return"]["phone"]
        assert ("SEP0077AA000002", "Default") == (shown["name"], shown["devicePoolName"])
        access = etree.Element("webAccess")
        access.text = "0"
        client.service.updatePhone(name="SEP0077AA000002", vendorConfig={"_value_1": [access]})
        assert lab.cluster.phones.phone("SEP0077AA000002").record.page
        assert phones[0]["uuid"] == client.service.resetPhone(name="SEP0077AA000001")["return"]
        for reset in (client.service.restartPhone, client.service.applyPhone):
            assert phones[0]["uuid"] == reset(uuid=phones[0]["uuid"])["return"]
        assert client.service.resetDevicePool(name="Default")["return"]
        assert client.service.resetCallManagerGroup(name="Default")["return"]
        client.service.updateServiceParameter(
            processNodeName="EnterpriseWideData",
            name="PhoneInteractionOnCertificateUpdate",
            service="Enterprise Wide",
            value="1",
        )
        assert "1" == lab.cluster.parameters["PhoneInteractionOnCertificateUpdate"]


def test_ris_by_zeep() -> None:
    criteria = {
        "MaxReturnedDevices": 1000,
        "DeviceClass": "Phone",
        "Model": 255,
        "Status": "Any",
        "NodeName": "",
        "SelectBy": "Name",
        "SelectItems": {"item": [{"Item": "*"}]},
        "Protocol": "Any",
        "DownloadStatus": "Any",
    }
    phones = (PhonesSpec(count=4, absent_share=0.0),)
    with client_of("ris", scenario("demo", phones=phones)) as (client, _):
        for operation, count in ((client.service.selectCmDevice, 4), (client.service.selectCmDeviceExt, 0)):
            answer = operation(StateInfo="", CmSelectionCriteria=criteria)
            assert count == answer["SelectCmDeviceResult"]["TotalDevicesFound"]
            nodes = answer["SelectCmDeviceResult"]["CmNodes"]["item"]
            assert ["Ok", "Ok", "Ok"] == [node["ReturnCode"] for node in nodes]


def test_control_center_by_zeep() -> None:
    with client_of("control-center") as (client, _):
        status = client.service.soapGetServiceStatus(ServiceStatus=["Cisco Tftp"])
        before = status["ServiceInfoList"]["item"][0]
        assert ("Started", "Cisco Tftp") == (before["ServiceStatus"], before["ServiceName"])
        assert len(client.service.soapGetServiceStatus()["ServiceInfoList"]["item"]) > 20
        reply = client.service.soapDoControlServices(
            ControlServiceRequest={"ControlType": "Restart", "ServiceList": {"item": ["Cisco Tftp", "Cisco Tomcat"]}}
        )
        assert ["Starting", "Started"] == [row["ServiceStatus"] for row in reply["ServiceInfoList"]["item"]]
        assert -1001 == reply["ReasonCode"]
        names = [row["ServiceName"] for row in client.service.soapGetStaticServiceList()]
        assert "Cisco Trust Verification Service" in names
        information = client.service.getProductInformationList(ServiceInfo="")
        assert "14.0.1.13900-155" == information["ActiveServerVersion"]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.77.0.10:18443", "https://127.77.0.10:18443/axl/"),
        ("[::1]:8443", "https://[::1]:8443/axl/"),
        ('x"><evil/>', "https://cucm-pub.lab.example:8443/axl/"),
        ("", "https://cucm-pub.lab.example:8443/axl/"),
    ],
)
def test_the_endpoint_is_the_address_the_caller_used(host, address) -> None:
    with open_lab() as lab:
        headers = login(lab.cluster, "application") | {"host": host}
        response = lab.run(ask(lab.cluster, "GET", AXL_PATH + "?WSDL", headers=headers))
        assert f'<soap:address location="{address}"/>'.encode() in response.body
        assert b"$" not in response.body


def test_the_axl_namespace_is_that_of_the_release() -> None:
    with open_lab(scenario("legacy")) as lab:
        response = lab.run(ask(lab.cluster, "GET", AXL_PATH + "?wsdl", headers=login(lab.cluster, "application")))
        assert b'targetNamespace="http://www.cisco.com/AXL/API/11.5"' in response.body


@pytest.mark.parametrize("path", list(PATHS.values()))
def test_wsdl_login(path) -> None:
    with open_lab() as lab:
        assert is_page(lab.run(ask(lab.cluster, "GET", path + "?wsdl")), 401)
    with open_lab(scenario(switches={"wsdl_login": "open"})) as lab:
        assert 200 == lab.run(ask(lab.cluster, "GET", path + "?wsdl")).status
        assert is_page(lab.run(ask(lab.cluster, "POST", path + "?wsdl")), 401)
