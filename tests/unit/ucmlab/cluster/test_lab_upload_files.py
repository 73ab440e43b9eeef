# Promise: of all files only those that Cisco names are taken, every other is refused in its words, and none is a crash.
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs7, pkcs12
from hypothesis import given
from hypothesis import strategies as st

from ucmlab.cluster.certificates.files import FILE_BYTES_MAX, read_file, read_one
from ucmlab.cluster.certificates.keys import key_pem, load_key, read_pool
from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.switches import Switches
from unit.ucmlab.lab_bench import a_ca, in_lab, scenario, sign

CA = a_ca()
PEM = to_pem(CA.root).encode()
DER = CA.root.public_bytes(Encoding.DER)
KEY = key_pem(load_key(read_pool()[20])).encode()
CHAIN = pkcs7.serialize_certificates([CA.root, CA.issuing], Encoding.PEM)
NO_PEM, OTHER, UNREADABLE = (
    "Certificate is not in PEM format",
    "Invalid certificate file provided",
    "Error occurred while reading the certificate",
)


def request() -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(CA.root.subject)
    return builder.sign(CA.issuing_key, hashes.SHA256()).public_bytes(Encoding.PEM)


def revocation_list() -> bytes:
    from ucmlab.cluster.certificates.records import as_datetime
    from unit.ucmlab.lab_bench import NOW

    builder = x509.CertificateRevocationListBuilder().issuer_name(CA.issuing.subject)
    builder = builder.last_update(as_datetime(NOW)).next_update(as_datetime(NOW + 60))
    return builder.sign(CA.issuing_key, hashes.SHA256()).public_bytes(Encoding.PEM)


def pkcs12_file() -> bytes:
    protection = BestAvailableEncryption(b"secret")
    return pkcs12.serialize_key_and_certificates(b"x", CA.issuing_key, CA.issuing, None, protection)


