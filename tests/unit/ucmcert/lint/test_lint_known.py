"""Promise: what the caller knows of the node sharpens the answer, and of what nobody knows nothing is guessed."""

import msgspec
import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from factory.certificates import CLIENT_AUTH, DAY, NOW, SERVER_AUTH, request, sign, two_tier
from factory.keys import key_for
from factory.odd_certificates import odd_certificate, plain_name
from ucmcert.lint.case import NOTHING_KNOWN, Known
from ucmcert.lint.upload import lint_answer
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Release

CA = two_tier()
NAME = "cucm-pub.lab.example"
ASKED = request(NAME)
GOOD = sign(ASKED, CA.intermediate)
CAPF = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
OLD, BASE, SU2 = Release(12, 5, 1, 16900, 48), Release(14, 0, 1, 10000, 20), Release(14, 0, 1, 12900, 161)
SPLIT = Release(15, 0, 1, 15900, 1)


def linted(
    leaf: Certificate = GOOD,
    known: Known = NOTHING_KNOWN,
    *,
    asked: CertificateRequest = ASKED.request,
    chain: tuple[Certificate, ...] = CA.chain,
    purpose: str = "tomcat",
    current: Certificate | None = None,
) -> tuple[Finding, ...]:
    return lint_answer(asked, leaf, chain, purpose=purpose, now=NOW, current=current, known=known)


def answer(leaf: Certificate = GOOD, known: Known = NOTHING_KNOWN, **given: object) -> set[str]:
    return {one.code for one in linted(leaf, known, **given)}  # type: ignore[arg-type]


@pytest.mark.parametrize(("waits", "expected"), [(None, set()), (True, set()), (False, {"UCM-REQ-001"})])
def test_without_a_csr_on_the_node_nothing_can_be_uploaded(waits: bool | None, expected: set[str]) -> None:
    assert expected == answer(known=Known(csr_waits=waits))


@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        ("tomcat", "/usr/local/platform/.security/tomcat/keys/tomcat"),
        ("CAPF", "/usr/local/cm/.security/CAPF/keys/CAPF"),
    ],
)
def test_the_words_of_cucm_about_a_missing_csr_name_its_path(purpose: str, path: str) -> None:
    (said,) = [one for one in linted(known=Known(csr_waits=False), purpose=purpose) if one.code == "UCM-REQ-001"]
    assert f"File {path}.csr Does Not Exist" in said.why


def test_the_likely_reason_of_another_key_is_said() -> None:
    newer = request(NAME, key="ec", key_label="newer")
    other = sign(ASKED, CA.intermediate, not_before=NOW - 400 * DAY)
    older, swapped = (
        Known(older_requests=(ASKED.request,)),
        Known(other_requests=(("tomcat cucm-sub1", ASKED.request),)),
    )
    assert {"UCM-KEY-001"} == answer(asked=newer.request)
    assert {"UCM-KEY-001", "UCM-KEY-006"} == answer(known=older, asked=newer.request)
    assert {"UCM-KEY-001", "UCM-KEY-007"} == answer(known=swapped, asked=newer.request)
    assert {"UCM-KEY-001", "UCM-KEY-008"} == answer(asked=newer.request, current=other)
    (reason,) = [one for one in linted(known=swapped, asked=newer.request) if one.code == "UCM-KEY-007"]
    assert ({"owner": "tomcat cucm-sub1"}, Severity.NOTICE) == (reason.values, reason.severity)


def test_a_right_key_needs_no_reason() -> None:
    everything = Known(older_requests=(ASKED.request,), other_requests=(("tomcat cucm-sub1", ASKED.request),))
    assert set() == answer(known=everything, current=sign(ASKED, CA.intermediate, not_before=NOW - 400 * DAY))


@pytest.mark.parametrize(
    ("transport", "distribution", "release", "expected"),
    [
        ("cli", "multi-server", SU2, {"UCM-UP-001"}),
        ("cli", "multi-server", None, {"UCM-UP-001"}),
        ("cli", "multi-server", BASE, set()),
        ("cli", "this-server", SU2, set()),
        ("rest", "multi-server", SU2, set()),
        ("", "multi-server", SU2, set()),
        ("cli", "", SU2, set()),
    ],
)
def test_a_shared_certificate_does_not_travel_by_cli_from_14su2_on(
    transport: str, distribution: str, release: Release | None, expected: set[str]
) -> None:
    known = Known(transport=transport, distribution=distribution, release=release)  # type: ignore[arg-type]
    assert expected == answer(known=known)


@pytest.mark.parametrize(("revocation", "expected"), [(None, []), (False, []), (True, ["http://ocsp.example/"])])
def test_with_ocsp_on_the_answer_is_unknown_and_the_responder_is_named(
    revocation: bool | None, expected: list[str]
) -> None:
    ocsp = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.example/")
    )
    leaf = sign(ASKED, CA.intermediate, extra=((x509.AuthorityInformationAccess([ocsp]), False),))
    found = linted(leaf, Known(revocation=revocation))
    assert expected == [one.values["responder"] for one in found if one.code == "UCM-UP-002"]
    assert {"-"} == {one.values["responder"] for one in linted(GOOD, Known(revocation=True))}


