# Promise: every unpublished behaviour of the certificate API can be had both ways.
import asyncio

import msgspec
import pytest

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue
from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.interfaces.web_bench import MINIMAL, is_page, logged, rest, value
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust

MULTI = MINIMAL | {"distribution": "multi-server", "commonName": "cucm-pub-ms.lab.example"}


def switched(name: str = "single", **switches: str):
    return scenario(name, switches=switches)


@pytest.mark.parametrize(("form", "body"), [("message", ["message"]), ("messages", ["messages"]), ("empty", None)])
def test_upload_body(form, body) -> None:
    async def upload(cluster: Cluster) -> None:
        ca = a_ca()
        chain = {"service": ["tomcat"], "certificates": [to_pem(ca.root), to_pem(ca.issuing)]}
        await rest(cluster, "POST", "csr", MINIMAL)
        leaf = sign(cluster.publisher.certificates.csr("tomcat"), ca).decode()
        identity = {"service": "tomcat", "certificates": [leaf]}
        answers = [
            await rest(cluster, "POST", "trust/certificates", chain),
            await rest(cluster, "POST", "identity/certificates", identity),
        ]
        assert [200, 200] == [answer.status for answer in answers]
        for answer in answers:
            assert (answer.body == b"") if body is None else (body == list(value(answer)))

    in_lab(upload, switched(upload_body=form))


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("message", {"message": "Invalid certificate type found"}),
        ("error", {"error": "Invalid certificate type found"}),
        ("messages", {"messages": ["Invalid certificate type found"]}),
    ],
)
def test_error_body(form, body) -> None:
    async def refuse(cluster: Cluster) -> None:
        response = await rest(cluster, "GET", "trust/certificate?service=x")
        assert (400, body) == (response.status, value(response))

    in_lab(refuse, switched(error_body=form))


def test_error_body_in_html_is_escaped() -> None:
    async def refuse(cluster: Cluster) -> None:
        response = await rest(cluster, "POST", "csr", MINIMAL | {"distribution": "<b>"})
        assert is_page(response, 400)
        assert b"Invalid distribution &lt;b&gt;" in response.body

    in_lab(refuse, switched(error_body="html"))


async def upload_older(cluster: Cluster) -> tuple[int, bool]:
    ca = a_ca()
    draft = Draft(
        subject=ca.root.subject,
        public_key=ca.root.public_key(),
        serial=99,
        not_before=ca.root.not_valid_before_utc.timestamp() - DAY_S,
        not_after=NOW + 900 * DAY_S,
        usage=CA_USAGE,
        ca=True,
    )
    older = issue(draft, Issuer(key=ca.issuing_key, certificate=ca.issuing))
    trust(cluster.publisher, ca)
    body = {"service": ["tomcat"], "certificates": [to_pem(older)]}
    status = (await rest(cluster, "POST", "trust/certificates", body)).status
    held = [entry.certificate() for entry in cluster.publisher.certificates.trust("tomcat-trust")]
    assert logged(cluster)[-1][-1].startswith("refused: The certificate was not stored")
    return status, older in held


@pytest.mark.parametrize("status", ["200", "400"])
def test_older_trust_status(status) -> None:
    assert (int(status), False) == in_lab(upload_older, switched(older_trust_status=status))


def test_multi_server_word() -> None:
    async def ask_both(cluster: Cluster) -> list[int]:
        words = ("multi-server", "multiServer(SAN)", "this-server")
        return [(await rest(cluster, "POST", "csr", MULTI | {"distribution": word})).status for word in words]

    assert [200, 400, 200] == in_lab(ask_both)
    assert [400, 200, 200] == in_lab(ask_both, switched(multi_server_word="multiServer(SAN)"))


async def upload_multi(cluster: Cluster) -> tuple[int, list[bool]]:
    """Status, and per node whether it holds the new certificate."""
    ca, held = a_ca(), cluster.publisher.certificates
    await rest(cluster, "POST", "csr", MULTI)
    trust(cluster.publisher, ca)
    leaf = sign(held.csr("tomcat"), ca).decode()
    body = {"service": "tomcat", "certificates": [leaf]}
    status = (await rest(cluster, "POST", "identity/certificates", body)).status
    await asyncio.sleep(60)
    nodes = cluster.nodes.values()
    return status, [node.certificates.identity("tomcat").certificate_pem == leaf for node in nodes]


@pytest.mark.parametrize(
    ("how", "status", "holders"),
    [("accept", 200, [True] * 4), ("refuse", 400, [False] * 4), ("one-node", 200, [True, False, False, False])],
)
def test_rest_multi_san(how, status, holders) -> None:
    assert (status, holders) == in_lab(upload_multi, switched("demo", rest_multi_san=how))


@pytest.mark.parametrize("how", ["refuse", "one-node"])
def test_rest_multi_san_concerns_14su2_and_later_only(how) -> None:
    of = msgspec.structs.replace(switched("demo", rest_multi_san=how), version="14.0.1.11900-132")
    assert (200, [True] * 4) == in_lab(upload_multi, of)


