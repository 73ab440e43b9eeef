"""Promise: the tables say what the procedure says, hold together, and every sentence exists in both languages."""

import string

import pytest

from ucmcert.knowledge import impact, key_usage, phone_classes, purposes, services, upload_errors, versions
from ucmcert.knowledge.words import LANGUAGES, Words, catalogue, words

RELEASE_125 = (12, 5, 1, 10000, 22)
RELEASE_14 = (14, 0, 1, 13900, 155)


def names(purpose: str, role: str, release: tuple[int, ...], after: str = "identity") -> list[str]:
    return [services.SERVICES[row.service].names[0] for row in services.restarts(purpose, role, release, after)]


def placeholders(said: Words) -> set[str]:
    texts = (said.what, said.why, said.next)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_tomcat_on_a_14_publisher_restarts_the_safe_set_in_order() -> None:
    assert names("tomcat", "publisher", RELEASE_14) == [
        "Cisco Tomcat",
        "Cisco UDS Tomcat",
        "Cisco AXL Tomcat",
        "Cisco SSOSP Tomcat",
        "Cisco DRF Master",
        "Cisco DRF Local",
        "Cisco Tftp",
    ]


def test_below_14_there_are_no_container_tomcats_and_a_subscriber_has_no_master() -> None:
    assert names("tomcat", "subscriber", RELEASE_125) == ["Cisco Tomcat", "Cisco DRF Local", "Cisco Tftp"]


def test_presence_restarts_the_sync_agent_before_the_identity_and_tomcat_after() -> None:
    assert names("tomcat", "im-presence", RELEASE_14, "trust") == ["Cisco Intercluster Sync Agent"]
    assert names("tomcat", "im-presence", RELEASE_14) == ["Cisco Tomcat", "Cisco DRF Local"]


def test_ipsec_restarts_drf_only() -> None:
    assert names("ipsec", "publisher", RELEASE_14) == ["Cisco DRF Master", "Cisco DRF Local"]
    assert names("ipsec", "im-presence", RELEASE_14) == ["Cisco DRF Local"]


@pytest.mark.parametrize("spelling", ["Cisco DRF Primary", "cisco drf master", "CISCO DRF MASTER"])
def test_master_and_primary_are_one_service(spelling: str) -> None:
    assert services.service_called(spelling) is services.SERVICES["drf-master"]


def test_the_rest_api_starts_with_14() -> None:
    assert versions.has("certificate_rest_api", (14, 0, 1, 10000, 20))
    assert not versions.has("certificate_rest_api", RELEASE_125)
    assert not versions.has("csr_with_key_encipherment", RELEASE_14)
    with pytest.raises(KeyError):
        versions.has("teleport", RELEASE_14)


def test_key_usage_follows_the_release() -> None:
    new = key_usage.expected("tomcat", "cucm", RELEASE_14)
    old = key_usage.expected("tomcat", "cucm", RELEASE_125)
    assert new is not None
    assert new.usage == ("digital_signature", "data_encipherment")
    assert old is not None
    assert old.usage == ("digital_signature", "data_encipherment", "key_encipherment")
    assert key_usage.expected("ITLRecovery", "cucm", RELEASE_14) is None
    capf = [key_usage.expected("CAPF", "cucm", release) for release in (RELEASE_125, RELEASE_14)]
    assert [1, 2] == [len(row.extended) for row in capf if row is not None]


@pytest.mark.parametrize(
    ("answer", "id_"),
    [
        ("CA certificate is not available in the trust-store.", "E1"),
        ("File /usr/local/cm/.security/CAPF/keys/CAPF.csr does not exist", "E2"),
        ("CSR Public Key and Certificate Public Key Do Not Match", "E3"),
        ("Le fichier /usr/local/platform/upload/certs//tomcat.der n'a pas pu être chargé.", "E2/E3"),
        ("CSR SAN and Certificate SAN does not match", "E4"),
        ("The moon is full", None),
    ],
)
def test_refusals_are_recognised_in_the_products_own_words(answer: str, id_: str | None) -> None:
    found = upload_errors.recognise(answer)
    assert (found.id if found else None) == id_


def test_tables_point_at_rows_that_exist() -> None:
    rows = services.RESTARTS
    assert {row.purpose for row in rows} <= purposes.PURPOSES.keys()
    assert {row.service for row in rows} <= services.SERVICES.keys()
    assert {row.service for row in impact.SERVICE_IMPACTS} <= services.SERVICES.keys()
    renewable = {row.name for row in purposes.PURPOSES.values() if row.renewable}
    assert purposes.PURPOSES.keys() - renewable == {"authz"}
    assert renewable == {row.purpose for row in impact.EXPIRY_IMPACTS}
    assert renewable == {row.purpose for row in rows}
    in_use = {row.service for row in rows if row.purpose in renewable}
    assert in_use == {row.service for row in impact.SERVICE_IMPACTS}


