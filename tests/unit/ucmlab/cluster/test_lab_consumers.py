# Promise: the database names systems outside the cluster, by both doors, and a trunk is never taken for a phone.
import asyncio
import re

import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database import query
from ucmlab.errors import SqlError
from ucmlab.interfaces.http import Response
from ucmlab.scenarios.consumers import ApplicationServerSpec, LdapHostSpec, RemoteClusterSpec, TrunkSpec
from ucmlab.scenarios.loader import load_scenario, scenario_names
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.interfaces.platform_cli.cli_bench import output
from unit.ucmlab.interfaces.web_bench import axl, ris, texts
from unit.ucmlab.lab_bench import in_lab, scenario
from unit.ucmlab.phone_bench import BOOTED_S, reset_since, with_phones

TRUNK, PHONE = "SBC-Paris", "SEP0077AA000001"
OUTSIDE = {
    "trunks": (
        TrunkSpec(name=TRUNK, description="Provider", pool="Paris"),
        TrunkSpec(name="CUBE_2", description="Test"),
    ),
    "remote_clusters": (
        RemoteClusterSpec(cluster_id="Lyon-Cluster", fqdn="lyon-pub.lab.example", description="EMCC", version="14.0.1"),
    ),
    "ldap_hosts": (LdapHostSpec(name="ldap1.lab.example", port=636), LdapHostSpec(name="ldap2.lab.example")),
    "application_servers": (ApplicationServerSpec(name="unity1", address="192.0.2.7", url="https://unity1/"),),
}
KNOWN = with_phones(PhonesSpec(count=2, pool="Paris", page_share=1.0, slow_share=0.0), **OUTSIDE)
TRUNKS = (
    "select d.name, d.description, d.tkclass, m.name as model, p.name as pool from device d"
    " join typemodel m on m.enum = d.tkmodel join devicepool p on p.pkid = d.fkdevicepool where d.tkmodel = 131"
)
ROWS = {
    TRUNKS: [(TRUNK, "Provider", "13", "SIP Trunk", "Paris"), ("CUBE_2", "Test", "13", "SIP Trunk", "Default")],
    "select clusterid, fullyqualifiedname, description, version from remotecluster": [
        ("Lyon-Cluster", "lyon-pub.lab.example", "EMCC", "14.0.1")
    ],
    "select hostname, ldapportnumber, priority from directorypluginhost order by priority": [
        ("ldap1.lab.example", "636", "0"),
        ("ldap2.lab.example", "389", "1"),
    ],
    "select name, ipaddress, url from appserver": [("unity1", "192.0.2.7", "https://unity1/")],
}
TABLES = ("remotecluster", "directorypluginhost", "appserver")


def asked(sql: str, of=KNOWN) -> list[tuple[str | None, ...]]:
    async def once(cluster: Cluster) -> list[tuple[str | None, ...]]:
        return query(cluster, cluster.publisher, sql)[1]

    return in_lab(once, of)


def by_axl(content: str, of=KNOWN) -> Response:
    async def once(cluster: Cluster) -> Response:
        return await axl(cluster, content)

    return in_lab(once, of)


def sql_by_axl(statement: str) -> str:
    return f"<n:executeSQLQuery><sql>{statement}</sql></n:executeSQLQuery>"


@pytest.mark.parametrize("statement", ROWS)
def test_axl_reads_the_rows(statement: str) -> None:
    rows = etree.fromstring(by_axl(sql_by_axl(statement)).body)[0][0].findall("return/row")
    assert ROWS[statement] == [tuple(cell.text for cell in row) for row in rows]


@pytest.mark.parametrize("statement", ROWS)
def test_run_sql_reads_the_rows(statement: str) -> None:
    _, rule, *lines = output(f"run sql {statement}", of=KNOWN).splitlines()
    columns = [column.span() for column in re.finditer("=+", rule)]
    assert ROWS[statement] == [tuple(line[start:end].rstrip() for start, end in columns) for line in lines]


def test_phones_and_trunks_are_told_apart_by_their_class() -> None:
    classes = "select c.name, d.name from device d join typeclass c on c.enum = d.tkclass order by 1, 2"
    phones = [("Phone", PHONE), ("Phone", "SEP0077AA000002")]
    assert [*phones, ("Trunk", "CUBE_2"), ("Trunk", TRUNK)] == asked(classes)


