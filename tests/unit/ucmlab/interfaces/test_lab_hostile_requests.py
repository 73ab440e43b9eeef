# Promise: whatever bytes arrive, the web door answers with a response, and nothing in the lab crashes.
import base64
import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ucmlab.cluster.certificates.records import CsrRequest, load_certificate
from ucmlab.interfaces.http import Request, Response, answer
from unit.ucmlab.interfaces.web_bench import (
    AST_NS,
    AXL_NS,
    AXL_PATH,
    BASE,
    CC_PATH,
    ENVELOPE,
    RIS_PATH,
    OpenLab,
    login,
    open_lab,
)
from unit.ucmlab.lab_bench import a_ca, scenario, sign

POST_PATHS = ["csr", "identity/certificates", "trust/certificates"]
SOAP = [(AXL_PATH, AXL_NS), (RIS_PATH, AST_NS), (CC_PATH, AST_NS)]
OPERATIONS = [
    *("executeSQLQuery", "getCCMVersion", "listProcessNode", "doDeviceReset", "selectCmDevice", "selectCmDeviceExt"),
    *("soapGetServiceStatus", "soapGetStaticServiceList", "soapDoControlServices", "getProductInformationList"),
]
CHILDREN = [
    *("sql", "processNodeName", "searchCriteria", "returnedTags", "name", "skip", "first", "deviceName", "isHardReset"),
    *("n:StateInfo", "n:CmSelectionCriteria", "n:SelectItems", "n:item", "n:Item", "n:Model", "n:NodeName", "n:Status"),
    *("n:ServiceStatus", "n:ControlServiceRequest", "n:ControlType", "n:ServiceList"),
]
patient = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
xml_text = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), max_size=20)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def lab() -> Iterator[OpenLab]:
    with open_lab(scenario("pair", switches={"account_lockout": "none", "rest_delete": "204"})) as opened:
        yield opened


def knock(lab: OpenLab, method: str, path: str, body: bytes, *, kind: str = "platform", query: str = "") -> Response:
    """Asks, and judges: a whole response, and no crash in the log."""
    seen = len(lab.cluster.log.operations())
    request = Request(method, path, query, login(lab.cluster, kind), body)
    response = lab.run(answer(lab.cluster, lab.cluster.publisher, 8443, request))
    lines = lab.cluster.log.operations()
    assert [] == [line.outcome for line in lines[seen:] if line.outcome.startswith("crashed")]
    assert 200 <= response.status < 600
    assert isinstance(response.body, bytes)
    return response


@patient
@given(
    asked=st.builds(
        Request,
        method=st.text(max_size=8) | st.sampled_from(["GET", "POST", "DELETE"]),
        path=st.text(max_size=30) | st.sampled_from([BASE, AXL_PATH, RIS_PATH, CC_PATH]),
        query=st.text(max_size=20),
        headers=st.dictionaries(st.sampled_from(["authorization", "host", "content-type"]), st.text(max_size=30)),
        body=st.binary(max_size=60),
    )
)
def test_any_request_without_a_login(lab, asked) -> None:
    response = lab.run(answer(lab.cluster, lab.cluster.publisher, 443, asked))
    assert response.status in (401, 404, 405)


@patient
@given(body=st.binary(max_size=200), path=st.sampled_from(POST_PATHS))
def test_any_bytes_for_rest(lab, body, path) -> None:
    assert 400 == knock(lab, "POST", BASE + path, body).status


@patient
@given(body=json_value, path=st.sampled_from(POST_PATHS))
def test_any_json_for_rest(lab, body, path) -> None:
    assert 400 == knock(lab, "POST", BASE + path, json.dumps(body).encode()).status


