"""Promise: every purpose has a verdict by release, in CUCM's words, with what to change at the CA."""

from factory.certificates import CLIENT_AUTH, SERVER_AUTH, request, sign, two_tier
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.authority_profile.answer import infer
from ucmcert.lint.authority_profile.joining import join
from ucmcert.lint.authority_profile.profile import (
    SAN_KINDS,
    Bits,
    CaProfile,
    fixed_extended,
    fixed_usage,
)
from ucmcert.lint.authority_profile.usable import Verdict, lacks_seed, usable_for

CA = two_tier()
RELEASE_125, RELEASE_14, RELEASE_15SU5 = (12, 5, 1, 10000, 22), (14, 0, 1, 13900, 155), (15, 0, 1, 15900, 1)
IPSEC = "1.3.6.1.5.5.7.3.5"
BITS = ("digital_signature", "key_encipherment", "data_encipherment")


def template(*bits: str, extended: tuple[str, ...] = (SERVER_AUTH, CLIENT_AUTH, IPSEC), ca: bool = False) -> CaProfile:
    return CaProfile(
        kind="adcs",
        keeps_sans=SAN_KINDS,
        adds_common_name=False,
        adds_www=False,
        adds_names=(),
        common_name="kept",
        usage=fixed_usage(bits or BITS),
        extended=fixed_extended(extended),
        issues_ca=ca,
        ca_unasked=ca,
        room_below=True,
        signs_keys=("RSA",),
    )


def verdicts(profile: CaProfile, release: tuple[int, ...] = RELEASE_14) -> dict[tuple[str, str], Verdict]:
    return {(one.purpose, product): one for one in usable_for(profile, release) for product in one.products}


def test_every_purpose_that_a_ca_signs_has_a_verdict() -> None:
    named = {one.purpose for one in usable_for(template(), RELEASE_14)}
    assert {row.name for row in PURPOSES.values() if row.renewable and row.ca_signed} == named
    assert ("ipsec", "unity-connection") not in verdicts(template())


def test_a_good_server_template_serves_all_but_capf() -> None:
    told = verdicts(template())
    assert "no" == told["CAPF", "cucm"].answer
    assert {"yes"} == {told[one, "im-presence"].answer for one in ("ipsec", "cup", "cup-xmpp-s2s")}
    assert "hurts" == told["tomcat", "cucm"].answer  # ipsecEndSystem that nobody asked for
    assert "yes" == verdicts(template(extended=(SERVER_AUTH, CLIENT_AUTH)))["TVS", "cucm"].answer
    assert "unknown" == told["cup-ECDSA", "im-presence"].answer
    assert lacks_seed(tuple(told.values()))


def test_a_server_template_as_delivered_serves_nothing() -> None:
    told = usable_for(template("digital_signature", "key_encipherment", extended=(SERVER_AUTH,)), RELEASE_14)
    assert {"no"} == {one.answer for one in told}
    tomcat = next(one for one in told if one.purpose == "tomcat")
    assert ("UCM-CAFIX-ADCS-USAGE", "UCM-CAFIX-ADCS-EXTENDED") == tomcat.repairs


def test_cucms_own_words_are_told_where_they_are_published() -> None:
    asked = request("a.lab.example")
    lost = infer(asked.request, sign(asked, CA.intermediate, sans=("dns:b.lab.example",)), CA.chain)
    assert ("CSR SAN and Certificate SAN does not match",) == verdicts(lost)["tomcat", "cucm"].messages
    assert () == verdicts(template())["TVS", "cucm"].messages


def test_a_template_for_authorities_serves_capf_alone() -> None:
    profile = template("digital_signature", "key_cert_sign", "crl_sign", extended=(SERVER_AUTH, CLIENT_AUTH), ca=True)
    told = verdicts(profile)
    assert "hurts" == told["CAPF", "cucm"].answer  # cRLSign
    assert {"no"} == {one.answer for (purpose, _), one in told.items() if purpose != "CAPF"}


def test_a_tomcat_and_a_capf_answer_together_tell_of_the_seed() -> None:
    asked = request("a.lab.example", key_usage=BITS, eku=(SERVER_AUTH, CLIENT_AUTH, IPSEC))
    capf = request("CAPF-1", key_usage=("digital_signature", "key_cert_sign"))
    server = infer(asked.request, sign(asked, CA.intermediate), CA.chain)
    assert "unknown" == verdicts(server)["CAPF", "cucm"].answer
    assert not lacks_seed(usable_for(server, RELEASE_14))
    both = join((server, infer(capf.request, sign(capf, CA.intermediate, ca=True), CA.chain))).profile
    seed = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")
    assert ["yes"] * 5 == [verdicts(both)[one, "cucm"].answer for one in seed]


def test_releases_ask_for_different_usages() -> None:
    profile = template("digital_signature", "data_encipherment", extended=(SERVER_AUTH, CLIENT_AUTH))
    assert ("no", "yes") == tuple(
        verdicts(profile, release)["tomcat", "cucm"].answer for release in (RELEASE_125, RELEASE_14)
    )
    assert ("no", "no") == tuple(
        verdicts(profile, release)["TVS", "cucm"].answer for release in (RELEASE_125, RELEASE_14)
    )
    server_only = template(extended=(SERVER_AUTH,))
    assert ("no", "hurts") == tuple(
        verdicts(server_only, release)["tomcat", "cucm"].answer for release in (RELEASE_14, RELEASE_15SU5)
    )


def test_products_that_ask_for_more_have_their_own_verdict() -> None:
    told = verdicts(template("digital_signature", "data_encipherment", extended=(SERVER_AUTH, CLIENT_AUTH)))
    assert ("yes", "no") == (told["tomcat", "im-presence"].answer, told["tomcat", "unity-connection"].answer)


def test_a_profile_that_tells_nothing_promises_nothing() -> None:
    assert {"unknown"} == {one.answer for one in usable_for(CaProfile(kind="answer", usage=Bits()), RELEASE_14)}
