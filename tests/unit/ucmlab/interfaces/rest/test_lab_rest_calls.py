# Promise: every call of the certificate API answers as the working clients of release 14 expect it.
import asyncio

import pytest
from cryptography import x509

from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.interfaces.web_bench import BASE, MINIMAL, ask, is_page, logged, login, rest, value
from unit.ucmlab.lab_bench import a_ca, in_lab, scenario, sign, trust

FULL = {
    "service": "tomcat",
    "distribution": "this-server",
    "commonName": "cucm-pub.lab.example",
    "keyType": "rsa",
    "keyLength": 3072,
    "hashAlgorithm": "sha384",
    "altNames": ["uc.lab.example"],
}


def csr_in(response) -> x509.CertificateSigningRequest:
    return x509.load_pem_x509_csr(value(response)["csr"].encode())


def names_in(csr: x509.CertificateSigningRequest) -> list[str]:
    names = csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)


def test_a_full_csr_carries_what_was_asked() -> None:
    async def make(cluster: Cluster) -> None:
        response = await rest(cluster, "POST", "csr", FULL)
        csr = csr_in(response)
        assert 200 == response.status
        assert 3072 == csr.public_key().key_size
        assert "SHA384" == csr.signature_hash_algorithm.name.upper()
        assert ["lab.example", "cucm-pub.lab.example", "uc.lab.example"] == names_in(csr)
        assert csr.public_key() == cluster.publisher.certificates.csr("tomcat").request().public_key()
        assert [("rest", "csr", "tomcat", "ok")] == logged(cluster)

    in_lab(make)


def test_a_minimal_csr_takes_the_defaults() -> None:
    async def make(cluster: Cluster) -> int:
        return csr_in(await rest(cluster, "POST", "csr", MINIMAL)).public_key().key_size

    assert 2048 == in_lab(make)


def test_an_ec_purpose_gets_an_ec_key() -> None:
    async def make(cluster: Cluster) -> int:
        body = MINIMAL | {"service": "tomcat-ECDSA", "keyType": "ec", "keyLength": 256}
        return csr_in(await rest(cluster, "POST", "csr", body)).public_key().key_size

    assert 256 == in_lab(make)


def test_a_multi_server_csr_names_all_nodes_and_reaches_them() -> None:
    async def make(cluster: Cluster) -> None:
        body = MINIMAL | {"distribution": "multi-server", "commonName": "cucm-pub-ms.lab.example"}
        csr = csr_in(await rest(cluster, "POST", "csr", body))
        assert {"cucm-sub1.lab.example", "imp-pub.lab.example"} <= set(names_in(csr))
        await asyncio.sleep(10)
        assert cluster.node("imp-pub").certificates.csr("tomcat").public_key_sha256 is not None

    in_lab(make, scenario("demo"))


def test_another_node_makes_its_own_csr() -> None:
    async def make(cluster: Cluster) -> None:
        node = cluster.node("cucm-sub1")
        body = MINIMAL | {"commonName": node.fqdn}
        assert "cucm-sub1.lab.example" in names_in(csr_in(await rest(cluster, "POST", "csr", body, node=node)))
        assert cluster.publisher.certificates.csr("tomcat") is None

    in_lab(make, scenario("demo"))


async def renew(cluster: Cluster, *, with_chain: bool) -> None:
    ca, held = a_ca(), cluster.publisher.certificates
    await rest(cluster, "POST", "csr", MINIMAL)
    chain = [to_pem(ca.issuing), to_pem(ca.root)]
    body = {"service": ["tomcat"], "certificates": chain, "description": "Trust Certificate"}
    uploaded = await rest(cluster, "POST", "trust/certificates", body)
    assert (200, {"message": "Certificate upload operation successful"}) == (uploaded.status, value(uploaded))
    leaf = sign(held.csr("tomcat"), ca).decode()
    certificates = [leaf, *chain] if with_chain else [leaf]
    response = await rest(cluster, "POST", "identity/certificates", {"service": "tomcat", "certificates": certificates})
    assert 200 == response.status
    assert "utils service restart Cisco Tomcat" in value(response)["message"]
    assert leaf == held.identity("tomcat").certificate_pem
    assert held.csr("tomcat") is None
    described = {entry.description for entry in held.trust("tomcat-trust") if entry.certificate() == ca.root}
    assert {"Trust Certificate"} == described


@pytest.mark.parametrize("with_chain", [True, False])
def test_both_styles_of_upload_are_taken(with_chain) -> None:
    async def both(cluster: Cluster) -> None:
        await renew(cluster, with_chain=with_chain)
        assert ["csr", "trust", "identity"] == [operation for _, operation, _, _ in logged(cluster)]
        assert {"ok"} == {outcome for *_, outcome in logged(cluster)}

    in_lab(both)