def test_a_refused_upload_to_one_node_leaves_the_csr_as_it_was() -> None:
    async def upload(cluster: Cluster) -> str:
        held = cluster.publisher.certificates
        await rest(cluster, "POST", "csr", MULTI)
        before = held.csr("tomcat")
        body = {"service": "tomcat", "certificates": [sign(before, a_ca()).decode()]}
        assert 400 == (await rest(cluster, "POST", "identity/certificates", body)).status
        assert before == held.csr("tomcat")
        return held.csr("tomcat").distribution

    assert "multi-server" == in_lab(upload, switched("demo", rest_multi_san="one-node"))


def test_a_refusal_of_multi_server_keeps_the_csr() -> None:
    async def upload(cluster: Cluster) -> bool:
        await upload_multi(cluster)
        return cluster.publisher.certificates.csr("tomcat") is not None

    assert in_lab(upload, switched("demo", rest_multi_san="refuse"))


@pytest.mark.parametrize(("case", "status"), [("exact", 400), ("ignore", 200)])
def test_rest_name_case(case, status) -> None:
    async def knock(cluster: Cluster) -> None:
        answers = [
            await rest(cluster, "POST", "csr", MINIMAL | {"service": "TOMCAT"}),
            await rest(cluster, "GET", "identity/certificate?service=callmanager-ecdsa"),
            await rest(cluster, "GET", "trust/certificate?service=callmanager"),
            await rest(
                cluster, "POST", "trust/certificates", {"service": ["capf"], "certificates": [to_pem(a_ca().root)]}
            ),
        ]
        assert [status] * 4 == [answer.status for answer in answers]

    in_lab(knock, switched(rest_name_case=case))


@pytest.mark.parametrize(("form", "name"), [("plain", "tomcat"), ("suffixed", "tomcat-trust")])
def test_snapshot_trust_name(form, name) -> None:
    async def read(cluster: Cluster) -> str:
        return value(await rest(cluster, "GET", "snapshot/server"))["trusts"][0]["service"]

    assert name == in_lab(read, switched(snapshot_trust_name=form))


def test_trust_list_shape() -> None:
    async def read(cluster: Cluster):
        return value(await rest(cluster, "GET", "trust/certificate?service=tomcat"))

    assert {"certificates": in_lab(read)} == in_lab(read, switched(trust_list_shape="object"))


async def delete(cluster: Cluster, path: str):
    before = cluster.publisher.certificates.memory()
    response = await rest(cluster, "DELETE", path)
    assert ("delete", f"refused: {response.status}") == logged(cluster)[-1][1::2]
    assert before == cluster.publisher.certificates.memory()
    return response


@pytest.mark.parametrize("how", ["405", "404"])
def test_rest_delete_is_refused(how) -> None:
    async def knock(cluster: Cluster) -> None:
        for path in ("trust/certificate?service=tomcat&filename=x.pem", "identity/certificate?service=tomcat", "csr"):
            assert is_page(await delete(cluster, path), int(how))

    in_lab(knock, switched(rest_delete=how))


def test_rest_delete_may_delete_a_trust_entry() -> None:
    async def knock(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        entry = held.trust("tomcat-trust")[0]
        path = f"trust/certificate?service=tomcat&filename={entry.filename}"
        response = await rest(cluster, "DELETE", path)
        assert (204, b"") == (response.status, response.body)
        assert entry not in held.trust("tomcat-trust")
        again = await rest(cluster, "DELETE", path)
        words = f"Certificate tomcat-trust/{entry.filename} does not exist"
        assert (404, words) == (again.status, value(again)["message"])
        assert 400 == (await rest(cluster, "DELETE", "trust/certificate?service=tomcat")).status
        assert is_page(await rest(cluster, "DELETE", "identity/certificate?service=tomcat"), 405)
        assert ("rest", "delete", "tomcat", "ok") == logged(cluster)[0]

    in_lab(knock, switched(rest_delete="204"))


@pytest.mark.parametrize(("how", "shown"), [("both", True), ("hidden", False)])
def test_reuse_shown(how, shown) -> None:
    async def read(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        services = [row["service"] for row in value(await rest(cluster, "GET", "snapshot/server"))["identities"]]
        assert "CallManager" in services
        held.install_identity(msgspec.structs.replace(held.identity("tomcat"), purpose="CallManager"))
        services = [row["service"] for row in value(await rest(cluster, "GET", "snapshot/server"))["identities"]]
        assert shown == ("CallManager" in services)
        assert {"tomcat", "CallManager-ECDSA"} <= set(services)

    in_lab(read, switched(reuse_shown=how))


@pytest.mark.parametrize(("how", "status"), [("replace", 200), ("refuse", 409)])
def test_csr_while_pending(how, status) -> None:
    async def twice(cluster: Cluster) -> None:
        await rest(cluster, "POST", "csr", MINIMAL)
        first = cluster.publisher.certificates.csr("tomcat")
        assert status == (await rest(cluster, "POST", "csr", MINIMAL)).status
        assert (how == "refuse") == (first == cluster.publisher.certificates.csr("tomcat"))

    in_lab(twice, switched(csr_while_pending=how))
