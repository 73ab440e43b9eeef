"""The certificates a node may have: where each lives, its trust store, key type, names, usages.

Source: procedure.md 1.1, 2.1.
"""

import msgspec

from ucmlab.cluster.releases import release_has

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5"


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of identity certificate.

    `common_name` is a pattern over {host}, {fqdn}, {domain}, {token}. `key_encipherment`: "never from 14" (the CSR of
    14 leaves it out), "always", "never", or "cucm" (always on CUCM, not from 14 on IM&P). Unity Connection always has
    it.
    """

    name: str
    products: tuple[str, ...]
    trust_store: str
    key_type: str = "rsa"
    common_name: str = "{fqdn}"
    multi_server: bool = False
    publisher_only: bool = False
    signable: bool = True
    ipsec_usage: bool = False
    signs_certificates: bool = False
    key_encipherment: str = "never from 14"
    directory: str = "/usr/local/platform/.security"


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Key usage bits (RFC 5280 names) and extended key usage OIDs a certificate of a purpose carries."""

    bits: frozenset[str]
    extended: tuple[str, ...]


_CUCM, _IMP, _ALL = ("cucm",), ("imp",), ("cucm", "imp", "unity-connection")
_EC_NAME = "{host}-EC.{domain}"
_CM = "/usr/local/cm/.security"

PURPOSES = (
    Purpose(name="tomcat", products=_ALL, trust_store="tomcat-trust", multi_server=True),
    Purpose(
        name="tomcat-ECDSA",
        products=_ALL,
        trust_store="tomcat-trust",
        key_type="ec",
        common_name=_EC_NAME,
        multi_server=True,
    ),
    Purpose(name="ipsec", products=_ALL, trust_store="ipsec-trust", ipsec_usage=True, key_encipherment="cucm"),
    Purpose(name="ITLRecovery", products=_CUCM, trust_store="", common_name="ITLRECOVERY_{fqdn}", signable=False),
    Purpose(name="CallManager", products=_CUCM, trust_store="CallManager-trust", multi_server=True, directory=_CM),
    Purpose(
        name="CallManager-ECDSA",
        products=_CUCM,
        trust_store="CallManager-trust",
        key_type="ec",
        common_name=_EC_NAME,
        multi_server=True,
        directory=_CM,
    ),
    Purpose(
        name="CAPF",
        products=_CUCM,
        trust_store="CAPF-trust",
        common_name="CAPF-{token}",
        publisher_only=True,
        signs_certificates=True,
        key_encipherment="never",
        directory=_CM,
    ),
    Purpose(name="TVS", products=_CUCM, trust_store="TVS-trust", key_encipherment="always"),
    Purpose(name="cup", products=_IMP, trust_store="cup-trust", ipsec_usage=True),
    Purpose(
        name="cup-ECDSA",
        products=_IMP,
        trust_store="cup-trust",
        key_type="ec",
        common_name=_EC_NAME,
        ipsec_usage=True,
    ),
    Purpose(name="cup-xmpp", products=_IMP, trust_store="cup-xmpp-trust", multi_server=True, ipsec_usage=True),
    Purpose(
        name="cup-xmpp-ECDSA",
        products=_IMP,
        trust_store="cup-xmpp-trust",
        key_type="ec",
        common_name=_EC_NAME,
        multi_server=True,
        ipsec_usage=True,
    ),
    Purpose(name="cup-xmpp-s2s", products=_IMP, trust_store="cup-xmpp-trust", multi_server=True, ipsec_usage=True),
    Purpose(
        name="cup-xmpp-s2s-ECDSA",
        products=_IMP,
        trust_store="cup-xmpp-trust",
        key_type="ec",
        common_name=_EC_NAME,
        multi_server=True,
        ipsec_usage=True,
    ),
)

TRUST_STORES = {
    "cucm": (
        "tomcat-trust",
        "ipsec-trust",
        "CallManager-trust",
        "CAPF-trust",
        "TVS-trust",
        "directory-trust",
        "Phone-trust",
        "Phone-VPN-trust",
        "Phone-SAST-trust",
        "Phone-CTL-trust",
        "userlicensing-trust",
    ),
    "imp": ("tomcat-trust", "ipsec-trust", "cup-trust", "cup-xmpp-trust"),
    "unity-connection": ("tomcat-trust", "ipsec-trust"),
}


def purposes_of(*, product: str, role: str, version: str) -> tuple[Purpose, ...]:
    """The identities a node has, in the order its listings use."""
    return tuple(purpose for purpose in PURPOSES if _lives_on(purpose, product, role, version))


def _lives_on(purpose: Purpose, product: str, role: str, version: str) -> bool:
    if product not in purpose.products:
        return False
    if purpose.key_type == "ec" and not release_has(version, "ECDSA"):
        return False
    if purpose.name == "ITLRecovery" and not release_has(
        version, "tokenless trust lists"
    ):  # phones.md 1.3: F8 has none
        return False
    if purpose.publisher_only and role != "publisher":
        return not release_has(version, "CAPF on publisher only")
    return True


def usage_of(purpose: Purpose, *, product: str, version: str) -> Usage:
    """KU and EKU that a CSR of this purpose asks for. Source: procedure.md 2.1."""
    bits = {"digital_signature"}
    bits.add("key_cert_sign" if purpose.signs_certificates else "data_encipherment")
    always = purpose.key_encipherment == "always" or (purpose.key_encipherment == "cucm" and product == "cucm")
    always = always or product == "unity-connection"
    older = purpose.key_encipherment != "never" and not release_has(version, "CSR without keyEncipherment")
    if always or older:
        bits.add("key_encipherment")
    extended = [SERVER_AUTH]
    if not purpose.signs_certificates or release_has(version, "CAPF clientAuth"):
        extended.append(CLIENT_AUTH)
    if purpose.ipsec_usage:
        extended.append(IPSEC_END_SYSTEM)
    return Usage(bits=frozenset(bits), extended=tuple(extended))


def lifetime_years(purpose: Purpose) -> int:
    """Years a self-signed certificate lives. Source: procedure.md 8."""
    return 20 if purpose.name == "ITLRecovery" else 5
