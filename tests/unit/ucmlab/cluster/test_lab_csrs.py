# Promise: a CSR carries what CUCM of that release puts into it, one per purpose, with a key that is used once.
import pytest
from cryptography import x509

from ucmlab.cluster.certificates.purposes import PURPOSES, TRUST_STORES
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from unit.ucmlab.lab_bench import in_lab, scenario


def csr_of(purpose: str, asked: CsrRequest | None = None, *, of=None, node=0):
    async def ask(cluster: Cluster):
        return list(cluster.nodes.values())[node].certificates.generate_csr(purpose, asked or CsrRequest())

    return in_lab(ask, of)


def extension(csr, kind):
    return csr.request().extensions.get_extension_for_class(kind).value


def names(csr) -> list[str]:
    return extension(csr, x509.SubjectAlternativeName).get_values_for_type(x509.DNSName)


def test_the_form_fills_in_host_and_parent_domain() -> None:
    assert names(csr_of("tomcat")) == ["lab.example", "cucm-pub.lab.example"]


def test_the_parent_domain_can_be_left_out_and_names_added() -> None:
    asked = CsrRequest(parent_domain="", alt_names=("uc.lab.example", "cucm-pub.lab.example"))
    assert names(csr_of("tomcat", asked)) == ["cucm-pub.lab.example", "uc.lab.example"]


def test_a_multi_server_csr_names_every_node_that_shares_it() -> None:
    asked = CsrRequest(distribution="multi-server")
    tomcat, call_manager = (csr_of(purpose, asked, of=scenario("demo")) for purpose in ("tomcat", "CallManager"))
    hosts = ["cucm-pub", "cucm-sub1", "cucm-sub2"]
    assert tomcat.request().subject.rfc4514_string().startswith("CN=cucm-pub-ms.lab.example")
    assert names(tomcat) == ["lab.example", *(f"{host}.lab.example" for host in [*hosts, "imp-pub"])]
    assert names(call_manager) == ["lab.example", *(f"{host}.lab.example" for host in hosts)]


@pytest.mark.parametrize("purpose", ["ipsec", "CAPF", "TVS"])
def test_purposes_of_one_server_refuse_a_multi_server_csr(purpose) -> None:
    with pytest.raises(Refusal) as refused:
        csr_of(purpose, CsrRequest(distribution="multi-server"))
    assert refused.value.code == "E8"


@pytest.mark.parametrize(
    ("purpose", "name", "node", "key_encipherment"),
    [
        ("tomcat", "demo", 0, False),
        ("TVS", "demo", 0, True),
        ("ipsec", "demo", 0, True),
        ("ipsec", "demo", 3, False),
        ("cup", "demo", 3, False),
        ("tomcat", "legacy", 0, True),
    ],
)
def test_key_encipherment_follows_release_purpose_and_product(purpose, name, node, key_encipherment) -> None:
    usage = extension(csr_of(purpose, of=scenario(name), node=node), x509.KeyUsage)
    assert usage.key_encipherment is key_encipherment
    assert usage.data_encipherment


def test_ipsec_asks_for_its_own_extended_usage() -> None:
    oids = [oid.dotted_string for oid in extension(csr_of("ipsec"), x509.ExtendedKeyUsage)]
    assert oids == ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.5"]


def test_capf_asks_to_be_a_ca() -> None:
    csr = csr_of("CAPF")
    assert extension(csr, x509.BasicConstraints).ca
    assert extension(csr, x509.KeyUsage).key_cert_sign


def test_the_organisational_unit_left_with_14su1() -> None:
    assert "OU=Voice" in csr_of("tomcat", of=scenario("legacy")).request().subject.rfc4514_string()
    assert "OU=" not in csr_of("tomcat").request().subject.rfc4514_string()


@pytest.mark.parametrize(
    ("purpose", "asked"),
    [
        ("tomcat", {"key_length": 1024}),
        ("tomcat", {"key_type": "ec"}),
        ("tomcat-ECDSA", {"key_length": 384, "hash_algorithm": "sha256"}),
        ("tomcat-ECDSA", {"key_length": 2048}),
        ("tomcat", {"hash_algorithm": "md5"}),
    ],
)
def test_keys_and_hashes_outside_the_table_are_refused(purpose, asked) -> None:
    with pytest.raises(Refusal) as refused:
        csr_of(purpose, CsrRequest(**asked))
    assert refused.value.code == "E10"


@pytest.mark.parametrize(
    ("purpose", "length", "bits"), [("tomcat", 3072, 3072), ("tomcat-ECDSA", 256, 256), ("tomcat-ECDSA", 521, 521)]
)
def test_the_key_has_the_length_asked_for(purpose, length, bits) -> None:
    assert csr_of(purpose, CsrRequest(key_length=length)).request().public_key().key_size == bits


def test_a_new_csr_replaces_the_old_and_its_key() -> None:
    async def twice(cluster: Cluster) -> None:
        store = cluster.publisher.certificates
        first, second = (store.generate_csr("tomcat", CsrRequest()) for _ in range(2))
        assert first.public_key_sha256 != second.public_key_sha256
        assert store.csrs() == [second]

    in_lab(twice)


def test_a_pending_csr_is_kept_when_the_switch_says_so() -> None:
    async def twice(cluster: Cluster) -> str:
        cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        with pytest.raises(Refusal) as refused:
            cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        return refused.value.code

    assert in_lab(twice, scenario("single", switches={"csr_while_pending": "refuse"})) == "CSR-PENDING"


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert [csr_of(purpose).csr_pem for purpose in ("tomcat", "tomcat-ECDSA")] == [
        csr_of(purpose).csr_pem for purpose in ("tomcat", "tomcat-ECDSA")
    ]


def test_identities_follow_release_and_role() -> None:
    async def listed(cluster: Cluster) -> list[list[str]]:
        return [[own.purpose for own in node.certificates.identities()] for node in cluster.nodes.values()]

    publisher, subscriber, _, presence = in_lab(listed, scenario("demo"))
    assert "CAPF" in publisher
    assert "CAPF" not in subscriber
    assert [name for name in presence if "cup" not in name] == ["tomcat", "tomcat-ECDSA", "ipsec"]
    assert "CAPF" in in_lab(listed, scenario("legacy"))[1]


def test_every_purpose_names_a_trust_store_its_nodes_have() -> None:
    for purpose in PURPOSES:
        for product in purpose.products:
            assert not purpose.signable or purpose.trust_store in TRUST_STORES[product]
