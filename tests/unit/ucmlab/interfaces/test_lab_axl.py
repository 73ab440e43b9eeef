# Promise: AXL reads CUCM's tables, tells release and nodes, and refuses with AXL's codes and shapes.
import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.interfaces.axl import messages as axl_module
from ucmlab.interfaces.http import Response
from unit.ucmlab.interfaces.web_bench import AXL_NS, AXL_PATH, ask, axl, logged, login, texts
from unit.ucmlab.lab_bench import in_lab, scenario


def asked(content: str, of=None, **more) -> Response:
    async def once(cluster: Cluster) -> Response:
        return await axl(cluster, content, **more)

    return in_lab(once, of)


def sql(statement: str) -> str:
    return f"<n:executeSQLQuery><sql>{statement}</sql></n:executeSQLQuery>"


def listing(criteria: str = "<name>%</name>", tags: str = "<name/>", more: str = "") -> str:
    return (
        f"<n:listProcessNode><searchCriteria>{criteria}</searchCriteria><returnedTags>{tags}</returnedTags>{more}"
        "</n:listProcessNode>"
    )


def fault(response: Response) -> tuple[str, str, str, str]:
    """faultcode, axlcode, words, request; words stand twice, and everything is unqualified."""
    assert 500 == response.status
    assert "text/xml;charset=UTF-8" == response.headers["Content-Type"]
    element = etree.fromstring(response.body)[0][0]
    error = element.find("detail/axlError")
    assert element.findtext("faultstring") == error.findtext("axlmessage")
    return (
        element.findtext("faultcode"),
        error.findtext("axlcode"),
        error.findtext("axlmessage"),
        error.findtext("request"),
    )


def test_only_the_response_element_is_in_the_namespace() -> None:
    response = asked(sql("select name from processnode where systemnode = 'f'"))
    answer = etree.fromstring(response.body)[0][0]
    assert (200, f"{{{AXL_NS}}}executeSQLQueryResponse") == (response.status, answer.tag)
    assert ["cucm-pub.lab.example"] == [name.text for name in answer.findall("return/row/name")]


def test_the_namespace_asked_for_is_the_one_answered_in() -> None:
    older = "http://www.cisco.com/AXL/API/12.5"
    assert (
        f"{{{older}}}getCCMVersionResponse"
        == etree.fromstring(asked("<n:getCCMVersion/>", namespace=older).body)[0][0].tag
    )


def test_soap_action_and_sequence_are_not_looked_at() -> None:
    assert 200 == asked(sql("select 1 as one from processnode").replace("Query>", 'Query sequence="1">', 1)).status


def test_the_mixed_mode_query_of_the_field_works() -> None:
    statement = "select paramname,paramvalue from processconfig where paramname='ClusterSecurityMode'"
    response = asked(sql(statement), scenario("five-mixed"))
    assert (["ClusterSecurityMode"], ["1"]) == (texts(response, "paramname"), texts(response, "paramvalue"))


def test_expressions_get_a_name_and_null_is_empty() -> None:
    response = asked(sql("select count(*), 1+1, fklbmhubgroup as hub from processnode"))
    row = etree.fromstring(response.body)[0][0].find("return/row")
    assert [("count", "2"), ("expression", "2"), ("hub", None)] == [(cell.tag, cell.text) for cell in row]


def test_no_rows_is_an_empty_return() -> None:
    response = asked(sql("select name from device"))
    assert [] == list(etree.fromstring(response.body)[0][0].find("return"))


def test_text_that_xml_cannot_carry_is_left_out() -> None:
    assert ["ab"] == texts(asked(sql("select 'a' || char(1) || 'b' as x from processnode limit 1")), "x")


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("selec name", "-201", "A syntax error has occurred."),
        ("select name from nowhere", "-206", "The specified table (nowhere) is not in the database."),
        (
            "select colour from processnode",
            "-217",
            "Column (colour) not found in any table in the query (or SLV is undefined).",
        ),
        ("update processnode set name='x'", "-273", "No UPDATE permission for table/view (processnode)."),
        ("delete from processnode", "-274", "No DELETE permission for table/view (processnode)."),
        ("insert into processnode values (1)", "-275", "No INSERT permission for table/view (processnode)."),
        ("select 1; select 2", "-201", "A syntax error has occurred."),
    ],
)
def test_sql_errors_are_informix_errors(statement, code, words) -> None:
    assert ("soapenv:Server", code, words, "executeSQLQuery") == fault(asked(sql(statement)))


