"""What the product checks when an identity certificate is uploaded: one small rule per refusal, asked in one list.

The order in which CUCM asks is not published; ours is: is it a certificate, is there a CSR, does it fit the CSR, is it
valid, does its chain stand in the trust store, are its key and names allowed. Source: procedure.md 5.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.purposes import Purpose
from ucmlab.cluster.certificates.records import Csr, spki_sha256
from ucmlab.switches import Switches

Extension = TypeVar("Extension", bound=x509.ExtensionType)
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a rule may look at. `now` is the node's clock, epoch seconds; `trusted` the purpose's trust store."""

    purpose: Purpose
    leaf: x509.Certificate
    csr: Csr
    trusted: Sequence[x509.Certificate]
    current: x509.Certificate | None
    now: float
    switches: Switches


def judge(upload: Upload) -> tuple[x509.Certificate, ...]:
    """Ask every rule. Returns the chain above the leaf, root last. Raises Refusal with the product's words."""
    for rule in RULES:
        rule(upload)
    return chain_of(upload)


def parse_certificates(blob: bytes) -> list[x509.Certificate]:
    """Certificates of a PEM, DER or PKCS#7 file, in file order. Raises Refusal E7."""
    readers: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (
        x509.load_pem_x509_certificates,
        lambda data: [x509.load_der_x509_certificate(data)],
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
    )
    for reader in readers:
        try:
            found = reader(blob)
            for certificate in found:
                _read_through(certificate)
        except UNREADABLE:
            continue
        if found:
            return found
    raise refusals.unreadable()


def _read_through(certificate: x509.Certificate) -> None:
    """Read what rules and listings will ask for: the library parses late, and a bent field must not surface later."""
    certificate.public_key()
    for part in ("extensions", "not_valid_before_utc", "not_valid_after_utc", "signature_hash_algorithm"):
        getattr(certificate, part)
    for name in (certificate.subject, certificate.issuer):
        name.rfc4514_string()


def chain_of(upload: Upload) -> tuple[x509.Certificate, ...]:
    """From the leaf's issuer to a self-signed root, from the trust store only. Raises Refusal E1."""
    chain: list[x509.Certificate] = []
    current = upload.leaf
    while current.subject != current.issuer:
        issuer = next((candidate for candidate in upload.trusted if issued(current, candidate)), None)
        if issuer is None or len(chain) >= int(upload.switches["chain_depth_max"]):
            raise refusals.chain_missing()
        chain.append(issuer)
        current = issuer
    if not chain:
        raise refusals.chain_missing()
    return tuple(chain)


def issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` really signed `child`."""
    if child.issuer != issuer.subject:
        return False
    try:
        child.verify_directly_issued_by(issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def key_fits(upload: Upload) -> None:
    """E3."""
    if spki_sha256(upload.leaf) != upload.csr.public_key_sha256:
        raise refusals.key_differs()


def names_fit(upload: Upload) -> None:
    """E4: the sets of (type, value) are equal; DNS names without case (U-P16)."""
    if san_set(upload.leaf) != san_set(upload.csr.request()):
        raise refusals.names_differ()


def usage_fits(upload: Upload) -> None:
    """U-P1: only when the switch key_usage_check says refuse."""
    if upload.switches["key_usage_check"] == "refuse" and not _usage(upload.csr.request()) <= _usage(upload.leaf):
        raise refusals.usage_missing()


def is_valid_now(upload: Upload) -> None:
    """E5, and not yet valid unless the switch accepts it."""
    judge_validity(upload.leaf, upload.now, upload.switches)


def chain_is_trusted(upload: Upload) -> None:
    """E1."""
    chain_of(upload)


def has_no_wildcard(upload: Upload) -> None:
    """E9; cup-xmpp-s2s may carry wildcards (procedure.md 3.8)."""
    values = [value for _, value in san_set(upload.leaf)]
    values += [str(a.value) for a in upload.leaf.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    if any("*" in value for value in values) and not upload.purpose.name.startswith("cup-xmpp-s2s"):
        raise refusals.wildcard()


def key_is_allowed(upload: Upload) -> None:
    """E10, and U-P3 for the signature of an EC CA."""
    judge_key(upload.leaf)
    ec_signed = upload.leaf.signature_algorithm_oid.dotted_string.startswith("1.2.840.10045")
    if ec_signed and upload.switches["ec_ca_signature"] == "refuse":
        raise refusals.weak_or_large_key("signed with an EC key")


def capf_is_a_ca(upload: Upload) -> None:
    """U-P2."""
    if not upload.purpose.signs_certificates or upload.switches["capf_ca_check"] == "accept":
        return
    constraints = _extension(upload.leaf, x509.BasicConstraints)
    usage = _extension(upload.leaf, x509.KeyUsage)
    if constraints is None or not constraints.ca or usage is None or not usage.key_cert_sign:
        raise refusals.not_a_ca()


def is_not_older(upload: Upload) -> None:
    """U-P5: only when the switch older_identity says refuse."""
    current = upload.current
    if current is None or upload.switches["older_identity"] == "accept":
        return
    if upload.leaf.not_valid_before_utc < current.not_valid_before_utc:
        raise refusals.older_identity()


RULES = (
    key_fits,
    names_fit,
    usage_fits,
    is_valid_now,
    chain_is_trusted,
    has_no_wildcard,
    key_is_allowed,
    capf_is_a_ca,
    is_not_older,
)


def judge_validity(certificate: x509.Certificate, now: float, switches: Switches) -> None:
    """Raises Refusal E5 when expired on the node's clock, E5-EARLY when not yet valid and the switch refuses that."""
    if certificate.not_valid_after_utc.timestamp() <= now:
        raise refusals.expired()
    if certificate.not_valid_before_utc.timestamp() > now and switches["not_yet_valid"] == "refuse":
        raise refusals.not_yet_valid()


def judge_key(certificate: x509.Certificate) -> None:
    """Raises Refusal E10. Source: procedure.md 2.3."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if not 1024 <= key.key_size <= 4096:
            raise refusals.weak_or_large_key(f"RSA {key.key_size}")
    elif not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size not in (256, 384, 521):
        raise refusals.weak_or_large_key(type(key).__name__)


def san_set(holder: x509.Certificate | x509.CertificateSigningRequest) -> frozenset[tuple[str, str]]:
    """(type, value) of every alternative name, DNS in lower case."""
    names = _extension(holder, x509.SubjectAlternativeName)
    if names is None:
        return frozenset()
    return frozenset((type(name).__name__, str(name.value).lower()) for name in names)


def _usage(holder: x509.Certificate | x509.CertificateSigningRequest) -> frozenset[str]:
    usage = _extension(holder, x509.KeyUsage)
    extended = _extension(holder, x509.ExtendedKeyUsage)
    bits = () if usage is None else ("digital_signature", "key_encipherment", "data_encipherment", "key_cert_sign")
    oids = () if extended is None else tuple(oid.dotted_string for oid in extended)
    return frozenset([bit for bit in bits if getattr(usage, bit)] + list(oids))


def _extension(holder: x509.Certificate | x509.CertificateSigningRequest, kind: type[Extension]) -> Extension | None:
    try:
        return holder.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
