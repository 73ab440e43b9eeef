"""Promise: what CUCM would refuse is found before anything is written, and what it takes is not complained about."""

import msgspec
import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from factory.certificates import (
    CLIENT_AUTH,
    DAY,
    NOW,
    SERVER_AUTH,
    Signer,
    authority,
    request,
    sign,
    two_tier,
)
from ucmcert.lint.case import Upload
from ucmcert.lint.catalogue import every_rule
from ucmcert.lint.rule import judge, objection, rule
from ucmcert.lint.upload import lint_answer, lint_trust, lint_upload
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding, Severity

CA = two_tier()
NAME = "cucm-pub.lab.example"
SANS = (f"dns:{NAME}", "dns:lab.example")
ASKED = request(NAME, SANS)
GOOD = sign(ASKED, CA.intermediate)


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {found.code for found in findings}


def answer(
    leaf: Certificate = GOOD,
    chain: tuple[Certificate, ...] = CA.chain,
    asked: CertificateRequest = ASKED.request,
    *,
    purpose: str = "tomcat",
    now: float = NOW,
    current: Certificate | None = None,
) -> set[str]:
    return codes(lint_answer(asked, leaf, chain, purpose=purpose, now=now, current=current))


def test_a_good_answer_has_no_finding() -> None:
    assert answer() == set()


def test_another_key_is_found() -> None:
    stranger = request(NAME, SANS, key="ec")
    assert answer(leaf=sign(stranger, CA.intermediate)) == {"UCM-KEY-001"}


def test_the_case_of_host_names_and_their_order_do_not_matter() -> None:
    leaf = sign(ASKED, CA.intermediate, sans=("dns:LAB.example", f"dns:{NAME.upper()}"))
    assert answer(leaf=leaf) == set()


@pytest.mark.parametrize(
    ("sans", "added", "missing"),
    [
        ((*SANS, "dns:www.lab.example"), "dns:www.lab.example", "-"),
        (SANS[:1], "-", "dns:lab.example"),
        ((SANS[0], "ip:192.0.2.1"), "ip:192.0.2.1", "dns:lab.example"),
        ((), "-", "dns:cucm-pub.lab.example, dns:lab.example"),
    ],
)
def test_added_and_missing_names_are_named(sans: tuple[str, ...], added: str, missing: str) -> None:
    found = lint_answer(ASKED.request, sign(ASKED, CA.intermediate, sans=sans), CA.chain, purpose="tomcat", now=NOW)
    errors = [(one.code, one.values) for one in found if one.severity is Severity.ERROR]
    assert errors == [("UCM-SAN-001", {"added": added, "missing": missing})]


def test_a_wildcard_is_for_xmpp_federation_only() -> None:
    star = request("*.lab.example", ("dns:*.lab.example",))
    leaf = sign(star, CA.intermediate)
    assert answer(leaf=leaf, asked=star.request) == {"UCM-SAN-002"}
    assert answer(leaf=leaf, asked=star.request, purpose="cup-xmpp-s2s") == set()


def test_another_common_name_is_shown() -> None:
    assert answer(leaf=sign(ASKED, CA.intermediate, common_name="cucm-pub-ms.lab.example")) == {"UCM-SAN-003"}


@pytest.mark.parametrize(
    ("not_before", "not_after", "expected"),
    [
        (NOW - 9 * DAY, NOW - DAY, {"UCM-TIME-001"}),
        (NOW - 9 * DAY, NOW, {"UCM-TIME-001"}),
        (NOW + DAY, NOW + 90 * DAY, {"UCM-TIME-002"}),
        (NOW, NOW + 1, set()),
        (NOW - DAY, NOW + 5000 * DAY, {"UCM-TIME-005"}),
    ],
)
def test_validity_is_judged_by_the_given_clock(not_before: int, not_after: int, expected: set[str]) -> None:
    assert answer(leaf=sign(ASKED, CA.intermediate, not_before=not_before, not_after=not_after)) == expected


def test_an_expired_issuer_is_found() -> None:
    old = authority("Old Issuing CA", by=CA.root, not_after=NOW - DAY)
    assert answer(leaf=sign(ASKED, old), chain=(old.certificate, CA.root.certificate)) >= {"UCM-TIME-003"}


def test_an_issuer_of_the_future_is_found() -> None:
    new = authority("New Issuing CA", by=CA.root, not_before=NOW + DAY)
    assert answer(leaf=sign(ASKED, new), chain=(new.certificate, CA.root.certificate)) == {"UCM-TIME-004"}


def test_the_file_of_the_last_renewal_is_found() -> None:
    current = sign(ASKED, CA.intermediate, not_before=NOW - 10, serial_label="current")
    assert answer(leaf=GOOD, current=current) == {"UCM-TIME-006"}
    assert answer(leaf=GOOD, current=GOOD) == set()
    older = sign(ASKED, CA.intermediate, not_before=NOW - 400 * DAY, serial_label="older")
    assert answer(leaf=GOOD, current=older) == set()