def test_the_banner_of_other_purposes_names_no_tomcat() -> None:
    async def upload(cluster: Cluster) -> str:
        ca, held = a_ca(), cluster.publisher.certificates
        await rest(cluster, "POST", "csr", MINIMAL | {"service": "ipsec"})
        trust(cluster.publisher, ca, "ipsec-trust")
        body = {"service": "ipsec", "certificates": [sign(held.csr("ipsec"), ca).decode()]}
        return value(await rest(cluster, "POST", "identity/certificates", body))["message"]

    assert in_lab(upload).endswith("so the latest backup contains the uploaded certificate.")


def test_the_identity_listing_gives_the_stored_certificate() -> None:
    async def read(cluster: Cluster) -> None:
        stored = cluster.publisher.certificates.identity("ipsec").certificate_pem
        response = await rest(cluster, "GET", "identity/certificate?service=ipsec")
        assert {"service": "ipsec", "certificate": stored} == value(response)
        assert [("rest", "identity-list", "ipsec", "ok")] == logged(cluster)

    in_lab(read)


def test_the_trust_listing_takes_the_base_name() -> None:
    async def read(cluster: Cluster) -> None:
        entries = cluster.publisher.certificates.trust("CallManager-trust")
        listed = value(await rest(cluster, "GET", "trust/certificate?service=CallManager"))
        assert [{"certificate": entry.certificate_pem} for entry in entries] == listed
        assert len(listed) > 3
        assert [("rest", "trust-list", "CallManager", "ok")] == logged(cluster)

    in_lab(read)


def test_the_snapshot_is_everything_the_node_holds() -> None:
    async def read(cluster: Cluster) -> None:
        await rest(cluster, "POST", "csr", MINIMAL)
        held = cluster.publisher.certificates
        shot = value(await rest(cluster, "GET", "snapshot/server"))
        assert ["trackingId", "server", "identities", "trusts", "revokedCertificates"] == list(shot)
        assert ("cucm-pub.lab.example", []) == (shot["server"], shot["revokedCertificates"])
        rows = {row["service"]: row for row in shot["identities"]}
        assert [stored.purpose for stored in held.identities()] == list(rows)
        assert held.csr("tomcat").csr_pem == rows["tomcat"]["csr"]
        assert "csr" not in rows["ipsec"]
        stores = {row["service"]: row["certificate_data"] for row in shot["trusts"]}
        assert [store.removesuffix("-trust") for store in held.trust_stores()] == list(stores)
        expected = [{"filename": e.filename, "certificate": e.certificate_pem} for e in held.trust("tomcat-trust")]
        assert expected == stores["tomcat"]
        assert [] == stores["directory"]

    in_lab(read)


def test_two_snapshots_have_two_tracking_numbers() -> None:
    async def read(cluster: Cluster) -> set[str]:
        first = value(await rest(cluster, "GET", "snapshot/server"))
        await asyncio.sleep(1)
        return {first["trackingId"], value(await rest(cluster, "GET", "snapshot/server"))["trackingId"]}

    assert 2 == len(in_lab(read))


@pytest.mark.parametrize("path", ["options", "snapshot/options"])
def test_options_name_what_a_csr_may_ask_for(path) -> None:
    async def read(cluster: Cluster) -> None:
        answer = value(await rest(cluster, "GET", path))
        assert {"service": "tomcat", "keyType": "rsa", "multiServer": True} in answer["services"]
        assert "ITLRecovery" not in [row["service"] for row in answer["services"]]
        assert ["this-server", "multi-server"] == answer["distributions"]
        assert [("rest", "options", "", "ok")] == logged(cluster)

    in_lab(read)


def test_below_release_14_there_is_no_such_path_whoever_asks() -> None:
    async def knock(cluster: Cluster) -> None:
        assert is_page(await rest(cluster, "GET", "snapshot/server"), 404)
        assert is_page(await ask(cluster, "GET", BASE + "snapshot/server"), 404)
        assert [] == logged(cluster)

    in_lab(knock, scenario("legacy"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "", 404),
        ("GET", "csr/", 404),
        ("POST", "certificate", 404),
        ("GET", "csr", 405),
        ("POST", "snapshot/server", 405),
        ("PUT", "identity/certificates", 405),
        ("HEAD", "trust/certificate", 405),
    ],
)
def test_paths_and_methods_outside_the_table_are_pages(method, path, status) -> None:
    async def knock(cluster: Cluster) -> None:
        assert is_page(await ask(cluster, method, BASE + path, headers=login(cluster, "platform")), status)
        assert [] == logged(cluster)

    in_lab(knock)