def test_three_restart_sets_follow_three_sources() -> None:
    def followed(purpose: str, restart_set: str, release: tuple[int, ...], role: str = "publisher") -> list[str]:
        rows = services.restarts(purpose, role, release, "identity", restart_set)
        return [row.service for row in rows]

    base_14 = (14, 0, 1, 10000, 20)
    assert followed("CallManager", "union", RELEASE_14) == ["tvs", "tftp", "callmanager", "cti", "haproxy"]
    assert followed("CallManager", "cisco-217138", RELEASE_14) == ["tvs", "tftp", "callmanager", "cti"]
    assert followed("CallManager", "security-guide", RELEASE_14) == ["haproxy"]
    assert followed("CallManager", "security-guide", base_14) == ["callmanager", "cti", "haproxy"]
    assert followed("CallManager", "security-guide", RELEASE_125) == ["callmanager", "cti"]
    assert followed("CallManager-ECDSA", "security-guide", RELEASE_14) == ["callmanager", "haproxy"]
    assert followed("CAPF", "union", RELEASE_14) == ["tvs", "tftp", "capf", "haproxy"]
    assert followed("CAPF", "union", RELEASE_125, "subscriber") == ["tvs", "tftp"]
    assert followed("TVS", "union", RELEASE_14) == ["tftp", "tvs"]
    assert followed("TVS", "security-guide", RELEASE_14) == []
    assert followed("tomcat", "security-guide", RELEASE_14) == followed("tomcat", "union", RELEASE_14)


def test_presence_and_unity_connection_have_restarts_of_their_own() -> None:
    assert names("cup", "im-presence", RELEASE_14) == ["Cisco SIP Proxy", "Cisco Presence Engine"]
    assert names("cup-xmpp", "im-presence", RELEASE_14) == ["Cisco XCP Router"]
    assert names("cup-xmpp-s2s-ECDSA", "im-presence", RELEASE_14) == ["Cisco XCP XMPP Federation Connection Manager"]
    voice = names("tomcat", "unity-connection", RELEASE_14)
    assert (voice[0], voice[-1], len(voice)) == ("Cisco Tomcat", "Connection Conversation Manager", 6)


def test_what_phones_trust_knows_its_anchor_its_lists_and_its_stores() -> None:
    rows = purposes.PURPOSES
    assert [name for name, row in rows.items() if row.phones_trust_it] == [
        "CAPF",
        "CallManager",
        "CallManager-ECDSA",
        "TVS",
        "ITLRecovery",
    ]
    assert {name: row.anchor for name, row in rows.items() if row.anchor} == {
        "CallManager": "CallManager",
        "CallManager-ECDSA": "CallManager",
        "TVS": "TVS",
        "ITLRecovery": "ITLRecovery",
    }
    assert rows["CAPF"].stores == ("CAPF", "CallManager")
    assert rows["cup-xmpp-s2s"].stores == ("cup-xmpp",)
    assert rows["ITLRecovery"].stores == ()
    assert [name for name, row in rows.items() if row.phones_trust_it and not row.in_ctl] == ["TVS"]
    assert not purposes.renewed_on(rows["ipsec"], "unity-connection")
    assert purposes.renewed_on(rows["tomcat"], "unity-connection")


def test_an_ec_purpose_shares_its_ports_with_its_rsa_twin() -> None:
    for name, row in purposes.PURPOSES.items():
        if name.endswith("-ECDSA"):
            assert row.twin_of == name.removesuffix("-ECDSA")
            assert row.ports == purposes.PURPOSES[row.twin_of].ports
        else:
            assert row.twin_of == ""


def test_a_class_of_phones_is_written_and_read_back_and_the_unknown_counts_as_worse() -> None:
    for secure in (True, False):
        for lists in (True, False):
            one = phone_classes.PhoneClass(secure=secure, group=3, lists=lists, page=lists)
            assert phone_classes.read_class(phone_classes.class_name(one)) == one
    assert phone_classes.read_class("something else") == phone_classes.PhoneClass(
        secure=True, group=1, lists=True, page=False
    )


def test_a_purpose_of_the_publisher_lives_there_only() -> None:
    capf = purposes.PURPOSES["CAPF"]
    assert purposes.lives_on(capf, "publisher")
    assert not purposes.lives_on(capf, "subscriber")
    assert not purposes.lives_on(purposes.PURPOSES["TVS"], "im-presence")


def test_both_languages_have_the_same_codes_and_placeholders() -> None:
    english, french = (catalogue(lang) for lang in LANGUAGES)
    assert english.keys() == french.keys()
    assert {code: placeholders(said) for code, said in english.items()} == {
        code: placeholders(said) for code, said in french.items()
    }


def test_french_is_not_english_and_nothing_is_empty() -> None:
    english, french = (catalogue(lang) for lang in LANGUAGES)
    assert [code for code in english if english[code].what == french[code].what] == []
    assert [code for code in english if bool(english[code].next) != bool(french[code].next)] == []


def test_a_missing_placeholder_an_unknown_code_and_an_unknown_language_are_errors() -> None:
    assert "dns:a" in words("UCM-SAN-001", "fr", {"added": "dns:a", "missing": "-"}).what
    with pytest.raises(KeyError):
        words("UCM-SAN-001", "en", {})
    with pytest.raises(KeyError):
        words("UCM-SAN-999", "en", {})
    with pytest.raises(KeyError):
        words("UCM-SAN-001", "de", {})
