"""Promise: a verdict depends on what certificates say, never on order or form; no well-formed one trips a rule."""

import ipaddress
import ssl
from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from factory.certificates import DAY, NOW, authority, request, sign, two_tier
from factory.keys import key_for
from factory.odd_certificates import Extensions, OddKey, named, odd_certificate, odd_request
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.case import Known
from ucmcert.lint.rule import CRASHED
from ucmcert.lint.upload import lint_answer, lint_trust, lint_upload
from ucmcert.model.certificate import Certificate, read_certificate, read_certificates_pem
from ucmcert.model.finding import Finding
from ucmcert.model.node import Release

CA = two_tier()
OTHER = authority("Other Root CA")
CROSS = authority("Example Issuing CA", by=OTHER, not_before=NOW - 9 * DAY).certificate
BAG = (*CA.chain, CROSS, OTHER.certificate, authority("Stranger", key="ec").certificate)
SANS = ("dns:cucm-pub.lab.example", "dns:cucm-sub1.lab.example", "dns:lab.example", "ip:192.0.2.7")
KNOWN = Known(
    release=Release(14, 0, 1, 12900, 161),
    mixed=True,
    fips=True,
    csr_waits=False,
    transport="cli",
    distribution="multi-server",
    revocation=True,
    domain="lab.example",
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

bags = st.lists(st.sampled_from(BAG), max_size=7)
subsets = st.lists(st.sampled_from(SANS), min_size=1, unique=True)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, one.values) for one in findings]


def as_der(certificate: Certificate) -> Certificate:
    return read_certificate(ssl.PEM_cert_to_DER_cert(certificate.pem))


def as_pem_among_words(certificate: Certificate) -> Certificate:
    text = f"subject=someone\r\n{certificate.pem}".replace("\n", "\r\n")
    (found,) = read_certificates_pem(text.encode())
    return found


@quick
@given(bag=bags, random=st.randoms(use_true_random=False))
@example(bag=list(BAG), random=None)
def test_the_order_of_a_chain_and_of_a_store_says_nothing(bag: list[Certificate], random: object) -> None:
    asked = request("cucm-pub.lab.example", SANS)
    leaf = sign(asked, CA.intermediate)
    shuffled = list(reversed(bag))
    if random is not None:
        random.shuffle(shuffled)  # type: ignore[attr-defined]

    def all_told(chain: list[Certificate], trust: list[Certificate]) -> list[list[tuple[str, dict[str, str]]]]:
        upload = lint_upload(asked.request, leaf, tuple(chain), purpose="tomcat", now=NOW, trust=tuple(trust))
        store = lint_trust(tuple(chain), purpose="tomcat", now=NOW, trust=tuple(trust), leaves=(leaf,))
        return [told(upload), told(store)]

    assert all_told(bag, bag[:2]) == all_told(shuffled, list(reversed(bag[:2])))


@quick
@given(asked=subsets, given_=subsets, random=st.randoms(use_true_random=False))
def test_the_order_and_case_of_names_say_nothing(asked: list[str], given_: list[str], random: object) -> None:
    node = request("cucm-pub.lab.example", tuple(asked))
    again = list(given_)
    random.shuffle(again)  # type: ignore[attr-defined]
    shouted = [san if san.startswith("ip") else f"dns:{san[4:].upper()}" for san in again]
    first, second, third = (
        lint_answer(node.request, sign(node, CA.intermediate, sans=tuple(sans)), CA.chain, purpose="tomcat", now=NOW)
        for sans in (given_, again, shouted)
    )
    assert told(first) == told(second) == told(third)
    assert (set(asked) == set(given_)) == ("UCM-SAN-001" not in {one.code for one in first})


@pytest.mark.parametrize("form", [as_der, as_pem_among_words])
@pytest.mark.parametrize("purpose", ["tomcat", "CallManager"])
def test_the_form_of_a_file_says_nothing(form: Callable[[Certificate], Certificate], purpose: str) -> None:
    asked = request("cucm-pub.lab.example", SANS)
    leaf = sign(asked, CA.intermediate, sans=SANS[:2], not_after=NOW + 60 * DAY)

    def verdict(leaf: Certificate, bag: tuple[Certificate, ...]) -> list[tuple[str, dict[str, str]]]:
        return told(lint_answer(asked.request, leaf, bag, purpose=purpose, now=NOW, known=KNOWN))

    plain = verdict(leaf, BAG)
    assert plain
    assert plain == verdict(form(leaf), tuple(form(one) for one in BAG))