GOOD = {
    "pem": PEM,
    "pem-with-crlf": PEM.replace(b"\n", b"\r\n"),
    "pem-between-blank-lines": b"\n\n" + PEM + b"\n  \n",
    "der": DER,
    "x509-label": PEM.replace(b"CERTIFICATE", b"X509 CERTIFICATE"),
}
BAD = {
    "empty": (b"", NO_PEM),
    "blanks": (b" \n\t\n", NO_PEM),
    "text": (b"no certificate at all", NO_PEM),
    "html": (b"<html><body>Sign in to download your certificate</body></html>", NO_PEM),
    "base64-without-armour": (b"".join(PEM.splitlines()[1:-1]), NO_PEM),
    "words-before": (b"subject=CN = Lab Root CA G2\n" + PEM, NO_PEM),
    "words-after": (PEM + b"Kind regards", NO_PEM),
    "byte-order-mark": (b"\xef\xbb\xbf" + PEM, NO_PEM),
    "no-end": (PEM.partition(b"-----END")[0], NO_PEM),
    "no-beginning": (PEM.partition(b"-----\n")[2], NO_PEM),
    "other-end": (PEM.replace(b"END CERTIFICATE", b"END PKCS7"), NO_PEM),
    "many-beginnings": (b"-----BEGIN CERTIFICATE-----\n" * 15_000, NO_PEM),
    "private-key": (KEY, OTHER),
    "key-and-certificate": (KEY + PEM, OTHER),
    "request": (request(), OTHER),
    "revocation-list": (revocation_list(), OTHER),
    "pkcs12": (pkcs12_file(), OTHER),
    "der-with-a-tail": (DER + b"x", OTHER),
    "der-cut-off": (DER[:-1], OTHER),
    "der-chain": (pkcs7.serialize_certificates([CA.root], Encoding.DER), OTHER),
    "armoured-nothing": (b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", UNREADABLE),
    "armoured-rubbish": (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", UNREADABLE),
    "armoured-chain-rubbish": (b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", UNREADABLE),
    "two-certificates": (PEM + to_pem(CA.issuing).encode(), UNREADABLE),
    "huge": (PEM * (FILE_BYTES_MAX // len(PEM) + 1), "Certificate Upload failed"),
}


@pytest.mark.parametrize("blob", GOOD.values(), ids=GOOD)
def test_a_file_of_one_certificate_is_read(blob: bytes) -> None:
    assert (CA.root,) == read_one(blob, Switches())


@pytest.mark.parametrize(("blob", "words"), BAD.values(), ids=BAD)
def test_any_other_file_is_refused_in_ciscos_words(blob: bytes, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_one(blob, Switches())
    assert ("E7", words, False) == (refused.value.code, refused.value.words, refused.value.invented)


@pytest.mark.parametrize(("blob", "words"), BAD.values(), ids=BAD)
def test_one_text_may_answer_every_bad_file(blob: bytes, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_one(blob, Switches({"file_words": "one-for-all"}))
    assert UNREADABLE == refused.value.words


@pytest.mark.parametrize(("switch", "kind"), [("stray_text", "words-before"), ("stray_text", "byte-order-mark")])
def test_stray_text_passes_where_its_switch_says_so(switch: str, kind: str) -> None:
    assert (CA.root,) == read_one(BAD[kind][0], Switches({switch: "accept"}))


def test_a_chain_is_taken_as_pkcs7_in_pem_and_in_der_where_the_switch_says_so() -> None:
    assert {CA.root, CA.issuing} == set(read_one(CHAIN, Switches()))
    assert (CA.root,) == read_one(BAD["der-chain"][0], Switches({"pkcs7_der": "accept"}))


@given(st.binary(max_size=200), st.integers(0, len(DER)))
def test_no_bytes_make_it_stumble(noise: bytes, at: int) -> None:
    armoured = b"-----BEGIN CERTIFICATE-----\n" + noise + b"\n-----END CERTIFICATE-----\n"
    for blob in (noise, b"0" + noise, armoured, DER[:at] + noise + DER[at + len(noise) :], PEM[:at] + noise + PEM[at:]):
        assert outcome_of(blob) in ("read", "E7")


def outcome_of(blob: bytes) -> str:
    try:
        return "read" if read_file(blob, Switches()).certificates else "nothing"
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize(("blob", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_leaves_identities_csrs_and_trust_as_they_were(blob: bytes, words: str) -> None:
    async def upload(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        held.generate_csr("tomcat", CsrRequest())
        before = held.memory()
        with pytest.raises(Refusal) as trust_refused:
            held.upload_trust("tomcat-trust", blob)
        assert (words, before) == (trust_refused.value.words, held.memory())
        with pytest.raises(Refusal):
            held.upload_identity("tomcat", [blob])
        assert before == held.memory()

    in_lab(upload)


def test_every_certificate_of_a_pkcs7_chain_gets_its_own_trust_entry() -> None:
    async def upload(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        held.upload_trust("tomcat-trust", CHAIN, "a chain")
        stored = [entry.certificate() for entry in held.trust("tomcat-trust") if entry.description == "a chain"]
        assert {CA.root, CA.issuing} == set(stored)

    in_lab(upload)


def bundled(cluster: Cluster) -> bytes:
    leaf = sign(cluster.publisher.certificates.generate_csr("tomcat", CsrRequest()), CA)
    certificates = [x509.load_pem_x509_certificate(leaf), CA.issuing, CA.root]
    return pkcs7.serialize_certificates(certificates, Encoding.PEM)


@pytest.mark.parametrize(("switch", "outcome"), [("no", "E1"), ("yes", "stored")])
def test_identity_and_chain_in_one_pkcs7_need_the_chain_in_trust_unless_it_fills_it(switch: str, outcome: str) -> None:
    async def upload(cluster: Cluster) -> str:
        held = cluster.publisher.certificates
        bundle, before = bundled(cluster), held.trust("tomcat-trust")
        try:
            held.upload_identity("tomcat", [bundle])
        except Refusal as refusal:
            assert before == held.trust("tomcat-trust")
            return refusal.code
        added = {entry.certificate() for entry in held.trust("tomcat-trust")} - {e.certificate() for e in before}
        assert {CA.root, CA.issuing} == added
        return "stored"

    assert outcome == in_lab(upload, scenario(switches={"identity_fills_trust": switch}))


def test_a_chain_that_came_with_a_refused_identity_fills_nothing() -> None:
    async def upload(cluster: Cluster) -> None:
        held = cluster.publisher.certificates
        bundle = bundled(cluster)
        held.generate_csr("tomcat", CsrRequest())
        before = held.memory()
        with pytest.raises(Refusal) as refused:
            held.upload_identity("tomcat", [bundle])
        assert ("E3", before) == (refused.value.code, held.memory())

    in_lab(upload, scenario(switches={"identity_fills_trust": "yes"}))
