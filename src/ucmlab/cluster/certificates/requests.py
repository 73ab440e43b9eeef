"""Generates the key and CSR of a purpose, filling in what the product's form fills in.

Source: procedure.md 2, interfaces-http.md 1.5.
"""

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ucmlab.cluster.certificates.issuing import (
    HASHES,
    alternative_names,
    extended_key_usage,
    key_usage,
    subject_name,
)
from ucmlab.cluster.certificates.keys import CURVES, KeySource, key_pem
from ucmlab.cluster.certificates.purposes import Purpose, usage_of
from ucmlab.cluster.certificates.records import Csr, CsrRequest
from ucmlab.cluster.certificates.refusals import not_for_csr, weak_or_large_key, wildcard
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.releases import release_has
from ucmlab.switches import Switches

RSA_LENGTHS = (2048, 3072, 4096)
DEFAULT_LENGTH = {"rsa": 2048, "ec": 384}
FEDERATION = "cup-xmpp-s2s"  # may carry wildcards, its EC twin as well (procedure.md 3.8)
STRENGTH = {"sha256": 256, "sha384": 384, "sha512": 512}
DISTRIBUTIONS = ("this-server", "multi-server")


class KeyChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Key type, length in bits and hash, judged."""

    key_type: str
    length: int
    hash_name: str


def make_csr(
    site: Site, purpose_name: str, asked: CsrRequest, *, keys: KeySource, switches: Switches, now: float
) -> Csr:
    """The CSR of a purpose with a key never used before; nothing is stored here.

    Raises: Refusal E8 (purpose or distribution not allowed), E9 (wildcard), E10 (key or hash not allowed).
    """
    purpose = site.purpose(purpose_name)
    multi_server = _judge_distribution(site, purpose, asked.distribution, switches)
    choice = choose_key(purpose, asked, fips=site.fips)
    names = _names(site, asked, site.sharers(purpose) if multi_server else (site.fqdn,))
    federation = purpose.name.startswith(FEDERATION)
    if federation and switches["federation_wildcards"] == "on":
        names.append(f"*.{site.domain}")
    common_name = asked.common_name or site.common_name(purpose, multi_server=multi_server)
    if any("*" in name for name in (common_name, *names)) and not federation:
        raise wildcard()
    usage = usage_of(purpose, product=site.product, version=site.version)
    unit = asked.include_ou or not release_has(site.version, "OU optional")
    key = keys.for_csr(choice.key_type, choice.length)
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject_name(common_name, site.organisation, unit=unit))
        .add_extension(extended_key_usage(usage), critical=False)
        .add_extension(key_usage(usage), critical=False)
        .add_extension(alternative_names(names), critical=False)
    )
    if purpose.signs_certificates:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    deterministic = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    request = builder.sign(key, HASHES[choice.hash_name](), ecdsa_deterministic=deterministic)
    return Csr(
        purpose=purpose.name,
        csr_pem=request.public_bytes(serialization.Encoding.PEM).decode(),
        key_pem=key_pem(key),
        created_at=now,
        distribution=asked.distribution,
    )


def choose_key(purpose: Purpose, asked: CsrRequest, *, fips: bool = False) -> KeyChoice:
    """Key type, length and hash for a purpose. Raises Refusal E10.

    In FIPS mode an RSA key goes with SHA-256 only. Source: procedure.md 2.3.
    """
    key_type = asked.key_type or purpose.key_type
    if key_type != purpose.key_type:
        raise weak_or_large_key(f"{purpose.name} needs a key of type {purpose.key_type}")
    length = asked.key_length or DEFAULT_LENGTH[key_type]
    if length not in (RSA_LENGTHS if key_type == "rsa" else tuple(CURVES)):
        raise weak_or_large_key(f"{key_type} {length}")
    strength = 256 if key_type == "rsa" else min(length, 512)
    hash_name = asked.hash_algorithm or next(name for name, bits in STRENGTH.items() if bits >= strength)
    if STRENGTH.get(hash_name, 0) < strength:
        raise weak_or_large_key(f"{hash_name} for {key_type} {length}")
    if fips and key_type == "rsa" and hash_name != "sha256":
        raise weak_or_large_key(f"{hash_name} in FIPS mode")
    return KeyChoice(key_type=key_type, length=length, hash_name=hash_name)


def _judge_distribution(site: Site, purpose: Purpose, distribution: str, switches: Switches) -> bool:
    if not purpose.signable or distribution not in DISTRIBUTIONS:
        raise not_for_csr()
    if distribution == "this-server":
        return False
    tvs = (
        purpose.name == "TVS"
        and switches["tvs_multi_server"] == "yes"
        and release_has(site.version, "TVS multi-server")
    )
    if not (purpose.multi_server or tvs) or not release_has(site.version, "multi-server CSR"):
        raise not_for_csr()
    return True


def _names(site: Site, asked: CsrRequest, nodes: tuple[str, ...]) -> list[str]:
    parent = site.domain if asked.parent_domain is None else asked.parent_domain
    names = [parent, *nodes, site.alternate_host_name, *asked.alt_names]
    return list(dict.fromkeys(name for name in names if name))
