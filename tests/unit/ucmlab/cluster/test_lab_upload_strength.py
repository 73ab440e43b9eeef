# Promise: keys, hashes, FIPS mode and revocation decide about an upload as the tables of the reference have it.
import msgspec
import pytest
from cryptography import x509

from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.scenarios.schema import Ocsp, Scenario
from unit.ucmlab.lab_bench import a_ca, in_lab, scenario, sign, trust
from unit.ucmlab.odd_certificates import odd_keys, peer, raw_name, resigned, signed_by_ed25519

WEAK = "Unsupported key or signature algorithm: "


def fips(**switches: str) -> Scenario:
    single = scenario(switches=switches)
    return msgspec.structs.replace(single, nodes=(msgspec.structs.replace(single.nodes[0], fips=True),))


def said_of_trust(certificate: x509.Certificate | bytes, of: Scenario | None = None) -> str:
    """`stored`, or the words of the refusal, which changed nothing."""

    async def upload(cluster: Cluster) -> str:
        held = cluster.publisher.certificates
        before = held.memory()
        blob = certificate if isinstance(certificate, bytes) else to_pem(certificate).encode()
        try:
            held.upload_trust("directory-trust", blob)
        except Refusal as refusal:
            assert before == held.memory()
            return refusal.words
        assert before != held.memory()
        return "stored"

    return in_lab(upload, of)


def said_of_identity(change, of: Scenario | None = None, *, purpose="tomcat", asked=None) -> str:
    async def upload(cluster: Cluster) -> str:
        ca, held = a_ca(), cluster.publisher.certificates
        csr = held.generate_csr(purpose, asked or CsrRequest())
        trust(cluster.publisher, ca)
        before = held.memory()
        try:
            held.upload_identity(purpose, [change(csr, ca)])
        except Refusal as refusal:
            assert before == held.memory()
            return f"{refusal.code} {refusal.words}"
        return "stored"

    return in_lab(upload, of)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("rsa1024", "stored"),
        ("rsa4096", "stored"),
        ("p256", "stored"),
        ("rsa4104", WEAK + "RSA 4104"),
        ("rsa8192", WEAK + "RSA 8192"),
        ("dsa", WEAK + "DSAPublicKey"),
        ("ed25519", WEAK + "Ed25519PublicKey"),
        ("secp256k1", WEAK + "EC secp256k1"),
    ],
)
def test_keys_outside_the_table_stay_outside(key: str, said: str) -> None:
    assert said == said_of_trust(peer(a_ca(), public_key=odd_keys()[key]))


@pytest.mark.parametrize(("key", "said"), [("rsa4096", "stored"), ("p256", "stored"), ("rsa1024", WEAK + "RSA 1024")])
def test_fips_mode_wants_keys_of_2048_bits(key: str, said: str) -> None:
    assert said == said_of_trust(peer(a_ca(), public_key=odd_keys()[key]), fips())


@pytest.mark.parametrize("old", ["sha1", "md5"])
def test_old_hashes_stay_out_of_trust_in_fips_mode_only(old: str) -> None:
    blob = resigned(to_pem(peer(a_ca())).encode(), a_ca(), old)
    assert ["stored", f"{WEAK}{old} in FIPS mode"] == [said_of_trust(blob), said_of_trust(blob, fips())]


@pytest.mark.parametrize(
    ("switch", "said"), [("not-broken", f"E10 {WEAK}sha1 is weaker than the key"), ("any", "stored")]
)
def test_an_identity_signed_with_sha1_is_refused_unless_any_hash_will_do(switch: str, said: str) -> None:
    of = scenario(switches={"leaf_hash": switch})
    assert said == said_of_identity(lambda csr, ca: resigned(sign(csr, ca), ca, "sha1"), of)


def test_unity_connection_takes_sha1_on_an_rsa_key() -> None:
    unity = msgspec.structs.replace(scenario().nodes[0], product="unity-connection")
    old = lambda csr, ca: resigned(sign(csr, ca), ca, "sha1")  # noqa: E731
    assert "stored" == said_of_identity(old, scenario(nodes=(unity,)))


@pytest.mark.parametrize(
    ("length", "switch", "said"),
    [
        (384, "not-broken", "stored"),
        (256, "as-key", "stored"),
        (384, "as-key", f"E10 {WEAK}sha256 is weaker than the key"),
        (521, "as-key", f"E10 {WEAK}sha256 is weaker than the key"),
    ],
)
def test_an_rsa_ca_may_sign_ec_keys_with_sha256_unless_the_switch_compares_them(length, switch, said) -> None:
    asked, of = CsrRequest(key_length=length), scenario(switches={"leaf_hash": switch})
    assert said == said_of_identity(sign, of, purpose="tomcat-ECDSA", asked=asked)