def test_fips_asks_about_the_hash_of_a_root_too() -> None:
    old_root = msgspec.structs.replace(CA.root.certificate, signature_hash="sha1")
    chain = (CA.intermediate.certificate, old_root)
    assert {"UCM-KEY-009"} == answer(known=Known(fips=True), chain=chain)
    assert set() == answer(known=Known(fips=False), chain=chain) | answer(known=Known(fips=True))


def test_long_keys_are_told_where_phones_meet_them() -> None:
    long = msgspec.structs.replace(GOOD, key="RSA 4096")
    assert {"UCM-KEY-010"} == answer(long, purpose="CallManager")
    assert set() == answer(long) | answer(purpose="CallManager")
    chain = (CA.intermediate.certificate, msgspec.structs.replace(CA.root.certificate, key="RSA 4096"))
    assert {"UCM-KEY-011"} == answer(known=Known(mixed=True), chain=chain, purpose="CallManager")
    assert set() == answer(known=Known(mixed=False), chain=chain, purpose="CallManager")
    assert set() == answer(known=Known(mixed=True), chain=chain, purpose="tomcat")


def test_signatures_that_no_guide_names_are_unpublished_ground() -> None:
    root = odd_certificate(plain_name("Salted Root"), key=key_for("salted"), pss=True)
    found = linted(chain=(*CA.chain, root))
    assert [("Salted Root", "RSASSA-PSS")] == [
        (one.values["name"], one.values["algorithm"]) for one in found if one.code == "UCM-KEY-012"
    ]


@pytest.mark.parametrize(
    ("release", "expected"),
    [(None, {"UCM-KU-005"}), (SU2, {"UCM-KU-005"}), (SPLIT, {"UCM-KU-007"})],
)
def test_a_missing_client_auth_is_an_error_below_15su5(release: Release | None, expected: set[str]) -> None:
    assert expected == answer(sign(ASKED, CA.intermediate, eku=(SERVER_AUTH,)), Known(release=release))


USUAL = ("digital_signature", "data_encipherment")


@pytest.mark.parametrize(
    ("purpose", "usage", "eku", "release", "expected"),
    [
        ("tomcat", USUAL, (SERVER_AUTH, CLIENT_AUTH), None, set()),
        ("tomcat", USUAL, (SERVER_AUTH, CLIENT_AUTH), SU2, set()),
        ("tomcat", (*USUAL, "key_encipherment"), (SERVER_AUTH, CLIENT_AUTH), OLD, set()),
        ("tomcat", USUAL, (SERVER_AUTH, CLIENT_AUTH), OLD, {"UCM-KU-008"}),
        ("tomcat", ("digital_signature",), (SERVER_AUTH, CLIENT_AUTH), SU2, {"UCM-KU-008"}),
        ("ipsec", USUAL, (SERVER_AUTH, CLIENT_AUTH), SU2, {"UCM-KU-008"}),
        ("ITLRecovery", (), (), SU2, set()),
    ],
)
def test_a_csr_that_the_node_would_not_make_is_a_warning(
    purpose: str, usage: tuple[str, ...], eku: tuple[str, ...], release: Release | None, expected: set[str]
) -> None:
    asked = request(NAME, key_usage=usage, eku=eku)
    leaf = sign(asked, CA.intermediate)
    assert expected == answer(leaf, Known(release=release), asked=asked.request, purpose=purpose)


@pytest.mark.parametrize(("eku", "release"), [((SERVER_AUTH,), OLD), ((SERVER_AUTH, CLIENT_AUTH), SU2)])
def test_capf_asks_for_client_auth_from_14_on(eku: tuple[str, ...], release: Release) -> None:
    asked = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"), eku=eku)
    leaf = sign(asked, CA.intermediate, ca=True)
    assert set() == answer(leaf, Known(release=release), asked=asked.request, purpose="CAPF")
    early = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"), eku=(SERVER_AUTH,))
    leaf = sign(early, CA.intermediate, ca=True)
    assert {"UCM-KU-008"} == answer(leaf, Known(release=SU2), asked=early.request, purpose="CAPF")


def test_what_phones_trust_should_last() -> None:
    short = sign(ASKED, CA.intermediate, not_before=NOW - DAY, not_after=NOW + 89 * DAY)
    long = sign(ASKED, CA.intermediate, not_before=NOW - DAY, not_after=NOW + 100 * DAY)
    assert {"UCM-TIME-007"} == answer(short, purpose="CallManager")
    assert set() == answer(short) | answer(long, purpose="CallManager")


@pytest.mark.parametrize(
    ("begins", "days", "expected"),
    [
        (NOW - DAY, 200, set()),
        (NOW - DAY, 201, {"UCM-TIME-008"}),
        (NOW - 400 * DAY, 398, set()),
        (NOW - 400 * DAY, 404, {"UCM-TIME-008"}),
    ],
)
def test_only_a_ca_that_claims_to_be_public_is_held_to_the_public_limits(
    begins: int, days: int, expected: set[str]
) -> None:
    policy = x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.2"), None)
    public = ((x509.CertificatePolicies([policy]), False),)
    until = begins + days * DAY
    found = answer(sign(ASKED, CA.intermediate, not_before=begins, not_after=until, extra=public))
    assert expected == found - {"UCM-TIME-001"}
    assert set() == answer(sign(ASKED, CA.intermediate, not_before=begins, not_after=until)) - {"UCM-TIME-001"}