def test_root_only_and_alien_chains_miss_the_issuer() -> None:
    assert answer(chain=(CA.root.certificate,)) == {"UCM-CHAIN-001"}
    assert answer(chain=two_tier("Alien").chain) == {"UCM-CHAIN-001"}
    assert answer(chain=()) == {"UCM-CHAIN-001"}


def test_the_same_name_with_another_key_is_not_the_issuer() -> None:
    twin = authority("Example Issuing CA", by=CA.root, key="ec", key_label="twin")
    found = answer(chain=(twin.certificate, CA.root.certificate))
    assert "UCM-CHAIN-001" in found


def test_a_chain_without_root_is_found() -> None:
    assert answer(chain=(CA.intermediate.certificate,)) == {"UCM-CHAIN-002"}


def test_a_stranger_in_the_chain_is_a_warning() -> None:
    assert answer(chain=(*CA.chain, authority("Stranger").certificate)) == {"UCM-CHAIN-003"}


def test_a_signer_that_is_no_ca_is_found() -> None:
    fake = authority("Fake CA", by=CA.root, ca=False)
    assert answer(leaf=sign(ASKED, fake), chain=(fake.certificate, CA.root.certificate)) == {"UCM-CHAIN-004"}


def test_a_ca_certificate_is_no_identity_except_for_capf() -> None:
    asked = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
    subordinate, plain = sign(asked, CA.intermediate, ca=True), sign(asked, CA.intermediate)
    assert answer(leaf=subordinate, asked=asked.request) == {"UCM-CHAIN-005"}
    assert answer(leaf=subordinate, asked=asked.request, purpose="CAPF") == set()
    assert answer(leaf=plain, asked=asked.request, purpose="CAPF") == {"UCM-CHAIN-006"}


@pytest.mark.parametrize(
    ("root", "issuing", "expected"),
    [
        (None, None, set()),
        (2, 1, set()),
        (None, 0, {"UCM-CHAIN-008"}),
        (1, None, {"UCM-CHAIN-008"}),
        (1, 0, {"UCM-CHAIN-008"}),
    ],
)
def test_capf_needs_room_for_a_ca_below_each_of_its_issuers(
    root: int | None, issuing: int | None, expected: set[str]
) -> None:
    top = authority(f"Root {root} {issuing}", path_length=root)
    middle = authority(f"Issuing {root} {issuing}", by=top, path_length=issuing)
    asked = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
    chain = (middle.certificate, top.certificate)
    assert answer(leaf=sign(asked, middle, ca=True), chain=chain, asked=asked.request, purpose="CAPF") == expected
    plain = sign(ASKED, middle)
    assert answer(leaf=plain, chain=chain) == set()


def test_a_capf_that_keeps_the_old_name_is_a_warning() -> None:
    asked = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
    new = sign(asked, CA.intermediate, ca=True)
    old = sign(asked, CA.intermediate, ca=True, not_before=NOW - 900 * DAY, serial_label="old")
    other = sign(asked, CA.intermediate, ca=True, not_before=NOW - 900 * DAY, common_name="CAPF-0")
    assert answer(leaf=new, asked=asked.request, purpose="CAPF", current=old) == {"UCM-CAPF-001"}
    assert answer(leaf=new, asked=asked.request, purpose="CAPF", current=other) == set()
    assert answer(leaf=new, asked=asked.request, purpose="CAPF", current=new) == set()
    current = sign(ASKED, CA.intermediate, not_before=NOW - 400 * DAY, serial_label="older")
    assert answer(leaf=GOOD, current=current) == set()


def test_a_chain_may_go_to_a_store_that_is_not_the_purposes_own() -> None:
    newer = authority("Example Root CA", key_label="other", key="ec", not_before=CA.root.certificate.not_before + 1)
    found = lint_trust((CA.root.certificate,), purpose="CAPF", now=NOW, trust=(newer.certificate,), store="CallManager")
    assert [("UCM-TRUST-002", "CallManager-trust", "CallManager")] == [
        (one.code, one.where, one.values["store"]) for one in found
    ]


def test_a_chain_of_five_is_unpublished_ground() -> None:
    signers: list[Signer] = [authority("Deep Root")]
    for depth in range(4):
        signers.append(authority(f"Deep {depth}", by=signers[-1]))
    chain = tuple(one.certificate for one in reversed(signers))
    found = lint_answer(ASKED.request, sign(ASKED, signers[-1]), chain, purpose="tomcat", now=NOW)
    assert [(one.code, one.severity) for one in found] == [("UCM-CHAIN-007", Severity.UNKNOWN)]


@pytest.mark.parametrize(
    ("key_usage", "expected"),
    [
        (("digital_signature",), {"UCM-KU-001"}),
        (("digital_signature", "data_encipherment", "key_encipherment"), set()),
        (("digital_signature", "data_encipherment", "key_agreement"), {"UCM-KU-002"}),
    ],
)
def test_key_usages_of_the_csr_are_kept(key_usage: tuple[str, ...], expected: set[str]) -> None:
    assert answer(leaf=sign(ASKED, CA.intermediate, key_usage=key_usage)) == expected