@patient
@given(
    path=st.sampled_from(POST_PATHS),
    many=st.booleans(),
    body=st.fixed_dictionaries(
        {
            "service": st.sampled_from(["tomcat", "tomcat-ECDSA", "CAPF"]) | st.text(max_size=10),
            "distribution": st.just("this-server"),
            "commonName": st.text(max_size=70),
            "altNames": st.lists(st.text(max_size=70), max_size=3),
            "certificates": st.lists(st.text(max_size=80), max_size=3),
            "description": st.text(max_size=70),
        },
        optional={
            "keyType": st.sampled_from(["rsa", "ec"]) | st.text(max_size=5),
            "keyLength": st.sampled_from([256, 2048]) | st.integers(),
            "hashAlgorithm": st.sampled_from(["sha256"]) | st.text(max_size=6),
        },
    ),
)
def test_nearly_right_json_for_rest(lab, path, many, body) -> None:
    if many:
        body |= {"service": [body["service"]]}
    knock(lab, "POST", BASE + path, json.dumps(body).encode())


@patient
@given(query=st.text(max_size=40), method=st.sampled_from(["GET", "DELETE"]))
def test_any_query_for_rest(lab, query, method) -> None:
    for path in ("trust/certificate", "identity/certificate"):
        knock(lab, method, BASE + path, b"", query=query)
        knock(lab, method, BASE + path, b"", query="service=tomcat&filename=" + query)


@patient
@given(data=st.data())
def test_bent_certificates_are_refused_or_taken_but_never_crash(lab, data) -> None:
    held = lab.cluster.publisher.certificates
    csr = held.csr("tomcat") or held.generate_csr("tomcat", CsrRequest())
    der = bytearray(load_certificate(sign(csr, a_ca()).decode()).public_bytes(Encoding.DER))
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    text = base64.encodebytes(bytes(der)).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"
    for path, service in (("identity/certificates", "tomcat"), ("trust/certificates", ["tomcat"])):
        body = json.dumps({"service": service, "certificates": [pem]}).encode()
        knock(lab, "POST", BASE + path, body)
    knock(lab, "GET", BASE + "snapshot/server", b"")


@patient
@given(body=st.binary(max_size=200), site=st.sampled_from(SOAP))
def test_any_bytes_for_soap(lab, body, site) -> None:
    assert 500 == knock(lab, "POST", site[0], body, kind="application").status


@st.composite
def element(draw, depth: int = 3) -> str:
    name = draw(st.sampled_from(CHILDREN))
    leaf = depth == 0 or draw(st.booleans())
    inner = draw(xml_text) if leaf else "".join(draw(st.lists(element(depth - 1), max_size=3)))
    return f"<{name}>{inner}</{name}>"


@patient
@given(site=st.sampled_from(SOAP), operation=st.sampled_from(OPERATIONS), inner=st.lists(element(), max_size=4))
def test_any_shape_for_soap(lab, site, operation, inner) -> None:
    path, namespace = site
    text = (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:n="{namespace}"><s:Body><n:{operation}>{"".join(inner)}'
        f"</n:{operation}></s:Body></s:Envelope>"
    )
    knock(lab, "POST", path, text.encode(), kind="application")


@patient
@given(
    statement=st.sampled_from(
        [
            "select {} from processnode",
            "select * from {}",
            "select name from processnode where name = '{}'",
            "select '{}' as \"{}\" from processnode",
            "{}",
            "with {} select 1",
            "select first {} name from processnode",
        ]
    ),
    hole=xml_text
    | st.sampled_from(["zeroblob(9)", "char(0,1,55296)", "x'ff'", "cast(x'ff' as text)", "1e999", "load_extension(1)"]),
)
def test_any_sql(lab, statement, hole) -> None:
    sql = statement.format(hole, hole) if statement.count("{}") == 2 else statement.format(hole)
    sql = sql.replace(">", "&gt;")
    text = (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:n="{AXL_NS}"><s:Body><n:executeSQLQuery><sql>{sql}</sql>'
        "</n:executeSQLQuery></s:Body></s:Envelope>"
    )
    knock(lab, "POST", AXL_PATH, text.encode(), kind="application")