def test_an_order_for_a_phone_leaves_the_trunks_in_the_table() -> None:
    async def once(cluster: Cluster) -> list[list[tuple[str | None, ...]]]:
        sql = "select name, tkcertificateoperation from device order by name"
        before = query(cluster, cluster.publisher, sql)[1]
        cluster.phones.order_certificate(PHONE, "Install/Upgrade", None)
        return [before, query(cluster, cluster.publisher, sql)[1]]

    before, after = in_lab(once, KNOWN)
    changed = {name for name, _ in set(before) ^ set(after)}
    assert (4, {PHONE}) == (len(after), changed)


def test_axl_lists_shows_and_changes_no_trunk_as_a_phone() -> None:
    every = "<searchCriteria><name>%</name></searchCriteria><returnedTags><name/></returnedTags>"
    assert [PHONE, "SEP0077AA000002"] == texts(by_axl(f"<n:listPhone>{every}</n:listPhone>"), "name")
    for operation in ("getPhone", "updatePhone", "resetPhone"):
        assert 500 == by_axl(f"<n:{operation}><name>{TRUNK}</name></n:{operation}>").status


def test_ris_knows_no_trunk() -> None:
    async def once(cluster: Cluster) -> list[str]:
        items = "<n:SelectItems><n:item><n:Item>*</n:Item></n:item></n:SelectItems>"
        criteria = f"<n:CmSelectionCriteria><n:DeviceClass>Any</n:DeviceClass>{items}</n:CmSelectionCriteria>"
        content = f"<n:selectCmDevice><n:StateInfo/>{criteria}</n:selectCmDevice>"
        return texts(await ris(cluster, content), "Name")

    found = in_lab(once, KNOWN)
    assert PHONE in found
    assert {TRUNK, "CUBE_2"}.isdisjoint(found)


@pytest.mark.parametrize(
    ("content", "boots"),
    [
        (
            f"<n:doDeviceReset><deviceName>{TRUNK.upper()}</deviceName><isHardReset>true</isHardReset></n:doDeviceReset>",
            0,
        ),
        ("<n:resetDevicePool><name>Paris</name></n:resetDevicePool>", 2),
        ("<n:resetDevicePool><name>Default</name></n:resetDevicePool>", 0),
    ],
)
def test_a_reset_boots_phones_only(content: str, boots: int) -> None:
    async def once(cluster: Cluster) -> tuple[int, int]:
        await asyncio.sleep(BOOTED_S)
        moment = cluster.clock.now()
        status = (await axl(cluster, content)).status
        await asyncio.sleep(BOOTED_S)
        return status, len(reset_since(cluster, moment))

    assert (200, boots) == in_lab(once, KNOWN)


@pytest.mark.parametrize("table", TABLES)
def test_a_database_without_these_tables_says_so_by_both_doors(table: str) -> None:
    without = with_phones(PhonesSpec(count=1, pool="Paris"), switches={"consumer_tables": "missing"}, **OUTSIDE)
    words = f"The specified table ({table}) is not in the database."
    with pytest.raises(SqlError) as refused:
        asked(f"select * from {table}", without)
    assert (-206, words) == (refused.value.code, refused.value.words)
    assert ["-206"] == texts(by_axl(sql_by_axl(f"select * from {table}"), without), "axlcode")
    assert f"{words}\n" == output(f"run sql select * from {table}", of=without)
    assert [("0",)] == asked(f"select count(*) from systables where tabname = '{table}'", without)
    assert ROWS[TRUNKS] == asked(TRUNKS, without)


@pytest.mark.parametrize("table", TABLES)
def test_a_scenario_that_names_nobody_has_the_tables_and_no_rows(table: str) -> None:
    assert [("0",)] == asked(f"select count(*) from {table}", scenario("pair"))
    assert [("1",)] == asked(f"select count(*) from systables where tabname = '{table}'", scenario("pair"))
    assert [("0",)] == asked("select count(*) from device where tkclass <> 1", scenario("pair"))


@pytest.mark.parametrize("name", scenario_names())
def test_only_two_built_in_scenarios_name_anybody(name: str) -> None:
    found = load_scenario(name)
    named = len(found.trunks), len(found.remote_clusters), len(found.ldap_hosts), len(found.application_servers)
    assert ((1, 0, 1, 1) if name in ("demo", "five-mixed") else (0, 0, 0, 0)) == named
