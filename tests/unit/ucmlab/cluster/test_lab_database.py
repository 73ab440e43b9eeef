# Promise: the database answers SELECTs with CUCM's tables in Informix's words, and nothing can be written.
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database import query
from ucmlab.errors import SqlError
from unit.ucmlab.lab_bench import in_lab, scenario


def asked(sql: str, **changes):
    async def ask(cluster: Cluster):
        return query(cluster, cluster.publisher, sql)

    return in_lab(ask, scenario("demo", **changes))


def test_the_nodes_stand_in_processnode_after_the_virtual_one() -> None:
    columns, rows = asked("SELECT name, nodeid, tknodeusage, tkprocessnoderole FROM processnode")
    assert columns == ("name", "nodeid", "tknodeusage", "tkprocessnoderole")
    assert rows == [
        ("EnterpriseWideData", "1", "1", "1"),
        ("cucm-pub.lab.example", "2", "0", "1"),
        ("cucm-sub1.lab.example", "3", "1", "1"),
        ("cucm-sub2.lab.example", "4", "1", "1"),
        ("imp-pub.lab.example", "5", "1", "2"),
    ]


def test_the_security_mode_is_an_enterprise_parameter() -> None:
    sql = "select paramname,paramvalue from processconfig where paramname='ClusterSecurityMode'"
    assert asked(sql) == (("paramname", "paramvalue"), [("ClusterSecurityMode", "0")])
    assert asked(sql, mixed=True)[1] == [("ClusterSecurityMode", "1")]


def test_certificates_join_with_their_service_and_node() -> None:
    _, rows = asked(
        "select p.name, c.serialnumber from certificate c"
        " join certificateservicecertificatemap m on m.fkcertificate = c.pkid"
        " join typecertificateservice t on t.enum = m.tkcertificateservice"
        " join certificateprocessnodemap n on n.fkcertificate = c.pkid"
        " join processnode p on p.pkid = n.fkprocessnode where t.name = 'tomcat' order by p.name"
    )
    names = [name for name, _ in rows]
    assert names == [f"{host}.lab.example" for host in ("cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub")]


def test_numbers_compare_with_quoted_numbers_and_first_limits() -> None:
    assert len(asked("select first 2 name from processnode where tknodeusage = '1'")[1]) == 2
    assert asked("select skip 1 first 1 nodeid from processnode")[1] == [("2",)]
    assert asked("select fklbmhubgroup from processnode where nodeid = 2")[1] == [(None,)]


@pytest.mark.parametrize(
    ("sql", "code", "words"),
    [
        ("selekt 1", -201, "A syntax error has occurred."),
        ("select from where", -201, "A syntax error has occurred."),
        ("select * from nothere", -206, "The specified table (nothere) is not in the database."),
        ("select nothere from processnode", -217, "Column (nothere) not found in any table"),
        ("update processnode set name = 'x'", -273, "No UPDATE permission for table/view (processnode)."),
        ("delete from device", -274, "No DELETE permission for table/view (device)."),
        ("insert into device values (1)", -275, "No INSERT permission"),
        ("with x as (select 1) insert into device select * from x", -201, "A syntax error has occurred."),
        ("select load_extension('x')", -201, "A syntax error has occurred."),
        ("pragma query_only = off", -201, "A syntax error has occurred."),
        ("with recursive x(n) as (select 1 union all select n+1 from x) select count(*) from x", -213, "interrupted"),
        ("", -201, "A syntax error has occurred."),
    ],
)
def test_refusals_are_said_as_informix_says_them(sql: str, code: int, words: str) -> None:
    with pytest.raises(SqlError) as caught:
        asked(sql)
    assert caught.value.code == code
    assert words in caught.value.words


def test_without_its_database_service_a_node_cannot_answer() -> None:
    async def ask(cluster: Cluster) -> None:
        cluster.publisher.services["A Cisco DB"].begin("stop")
        query(cluster, cluster.publisher, "select name from processnode")

    with pytest.raises(SqlError, match="database server"):
        in_lab(ask)


CONSUMERS = (
    "select hostname from directorypluginhost",
    "select clusterid from remotecluster",
    "select name from appserver",
)


@pytest.mark.parametrize("sql", CONSUMERS)
def test_tables_of_external_consumers_are_there_or_not_as_the_switch_says(sql: str) -> None:
    with pytest.raises(SqlError, match="is not in the database"):
        asked(sql)
    columns, rows = asked(sql, switches={"consumer_tables": "empty"})
    assert (1, []) == (len(columns), rows)


def test_the_table_of_tables_names_those_that_are_there() -> None:
    sql = "select tabname from systables where tabname = 'remotecluster'"
    assert [] == asked(sql)[1]
    assert [("remotecluster",)] == asked(sql, switches={"consumer_tables": "empty"})[1]
