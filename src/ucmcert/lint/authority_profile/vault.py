"""Reads a role of HashiCorp Vault's PKI engine, as `vault read -format=json pki/roles/NAME` prints it.

Field names and defaults: Vault documentation, PKI secrets engine (API), Create/Update Role and Sign Certificate. A role
that is read back holds every field, so one that is absent is unknown, not at its default.
"""

import re

from ucmcert.knowledge.key_usage import CLIENT_AUTH, EKU_NAMES, SERVER_AUTH
from ucmcert.lint.authority_profile.fields import Fields
from ucmcert.lint.authority_profile.profile import (
    SAN_KINDS,
    Bits,
    CaProfile,
    DomainRule,
    fixed_extended,
    fixed_usage,
)
from ucmcert.model.certificate import KEY_USAGE_BITS

DAY_S = 86_400
UNIT_S = {"": 1, "s": 1, "m": 60, "h": 3600, "d": DAY_S}
BITS = {bit.replace("_", ""): bit for bit in KEY_USAGE_BITS} | {"certsign": "key_cert_sign"}
EXTENDED = {name.lower(): oid for oid, name in EKU_NAMES.items()}
KEYS = {"rsa": "RSA", "ec": "EC", "ed25519": "ED25519"}


def read_vault(fields: Fields) -> CaProfile:
    """The traits of one role. What it does not hold stays unknown; what it holds wrongly is told in `fields`."""
    keeps, drops = _sans(fields)
    keeps_cn = fields.one("use_csr_common_name", bool)
    key = KEYS.get((fields.one("key_type", str) or "").lower())
    any_key = (fields.one("key_type", str) or "").lower() == "any"
    bits = fields.one("key_bits", int)
    hash_bits = fields.one("signature_bits", int)
    return CaProfile(
        kind="vault",
        name=fields.one("name", str) or "",
        keeps_sans=keeps,
        drops_sans=drops,
        # the sign call adds the CN unless its own parameter exclude_cn_from_sans says no
        adds_common_name=keeps_cn or None,
        adds_www=False,
        adds_names=(),
        allowed=_allowed(fields),
        common_name="kept" if keeps_cn else None,
        usage=_usage(fields),
        extended=_extended(fields),
        issues_ca=False,  # a role signs leaves only; a CA certificate comes from sign-intermediate
        ca_unasked=False,
        lifetime_days=_lifetime(fields),
        signature_hash=f"sha{hash_bits}" if hash_bits else None,
        signs_keys=("EC", "RSA") if any_key else (key,) if key else (),
        refuses_keys=tuple(one for one in ("RSA", "EC") if one != key) if key else (),
        least_bits=bits if bits and (key == "RSA" or any_key) else None,
        wildcard=fields.one("allow_wildcard_certificates", bool),
        public=False,
    )


def _sans(fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from_request = fields.one("use_csr_sans", bool)
    if from_request is None:
        return (), ()
    if not from_request:
        return (), SAN_KINDS
    addresses = fields.one("allow_ip_sans", bool)
    return ("dns", "ip") if addresses else ("dns",), ("ip",) if addresses is False else ()


def _allowed(fields: Fields) -> DomainRule | None:
    """The names it signs; None for any name, and for globs and templates, which only Vault itself can judge."""
    globs = fields.one("allow_glob_domains", bool) or fields.one("allowed_domains_template", bool)
    domains = fields.texts("allowed_domains")
    if fields.one("allow_any_name", bool) is not False or globs or domains is None:
        return None
    bare, below = fields.one("allow_bare_domains", bool), fields.one("allow_subdomains", bool)
    if bare is None or below is None:
        return None
    return DomainRule(domains=domains, bare=bare, subdomains=below)


def _usage(fields: Fields) -> Bits:
    names = fields.texts("key_usage")
    if names is None:
        return Bits()
    bits = []
    for name in names:
        bit = BITS.get(name.lower().removeprefix("keyusage"))
        if bit is None:
            fields.unreadable("key_usage", name)
        else:
            bits.append(bit)
    return fixed_usage(tuple(bits))


def _extended(fields: Fields) -> Bits:
    """Two flags, a list of names and one of OIDs add up; while one of them is not told, what is absent is unknown."""
    server, client = fields.one("server_flag", bool), fields.one("client_flag", bool)
    names, oids = fields.texts("ext_key_usage"), fields.texts("ext_key_usage_oids")
    found = [SERVER_AUTH] * bool(server) + [CLIENT_AUTH] * bool(client)
    found += [EXTENDED[name.lower()] for name in names or () if name.lower() in EXTENDED]
    sets = tuple(dict.fromkeys((*found, *(oids or ()))))
    if None in (server, client, names):
        return Bits(sets=sets)
    return fixed_extended(sets)


def _lifetime(fields: Fields) -> int | None:
    """Days of `ttl`, within `max_ttl`. Where one of them is 0 the server's own limits count, which no role tells."""
    seconds, most = _seconds(fields, "ttl"), _seconds(fields, "max_ttl")
    return min(seconds, most) // DAY_S if seconds and most else None


def _seconds(fields: Fields, name: str) -> int | None:
    """`2764800` and `768h` alike."""
    value = fields.values.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str | None):
        fields.unreadable(name, value)
        return None
    match = re.fullmatch(r"(\d{1,12})([smhd]?)", f"{value}".strip().lower())
    if value is not None and match is None:
        fields.unreadable(name, value)
    return int(match.group(1)) * UNIT_S[match.group(2)] if match else None