# --- well-formed, and as odd as the library can make them -----------------------------------------------------------

ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
ED448 = ed448.Ed448PrivateKey.from_private_bytes(b"\x11" * 57)
KEYS: tuple[OddKey, ...] = (
    key_for("odd"),
    key_for("odd", "ec"),
    key_for("odd", "ec", ec.SECP521R1()),
    key_for("odd", "ec", ec.SECP256K1()),
    ED25519,
    ED448,
)
FIELDS = (
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.EMAIL_ADDRESS,
    NameOID.DOMAIN_COMPONENT,
    x509.ObjectIdentifier("1.2.3.4.5"),
)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=30
)
fields = st.lists(st.tuples(st.sampled_from(FIELDS), words), max_size=4)
host_names = st.from_regex(r"[a-z0-9_*. -]{1,40}", fullmatch=True) | st.just("xn--bcher-kva.example")
general_names = st.one_of(
    host_names.map(x509.DNSName),
    st.ip_addresses().map(x509.IPAddress),
    st.just(x509.RFC822Name("a@b.example")),
    st.just(x509.UniformResourceIdentifier("sip:%7Bx%7D@b.example")),
    st.just(x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))),
    st.just(x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x01x")),
    st.just(x509.DirectoryName(named((NameOID.COMMON_NAME, "inside {braces}")))),
)
IDN = ipaddress.ip_network("192.0.2.0/24")
extensions = st.lists(
    st.one_of(
        st.lists(general_names, min_size=1, max_size=5).map(x509.SubjectAlternativeName),
        st.builds(x509.BasicConstraints, ca=st.just(True), path_length=st.none() | st.integers(0, 5)),
        st.just(x509.BasicConstraints(ca=False, path_length=None)),
        st.lists(st.sampled_from(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.2.3"]), min_size=1).map(
            lambda oids: x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])
        ),
        st.just(
            x509.KeyUsage(
                digital_signature=False,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=True,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=True,
                decipher_only=False,
            )
        ),
        st.just(
            x509.NameConstraints([x509.DNSName(""), x509.IPAddress(IDN)], [x509.RFC822Name("b.example")]),
        ),
        st.just(x509.AuthorityKeyIdentifier(b"x", None, None)),
        st.just(x509.AuthorityKeyIdentifier(None, [x509.DNSName("issuer.example")], 3)),
        st.just(x509.SubjectKeyIdentifier(b"y")),
        st.just(x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), ["cps"])])),
        st.binary(max_size=8).map(lambda raw: x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), raw)),
    ),
    max_size=6,
    unique_by=lambda one: one.oid,
)
serials = st.integers(1, 2**159 - 1)
moments = st.sampled_from([-631152000 + 1, 0, NOW - DAY, NOW, NOW + DAY, 253402300799])


@st.composite
def odd_ones(draw: st.DrawFn) -> Certificate:
    """Any certificate of ours: self-signed, or signed by the CA of the other tests."""
    begins, ends = sorted((draw(moments), draw(moments)))
    subject = named()
    with suppress(ValueError):  # the library refuses some values: a CN over 64 characters, a country of three
        subject = named(*draw(fields))
    key = draw(st.sampled_from(KEYS))
    by_ca = draw(st.booleans())
    return odd_certificate(
        subject,
        key=key,
        issuer=x509.load_der_x509_certificate(CA.root.certificate.der).subject if by_ca else None,
        signing_key=CA.root.key if by_ca else None,
        serial=draw(serials),
        validity=(begins, ends),
        extensions=tuple((one, draw(st.booleans())) for one in draw(extensions)),
    )


def crashes(leaf: Certificate, others: tuple[Certificate, ...], known: Known, asked: Extensions = ()) -> list[str]:
    node = odd_request(named(), asked)
    found: list[Finding] = []
    for purpose in PURPOSES:
        found += lint_upload(
            node.request, leaf, others, purpose=purpose, now=NOW, trust=others, current=others[0], known=known
        )
        found += lint_trust(others, purpose=purpose, now=NOW, trust=(leaf, *others), store="CAPF", leaves=(leaf,))
    return [f"{one.where}: {one.what}" for one in found if one.code == CRASHED]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    leaf=odd_ones(),
    other=odd_ones(),
    known=st.sampled_from([Known(), KNOWN]),
    names=st.lists(general_names, max_size=3),
)
def test_no_well_formed_certificate_trips_a_rule(
    leaf: Certificate, other: Certificate, known: Known, names: list[x509.GeneralName]
) -> None:
    asked: Extensions = ((x509.SubjectAlternativeName(names), False),) if names else ()
    assert [] == crashes(leaf, (other, CA.root.certificate), known, asked)


def test_a_dsa_key_is_refused_not_tripped_over() -> None:
    numbers = dsa.DSAParameterNumbers(p=2**1023 + 1155, q=2**159 + 81, g=2)  # nobody computes with this one
    public = dsa.DSAPublicNumbers(y=4, parameter_numbers=numbers).public_key()
    leaf = odd_certificate(named((NameOID.COMMON_NAME, "dsa")), public_key=public)
    assert [] == crashes(leaf, (CA.root.certificate,), KNOWN)
    found = lint_answer(odd_request(named()).request, leaf, CA.chain, purpose="tomcat", now=NOW)
    assert "UCM-KEY-002" in {one.code for one in found}


def test_a_thousand_names_are_read_to_the_end() -> None:
    names = tuple(f"dns:host{number}.lab.example" for number in range(1000))
    asked = request("host0.lab.example", names)
    leaf = sign(asked, CA.intermediate, sans=names[:-1])
    found = {one.code: one for one in lint_answer(asked.request, leaf, CA.chain, purpose="tomcat", now=NOW)}
    assert {"UCM-SAN-001", "UCM-SAN-007"} == found.keys()
    assert "dns:host999.lab.example" == found["UCM-SAN-001"].values["missing"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\x71\x23\x45\x67\x89", b"\xf1\x23\x45\x67\x89"),  # a negative serial
        (b"\x0c\x07patched", b"\x13\x07patched"),  # PrintableString where UTF8String stood
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x86\x48\xce\x3d\x04\x03\x03"),  # signed with another hash
    ],
)
def test_bytes_that_no_library_writes_and_ours_reads_trip_no_rule(old: bytes, new: bytes) -> None:
    plain = odd_certificate(named((NameOID.COMMON_NAME, "patched")), serial=0x7123456789)
    assert old in plain.der
    assert [] == crashes(read_certificate(plain.der.replace(old, new)), (CA.root.certificate,), KNOWN)


def test_bytes_that_cannot_be_read_are_refused_before_any_rule() -> None:
    latin = odd_certificate(named((NameOID.COMMON_NAME, "patched"))).der.replace(b"\x0c\x07p", b"\x14\x07\xe9")
    with pytest.raises(ValueError, match="not a readable"):
        read_certificate(latin)
