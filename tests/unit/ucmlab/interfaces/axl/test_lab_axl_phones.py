# Promise: AXL lists phones, resets them one by one, by pool and by group, sets their web access and the parameters.
import asyncio

import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.faults import FaultRule
from ucmlab.interfaces.axl import messages
from ucmlab.interfaces.http import Response
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.interfaces.web_bench import axl, is_page, texts
from unit.ucmlab.lab_bench import in_lab
from unit.ucmlab.phone_bench import BOOTED_S, reset_since, with_phones

TWO_POOLS = with_phones(
    PhonesSpec(count=2, page_share=1.0, slow_share=0.0),
    PhonesSpec(count=3, pool="Branch", model="CP-7962", protocol="SCCP", group=("cucm-sub1",), page_share=0.0),
)
FIRST, THIRD = "SEP0077AA000001", "SEP0077AA000003"


def asked(content: str, of=TWO_POOLS, **more) -> Response:
    async def once(cluster: Cluster) -> Response:
        return await axl(cluster, content, **more)

    return in_lab(once, of)


def fault(response: Response) -> tuple[str, str]:
    assert 500 == response.status
    return texts(response, "axlcode")[0], texts(response, "axlmessage")[0]


def listing(criteria: str = "<name>%</name>", tags: str = "<name/>") -> str:
    asking = f"<searchCriteria>{criteria}</searchCriteria><returnedTags>{tags}</returnedTags>"
    return f"<n:listPhone>{asking}</n:listPhone>"


def test_phones_are_listed_with_the_tags_asked_for() -> None:
    tags = "<name/><model/><class/><protocol/><devicePoolName/><securityProfileName/><description/>"
    phones = etree.fromstring(asked(listing("<name>%0003</name>", tags)).body)[0][0].findall("return/phone")
    assert 1 == len(phones)
    assert phones[0].get("uuid").startswith("{")
    expected = {
        "name": THIRD,
        "model": "Cisco 7962",
        "class": "Phone",
        "protocol": "SCCP",
        "devicePoolName": "Branch",
        "securityProfileName": "Cisco 7962 - SCCP Non Secure Profile",
        "description": "Phone 000003",
    }
    assert expected == {child.tag: child.text for child in phones[0]}


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        ("<name>%</name>", 5),
        ("<devicePoolName>branch</devicePoolName>", 3),
        ("<name>SEP%</name><protocol>SIP</protocol>", 2),
        ("<name>ATA%</name>", 0),
    ],
)
def test_search_criteria_narrow_the_list(criteria: str, count: int) -> None:
    assert count == len(texts(asked(listing(criteria)), "name"))


def test_a_list_over_8_mb_is_refused_with_a_suggestion(monkeypatch) -> None:
    monkeypatch.setattr(messages, "READ_BYTES_MAX", 100)
    words = fault(asked(listing()))[1]
    assert "Query request too large. Total rows matched: 5 rows. Suggested row fetch: less than 3 rows" == words


def test_a_phone_is_shown_by_name_and_by_uuid_with_its_web_access() -> None:
    by_name = asked(f"<n:getPhone><name>{FIRST.lower()}</name></n:getPhone>")
    uuid = etree.fromstring(by_name.body)[0][0].find("return/phone").get("uuid")
    by_uuid = asked(f"<n:getPhone><uuid>{uuid}</uuid></n:getPhone>")
    assert by_name.body == by_uuid.body
    assert (["0"], [FIRST]) == (texts(by_name, "webAccess"), texts(by_name, "name"))
    assert ["1"] == texts(asked(f"<n:getPhone><name>{THIRD}</name></n:getPhone>"), "webAccess")


def update(name: str, word: str) -> str:
    return (
        f"<n:updatePhone><name>{name}</name><vendorConfig><webAccess>{word}</webAccess></vendorConfig></n:updatePhone>"
    )


@pytest.mark.parametrize(
    ("switch", "on", "off"), [("0", "0", "1"), ("1", "1", "0"), ("Enabled", "Enabled", "Disabled")]
)
def test_web_access_is_obeyed_with_the_next_configuration(switch: str, on: str, off: str) -> None:
    async def once(cluster: Cluster) -> list[bool]:
        await asyncio.sleep(BOOTED_S)
        assert 200 == (await axl(cluster, update(THIRD, on))).status
        before = cluster.phones.phone(THIRD).page
        await axl(cluster, f"<n:resetPhone><name>{THIRD}</name></n:resetPhone>")
        await asyncio.sleep(BOOTED_S)
        during = cluster.phones.phone(THIRD).page
        await axl(cluster, update(THIRD, off))
        assert [off] == texts(await axl(cluster, f"<n:getPhone><name>{THIRD}</name></n:getPhone>"), "webAccess")
        return [before, during]

    of = with_phones(*TWO_POOLS.phones, switches={"axl_web_access": switch})
    assert [False, True] == in_lab(once, of)


