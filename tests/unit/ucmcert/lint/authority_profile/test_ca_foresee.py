"""Promise: what is said of a CSR before it is signed is what the lint says of its answer."""

import msgspec
import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.certificates import CLIENT_AUTH, DAY, NOW, SERVER_AUTH, Requested, authority, request, sign, two_tier
from ucmcert.knowledge.words import catalogue
from ucmcert.lint.authority_profile.answer import infer
from ucmcert.lint.authority_profile.foresee import FORESEEN, RULES, lint_request
from ucmcert.lint.authority_profile.profile import Bits, CaProfile, DomainRule, fixed_extended, fixed_usage
from ucmcert.lint.authority_profile.usable import TOPICS
from ucmcert.lint.upload import ANSWER_RULES, lint_answer
from ucmcert.model.certificate import KEY_USAGE_BITS, Certificate

CA = two_tier()
NARROW = authority("Narrow CA", by=CA.root, path_length=0)
NAME = "cucm-pub.lab.example"
SANS = (f"dns:{NAME}", "dns:lab.example")
IPSEC = "1.3.6.1.5.5.7.3.5"
KNOWING = CaProfile(
    kind="vault",
    keeps_sans=("dns", "ip"),
    adds_common_name=False,
    adds_www=False,
    adds_names=(),
    common_name="kept",
    usage=fixed_usage(("digital_signature", "key_encipherment", "data_encipherment")),
    extended=fixed_extended((SERVER_AUTH, CLIENT_AUTH)),
    issues_ca=False,
    ca_unasked=False,
    signs_keys=("RSA",),
    refuses_keys=("EC",),
    least_bits=2048,
    public=False,
)
ASKED = request(NAME, SANS)


def said(
    asked: Requested = ASKED, *, purpose: str = "tomcat", release: tuple[int, ...] | None = None, **traits: object
) -> set[str]:
    profile = msgspec.structs.replace(KNOWING, **traits)
    return {one.code for one in lint_request(asked.request, purpose=purpose, profile=profile, release=release)}


def test_a_ca_that_does_as_asked_is_not_complained_about() -> None:
    assert set() == said()


@pytest.mark.parametrize(
    ("traits", "code"),
    [
        ({"keeps_sans": (), "drops_sans": ("dns",)}, "UCM-CA-001"),
        ({"adds_names": ("requester",)}, "UCM-CA-001"),
        ({"adds_www": True}, "UCM-CA-001"),
        ({"usage": fixed_usage(("digital_signature", "key_encipherment"))}, "UCM-CA-002"),
        ({"usage": fixed_usage(KEY_USAGE_BITS[:5])}, "UCM-CA-003"),
        ({"extended": fixed_extended((CLIENT_AUTH,))}, "UCM-CA-004"),
        ({"extended": fixed_extended((SERVER_AUTH, CLIENT_AUTH, IPSEC))}, "UCM-CA-005"),
        ({"extended": fixed_extended((SERVER_AUTH,))}, "UCM-CA-006"),
        ({"ca_unasked": True}, "UCM-CA-008"),
        ({"common_name": "dropped"}, "UCM-CA-010"),
        ({"signature_hash": "sha1"}, "UCM-CA-012"),
        ({"signer_key": "EC secp384r1"}, "UCM-CA-014"),
        ({"least_bits": 4096}, "UCM-CA-016"),
        ({"signs_keys": ("EC",), "refuses_keys": ("RSA",)}, "UCM-CA-016"),
        ({"critical": ("1.2.3",)}, "UCM-CA-017"),
        ({"public": True}, "UCM-CA-018"),
        ({"allowed": DomainRule(domains=("other.example",), bare=True, subdomains=True)}, "UCM-CA-023"),
        ({"keeps_sans": ()}, "UCM-CA-020"),
        ({"adds_names": None}, "UCM-CA-020"),
        ({"usage": Bits(keeps=("digital_signature",))}, "UCM-CA-020"),
        ({"extended": Bits()}, "UCM-CA-020"),
        ({"signs_keys": (), "refuses_keys": ()}, "UCM-CA-020"),
    ],
)
def test_every_bad_trait_is_told_by_its_own_code(traits: dict[str, object], code: str) -> None:
    assert {code} == said(**traits)


def test_a_common_name_outside_the_sans_is_added_by_some() -> None:
    multi = request("cucm-ms.lab.example", SANS)
    assert {"UCM-CA-001"} == said(multi, adds_common_name=True)
    assert set() == said(multi)
    assert set() == said(adds_common_name=True)
    assert {"UCM-CA-020"} == said(multi, adds_common_name=None)


def test_client_auth_is_an_error_until_the_release_that_copes() -> None:
    lost = {"extended": fixed_extended((SERVER_AUTH,))}
    assert {"UCM-CA-006"} == said(release=(15, 0, 1, 14901, 2), **lost)
    assert {"UCM-CA-026"} == said(release=(15, 0, 1, 15900, 1), **lost)


