"""Promise: where names differ from the CSR, the change that repairs each difference is named; odd names are told."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from factory.certificates import NOW, Requested, request, sign, two_tier
from factory.odd_certificates import named, odd_certificate, odd_request
from ucmcert.lint.case import NOTHING_KNOWN, Known
from ucmcert.lint.upload import lint_answer
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.node import Release

CA = two_tier()
NAME = "cucm-pub.lab.example"
SANS = (f"dns:{NAME}", "dns:lab.example")
ASKED = request(NAME, SANS)
SHARED = request("cucm-pub-ms.lab.example", (f"dns:{NAME}", "dns:cucm-sub1.lab.example", "dns:lab.example"))


def linted(asked: Requested, leaf: Certificate, known: Known = NOTHING_KNOWN) -> tuple[Finding, ...]:
    return lint_answer(asked.request, leaf, CA.chain, purpose="tomcat", now=NOW, known=known)


def signed(asked: Requested, *sans: str, known: Known = NOTHING_KNOWN) -> dict[str, dict[str, str]]:
    return {one.code: one.values for one in linted(asked, sign(asked, CA.intermediate, sans=sans), known)}


def test_the_right_names_need_no_repair() -> None:
    assert {} == signed(ASKED, *SANS)
    assert {} == signed(SHARED, *SHARED.request.sans)


def test_the_common_name_of_a_shared_certificate_was_added() -> None:
    found = signed(SHARED, *SHARED.request.sans, "dns:cucm-pub-ms.lab.example")
    assert {"UCM-SAN-001", "UCM-SAN-004"} == found.keys()
    assert {"name": "dns:cucm-pub-ms.lab.example"} == found["UCM-SAN-004"]


@pytest.mark.parametrize("known", [Known(), Known(domain="Lab.Example")])
def test_the_parent_domain_was_left_out(known: Known) -> None:
    found = signed(ASKED, SANS[0], known=known)
    assert {"UCM-SAN-001", "UCM-SAN-005"} == found.keys()
    assert {"name": "dns:lab.example"} == found["UCM-SAN-005"]


def test_a_parent_domain_that_is_not_the_nodes_is_a_name_like_others() -> None:
    assert {"UCM-SAN-001", "UCM-SAN-007"} == signed(ASKED, SANS[0], known=Known(domain="other.example")).keys()


@pytest.mark.parametrize("extra", ["dns:www.lab.example", "ip:192.0.2.1"])
def test_names_of_the_cas_own_and_the_side_effects_of_asking_for_them(extra: str) -> None:
    leaf = sign(ASKED, CA.intermediate, sans=(*SANS, extra))
    (repair,) = [one for one in linted(ASKED, leaf) if one.code == "UCM-SAN-006"]
    assert ({"names": extra}, Severity.NOTICE) == (repair.values, repair.severity)
    assert "set web-security" in repair.next
    assert "self-signed" in repair.next


def test_a_host_that_was_left_out() -> None:
    found = signed(SHARED, SANS[0], "dns:lab.example")
    assert {"UCM-SAN-001", "UCM-SAN-007"} == found.keys()
    assert {"names": "dns:cucm-sub1.lab.example"} == found["UCM-SAN-007"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("dns:cucm-pub.lab.example", "dns:cucm-pub.lab.example."),
        ("ip:192.0.2.7", "dns:192.0.2.7"),
    ],
)
def test_the_same_name_spelled_or_typed_otherwise_is_unpublished_ground(asked: str, given: str) -> None:
    node = request("capf", (asked, "dns:x.example"))
    found = linted(node, sign(node, CA.intermediate, sans=(given, "dns:x.example")))
    assert {("UCM-SAN-001", Severity.ERROR), ("UCM-SAN-008", Severity.UNKNOWN)} <= {
        (one.code, one.severity) for one in found
    }
    assert not {"UCM-SAN-006", "UCM-SAN-007"} & {one.code for one in found}


def test_a_name_given_twice_is_unpublished_ground() -> None:
    assert {"UCM-SAN-011": {"names": "dns:lab.example"}} == signed(ASKED, *SANS, "dns:LAB.example")


@pytest.mark.parametrize(
    "name", ["cucm_pub.lab.example", "cucm pub.example", "-x.example", "192.0.2.7", f"{64 * 'a'}.b"]
)
def test_what_is_no_host_name_is_a_warning(name: str) -> None:
    asked = request("node", (f"dns:{name}", "dns:a.example"))
    assert {"UCM-SAN-010": {"names": f"dns:{name}"}} == signed(asked, *asked.request.sans)


@pytest.mark.parametrize("name", ["cucm-pub", "xn--bcher-kva.example", "a.b.c.d.example", f"{63 * 'a'}.b"])
def test_host_names_are_host_names(name: str) -> None:
    asked = request("node", (f"dns:{name}",))
    assert {} == signed(asked, *asked.request.sans)


@pytest.mark.parametrize(
    ("common_name", "expected"),
    [
        (NAME, set()),
        (NAME.upper(), set()),
        ("cucm-pub-ms.lab.example", set()),
        ("cucm-pub-EC.lab.example", set()),
        ("CAPF-1a2b", set()),
        ("Some Words. And more", set()),
        ("other.lab.example", {"UCM-SAN-009"}),
    ],
)
def test_a_host_that_only_the_common_name_holds_is_a_warning(common_name: str, expected: set[str]) -> None:
    assert expected == signed(request(common_name, SANS), *SANS).keys()


def subject_of(*fields: tuple[x509.ObjectIdentifier, str]) -> tuple[Requested, Certificate]:
    names = ((x509.SubjectAlternativeName([x509.DNSName(NAME)]), False),)
    asked = odd_request(named((NameOID.COMMON_NAME, NAME), (NameOID.ORGANIZATIONAL_UNIT_NAME, "Voice")), names)
    issuer = x509.load_der_x509_certificate(CA.intermediate.certificate.der).subject
    leaf = odd_certificate(
        named((NameOID.COMMON_NAME, NAME), *fields),
        issuer=issuer,
        key=asked.key,
        signing_key=CA.intermediate.key,
        extensions=names,
    )
    return asked, leaf


OU = (NameOID.ORGANIZATIONAL_UNIT_NAME, "Voice")
BASE_14, SU1 = Release(14, 0, 1, 10000, 20), Release(14, 0, 1, 11900, 132)


@pytest.mark.parametrize(
    ("fields", "release", "expected"),
    [
        ((OU,), None, []),
        ((), None, []),
        ((), SU1, []),
        ((), BASE_14, [{"added": "-", "missing": "OU=Voice"}]),
        ((OU, (NameOID.LOCALITY_NAME, "Lyon")), SU1, [{"added": "L=Lyon", "missing": "-"}]),
        (((NameOID.ORGANIZATIONAL_UNIT_NAME, "IT"),), SU1, [{"added": "OU=IT", "missing": "-"}]),
    ],
)
def test_a_rewritten_subject_is_unpublished_ground_but_for_a_missing_ou(
    fields: tuple[tuple[x509.ObjectIdentifier, str], ...], release: Release | None, expected: list[dict[str, str]]
) -> None:
    found = linted(*subject_of(*fields), Known(release=release))
    assert expected == [one.values for one in found if one.code == "UCM-SUB-001"]
