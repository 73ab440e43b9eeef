"""Promise: one answer shows what the CA does to requests, and what it does not show stays unknown."""

import pytest
from cryptography import x509

from factory.certificates import CLIENT_AUTH, DAY, NOW, SERVER_AUTH, Requested, authority, request, sign, two_tier
from ucmcert.lint.authority_profile.answer import infer
from ucmcert.lint.authority_profile.joining import join
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.certificate import Certificate

CA = two_tier()
NAME = "cucm-pub.lab.example"
SANS = (f"dns:{NAME}", "dns:lab.example")
ASKED = request(NAME, SANS)
MULTI = request("cucm-ms.lab.example", SANS)
CAPF = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))


def seen(leaf: Certificate, asked: Requested = ASKED, chain: tuple[Certificate, ...] = CA.chain) -> CaProfile:
    return infer(asked.request, leaf, chain)


def test_a_faithful_ca_keeps_and_adds_nothing() -> None:
    profile = seen(sign(ASKED, CA.intermediate, not_before=NOW, not_after=NOW + 365 * DAY))
    assert (("dns",), (), False, ()) == (
        profile.keeps_sans, profile.drops_sans, profile.adds_www, profile.adds_names,
    )  # fmt: skip
    assert ("kept", "kept", 365, "sha256", "RSA 2048") == (
        profile.common_name, profile.subject, profile.lifetime_days, profile.signature_hash, profile.signer_key,
    )  # fmt: skip
    assert (True, ("RSA",), (), False) == (
        profile.client_auth, profile.signs_keys, profile.critical, profile.public,
    )  # fmt: skip


def test_what_one_answer_does_not_show_stays_unknown() -> None:
    profile = seen(sign(ASKED, CA.intermediate))
    assert [None, None, None] == [profile.adds_common_name, profile.issues_ca, profile.wildcard]
    assert [None, None] == [profile.usage.given("key_encipherment"), profile.extended.given("1.3.6.1.5.5.7.3.5")]
    assert "ip" not in (*profile.keeps_sans, *profile.drops_sans)
    assert seen(sign(ASKED, CA.intermediate), chain=()).signer_key is None


def test_sans_that_are_dropped_or_added_are_told_apart() -> None:
    assert ("dns",) == seen(sign(ASKED, CA.intermediate, sans=SANS[:1])).drops_sans
    assert seen(sign(MULTI, CA.intermediate, sans=(*SANS, "dns:cucm-ms.lab.example")), MULTI).adds_common_name is True
    assert seen(sign(MULTI, CA.intermediate), MULTI).adds_common_name is False
    www = seen(sign(ASKED, CA.intermediate, sans=(*SANS, f"dns:www.{NAME}")))
    assert (True, ()) == (www.adds_www, www.adds_names)
    requester = seen(sign(ASKED, CA.intermediate, sans=(*SANS, "dns:ca-admin-pc.lab.example")))
    assert ("dns:ca-admin-pc.lab.example",) == requester.adds_names


def test_a_subject_that_changes_is_told() -> None:
    assert "replaced" == seen(sign(ASKED, CA.intermediate, common_name="someone")).common_name
    assert "dropped" == seen(sign(ASKED, CA.intermediate, common_name="")).common_name


def test_usages_are_set_kept_or_dropped() -> None:
    usage = ("digital_signature", "key_encipherment")
    profile = seen(sign(ASKED, CA.intermediate, key_usage=usage, eku=(SERVER_AUTH,)))
    assert (("key_encipherment",), ("digital_signature",), ("data_encipherment",)) == (
        profile.usage.sets, profile.usage.keeps, profile.usage.drops,
    )  # fmt: skip
    assert ((SERVER_AUTH,), (CLIENT_AUTH,), False) == (
        profile.extended.keeps, profile.extended.drops, profile.client_auth,
    )  # fmt: skip


def test_only_a_capf_answer_shows_whether_ca_certificates_are_issued() -> None:
    assert (True, None) == (
        seen(sign(CAPF, CA.intermediate, ca=True), CAPF).issues_ca,
        seen(sign(CAPF, CA.intermediate, ca=True), CAPF).ca_unasked,
    )
    assert seen(sign(CAPF, CA.intermediate), CAPF).issues_ca is False
    assert seen(sign(ASKED, CA.intermediate, ca=True)).ca_unasked is True


def test_room_for_one_more_ca_depends_on_every_issuer() -> None:
    narrow = authority("Narrow CA", by=CA.root, path_length=0)
    leaf = sign(CAPF, narrow, ca=True)
    profile = seen(leaf, CAPF, (narrow.certificate, CA.root.certificate))
    assert (0, False) == (profile.issuer_path_length, profile.room_below)
    assert seen(sign(CAPF, CA.intermediate, ca=True), CAPF).room_below is True
    assert seen(leaf, CAPF, (narrow.certificate,)).room_below is None


def test_a_reserved_policy_makes_it_a_public_ca() -> None:
    policy = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)])
    assert seen(sign(ASKED, CA.intermediate, extra=((policy, False),))).public is True
    assert (policy.oid.dotted_string,) == seen(sign(ASKED, CA.intermediate, extra=((policy, True),))).critical


def test_the_certificate_of_another_csr_shows_nothing() -> None:
    with pytest.raises(ValueError, match="another key"):
        infer(ASKED.request, sign(request(NAME, SANS, key="ec"), CA.intermediate), CA.chain)


def test_answers_add_up_and_where_they_differ_nothing_is_known() -> None:
    tomcat, capf = seen(sign(ASKED, CA.intermediate)), seen(sign(CAPF, CA.intermediate, ca=True), CAPF)
    both = join((tomcat, capf))
    assert (True, False, ()) == (both.profile.issues_ca, both.profile.ca_unasked, both.findings)
    worse = seen(sign(ASKED, CA.intermediate, sans=SANS[:1], key_usage=("digital_signature",), common_name="x"))
    torn = join((tomcat, worse, tomcat))
    assert ((), (), None) == (torn.profile.keeps_sans, torn.profile.drops_sans, torn.profile.common_name)
    assert torn.profile.usage.given("data_encipherment") is None
    assert {"keeps_sans", "usage", "common_name"} == {one.values["trait"] for one in torn.findings}
    assert {"UCM-CA-021"} == {one.code for one in torn.findings}


def test_a_lifetime_may_differ_by_the_clock_only() -> None:
    year, less = (seen(sign(ASKED, CA.intermediate, not_after=NOW + days * DAY)) for days in (364, 363))
    assert 364 == join((year, less)).profile.lifetime_days
    short = seen(sign(ASKED, CA.intermediate, not_after=NOW + 89 * DAY))
    assert (None, ["lifetime_days"]) == (
        join((year, short)).profile.lifetime_days,
        [one.values["trait"] for one in join((year, short)).findings],
    )


def test_one_profile_alone_is_itself() -> None:
    profile = seen(sign(ASKED, CA.intermediate))
    assert profile is join((profile,)).profile
    with pytest.raises(ValueError, match="nothing"):
        join(())
