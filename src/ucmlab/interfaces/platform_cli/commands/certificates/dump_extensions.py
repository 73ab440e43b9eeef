"""The extension blocks of a certificate dump. Source: interfaces-cli.md 2.2 for three of them, the others alike."""

from collections.abc import Callable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

USAGE_BITS = (
    ("digital_signature", "digitalSignature"),
    ("content_commitment", "nonRepudiation"),
    ("key_encipherment", "keyEncipherment"),
    ("data_encipherment", "dataEncipherment"),
    ("key_agreement", "keyAgreement"),
    ("key_cert_sign", "keyCertSign"),
    ("crl_sign", "cRLSign"),
)


def extension_lines(certificate: x509.Certificate, *, named: bool) -> list[list[str]]:
    """One block of lines per extension; none when the extensions cannot be read."""
    try:
        extensions = list(certificate.extensions)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return []
    return [_block(extension, named=named) for extension in extensions]


def _block(extension: x509.Extension[x509.ExtensionType], *, named: bool) -> list[str]:
    oid = extension.oid.dotted_string
    name, write = WRITERS.get(type(extension.value), ("Unknown", _raw))
    return [
        "  [",
        f"     Extension: {name} (OID.{oid})" if named else f"     Extension: OID.{oid}",
        f"     Critical: {str(extension.critical).lower()}",
        f"     {write(extension.value)}",
        "  ]",
    ]


def _raw(value: x509.ExtensionType) -> str:
    return f"Value: {value.public_bytes().hex()}"


def _key_usage(value: x509.ExtensionType) -> str:
    bits = [name for attribute, name in USAGE_BITS if getattr(value, attribute)]
    return "Usages: " + "".join(f"{bit}, " for bit in bits).rstrip()


def _extended_key_usage(value: x509.ExtensionType) -> str:
    oids = value if isinstance(value, x509.ExtendedKeyUsage) else ()
    return "Usage oids: " + "".join(f"{oid.dotted_string}, " for oid in oids).rstrip()


def _subject_key(value: x509.ExtensionType) -> str:
    return f"keyID: {value.digest.hex()}" if isinstance(value, x509.SubjectKeyIdentifier) else _raw(value)


def _authority_key(value: x509.ExtensionType) -> str:
    key = value.key_identifier if isinstance(value, x509.AuthorityKeyIdentifier) else None
    return _raw(value) if key is None else f"keyID: {key.hex()}"


def _names(value: x509.ExtensionType) -> str:
    names = value if isinstance(value, x509.SubjectAlternativeName) else ()
    return "Names: " + "".join(f"{name.value} ({type(name).__name__}), " for name in names).rstrip()


def _constraints(value: x509.ExtensionType) -> str:
    if not isinstance(value, x509.BasicConstraints):
        return _raw(value)
    length = "" if value.path_length is None else f", Path length: {value.path_length}"
    return f"CA: {str(value.ca).lower()}{length}"


WRITERS: dict[type, tuple[str, Callable[[x509.ExtensionType], str]]] = {
    x509.KeyUsage: ("KeyUsage", _key_usage),
    x509.ExtendedKeyUsage: ("ExtKeyUsageSyntax", _extended_key_usage),
    x509.SubjectKeyIdentifier: ("SubjectKeyIdentifier", _subject_key),
    x509.AuthorityKeyIdentifier: ("AuthorityKeyIdentifier", _authority_key),
    x509.SubjectAlternativeName: ("SubjectAltName", _names),
    x509.BasicConstraints: ("BasicConstraints", _constraints),
}
