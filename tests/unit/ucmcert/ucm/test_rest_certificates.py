"""Promise: the REST API is asked as it wants, a refusal keeps its words, and what says nothing certain is unknown."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_http import ScriptedHttp
from soap_answers import HTML, JSON, a_node, http

from factory.certificates import request, self_signed, sign, two_tier
from ucmcert.errors import OutcomeUnknown, Refused, UcmcertError, UsageError
from ucmcert.model.cluster import Holding
from ucmcert.model.node import Node, Release
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm import rest
from ucmcert.ucm.csr_spec import CsrSpec
from ucmcert.ucm.holdings import purpose_of
from ucmcert.ucm.origin import Origin

CA = two_tier(key="ec")
ASKED = request("cucm-pub.lab.example", key="ec")
LEAF = sign(ASKED, CA.intermediate)
OLD = self_signed("cucm-pub.lab.example")
SPEC = CsrSpec(common_name="cucm-pub.lab.example")
TWELVE = a_node(Release(12, 5, 1, 16065, 1))


def origin(*answers: HttpAnswer | Exception, node: Node | None = None) -> tuple[Origin, ScriptedHttp]:
    scripted = ScriptedHttp(*answers)
    return Origin(http=scripted, node=node or a_node(), port=443, user="osadmin"), scripted


def asked(verb: Callable[[Origin], Awaitable[Any]], answer: HttpAnswer | Exception) -> tuple[Any, ScriptedHttp]:
    where, scripted = origin(answer)

    async def work() -> Any:
        return await verb(where)

    return asyncio.run(work()), scripted


def trouble(answer: HttpAnswer, node: Node | None = None) -> UcmcertError:
    """The error of a CSR that is answered with `answer`."""
    where, _ = origin(answer, node=node)
    with pytest.raises(UcmcertError) as caught:
        asyncio.run(rest.generate_csr(where, "tomcat", SPEC))
    return caught.value


def snapshot(body: object) -> Holding:
    held: Holding = asked(rest.snapshot, http(json.dumps(body), content_type=JSON))[0]
    return held


def test_a_csr_is_asked_for_this_server_with_its_key() -> None:
    words, scripted = asked(
        lambda where: rest.generate_csr(where, "tomcat", SPEC), http('{"csr": "-----BEGIN"}', content_type=JSON)
    )
    assert '{"csr": "-----BEGIN"}' == words
    assert ("POST", "/platformcom/api/v1/certmgr/config/csr") == (scripted.asked[0].method, scripted.asked[0].path)
    assert {
        "service": "tomcat",
        "distribution": "this-server",
        "commonName": "cucm-pub.lab.example",
        "keyType": "rsa",
        "keyLength": 2048,
        "hashAlgorithm": "sha256",
    } == json.loads(scripted.asked[0].body)


def test_a_multi_server_csr_is_asked_for_all_servers() -> None:
    spec = CsrSpec(common_name="cucm-pub-ms.lab.example", multi_server=True)
    _, scripted = asked(lambda where: rest.generate_csr(where, "tomcat", spec), http("{}", content_type=JSON))
    body = json.loads(scripted.asked[0].body)
    assert ("multi-server", "cucm-pub-ms.lab.example") == (body["distribution"], body["commonName"])


def test_further_names_are_sent_and_left_out_when_there_are_none() -> None:
    bodies = []
    for names in (("a.example", "b.example"), ()):
        spec = CsrSpec(common_name="cucm-pub.lab.example", alt_names=names)
        _, scripted = asked(
            lambda where, spec=spec: rest.generate_csr(where, "tomcat", spec), http("{}", content_type=JSON)
        )
        bodies.append(json.loads(scripted.asked[0].body))
    assert ["a.example", "b.example"] == bodies[0]["altNames"]
    assert "altNames" not in bodies[1]


def test_the_service_is_a_string_for_an_identity_and_an_array_for_trust() -> None:
    done = http('{"message": "done"}', 201, JSON)
    words, identity = asked(lambda where: rest.upload_identity(where, "tomcat", LEAF, CA.chain), done)
    _, trust = asked(lambda where: rest.upload_trust(where, "tomcat", CA.root.certificate), done)
    assert "done" == words
    assert {"service": "tomcat", "certificates": [LEAF.pem, *(one.pem for one in CA.chain)]} == json.loads(
        identity.asked[0].body
    )
    assert {"service": ["tomcat"], "certificates": [CA.root.certificate.pem]}.items() <= json.loads(
        trust.asked[0].body
    ).items()
    assert ["/platformcom/api/v1/certmgr/config/identity/certificates"] == [one.path for one in identity.asked]
    assert ["/platformcom/api/v1/certmgr/config/trust/certificates"] == [one.path for one in trust.asked]


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", "garbage", '{"messages": []}'])
def test_any_body_of_a_success_is_taken_and_proves_nothing(body: str) -> None:
    words, _ = asked(lambda where: rest.upload_trust(where, "tomcat", OLD), http(body, content_type=JSON))
    assert words in {body, "HTTP status 200"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"message": "CSR SAN and Certificate SAN does not match"}', JSON),
        ('{"error": "CSR SAN and Certificate SAN does not match"}', JSON),
        ('{"error": {"message": "CSR SAN and Certificate SAN does not match"}}', JSON),
        ('{"messages": ["", "CSR SAN and Certificate SAN does not match"]}', JSON),
        ('{"messages": [{"text": "CSR SAN and Certificate SAN does not match"}]}', JSON),
        ("CSR SAN and Certificate SAN does not match", "text/plain"),
    ],
)
@pytest.mark.parametrize("status", [400, 409, 500])
def test_a_refusal_keeps_the_node_s_words(status: int, body: str, content_type: str) -> None:
    error = trouble(http(body, status, content_type))
    assert isinstance(error, Refused)
    assert ("UCM-REST-003", "CSR SAN and Certificate SAN does not match") == (error.code, error.answer)


@pytest.mark.parametrize(
    ("body", "content_type", "answer"),
    [
        ("<html><style>p{}</style><body>Bad <b>request</b></body></html>", HTML, "Bad request"),
        ("", JSON, "HTTP status 400"),
        ('{"code": 7}', JSON, '{"code": 7}'),
    ],
)
def test_a_400_is_a_refusal_whatever_it_says(body: str, content_type: str, answer: str) -> None:
    error = trouble(http(body, 400, content_type))
    assert isinstance(error, Refused)
    assert answer == error.answer


@pytest.mark.parametrize(
    "answer",
    [
        http('{"message": "try later"}', 503, JSON),
        http("", 502, ""),
        http("<html>proxy</html>", 504, HTML),
        http("<html>Internal error</html>", 500, HTML),
        http("", 500, JSON),
        http('{"mess', 500, JSON),
        http("<html>not found</html>", 404, HTML),
        http("", 404, ""),
        http("<html>log in</html>", 200, HTML),
        http("", 302, ""),
        http('{"message": "slow down"}', 429, JSON),
    ],
)
def test_what_says_nothing_certain_is_unknown_and_may_have_arrived(answer: HttpAnswer) -> None:
    error = trouble(answer)
    assert isinstance(error, OutcomeUnknown)
    assert ("UCM-HTTP-001", True) == (error.code, error.sent)


@pytest.mark.parametrize(("status", "code"), [(401, "UCM-AUTH-001"), (403, "UCM-AUTH-002")])
def test_a_refused_account_is_ours_to_correct(status: int, code: str) -> None:
    error = trouble(http("<html>CMPlatform Realm</html>", status, HTML))
    assert isinstance(error, UsageError)
    assert code == error.code
    assert "osadmin" in error.what


def test_a_release_without_the_api_is_told_apart_from_a_starting_tomcat() -> None:
    error = trouble(http("<html>not found</html>", 404, HTML), TWELVE)
    assert isinstance(error, UsageError)
    assert "UCM-REST-001" == error.code
    assert "12.5.1.16065-1" in error.what


def test_a_snapshot_tells_identities_requests_and_trust() -> None:
    held = snapshot(
        {
            "trackingId": "x",
            "server": "cucm-pub",
            "identities": [
                {"service": "tomcat", "certificate": OLD.pem, "csr": ASKED.request.pem},
                {"service": "IPSEC", "certificate": OLD.pem, "csr": None},
                {"service": "CAPF", "certificate": "", "csr": ""},
                {"service": "TVS"},
            ],
            "trusts": [
                {"service": "tomcat", "certificate_data": [{"filename": "a.pem", "certificate": OLD.pem}]},
                {"service": "ipsec-trust", "certificate_data": [{"certificate": CA.root.certificate.pem}]},
            ],
            "revokedCertificates": [],
        }
    )
    assert OLD == held.identity("tomcat") == held.identity("ipsec")
    assert ASKED.request == held.request("tomcat")
    assert (None, None, None) == (held.request("ipsec"), held.identity("CAPF"), held.identity("TVS"))
    assert ((OLD,), (CA.root.certificate,)) == (held.trusts("tomcat"), held.trusts("ipsec"))
    assert ("a.pem", "") == tuple(entry.filename for entry in held.trust)
    assert () == held.unreadable


def test_what_is_there_and_cannot_be_read_is_a_finding() -> None:
    broken = OLD.pem.replace("M", "A", 3)
    held = snapshot(
        {
            "identities": [{"service": "tomcat", "certificate": broken, "csr": "nonsense"}],
            "trusts": [{"service": "tomcat", "certificate_data": [{"filename": "b.pem", "certificate": "nonsense"}]}],
        }
    )
    assert ["UCM-STORE-001", "UCM-STORE-002", "UCM-STORE-003"] == [one.code for one in held.unreadable]
    assert "no certificate is in it" == held.unreadable[2].why
    assert "b.pem of tomcat-trust cannot be read" == held.unreadable[2].what
    assert ((), (), ()) == (held.identities, held.requests, held.trust)


@pytest.mark.parametrize("body", [[], None, 7, "x", {}, {"identities": {}}, {"trusts": []}])
def test_what_is_no_snapshot_is_unknown(body: object) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        snapshot(body)
    assert "UCM-REST-002" == caught.value.code


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(OLD.pem),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["identities", "trusts", "service", "certificate", "csr", "certificate_data", "filename"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSONISH)
def test_any_json_gives_a_holding_or_our_error(body: object) -> None:
    where, _ = origin(http(""))
    readable = isinstance(body, dict) and isinstance(body.get("identities"), list)
    with nullcontext() if readable else pytest.raises(OutcomeUnknown):
        assert isinstance(rest.read_snapshot(json.dumps(body).encode(), where), Holding)


@given(st.binary(max_size=200), st.integers(100, 599), st.sampled_from([JSON, HTML, "text/plain", ""]))
def test_any_answer_to_a_write_is_words_or_our_error(body: bytes, status: int, content_type: str) -> None:
    where, _ = origin(http(body, status, content_type))
    error: UcmcertError | None = None
    try:
        words = asyncio.run(rest.generate_csr(where, "tomcat", SPEC))
    except UcmcertError as caught:
        error, words = caught, ""
    assert bool(words) is (error is None)
    assert error is None or not 200 <= status < 300 or isinstance(error, OutcomeUnknown)
    assert status not in (502, 503, 504) or isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("tomcat", "tomcat"),
        ("tomcat-trust", "tomcat"),
        ("TOMCAT-ecdsa", "tomcat-ECDSA"),
        ("Phone-CTL-trust", "Phone-CTL"),
    ],
)
def test_services_are_called_by_our_names(service: str, expected: str) -> None:
    assert expected == purpose_of(service)