def test_capf_needs_a_ca_certificate_and_room_for_it() -> None:
    asked = request("CAPF-1", SANS, key_usage=("digital_signature", "key_cert_sign"))
    keeps = {"usage": Bits(keeps=asked.request.key_usage)}
    assert {"UCM-CA-007"} == said(asked, purpose="CAPF", room_below=True, **keeps)
    assert set() == said(asked, purpose="CAPF", room_below=True, issues_ca=True, **keeps)
    assert {"UCM-CA-009"} == said(asked, purpose="CAPF", room_below=False, issues_ca=True, **keeps)
    assert {"UCM-CA-020"} == said(asked, purpose="CAPF", issues_ca=True, **keeps)


def test_wildcards_are_for_federation_only_and_where_the_ca_signs_them() -> None:
    asked = request(NAME, (f"dns:{NAME}", "dns:*.lab.example"))
    assert {"UCM-CA-015"} == said(asked)
    assert "UCM-CA-015" not in said(asked, purpose="cup-xmpp-s2s")
    assert "UCM-CA-025" in said(asked, purpose="cup-xmpp-s2s", wildcard=False)


def test_a_short_life_hurts_only_where_phones_notice() -> None:
    assert set() == said(lifetime_days=47)
    assert {"UCM-CA-011"} == said(purpose="CallManager", lifetime_days=47)
    assert set() == said(purpose="CallManager", lifetime_days=398)


def test_domains_count_with_and_without_what_is_below() -> None:
    own = DomainRule(domains=("Lab.example",), bare=False, subdomains=True)
    assert (True, False, False) == (own.allows(NAME.upper()), own.allows("lab.example"), own.allows("xlab.example"))
    assert {"UCM-CA-023"} == said(allowed=own)
    assert set() == said(allowed=msgspec.structs.replace(own, bare=True))


def test_every_rule_has_its_texts_and_every_repair_its_own() -> None:
    codes = {one.code for one in RULES}
    assert len(RULES) == len(codes)
    assert codes < set(catalogue("fr"))
    assert set(FORESEEN) <= codes
    assert set(FORESEEN.values()) <= {one.code for one in ANSWER_RULES}
    assert set(TOPICS) <= codes
    told = {code.rpartition("-")[2] for code in catalogue("en") if code.startswith("UCM-CAFIX-")}
    assert set(TOPICS.values()) == told


REQUESTS = {
    "tomcat": ASKED,
    "CallManager": request("cucm-ms.lab.example", (*SANS, "ip:192.0.2.7"), key="ec"),
    "CAPF": request("CAPF-1", SANS, key_usage=("digital_signature", "key_cert_sign")),
    "ipsec": request(NAME, (f"dns:{NAME}",), eku=(SERVER_AUTH, CLIENT_AUTH, IPSEC), key_label="ipsec"),
}
POLICY = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)])


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, Requested, Certificate, tuple[Certificate, ...]]:
    """A CA's answer to a CSR, wrong in as many ways as it likes; the chain is always whole."""
    purpose = draw(st.sampled_from(sorted(REQUESTS)))
    asked = REQUESTS[purpose]
    extra = (f"dns:{asked.request.common_name}", f"dns:www.{NAME}", "dns:pc.lab.example", f"dns:{NAME.upper()}")
    sans = draw(st.lists(st.sampled_from((*asked.request.sans, *extra)), min_size=1, unique=True))
    by = draw(st.sampled_from((CA.intermediate, NARROW)))
    leaf = sign(
        asked,
        by,
        sans=draw(st.sampled_from((None, tuple(sans)))),
        common_name=draw(st.sampled_from((None, "", "another.lab.example"))),
        key_usage=draw(st.none() | st.lists(st.sampled_from(KEY_USAGE_BITS), min_size=1, unique=True).map(tuple)),
        eku=draw(st.none() | st.lists(st.sampled_from((SERVER_AUTH, CLIENT_AUTH, IPSEC)), unique=True).map(tuple)),
        ca=draw(st.booleans()),
        not_after=NOW + 300 * DAY,
        extra=draw(st.sampled_from(((), ((POLICY, False),), ((POLICY, True),)))),
    )
    return purpose, asked, leaf, (by.certificate, CA.root.certificate)


@settings(max_examples=150, deadline=None)
@given(answers())
def test_the_profile_of_an_answer_foretells_the_lint_of_that_answer(
    answer: tuple[str, Requested, Certificate, tuple[Certificate, ...]],
) -> None:
    purpose, asked, leaf, chain = answer
    found = lint_answer(asked.request, leaf, chain, purpose=purpose, now=NOW)
    before = lint_request(asked.request, purpose=purpose, profile=infer(asked.request, leaf, chain))
    foretold = {FORESEEN[one.code] for one in before if one.code in FORESEEN}
    assert foretold == {one.code for one in found} & set(FORESEEN.values())
