"""One extension of a certificate or CSR by its kind, and the two sets an upload compares: names and usages."""

from typing import TypeVar

from cryptography import x509

from ucmlab.cluster.certificates.issuing import KEY_USAGE_BITS

Extension = TypeVar("Extension", bound=x509.ExtensionType)
Holder = x509.Certificate | x509.CertificateSigningRequest


def extension(holder: Holder, kind: type[Extension]) -> Extension | None:
    """The value of an extension, None when the holder has none of the kind."""
    try:
        return holder.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def alternative_name_set(holder: Holder, comparison: str) -> frozenset[tuple[str, str]]:
    """(type, value) of every alternative name, as switch san_comparison wants them compared (U-P16).

    `dns-without-case`: DNS names in lower case, all else as it stands; `exact`; `lenient`: DNS names in lower case,
    without a dot at the end.
    """
    names = extension(holder, x509.SubjectAlternativeName)
    return frozenset() if names is None else frozenset(_compared(name, comparison) for name in names)


def usage_set(holder: Holder) -> frozenset[str]:
    """Key usage bits (RFC 5280 names) and extended key usage OIDs."""
    usage, extended = extension(holder, x509.KeyUsage), extension(holder, x509.ExtendedKeyUsage)
    bits = () if usage is None else KEY_USAGE_BITS
    oids = () if extended is None else tuple(oid.dotted_string for oid in extended)
    return frozenset([bit for bit in bits if getattr(usage, bit)] + list(oids))


def _compared(name: x509.GeneralName, comparison: str) -> tuple[str, str]:
    value = str(name.value)
    if isinstance(name, x509.DNSName) and comparison != "exact":
        value = value.lower()
    if isinstance(name, x509.DNSName) and comparison == "lenient":
        value = value.rstrip(".")
    return type(name).__name__, value
