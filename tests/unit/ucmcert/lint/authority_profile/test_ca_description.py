"""Promise: templates, roles and directories are read as their tools print them; what is wrong is told by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.certificates import CLIENT_AUTH, SERVER_AUTH
from ucmcert.errors import UsageError
from ucmcert.lint.authority_profile.description import BYTES_MAX, Described, read_description
from ucmcert.lint.authority_profile.profile import SAN_KINDS, Bits, CaProfile, Kind

IPSEC = "1.3.6.1.5.5.7.3.5"
WEB_SERVER = """
  Template[0]:
  TemplatePropCommonName = CucmServer
  TemplatePropFriendlyName = CUCM Server
  TemplatePropEKUs =
2 ObjectIds:
    1.3.6.1.5.5.7.3.1 Server Authentication
    1.3.6.1.5.5.7.3.2 Client Authentication

  TemplatePropMinimumKeySize = 800 (2048)
  TemplatePropOID =
    1.3.6.1.4.1.311.21.8.99.1 CUCM Server

  TemplatePropSubjectNameFlags = 1
    CT_FLAG_ENROLLEE_SUPPLIES_SUBJECT -- 1

  TemplatePropGeneralFlags = 20241 (131649)
  TemplatePropExtensions =
2 Extensions:
  Extension[0]:
    2.5.29.37: Flags = 0, Length = 16
    Enhanced Key Usage
        Server Authentication (1.3.6.1.5.5.7.3.1)

  Extension[1]:
    2.5.29.15: Flags = 1(Critical), Length = 4
    Key Usage
        Digital Signature, Key Encipherment, Data Encipherment (b0)

  TemplatePropValidityPeriod = 2 Years
  TemplatePropRenewalPeriod = 6 Weeks
"""
COMPUTER = """
[Machine]
 cn = "Machine"
 flags = "66144" 0x10260
   CT_FLAG_MACHINE_TYPE -- 40 (64)
   (CT_FLAG_IS_CA -- 80 (128))
 pKIKeyUsage = "a0 00"
 pKIExpirationPeriod = "1 Years"
 pKIExtendedKeyUsage =
     "1.3.6.1.5.5.7.3.2" Client Authentication,
     "1.3.6.1.5.5.7.3.1" Server Authentication
 msPKI-Certificate-Name-Flag = "402653184" 0x18000000
 msPKI-Minimal-Key-Size = "1024" 0x400