@pytest.mark.parametrize("ec_ca", ["refuse", "accept"])
def test_a_signature_that_is_neither_rsa_nor_ec_never_comes_in(ec_ca: str) -> None:
    async def upload(cluster: Cluster) -> str:
        held = cluster.publisher.certificates
        csr = held.generate_csr("tomcat", CsrRequest())
        leaf, root = signed_by_ed25519(csr.request())
        held._trust.put("tomcat-trust", x509.load_pem_x509_certificate(root), "")  # no upload would take it
        with pytest.raises(Refusal) as refused:
            held.upload_identity("tomcat", [leaf])
        return refused.value.words

    of = scenario(switches={"ec_ca_signature": ec_ca})
    assert WEAK + "signed with a key of an unsupported type" == in_lab(upload, of)


@pytest.mark.parametrize(
    ("of", "said"), [(None, "made"), (fips(), WEAK + "sha512 in FIPS mode")], ids=["plain", "fips"]
)
def test_fips_mode_wants_sha256_in_the_csr_of_an_rsa_key(of, said: str) -> None:
    async def ask(cluster: Cluster) -> str:
        held = cluster.publisher.certificates
        held.generate_csr("tomcat", CsrRequest(hash_algorithm="sha256"))
        held.generate_csr("tomcat-ECDSA", CsrRequest(hash_algorithm="sha384"))
        try:
            held.generate_csr("tomcat", CsrRequest(hash_algorithm="sha512"))
        except Refusal as refusal:
            return refusal.words
        return "made"

    assert said == in_lab(ask, of)


@pytest.mark.parametrize(
    ("switch", "said"), [("accept", "stored"), ("refuse", "Wildcard certificates are not supported")]
)
def test_a_wildcard_in_trust_is_a_switch(switch: str, said: str) -> None:
    wild = peer(a_ca(), subject=raw_name("*.example.com"))
    assert said == said_of_trust(wild, scenario(switches={"trust_wildcard": switch}))


REVOKED = "Certificate has been revoked"
UNKNOWN = "Certificate revocation status could not be determined"


@pytest.mark.parametrize(
    ("ocsp", "said"),
    [
        (Ocsp(answer="revoked"), "stored"),
        (Ocsp(enabled=True), "stored"),
        (Ocsp(enabled=True, answer="revoked"), REVOKED),
        (Ocsp(enabled=True, answer="revoked", names=("Somebody Else",)), "stored"),
        (Ocsp(enabled=True, answer="revoked", names=("A Peer", "cucm-pub.lab.example")), REVOKED),
        (Ocsp(enabled=True, answer="unknown"), "stored"),
        (Ocsp(enabled=True, answer="unreachable"), "stored"),
        (Ocsp(enabled=True, answer="unknown", common_criteria=True), UNKNOWN),
        (Ocsp(enabled=True, answer="unreachable", common_criteria=True), UNKNOWN),
    ],
)
def test_ocsp_is_asked_about_every_upload_but_that_of_a_root(ocsp: Ocsp, said: str) -> None:
    assert said == said_of_trust(peer(a_ca()), scenario(ocsp=ocsp))
    assert "stored" == said_of_trust(a_ca().root, scenario(ocsp=ocsp))


@pytest.mark.parametrize(("answer", "said"), [("good", "stored"), ("revoked", f"E12 {REVOKED}")])
def test_ocsp_is_asked_about_an_identity(answer, said: str) -> None:
    ocsp = Ocsp(enabled=True, answer=answer, names=("cucm-pub.lab.example",))
    assert said == said_of_identity(sign, scenario(ocsp=ocsp))


@pytest.mark.parametrize("common_name", ["two\nlines", "a/b", "nul\0", "x" * 64, "ünïcode"])
def test_no_name_breaks_a_listing(common_name: str) -> None:
    async def upload(cluster: Cluster) -> str:
        blob = to_pem(peer(a_ca(), subject=raw_name(common_name))).encode()
        entry = cluster.publisher.certificates.upload_trust("directory-trust", blob).entry
        assert entry is not None
        return entry.filename

    filename = in_lab(upload)
    assert (True, False) == (filename.isprintable(), "/" in filename)
