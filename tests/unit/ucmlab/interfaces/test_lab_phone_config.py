"""Promise: a phone reads from its configuration exactly what the cluster wrote into it."""

import msgspec
import pytest
from lxml import etree

from ucmlab.interfaces.phone_config import BadConfig, Server, Settings, read_config, write_config, write_default

PUBLISHER = Server(name="cucm-pub.lab.example", address="127.77.0.10")
SUBSCRIBER = Server(name="cucm-sub1.lab.example", address="127.77.0.11")
SETTINGS = Settings(
    device="SEP0077AA000001",
    protocol="SIP",
    pool="Paris & Lyon",
    group=(PUBLISHER, SUBSCRIBER),
    secure=True,
    page=False,
)


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        msgspec.structs.replace(SETTINGS, protocol="SCCP", secure=False, page=True, group=(SUBSCRIBER,)),
        msgspec.structs.replace(SETTINGS, group=()),
        msgspec.structs.replace(
            SETTINGS, operation="Install/Upgrade", mode="By Existing Certificate (precedence to MIC)", capf="cucm-pub"
        ),
        msgspec.structs.replace(SETTINGS, operation="Delete"),
    ],
)
def test_what_is_written_is_read_back(settings: Settings) -> None:
    assert settings == read_config(write_config(settings))


def test_the_tvs_servers_are_the_nodes_of_the_group_by_priority() -> None:
    root = etree.fromstring(write_config(SETTINGS))

    members = root.findall("TVS/members/member")
    assert ["0", "1"] == [member.get("priority") for member in members]
    assert ["2445", "2445"] == [member.findtext("port") for member in members]
    assert ["127.77.0.10", "127.77.0.11"] == [member.findtext("address") for member in members]


def test_a_cluster_with_capf_says_where() -> None:
    root = etree.fromstring(write_config(msgspec.structs.replace(SETTINGS, capf=PUBLISHER.name)))

    assert "cucm-pub.lab.example" == root.findtext("capfList/capf/processNodeName")
    assert "3804" == root.findtext("capfList/capf/phonePort")


def test_the_default_names_the_group_and_the_models() -> None:
    root = etree.fromstring(write_default((PUBLISHER,), (("Cisco 8851", 684),)))

    assert "cucm-pub.lab.example" == root.findtext("callManagerGroup/members/member/callManager/processNodeName")
    assert "Cisco 8851" == root.find("loadInformation684").get("model")


UNEVEN = (
    b"<device><devicePool><callManagerGroup><members><member><callManager><processNodeName>a</processNodeName>"
    b"</callManager></member></members></callManagerGroup></devicePool></device>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        UNEVEN,
    ],
)
def test_what_cannot_be_understood_is_refused(data: bytes) -> None:
    with pytest.raises(BadConfig):
        read_config(data)


def test_nothing_outside_the_file_is_read() -> None:
    bomb = b'<!DOCTYPE device [<!ENTITY x SYSTEM "file:///etc/hostname">]><device><deviceProtocol>&x;</deviceProtocol></device>'

    assert "" == read_config(bomb).protocol