"""
ROLE: dict[str, object] = {
    "allow_any_name": False,
    "allow_bare_domains": False,
    "allow_glob_domains": False,
    "allow_ip_sans": False,
    "allow_subdomains": True,
    "allow_wildcard_certificates": False,
    "allowed_domains": ["lab.example"],
    "client_flag": True,
    "ext_key_usage": [],
    "ext_key_usage_oids": [IPSEC],
    "key_bits": 2048,
    "key_type": "rsa",
    "key_usage": ["DigitalSignature", "KeyEncipherment", "DataEncipherment"],
    "max_ttl": "8760h",
    "server_flag": True,
    "signature_bits": 0,
    "ttl": 31536000,
    "use_csr_common_name": True,
    "use_csr_sans": True,
}
DIRECTORY: dict[str, object] = {
    "newNonce": "https://acme.ca.example/n",
    "newOrder": "https://acme.ca.example/o",
    "meta": {"caaIdentities": ["letsencrypt.org"]},
}


def read(content: object, kind: Kind | None = None) -> Described:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_description(text.encode(), where="ca.txt", kind=kind)


def profile(content: object, kind: Kind | None = None) -> CaProfile:
    described = read(content, kind)
    assert () == described.findings
    return described.profile


def role(**changed: object) -> CaProfile:
    return profile({"data": ROLE | changed})


def refusal(content: bytes | str, kind: Kind | None = None) -> str:
    with pytest.raises(UsageError) as told:
        read_description(content if isinstance(content, bytes) else content.encode(), where="ca.txt", kind=kind)
    assert "ca.txt" == told.value.where
    return told.value.code


def test_a_template_that_takes_the_names_from_the_request() -> None:
    found = profile(WEB_SERVER)
    assert ("adcs", "CucmServer", SAN_KINDS, (), False, "kept") == (
        found.kind, found.name, found.keeps_sans, found.drops_sans, found.adds_common_name, found.common_name,
    )  # fmt: skip
    assert ("digital_signature", "key_encipherment", "data_encipherment") == found.usage.sets
    assert (True, False, 730, 2048) == (
        found.client_auth, found.issues_ca, found.lifetime_days, found.least_bits,
    )  # fmt: skip
    assert found.extended.given(IPSEC) is False


def test_a_template_that_takes_the_names_from_the_directory() -> None:
    found = profile(COMPUTER)
    assert ((), SAN_KINDS, ("requester",), "replaced", "changed") == (
        found.keeps_sans, found.drops_sans, found.adds_names, found.common_name, found.subject,
    )  # fmt: skip
    assert (("digital_signature", "key_encipherment"), 365, 1024, False) == (
        found.usage.sets, found.lifetime_days, found.least_bits, found.issues_ca,
    )  # fmt: skip


def test_a_template_for_authorities_is_recognised_by_its_flag() -> None:
    assert profile(WEB_SERVER.replace("= 20241 (131649)", "= 202c1 (131777)")).issues_ca is True


def test_a_template_as_its_directory_attributes() -> None:
    week = list((-7 * 864_000_000_000).to_bytes(8, "little", signed=True))
    found = profile(
        {
            "cn": "X",
            "msPKI-Certificate-Name-Flag": -2147483647,
            "pKIKeyUsage": [160, 0],
            "pKIExtendedKeyUsage": [SERVER_AUTH],
            "pKIExpirationPeriod": week,
        }
    )
    assert (SAN_KINDS, ("digital_signature", "key_encipherment"), False, 7) == (
        found.keeps_sans, found.usage.sets, found.client_auth, found.lifetime_days,
    )  # fmt: skip
    assert (None, None) == (found.issues_ca, found.least_bits)


@pytest.mark.parametrize(
    ("told", "days"), [("2 Jahre", 730), ("1 Ans", 365), ("6 Semaines", 42), ("90 Jours", 90), ("10 Tage", 10),
                       ("3 Months", 90), ("48 Hours", 2), ("5 Weeks", 35)],
)  # fmt: skip
def test_a_validity_is_read_in_the_language_of_the_server(told: str, days: int) -> None:
    assert days == profile({"pKIExpirationPeriod": told}).lifetime_days


def test_windows_text_files_are_read_whatever_their_encoding() -> None:
    for encoding in ("utf-16", "utf-8-sig", "latin-1"):
        content = WEB_SERVER.replace("Key Usage", "Utilisation de la clé").encode(encoding)
        assert "CucmServer" == read_description(content, where="x").profile.name


def test_a_role_as_vault_prints_it() -> None:
    found = role()
    assert ("vault", ("dns",), ("ip",), True, (), "kept", False) == (
        found.kind, found.keeps_sans, found.drops_sans, found.adds_common_name, found.adds_names, found.common_name,
        found.wildcard,
    )  # fmt: skip
    assert (("RSA",), ("EC",), 2048, 365, None, False) == (
        found.signs_keys, found.refuses_keys, found.least_bits, found.lifetime_days, found.signature_hash,
        found.issues_ca,
    )  # fmt: skip
    assert (SERVER_AUTH, CLIENT_AUTH, IPSEC) == found.extended.sets
    assert found.allowed is not None
    assert (True, False) == (found.allowed.allows("a.lab.example"), found.allowed.allows("lab.example"))


def test_a_role_that_drops_what_the_request_asks() -> None:
    assert ((), SAN_KINDS) == (role(use_csr_sans=False).keeps_sans, role(use_csr_sans=False).drops_sans)
    assert role(client_flag=False).client_auth is False
    assert role(use_csr_common_name=False).adds_common_name is None
    assert role(key_usage=[]).usage.given("digital_signature") is False


def test_lifetimes_of_a_role() -> None:
    told = ({"ttl": "768h"}, {"ttl": "30d", "max_ttl": 864000}, {"ttl": 0}, {"ttl": 604800, "max_ttl": 0})
    assert [32, 10, None, None] == [role(**changed).lifetime_days for changed in told]


def test_names_that_only_vault_can_judge_are_not_judged() -> None:
    assert [None] * 3 == [
        role(**changed).allowed
        for changed in ({"allow_any_name": True}, {"allow_glob_domains": True}, {"allowed_domains_template": True})
    ]


@pytest.mark.parametrize("absent", sorted(ROLE))
def test_a_field_that_is_absent_is_unknown(absent: str) -> None:
    known = {name: value for name, value in ROLE.items() if name != absent}
    found = profile(known)
    unknown = {
        "use_csr_sans": ((), ()) == (found.keeps_sans, found.drops_sans),
        "use_csr_common_name": found.common_name is None and found.adds_common_name is None,
        "key_usage": Bits() == found.usage,
        "client_flag": found.client_auth is None,
        "server_flag": found.extended.given(SERVER_AUTH) is None,
        "ext_key_usage": () == found.extended.drops,
        "key_type": ((), (), None) == (found.signs_keys, found.refuses_keys, found.least_bits),
        "allow_any_name": found.allowed is None,
        "allowed_domains": found.allowed is None,
        "ttl": found.lifetime_days is None,
        "max_ttl": found.lifetime_days is None,
        "allow_wildcard_certificates": found.wildcard is None,
    }
    assert unknown.get(absent, True)


@pytest.mark.parametrize(
    ("field", "value"),
    [("ttl", "soon"), ("ttl", [1]), ("ttl", True), ("key_bits", "many"), ("key_usage", 5), ("key_usage", ["Fly"]),
     ("use_csr_sans", "perhaps"), ("allowed_domains", [1]), ("client_flag", {})],
)  # fmt: skip
def test_a_field_of_a_wrong_type_is_told_by_name(field: str, value: object) -> None:
    described = read({**ROLE, field: value})
    assert {("UCM-CA-022", f"ca.txt: {field}")} == {(one.code, one.where) for one in described.findings}


def test_a_field_of_a_template_that_is_no_number_is_told() -> None:
    for field in ("msPKI-Certificate-Name-Flag", "pKIKeyUsage", "pKIExtendedKeyUsage", "pKIExpirationPeriod", "flags"):
        described = read({"pKIKeyUsage": "a0 00", field: {"x": "y" * 500}})
        assert [f"ca.txt: {field}"] == [one.where for one in described.findings]
        assert len(described.findings[0].values["value"]) < 80


def test_lets_encrypt_is_known_by_its_directory() -> None:
    found = profile(DIRECTORY)
    assert (True, False, False, 90, ("dns",), ("ip",)) == (
        found.public, found.client_auth, found.issues_ca, found.lifetime_days, found.keeps_sans, found.drops_sans,
    )  # fmt: skip
    assert found.usage.given("data_encipherment") is False
    short = profile({**DIRECTORY, "profile": "shortlived"})
    assert (6, "dropped", ("dns", "ip")) == (short.lifetime_days, short.common_name, short.keeps_sans)


def test_another_acme_ca_tells_little() -> None:
    found = profile({"directory": "https://acme.corp.example/dir", "lifetime_days": 30})
    assert (None, None, None, 30, True) == (
        found.public, found.client_auth, found.issues_ca, found.lifetime_days, found.adds_common_name,
    )  # fmt: skip
    assert profile({"directory": "https://acme.corp.example/dir", "public": True}).client_auth is False
    assert profile({"directory": "https://acme-v02.api.letsencrypt.org/directory"}).public is True
    assert profile({"directory": "https://notletsencrypt.org/directory"}).public is None


def test_what_describes_no_ca_is_refused_with_the_reason() -> None:
    assert "UCM-CA-041" == refusal(b" " * (BYTES_MAX + 1))
    assert "UCM-CA-042" == refusal('{"key_usage": ')
    assert "UCM-CA-042" == refusal("[" * 100_000)
    assert "UCM-CA-042" == refusal("[{}, {}]")
    assert "UCM-CA-042" == refusal(b"\x30\x82\x00\x01")
    assert "UCM-CA-043" == refusal("")
    assert "UCM-CA-043" == refusal('{"a": 1}')
    assert "UCM-CA-043" == refusal(json.dumps(ROLE), "acme")
    assert "UCM-CA-044" == refusal(WEB_SERVER + WEB_SERVER)


WORD = st.text("0a-, é", max_size=8)
VALUES = st.none() | st.booleans() | st.integers() | WORD | st.lists(WORD, max_size=2)
NAMES = (*sorted(ROLE), "newOrder", "meta", "directory", "profile", "flags", "pKIKeyUsage", "pKIExtendedKeyUsage")
NAMES += ("msPKI-Certificate-Name-Flag", "pKIExpirationPeriod", "msPKI-Minimal-Key-Size", "cn", "name", "public")
KINDS = st.sampled_from(["adcs", "vault", "acme", None])


def outcome(content: bytes, kind: Kind | None) -> str:
    """The code of the refusal, "" when it was read."""
    try:
        read_description(content, where="x", kind=kind)
    except UsageError as told:
        return told.code
    return ""


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), KINDS)
def test_no_fields_end_in_anything_but_a_profile_or_a_refusal(values: dict[str, object], kind: Kind | None) -> None:
    assert outcome(json.dumps(values).encode(), kind) in ("", "UCM-CA-043")


@given(st.binary(max_size=200), KINDS)
def test_no_bytes_end_in_a_traceback(content: bytes, kind: Kind | None) -> None:
    assert outcome(WEB_SERVER.encode()[:400] + content, kind) in ("", "UCM-CA-042", "UCM-CA-043")