def ordering(operation: str, mode: str = "By Null String", name: str = FIRST) -> str:
    fields = f"<certificateOperation>{operation}</certificateOperation><authenticationMode>{mode}</authenticationMode>"
    return f"<n:updatePhone><name>{name}</name>{fields}</n:updatePhone>"


LSC_TAGS = ("certificateOperation", "authenticationMode", "certificateStatus")


def test_an_lsc_is_ordered_shown_and_carried_out() -> None:
    async def once(cluster: Cluster) -> list[list[str]]:
        shown = []
        for content in ("", ordering("Install/Upgrade"), f"<n:resetPhone><name>{FIRST}</name></n:resetPhone>"):
            if content:
                assert 200 == (await axl(cluster, content)).status
            await asyncio.sleep(BOOTED_S if "reset" in content else 0)
            one = await axl(cluster, f"<n:getPhone><name>{FIRST}</name></n:getPhone>")
            tags = "".join(f"<{tag}/>" for tag in LSC_TAGS)
            listed = await axl(cluster, listing(f"<name>{FIRST}</name>", tags))
            words = [texts(one, tag)[0] for tag in LSC_TAGS]
            assert words == [texts(listed, tag)[0] for tag in LSC_TAGS]
            shown.append(words)
        return shown

    expected = [
        ["No Pending Operation", "By Null String", "None"],
        ["Install/Upgrade", "By Null String", "Operation Pending"],
        ["No Pending Operation", "By Null String", "Upgrade Success"],
    ]
    assert expected == in_lab(once, TWO_POOLS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ordering("Upgrade"), "The value Upgrade is not allowed for certificateOperation"),
        (ordering("Delete", "By Hand"), "The value By Hand is not allowed for authenticationMode"),
        (ordering(""), "The value  is not allowed for certificateOperation"),
    ],
)
def test_operations_and_modes_that_do_not_exist_are_refused_and_change_nothing(content: str, words: str) -> None:
    async def once(cluster: Cluster) -> tuple[str, str]:
        said = fault(await axl(cluster, content))[1]
        return said, cluster.phones.phone(FIRST).certificate_status

    assert (words, "None") == in_lab(once, TWO_POOLS)


def test_the_database_has_operation_and_status_by_number_and_name() -> None:
    sql = (
        "select d.name, o.name as operation, s.name as status from device d "
        "join typecertificateoperation o on d.tkcertificateoperation = o.enum "
        f"join typecertificatestatus s on d.tkcertificatestatus = s.enum where d.name = '{FIRST}'"
    )

    async def once(cluster: Cluster) -> tuple[list[str], list[str]]:
        await axl(cluster, ordering("Delete"))
        rows = await axl(cluster, f"<n:executeSQLQuery><sql>{sql}</sql></n:executeSQLQuery>")
        return texts(rows, "operation"), texts(rows, "status")

    assert (["Delete"], ["Operation Pending"]) == in_lab(once, TWO_POOLS)


REPORT = f"<deviceName>{FIRST}</deviceName><deviceResetType>Generate PRT</deviceResetType>"
RESETS = [
    (f"<n:doDeviceReset><deviceName>{FIRST}</deviceName><isHardReset>true</isHardReset></n:doDeviceReset>", 1),
    (
        f"<n:doDeviceReset><deviceName>{FIRST}</deviceName><deviceResetType>Restart</deviceResetType></n:doDeviceReset>",
        1,
    ),
    (f"<n:doDeviceReset>{REPORT}</n:doDeviceReset>", 0),
    (f"<n:resetPhone><name>{FIRST}</name></n:resetPhone>", 1),
    (f"<n:restartPhone><name>{FIRST}</name></n:restartPhone>", 1),
    (f"<n:applyPhone><name>{FIRST}</name></n:applyPhone>", 1),
    ("<n:resetDevicePool><name>Branch</name></n:resetDevicePool>", 3),
    ("<n:resetCallManagerGroup><name>Default</name></n:resetCallManagerGroup>", 2),
    ("<n:resetCallManagerGroup><name>CMG_cucm-sub1</name></n:resetCallManagerGroup>", 3),
]


@pytest.mark.parametrize(("content", "count"), RESETS)
def test_a_reset_reaches_whom_it_names(content: str, count: int) -> None:
    async def once(cluster: Cluster) -> int:
        await asyncio.sleep(BOOTED_S)
        moment = cluster.clock.now()
        response = await axl(cluster, content)
        assert texts(response, "return")[0].startswith("{")
        await asyncio.sleep(BOOTED_S)
        return len(reset_since(cluster, moment))

    assert count == in_lab(once, TWO_POOLS)


