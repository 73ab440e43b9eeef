# Promise: an upload is refused exactly where CUCM refuses it, in CUCM's words, and a refusal changes nothing.
import pytest

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.files import read_file
from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.switches import Switches
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, renewed, scenario, sign, trust


def refusal_of(change, *, trusted=True, purpose="tomcat", of=None) -> Refusal:
    async def upload(cluster: Cluster) -> Refusal:
        ca, store = a_ca(), cluster.publisher.certificates
        csr = store.generate_csr(purpose, CsrRequest())
        if trusted:
            trust(cluster.publisher, ca, cluster.publisher.site.purpose(purpose).trust_store)
        before = store.memory()
        with pytest.raises(Refusal) as refused:
            store.upload_identity(purpose, change(csr, ca))
        assert before == store.memory()
        return refused.value

    return in_lab(upload, of)


def test_a_chain_that_is_not_in_the_trust_store_is_refused() -> None:
    refusal = refusal_of(lambda csr, ca: [sign(csr, ca)], trusted=False)
    assert (refusal.code, refusal.words) == ("E1", "CA certificate is not available in the trust-store")


def test_the_chain_given_with_the_identity_does_not_count_as_trusted() -> None:
    def with_chain(csr, ca) -> list[bytes]:
        return [sign(csr, ca), to_pem(ca.issuing).encode(), to_pem(ca.root).encode()]

    assert refusal_of(with_chain, trusted=False).code == "E1"


def test_the_chain_in_another_store_does_not_count() -> None:
    async def upload(cluster: Cluster) -> str:
        ca = a_ca()
        csr = cluster.publisher.certificates.generate_csr("ipsec", CsrRequest())
        trust(cluster.publisher, ca, "tomcat-trust")
        with pytest.raises(Refusal) as refused:
            cluster.publisher.certificates.upload_identity("ipsec", [sign(csr, ca)])
        return refused.value.code

    assert in_lab(upload) == "E1"


def test_an_upload_without_a_csr_names_the_missing_file() -> None:
    async def upload(cluster: Cluster) -> str:
        ca, store = a_ca(), cluster.publisher.certificates
        leaf = sign(store.generate_csr("tomcat", CsrRequest()), ca)
        trust(cluster.publisher, ca)
        store.upload_identity("tomcat", [leaf])
        with pytest.raises(Refusal) as refused:
            store.upload_identity("tomcat", [leaf])
        return refused.value.words

    assert in_lab(upload) == "File /usr/local/platform/.security/tomcat/keys/tomcat.csr Does Not Exist"


def test_a_certificate_for_the_csr_before_the_last_one_is_refused() -> None:
    async def upload(cluster: Cluster) -> str:
        ca, store = a_ca(), cluster.publisher.certificates
        leaf = sign(store.generate_csr("tomcat", CsrRequest()), ca)
        store.generate_csr("tomcat", CsrRequest())
        trust(cluster.publisher, ca)
        with pytest.raises(Refusal) as refused:
            store.upload_identity("tomcat", [leaf])
        return refused.value.words

    assert in_lab(upload) == "CSR Public Key and Certificate Public Key Do Not Match"


@pytest.mark.parametrize(
    "names", [("cucm-pub.lab.example",), ("lab.example", "cucm-pub.lab.example", "www.lab.example")]
)
def test_a_san_that_lost_or_gained_a_name_is_refused(names) -> None:
    refusal = refusal_of(lambda csr, ca: [sign(csr, ca, dns_names=names)])
    assert (refusal.code, refusal.words) == ("E4", "CSR SAN and Certificate SAN does not match")


def test_san_order_and_case_do_not_matter() -> None:
    async def upload(cluster: Cluster) -> bool:
        ca = a_ca()
        csr = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        trust(cluster.publisher, ca)
        leaf = sign(csr, ca, dns_names=("CUCM-PUB.lab.example", "lab.example"))
        cluster.publisher.certificates.upload_identity("tomcat", [leaf])
        return cluster.publisher.certificates.csr("tomcat") is None

    assert in_lab(upload)


@pytest.mark.parametrize(
    ("begin_days", "end_days", "code"), [(-400.0, -1.0, "E5"), (1.0, 300.0, "E5-EARLY")], ids=["expired", "early"]
)
def test_a_certificate_outside_its_dates_is_refused(begin_days, end_days, code) -> None:
    dates = {"not_before": NOW + begin_days * DAY_S, "not_after": NOW + end_days * DAY_S}
    assert refusal_of(lambda csr, ca: [sign(csr, ca, **dates)]).code == code