def test_a_stopped_database_is_said() -> None:
    async def once(cluster: Cluster) -> Response:
        cluster.publisher.services["A Cisco DB"].begin("stop")
        return await axl(cluster, listing())

    expected = ("soapenv:Server", "-908", "Attempt to connect to database server failed.", "listProcessNode")
    assert expected == fault(in_lab(once))


def test_a_read_over_the_limit_suggests_less(monkeypatch) -> None:
    monkeypatch.setattr(axl_module, "READ_BYTES_MAX", 40)
    statement = "select 'x23456789' as x from typecertificateservice"
    _, _, words, _ = fault(asked(sql(statement)))
    assert "Query request too large. Total rows matched: 29 rows. Suggested row fetch: less than 4 rows" == words


def test_cells_and_answers_of_any_size_are_refused() -> None:
    assert "-201" == fault(asked(sql("select hex(zeroblob(900000000)) from processnode")))[1]
    tables = "processnode a, typecertificateservice b, typecertificateservice c, typecertificateservice d"
    words = fault(asked(sql(f"select hex(zeroblob(400000)) from {tables}")))[2]
    assert words.startswith("Query request too large. Total rows matched: ")


@pytest.mark.parametrize(("style", "text"), [("parenthesised", "14.0.1.13900(155)"), ("dotted", "14.0.1.13900-155")])
def test_axl_version_text(style, text) -> None:
    assert [text] == texts(asked("<n:getCCMVersion/>", scenario(switches={"axl_version_text": style})), "version")


@pytest.mark.parametrize("name", ["cucm-sub1", "cucm-sub1.lab.example", "CUCM-SUB1"])
def test_the_version_of_a_named_node(name) -> None:
    content = f"<n:getCCMVersion><processNodeName>{name}</processNodeName></n:getCCMVersion>"
    assert 1 == len(texts(asked(content, scenario("demo")), "version"))


def test_the_version_of_an_unknown_node_is_5007() -> None:
    response = asked("<n:getCCMVersion><processNodeName>x</processNodeName></n:getCCMVersion>")
    expected = ("soapenv:Server", "5007", "Item not valid: The specified x was not found", "getCCMVersion")
    assert expected == fault(response)


def test_nodes_have_the_tags_asked_for_and_a_uuid() -> None:
    response = asked(listing(tags="<processNodeRole/><nodeUsage/><name/>"), scenario("demo"))
    nodes = etree.fromstring(response.body)[0][0].findall("return/processNode")
    assert {"name", "nodeUsage", "processNodeRole"} == {child.tag for node in nodes for child in node}
    assert all(node.get("uuid").startswith("{") and node.get("uuid") == node.get("uuid").upper() for node in nodes)
    rows = [(node.findtext("name"), node.findtext("nodeUsage"), node.findtext("processNodeRole")) for node in nodes]
    assert ("EnterpriseWideData", "Subscriber", "CUCM Voice/Video") in rows
    assert ("cucm-pub.lab.example", "Publisher", "CUCM Voice/Video") in rows
    assert ("cucm-sub1.lab.example", "Subscriber", "CUCM Voice/Video") in rows
    assert ("imp-pub.lab.example", "Subscriber", "CUCM IM and Presence") in rows


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        ("<name>CUCM-SUB%</name>", ["cucm-sub1", "cucm-sub2"]),
        ("<name>cucm-sub_.lab.example</name>", ["cucm-sub1", "cucm-sub2"]),
        ("<name>%</name><processNodeRole>CUCM IM and Presence</processNodeRole>", ["imp-pub"]),
        ("<name>cucm*</name>", []),
    ],
)
def test_search_criteria_narrow_the_list(criteria, names) -> None:
    found = texts(asked(listing(criteria), scenario("demo")), "name")
    assert names == [name.removesuffix(".lab.example") for name in found]


@pytest.mark.parametrize(
    ("form", "name"), [("fqdn", "cucm-pub.lab.example"), ("host", "cucm-pub"), ("address", "127.77.0.10")]
)
def test_processnode_names(form, name) -> None:
    assert name in texts(asked(listing(), scenario(switches={"processnode_names": form})), "name")


