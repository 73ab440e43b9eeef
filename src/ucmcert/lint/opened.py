"""What only rules ask of a certificate or a CSR: the extensions and names behind the facts, opened once per DER."""

from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

Extension = TypeVar("Extension", bound=x509.ExtensionType)
RSA_SIGNATURES = "1.2.840.113549.1.1."
EC_SIGNATURES = "1.2.840.10045.4."
PSS = "1.2.840.113549.1.1.10"
PUBLIC_TLS_POLICIES = "2.23.140.1.2."
Field = tuple[str, str]


@lru_cache(maxsize=4096)  # a chain is asked by many rules, for every certificate it issued
def opened(der: bytes) -> x509.Certificate:
    """The certificate behind `der`, which `read_certificate` has read before. Raises ValueError otherwise."""
    return x509.load_der_x509_certificate(der)


def extension(der: bytes, kind: type[Extension]) -> Extension | None:
    """The extension of that kind in a certificate; None when it has none."""
    try:
        return opened(der).extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def critical(der: bytes) -> tuple[str, ...]:
    """The OIDs of the critical extensions of a certificate, in their order."""
    return tuple(one.oid.dotted_string for one in opened(der).extensions if one.critical)


def path_length(der: bytes) -> int | None:
    """How many CAs may stand below this one; None when it does not say."""
    found = extension(der, x509.BasicConstraints)
    return found.path_length if found else None


def signature_name(der: bytes) -> str:
    """`RSA`, `ECDSA`, `RSASSA-PSS`, or the OID of another signature algorithm."""
    oid = opened(der).signature_algorithm_oid.dotted_string
    if oid == PSS:
        return "RSASSA-PSS"
    if oid.startswith(RSA_SIGNATURES):
        return "RSA"
    return "ECDSA" if oid.startswith(EC_SIGNATURES) else oid


def subject_fields(der: bytes) -> tuple[Field, ...]:
    """The subject of a certificate as (`OU`, value) pairs."""
    return _fields(opened(der).subject)


@lru_cache(maxsize=1024)
def request_fields(der: bytes) -> tuple[Field, ...]:
    """The subject of a CSR as (`OU`, value) pairs."""
    return _fields(x509.load_der_x509_csr(der).subject)


def status_addresses(der: bytes) -> tuple[str, ...]:
    """Where the CA answers OCSP for this certificate; () when it names no responder."""
    found = extension(der, x509.AuthorityInformationAccess)
    ocsp = AuthorityInformationAccessOID.OCSP
    return tuple(str(one.access_location.value) for one in found or () if one.access_method == ocsp)


def claims_public_tls(der: bytes) -> bool:
    """Whether the CA says that the rules of public TLS hold: one of their policies, or embedded log time stamps."""
    if extension(der, x509.PrecertificateSignedCertificateTimestamps) is not None:
        return True
    policies = extension(der, x509.CertificatePolicies) or ()
    return any(one.policy_identifier.dotted_string.startswith(PUBLIC_TLS_POLICIES) for one in policies)


def _fields(name: x509.Name) -> tuple[Field, ...]:
    return tuple((one.rfc4514_attribute_name, str(one.value)) for one in name)