def test_the_answer_to_a_reset_is_a_switch() -> None:
    of = with_phones(switches={"axl_reset_return": "true"})
    assert ["true"] == texts(asked(f"<n:resetPhone><name>{FIRST}</name></n:resetPhone>", of), "return")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<n:resetPhone><name>SEP1</name></n:resetPhone>", "5007"),
        ("<n:getPhone><name>SEP1</name></n:getPhone>", "5007"),
        ("<n:resetDevicePool><name>Nowhere</name></n:resetDevicePool>", "5007"),
        ("<n:resetCallManagerGroup><uuid>{1}</uuid></n:resetCallManagerGroup>", "5007"),
        (update("SEP1", "0"), "5003"),
        (update(FIRST, "maybe"), "-1"),
        (f"<n:updatePhone><name>{FIRST}</name><description>x</description></n:updatePhone>", "-1"),
        ("<n:resetPhone/>", "-1"),
        ("<n:getPhone/>", "-1"),
        ("<n:resetDevicePool/>", "-1"),
        (listing("<model>x</model>"), "-1"),
    ],
)
def test_what_is_not_there_has_axls_codes(content: str, code: str) -> None:
    assert code == fault(asked(content))[0]


def setting(name: str, value: str, *, node: str = "EnterpriseWideData", service: str = "Enterprise Wide") -> str:
    return (
        f"<n:updateServiceParameter><processNodeName>{node}</processNodeName><name>{name}</name>"
        f"<service>{service}</service><value>{value}</value></n:updateServiceParameter>"
    )


INTERACTION = "PhoneInteractionOnCertificateUpdate"


def test_an_enterprise_parameter_is_set_by_name_and_by_uuid() -> None:
    async def once(cluster: Cluster) -> list[str]:
        uuid = texts(await axl(cluster, setting(INTERACTION, "1")), "return")[0]
        seen = [cluster.parameters[INTERACTION]]
        by_uuid = f"<n:updateServiceParameter><uuid>{uuid}</uuid><value>0</value></n:updateServiceParameter>"
        assert [uuid] == texts(await axl(cluster, by_uuid), "return")
        return [*seen, cluster.parameters[INTERACTION]]

    assert ["1", "0"] == in_lab(once, TWO_POOLS)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (setting("NoSuchParameter", "1"), "5003"),
        (setting(INTERACTION, "1", node="cucm-pub"), "5003"),
        (setting(INTERACTION, "1", service="Cisco CallManager"), "5003"),
        (setting(INTERACTION, "7"), "-1"),
        (setting("ClusterSecurityMode", "1"), "-1"),
        ("<n:updateServiceParameter><uuid>{1}</uuid><value>0</value></n:updateServiceParameter>", "5003"),
    ],
)
def test_parameters_that_cannot_be_set_are_refused(content: str, code: str) -> None:
    assert code == fault(asked(content))[0]


def test_writes_meet_503_for_a_while_and_reads_do_not() -> None:
    async def once(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind="axl-write-throttle", seconds=30.0))
        for content in (setting(INTERACTION, "1"), RESETS[0][0], update(FIRST, "0")):
            assert is_page(await axl(cluster, content), 503)
        assert "0" == cluster.parameters[INTERACTION]
        assert 200 == (await axl(cluster, listing())).status
        await asyncio.sleep(31.0)
        assert 200 == (await axl(cluster, setting(INTERACTION, "1"))).status

    in_lab(once, TWO_POOLS)


def sql(statement: str) -> str:
    return f"<n:executeSQLQuery><sql>{statement}</sql></n:executeSQLQuery>"


def test_phones_join_with_model_pool_group_and_nodes() -> None:
    statement = (
        "select d.name, m.name as model, p.name as pool, g.name as cmgroup, s.name as security, t.name as protocol "
        "from device d, typemodel m, devicepool p, callmanagergroup g, typesecuritymode s, typedeviceprotocol t "
        "where d.tkclass = 1 and d.tkmodel = m.enum and d.fkdevicepool = p.pkid and p.fkcallmanagergroup = g.pkid "
        "and d.tksecuritymode = s.enum and d.tkdeviceprotocol = t.enum order by d.name"
    )
    rows = etree.fromstring(asked(sql(statement)).body)[0][0].findall("return/row")
    assert [FIRST, "Cisco 8851", "Default", "Default", "Non Secure", "SIP"] == [cell.text for cell in rows[0]]
    assert [THIRD, "Cisco 7962", "Branch", "CMG_cucm-sub1", "Non Secure", "SCCP"] == [cell.text for cell in rows[2]]


def test_the_members_of_a_group_have_priorities() -> None:
    statement = (
        "select g.name, m.priority, n.name as node from callmanagergroupmember m, callmanagergroup g, callmanager c, "
        "processnode n where m.fkcallmanagergroup = g.pkid and m.fkcallmanager = c.pkid and c.fkprocessnode = n.pkid "
        "order by g.name, m.priority"
    )
    rows = etree.fromstring(asked(sql(statement)).body)[0][0].findall("return/row")
    assert [
        ["CMG_cucm-sub1", "0", "cucm-sub1.lab.example"],
        ["Default", "0", "cucm-pub.lab.example"],
        ["Default", "1", "cucm-sub1.lab.example"],
    ] == [[cell.text for cell in row] for row in rows]
