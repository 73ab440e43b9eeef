"""Reads an ACME CA: its directory as fetched, or a small object that names the directory and the profile.

RFC 8555 7.1.1 (directory), 7.4 (the CSR's names must be those of the order, its CN included); draft-ietf-acme-profiles
(`meta.profiles`); Let's Encrypt's page "Profiles". A directory says little: what it does not say is known only where
the CA is a public one, because all of these follow the Baseline Requirements.
"""

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from ucmcert.knowledge.key_usage import CLIENT_AUTH, IPSEC_END_SYSTEM, SERVER_AUTH
from ucmcert.lint.authority_profile.fields import Fields
from ucmcert.lint.authority_profile.profile import Bits, CaProfile, fixed_usage

PUBLIC_CAA = {"letsencrypt.org", "pki.goog", "sectigo.com", "digicert.com", "ssl.com", "buypass.com", "zerossl.com"}
LETS_ENCRYPT = "letsencrypt.org"
NO_LEAF_OF_A_PUBLIC_CA_HAS = ("key_cert_sign", "crl_sign")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One profile of Let's Encrypt, for RSA keys."""

    lifetime_days: int
    usage: tuple[str, ...]
    common_name: Literal["kept", "dropped"]
    addresses: bool = False


LETS_ENCRYPT_PROFILES: dict[str, Known] = {
    "classic": Known(lifetime_days=90, usage=("digital_signature", "key_encipherment"), common_name="kept"),
    "tlsserver": Known(lifetime_days=90, usage=("digital_signature",), common_name="dropped"),
    "shortlived": Known(lifetime_days=6, usage=("digital_signature",), common_name="dropped", addresses=True),
}


def read_acme(fields: Fields) -> CaProfile:
    """The traits of one ACME CA. Fields: a directory (`newOrder`, `meta`), or `directory` (its URL), and beside either
    `profile`, `lifetime_days` and `public`, which a person may add.
    """
    host = _host(fields)
    caa = _caa(fields)
    public = fields.one("public", bool)
    if public is None and ({host, *caa} & PUBLIC_CAA or any(host.endswith(f".{name}") for name in PUBLIC_CAA)):
        public = True
    ours = LETS_ENCRYPT in (host, *caa) or host.endswith(f".{LETS_ENCRYPT}")
    name = fields.one("profile", str) or ""
    known = LETS_ENCRYPT_PROFILES.get(name or "classic") if ours else None
    days = fields.one("lifetime_days", int)
    return CaProfile(
        kind="acme",
        name=" ".join(part for part in (host, name) if part),
        keeps_sans=("dns", "ip") if known and known.addresses else ("dns",),
        drops_sans=("ip",) if known and not known.addresses else (),
        adds_common_name=True,
        adds_www=False,
        adds_names=(),
        common_name=known.common_name if known else None,
        subject="changed" if public else None,
        usage=fixed_usage(known.usage) if known else Bits(drops=NO_LEAF_OF_A_PUBLIC_CA_HAS if public else ()),
        extended=Bits(sets=(SERVER_AUTH,), drops=(CLIENT_AUTH, IPSEC_END_SYSTEM)) if public else Bits(),
        issues_ca=False if public else None,
        ca_unasked=False,
        lifetime_days=days if days is not None else known.lifetime_days if known else None,
        signs_keys=("EC", "RSA") if public else (),
        public=public,
    )


def _host(fields: Fields) -> str:
    url = fields.one("directory", str) or fields.one("newOrder", str) or ""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        fields.unreadable("directory", url)
        return ""


def _caa(fields: Fields) -> tuple[str, ...]:
    meta = fields.values.get("meta")
    if meta is None:
        return ()
    if not isinstance(meta, dict):
        fields.unreadable("meta", meta)
        return ()
    inner = Fields(
        where=fields.where, values={"meta.caaIdentities": meta.get("caaIdentities")}, troubles=fields.troubles
    )
    return tuple(one.lower() for one in inner.texts("meta.caaIdentities") or ())