@pytest.mark.parametrize(("paging", "count"), [("ignored", 5), ("honoured", 2)])
def test_axl_paging(paging, count) -> None:
    page = listing(more="<skip>1</skip><first>2</first>")
    assert count == len(texts(asked(page, scenario("demo", switches={"axl_paging": paging})), "name"))


def test_a_page_that_is_no_number_is_refused_where_paging_counts() -> None:
    of = scenario(switches={"axl_paging": "honoured"})
    expected = ("soapenv:Client", "-1", "The value -1 is not allowed for skip", "listProcessNode")
    assert expected == fault(asked(listing(more="<skip>-1</skip>"), of))
    assert 2 == len(texts(asked(listing(more="<skip>0</skip>"), of), "name"))


RESET = "<n:doDeviceReset>{}</n:doDeviceReset>"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("<deviceName>SEP001122334455</deviceName><isHardReset>true</isHardReset>", "5007", "SEP001122334455"),
        ("<deviceName>A</deviceName><deviceResetType>Restart</deviceResetType>", "5007", "A"),
        ("<isHardReset>true</isHardReset>", "-1", "The element deviceName is missing"),
        ("<deviceName>A</deviceName>", "-1", "Give either isHardReset or deviceResetType"),
        (
            "<deviceName>A</deviceName><isHardReset>true</isHardReset><deviceResetType>Reset</deviceResetType>",
            "-1",
            "Give either isHardReset or deviceResetType",
        ),
        (
            "<deviceName>A</deviceName><isHardReset>maybe</isHardReset>",
            "-1",
            "The value maybe is not allowed for isHardReset",
        ),
        (
            "<deviceName>A</deviceName><deviceResetType>Burn</deviceResetType>",
            "-1",
            "The value Burn is not allowed for deviceResetType",
        ),
    ],
)
def test_a_device_reset_is_refused(content, code, words) -> None:
    if code == "5007":
        words = f"Item not valid: The specified {words} was not found"
    faultcode, axlcode, said, request = fault(asked(RESET.format(content)))
    assert (code, words, "doDeviceReset") == (axlcode, said, request)
    assert ("soapenv:Server" if code == "5007" else "soapenv:Client") == faultcode


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<n:executeSQLQuery/>", "The element sql is missing"),
        ("<n:executeSQLQuery><n:sql>select 1</n:sql></n:executeSQLQuery>", "The element sql is missing"),
        ("<n:executeSQLQuery><sql> </sql></n:executeSQLQuery>", "The element sql is missing"),
        ("<n:listProcessNode/>", "The element searchCriteria is missing"),
        (listing("<mac>x</mac>"), "The element mac is not allowed in searchCriteria"),
        ("<n:addPhone/>", "The operation addPhone is not known"),
        ("<getCCMVersion/>", "The namespace  is not one of AXL"),
        ("<getCCMVersion xmlns='urn:x'/>", "The namespace urn:x is not one of AXL"),
        (
            "<getCCMVersion xmlns='http://www.cisco.com/AXL/API/x'/>",
            "The namespace http://www.cisco.com/AXL/API/x is not one of AXL",
        ),
        ("<getCCMVersion xmlns='http://www.cisco.com/AXL/API/15.0'/>", "The AXL version 15.0 is not supported"),
    ],
)
def test_what_the_schema_does_not_have_is_a_client_fault(content, words) -> None:
    faultcode, code, said, _ = fault(asked(content))
    assert ("soapenv:Client", "-1", words) == (faultcode, code, said)


def test_axl_older_namespace_may_be_refused() -> None:
    of = scenario(switches={"axl_older_namespace": "refuse"})
    _, _, words, _ = fault(asked("<n:getCCMVersion/>", of, namespace="http://www.cisco.com/AXL/API/12.5"))
    assert "The AXL version 12.5 is not supported" == words
    assert 200 == asked("<n:getCCMVersion/>", of).status


def test_bytes_that_are_no_envelope_are_a_fault_and_a_line() -> None:
    async def once(cluster: Cluster) -> None:
        response = await ask(cluster, "POST", AXL_PATH, b"<<<", headers=login(cluster, "application"))
        assert ("soapenv:Client", "-1", "The request is not well-formed XML", "") == fault(response)
        assert [("axl", "unreadable", "", "refused: The request is not well-formed XML")] == logged(cluster)

    in_lab(once)