@pytest.mark.parametrize(
    ("eku", "expected"),
    [
        ((CLIENT_AUTH,), {"UCM-KU-003"}),
        ((SERVER_AUTH,), {"UCM-KU-005"}),
        ((SERVER_AUTH, CLIENT_AUTH, "1.3.6.1.5.5.7.3.4"), {"UCM-KU-004"}),
    ],
)
def test_extended_key_usages_of_the_csr_are_kept(eku: tuple[str, ...], expected: set[str]) -> None:
    assert answer(leaf=sign(ASKED, CA.intermediate, eku=eku)) == expected


def test_a_foreign_critical_extension_is_a_warning() -> None:
    odd = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    assert answer(leaf=sign(ASKED, CA.intermediate, extra=((odd, True),))) == {"UCM-KU-006"}
    assert answer(leaf=sign(ASKED, CA.intermediate, extra=((odd, False),))) == set()


@pytest.mark.parametrize("key", ["RSA 1024", "RSA 8192", "EC secp256k1", "Ed25519PublicKey"])
def test_keys_nobody_takes_are_found(key: str) -> None:
    assert answer(leaf=msgspec.structs.replace(GOOD, key=key)) == {"UCM-KEY-002"}


def test_weak_signatures_are_found_except_on_a_root() -> None:
    old_root = msgspec.structs.replace(CA.root.certificate, signature_hash="sha1")
    assert answer(leaf=msgspec.structs.replace(GOOD, signature_hash="sha1")) == {"UCM-KEY-003"}
    assert answer(chain=(CA.intermediate.certificate, old_root)) == set()


def test_a_hash_below_the_key_is_a_warning() -> None:
    assert answer(leaf=msgspec.structs.replace(GOOD, key="EC secp384r1")) == {"UCM-KEY-004"}


def test_an_ec_issuer_is_unpublished_ground() -> None:
    ec = two_tier("Curve", key="ec")
    found = lint_answer(ASKED.request, sign(ASKED, ec.intermediate), ec.chain, purpose="tomcat", now=NOW)
    assert [(one.code, one.severity) for one in found] == [("UCM-KEY-005", Severity.UNKNOWN)]


def test_the_trust_store_of_the_node_must_build_the_chain() -> None:
    def upload(trust: tuple[Certificate, ...]) -> set[str]:
        return codes(lint_upload(ASKED.request, GOOD, CA.chain, purpose="tomcat", now=NOW, trust=trust))

    assert upload(CA.chain) == set()
    assert upload((CA.root.certificate,)) == {"UCM-TRUST-001"}
    assert upload(()) == {"UCM-TRUST-001"}


def test_a_trust_upload_that_would_be_ignored_or_would_replace_is_foreseen() -> None:
    def trust(held: Certificate, chain: tuple[Certificate, ...] = (CA.root.certificate,)) -> set[str]:
        return codes(lint_trust(chain, purpose="tomcat", now=NOW, trust=(held,)))

    name, start = "Example Root CA", CA.root.certificate.not_before
    newer = authority(name, key_label="other", key="ec", not_before=start + 1).certificate
    same = authority(name, key_label="other", key="ec", not_before=start).certificate
    older = authority(name, key_label="other", key="ec", not_before=start - 1).certificate
    expired = authority("Gone Root", not_after=NOW - 1).certificate
    assert trust(CA.root.certificate) == set()
    assert trust(newer) == {"UCM-TRUST-002"}
    assert trust(same) == {"UCM-TRUST-003"}
    assert trust(older) == {"UCM-TRUST-004"}
    assert trust(CA.root.certificate, (expired,)) == {"UCM-TRUST-005"}


def test_a_rule_that_crashes_is_an_error_finding() -> None:
    @rule("UCM-KEY-001", Severity.WARNING, "nowhere")
    def broken(case: Upload) -> list[object]:
        raise ZeroDivisionError("no luck")

    case = Upload(request=ASKED.request, leaf=GOOD, chain=(), purpose="tomcat", now=NOW)
    found = judge((broken,), case, "here")
    assert [(one.code, one.severity, one.values["rule"]) for one in found] == [
        ("UCM-LINT-000", Severity.ERROR, "UCM-KEY-001")
    ]


def test_an_objection_without_its_placeholders_is_a_crash_not_a_pass() -> None:
    @rule("UCM-SAN-001", Severity.ERROR, "nowhere")
    def forgetful(case: Upload) -> list[object]:
        return [objection(added="dns:a.example")]

    case = Upload(request=ASKED.request, leaf=GOOD, chain=(), purpose="tomcat", now=NOW)
    assert codes(judge((forgetful,), case, "here")) == {"UCM-LINT-000"}


def test_an_unknown_purpose_holds_the_upload() -> None:
    assert "UCM-LINT-000" in answer(purpose="tomat")


def test_codes_are_unique() -> None:
    all_codes = [one.code for one in every_rule()]
    assert len(set(all_codes)) == len(all_codes)
