"""Promise: a chain that no verifier would build, or for which a trust store has no place, is told before the upload."""

import pytest
from cryptography import x509

from factory.certificates import DAY, NOW, Signer, authority, request, sign, two_tier
from ucmcert.lint.upload import lint_answer, lint_trust
from ucmcert.model.certificate import Certificate, read_certificate

CA = two_tier()
NAME = "cucm-pub.lab.example"
ASKED = request(NAME)
GOOD = sign(ASKED, CA.intermediate)
START = CA.root.certificate.not_before


def answer(leaf: Certificate = GOOD, chain: tuple[Certificate, ...] = CA.chain) -> set[str]:
    return {one.code for one in lint_answer(ASKED.request, leaf, chain, purpose="tomcat", now=NOW)}


def under(issuing: Signer, *above: Certificate) -> set[str]:
    return answer(sign(ASKED, issuing), (issuing.certificate, *above))


def trust(
    chain: tuple[Certificate, ...], held: tuple[Certificate, ...], leaves: tuple[Certificate, ...] = ()
) -> set[str]:
    return {one.code for one in lint_trust(chain, purpose="tomcat", now=NOW, trust=held, leaves=leaves)}


def test_a_second_copy_is_a_notice() -> None:
    assert {"UCM-CHAIN-009"} == answer(chain=(*CA.chain, CA.root.certificate))


def test_a_cross_signed_issuer_has_no_place_beside_the_other() -> None:
    cross = authority("Example Issuing CA", by=authority("Other Root CA"), not_before=START + DAY)
    assert {"UCM-CHAIN-010"} == answer(chain=(*CA.chain, cross.certificate))
    assert {"UCM-TRUST-006"} == trust((*CA.chain, cross.certificate), ())
    assert set() == trust(CA.chain, ())


@pytest.mark.parametrize(
    ("top", "issuing", "expected"),
    [(None, None, set()), (1, 0, set()), (0, None, {"UCM-CHAIN-011"}), (0, 0, {"UCM-CHAIN-011"})],
)
def test_the_path_length_of_every_issuer_counts(top: int | None, issuing: int | None, expected: set[str]) -> None:
    root = authority(f"Top {top} {issuing}", path_length=top)
    middle = authority(f"Middle {top} {issuing}", by=root, path_length=issuing)
    assert expected == under(middle, root.certificate)


def test_a_ca_must_be_allowed_to_sign() -> None:
    mute = authority("Mute CA", by=CA.root, key_usage=("digital_signature", "crl_sign"))
    assert {"UCM-CHAIN-012"} == under(mute, CA.root.certificate)
    assert set() == under(authority("Plain CA", by=CA.root), CA.root.certificate)


def test_the_key_identifier_must_lead_to_the_issuer() -> None:
    issuing = authority("Pointed CA", by=CA.root, extra=((x509.SubjectKeyIdentifier(b"right"), False),))
    chain = (issuing.certificate, CA.root.certificate)

    def pointing(to: bytes | None) -> set[str]:
        pointer = x509.AuthorityKeyIdentifier(to, None, None)
        return answer(sign(ASKED, issuing, extra=((pointer, False),) if to else ()), chain)

    assert {"UCM-CHAIN-013"} == pointing(b"wrong")
    assert set() == pointing(b"right") | pointing(None)


@pytest.mark.parametrize(
    ("permitted", "excluded", "expected"),
    [
        (["lab.example"], None, set()),
        ([".lab.example"], None, set()),
        (["example"], ["other.example"], set()),
        (["other.example"], None, {"UCM-CHAIN-014"}),
        (None, ["lab.example"], {"UCM-CHAIN-014"}),
        (["b.example"], None, {"UCM-CHAIN-014"}),
    ],
)
def test_a_ca_signs_inside_its_domains_only(
    permitted: list[str] | None, excluded: list[str] | None, expected: set[str]
) -> None:
    bounds = x509.NameConstraints(
        [x509.DNSName(one) for one in permitted] if permitted else None,
        [x509.DNSName(one) for one in excluded] if excluded else None,
    )
    bound = authority(f"Bound {permitted} {excluded}"[:60], by=CA.root, extra=((bounds, True),))
    assert expected == under(bound, CA.root.certificate)


def test_an_identity_that_loses_its_issuer_in_the_store_is_told() -> None:
    old = authority("Example Root CA", key="ec", key_label="old", not_before=START - DAY)
    leaf = sign(ASKED, old)
    assert {"UCM-TRUST-004", "UCM-TRUST-007"} == trust(CA.chain, (old.certificate,), leaves=(leaf,))
    assert {"UCM-TRUST-004"} == trust(CA.chain, (old.certificate,), leaves=(GOOD,))
    assert {"UCM-TRUST-004"} == trust(CA.chain, (old.certificate,))


def test_a_renewed_issuer_with_the_same_key_breaks_nobody() -> None:
    renewed = authority("Example Root CA", not_before=START + DAY)
    assert set() == trust((renewed.certificate,), CA.chain, leaves=(GOOD,))


def test_an_expired_entry_that_stays_in_the_way_is_told() -> None:
    expired = authority("Example Root CA", key="ec", key_label="x", not_before=START + 1, not_after=NOW - 1)
    valid = authority("Example Root CA", key="ec", key_label="x", not_before=START + 1)
    assert {"UCM-TRUST-002", "UCM-TRUST-008"} == trust(CA.chain, (expired.certificate,))
    assert {"UCM-TRUST-002"} == trust(CA.chain, (valid.certificate,))


def test_the_other_generation_of_a_ca_is_named_beside_the_missing_issuer() -> None:
    twin = authority("Example Issuing CA", by=CA.root, key="ec", key_label="twin")
    assert {"UCM-CHAIN-001", "UCM-CHAIN-015"} == answer(chain=(twin.certificate, CA.root.certificate))
    other = two_tier("Alien")
    assert {"UCM-CHAIN-001"} == answer(chain=other.chain)


def test_an_issuer_in_another_encoding_is_named_beside_the_missing_root() -> None:
    name = b"Example Root CA"
    printable = CA.root.certificate.der.replace(b"\x0c\x0f" + name, b"\x13\x0f" + name)
    assert printable != CA.root.certificate.der
    assert {"UCM-CHAIN-002", "UCM-CHAIN-016"} == answer(
        chain=(CA.intermediate.certificate, read_certificate(printable))
    )
