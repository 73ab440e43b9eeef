"""Makes real X.509 certificates for the lab: self-signed identities, CA certificates, and leaves of the lab's CA."""

from collections.abc import Sequence
from ipaddress import ip_address

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ucmlab.cluster.certificates.keys import PrivateKey
from ucmlab.cluster.certificates.purposes import Usage
from ucmlab.cluster.certificates.records import as_datetime
from ucmlab.scenarios.schema import Organisation

KEY_USAGE_BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)
CA_USAGE = Usage(bits=frozenset({"digital_signature", "key_cert_sign", "crl_sign"}), extended=())
HashName = hashes.SHA256 | hashes.SHA384 | hashes.SHA512
HASHES: dict[str, type[HashName]] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs: None certificate means the certificate signs itself."""

    key: PrivateKey
    certificate: x509.Certificate | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate shall say. Times: epoch seconds. `path_length` matters for a CA only."""

    subject: x509.Name
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
    serial: int
    not_before: float
    not_after: float
    usage: Usage
    dns_names: Sequence[str] = ()
    ca: bool = False
    path_length: int | None = None


def subject_name(common_name: str, organisation: Organisation, *, unit: bool = False) -> x509.Name:
    """A subject as installation makes it; the OU only on request (absent by default from 14SU1)."""
    rows = [
        (NameOID.COUNTRY_NAME, organisation.country),
        (NameOID.STATE_OR_PROVINCE_NAME, organisation.state),
        (NameOID.LOCALITY_NAME, organisation.locality),
        (NameOID.ORGANIZATION_NAME, organisation.organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, organisation.unit if unit else ""),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in rows if value])


def issue(draft: Draft, issuer: Issuer, *, algorithm: HashName | None = None) -> x509.Certificate:
    """Sign a draft. RSA and EC signatures are deterministic, so the same draft gives the same bytes."""
    signer = issuer.certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(draft.subject)
        .issuer_name(draft.subject if signer is None else signer.subject)
        .public_key(draft.public_key)
        .serial_number(draft.serial)
        .not_valid_before(as_datetime(draft.not_before))
        .not_valid_after(as_datetime(draft.not_after))
        .add_extension(key_usage(draft.usage), critical=draft.ca)
        .add_extension(x509.BasicConstraints(ca=draft.ca, path_length=draft.path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(draft.public_key), critical=False)
    )
    if draft.usage.extended:
        builder = builder.add_extension(extended_key_usage(draft.usage), critical=False)
    if draft.dns_names:
        builder = builder.add_extension(alternative_names(draft.dns_names), critical=False)
    if signer is not None:
        builder = builder.add_extension(_authority_identifier(signer), critical=False)
    deterministic = True if isinstance(issuer.key, ec.EllipticCurvePrivateKey) else None
    return builder.sign(issuer.key, algorithm or hash_for(issuer.key), ecdsa_deterministic=deterministic)


def key_usage(usage: Usage) -> x509.KeyUsage:
    """The KeyUsage extension of a usage."""
    bits = {bit: bit in usage.bits for bit in KEY_USAGE_BITS}
    return x509.KeyUsage(**bits, encipher_only=False, decipher_only=False)


def extended_key_usage(usage: Usage) -> x509.ExtendedKeyUsage:
    """The ExtendedKeyUsage extension of a usage."""
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in usage.extended])


def alternative_names(names: Sequence[str]) -> x509.SubjectAlternativeName:
    """The SubjectAlternativeName extension of DNS names and IP addresses."""
    return x509.SubjectAlternativeName([_general_name(name) for name in names])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def hash_for(key: PrivateKey) -> HashName:
    """A hash at least as strong as the key. Source: procedure.md 2.3."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return HASHES[{256: "sha256", 384: "sha384"}.get(key.key_size, "sha512")]()
    return hashes.SHA256()


def _authority_identifier(signer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    subject_key = signer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(subject_key)