def test_dates_are_judged_by_the_clock_of_the_node() -> None:
    slow = scenario("single", nodes=(_clock_behind(2 * DAY_S),))
    assert refusal_of(lambda csr, ca: [sign(csr, ca)], trusted=True, of=slow).code == "E5-EARLY"


def _clock_behind(seconds: float):
    node = scenario("single").nodes[0]
    return type(node)(name=node.name, role=node.role, clock_offset_s=-seconds)


def test_bytes_that_are_no_certificate_are_refused() -> None:
    assert refusal_of(lambda csr, ca: [b"-----BEGIN CERTIFICATE-----\nno\n"]).code == "E7"


def test_a_purpose_the_node_does_not_have_is_refused() -> None:
    async def upload(cluster: Cluster) -> tuple[str, str]:
        store = cluster.publisher.certificates
        with pytest.raises(Refusal) as csr_refused:
            store.generate_csr("cup-xmpp", CsrRequest())
        with pytest.raises(Refusal) as upload_refused:
            store.upload_identity("cup-xmpp", [b"x"])
        return csr_refused.value.code, upload_refused.value.code

    assert in_lab(upload) == ("E8", "E7")


def test_der_and_pkcs7_are_read_like_pem() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs7

    ca = a_ca()
    der = ca.root.public_bytes(serialization.Encoding.DER)
    bundle = pkcs7.serialize_certificates([ca.issuing, ca.root], serialization.Encoding.PEM)
    assert read_file(der, Switches()).certificates == (ca.root,)
    assert set(read_file(bundle, Switches()).certificates) == {ca.issuing, ca.root}


def test_the_identity_may_come_anywhere_in_its_bundle() -> None:
    async def upload(cluster: Cluster) -> str:
        ca = a_ca()
        csr = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        trust(cluster.publisher, ca)
        bundle = to_pem(ca.root).encode() + to_pem(ca.issuing).encode() + sign(csr, ca)
        return cluster.publisher.certificates.upload_identity("tomcat", [bundle]).description

    assert in_lab(upload) == "Certificate Signed by Lab Issuing CA G2"


def test_a_success_consumes_the_csr_and_leaves_the_served_certificate_alone() -> None:
    async def upload(cluster: Cluster) -> None:
        node = cluster.publisher
        served = node.served("tomcat")[8443].sha256
        new = renewed(node, a_ca())
        assert node.certificates.csr("tomcat") is None
        assert node.certificates.identity("tomcat").sha256 == new
        assert node.served("tomcat")[8443].sha256 == served != new

    in_lab(upload)


@pytest.mark.parametrize(
    ("switch", "value", "change", "code"),
    [
        ("key_usage_check", "refuse", {"usage": "none"}, "U-P1"),
        ("older_identity", "refuse", {"not_before": NOW - 800 * DAY_S}, "U-P5"),
        ("chain_depth_max", "2", {}, None),
    ],
)
def test_switches_turn_unpublished_refusals_on(switch, value, change, code) -> None:
    from ucmlab.cluster.certificates.purposes import Usage

    if change.get("usage") == "none":
        change = {"usage": Usage(bits=frozenset({"digital_signature"}), extended=())}

    async def upload(cluster: Cluster) -> str | None:
        ca = a_ca()
        csr = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        trust(cluster.publisher, ca)
        try:
            cluster.publisher.certificates.upload_identity("tomcat", [sign(csr, ca, **change)])
        except Refusal as refusal:
            return refusal.code
        return None

    assert in_lab(upload) is None
    assert in_lab(upload, scenario("single", switches={switch: value})) == code


def test_the_chain_fills_the_trust_store_only_when_its_switch_says_so() -> None:
    async def upload(cluster: Cluster) -> bool:
        ca = a_ca()
        csr = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        chain = [sign(csr, ca), to_pem(ca.issuing).encode(), to_pem(ca.root).encode()]
        cluster.publisher.certificates.upload_identity("tomcat", chain)
        return True

    assert in_lab(upload, scenario("single", switches={"identity_fills_trust": "yes"}))


def test_a_capf_certificate_must_be_a_ca() -> None:
    assert refusal_of(lambda csr, ca: [sign(csr, ca)], purpose="CAPF").code == "E7-CAPF"


def test_a_wildcard_is_refused_in_the_csr_and_in_the_certificate() -> None:
    async def ask(cluster: Cluster) -> str:
        with pytest.raises(Refusal) as refused:
            cluster.publisher.certificates.generate_csr("tomcat", CsrRequest(alt_names=("*.lab.example",)))
        return refused.value.code

    assert in_lab(ask) == "E9"
