"""The text form of a certificate above its PEM, with the tags before 14SU2 and those from 14SU2 on.

Source: interfaces-cli.md 2.2 (layout, older tags), procedure.md 9 (which tags changed).
"""

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from ucmlab.interfaces.platform_cli.commands.certificates.dump_extensions import extension_lines
from ucmlab.interfaces.platform_cli.dates import java_date

DN_ORDER = (
    (NameOID.LOCALITY_NAME, "L"),
    (NameOID.STATE_OR_PROVINCE_NAME, "ST"),
    (NameOID.COMMON_NAME, "CN"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "OU"),
    (NameOID.ORGANIZATION_NAME, "O"),
    (NameOID.COUNTRY_NAME, "C"),
)
RSA_OID, EC_OID = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one form; `named_extensions` writes `KeyUsage (OID.2.5.29.15)`, else the OID alone."""

    issuer: str
    begin: str
    end: str
    subject: str
    key: str
    value: str
    named_extensions: bool


OLDER = Tags(
    issuer="Issuer Name:",
    begin="Validity From:",
    end="         To:  ",
    subject="Subject Name:",
    key="Key:",
    value="Key value:",
    named_extensions=True,
)
FROM_14SU2 = Tags(
    issuer="IssuerDN:",
    begin="Start Date:",
    end="Final Date:",
    subject="SubjectDN:",
    key="Public Key:",
    value="Modulus:",
    named_extensions=False,
)


def dump_certificate(certificate: x509.Certificate, tags: Tags) -> str:
    """The dump, its closing bracket glued to the PEM that follows."""
    extensions = extension_lines(certificate, named=tags.named_extensions)
    lines = [
        "[",
        "  Version: V3",
        f"  Serial Number: {_even_hex(certificate.serial_number).upper()}",
        f"  SignatureAlgorithm: {_algorithm(certificate)}",
        f"  {tags.issuer} {_distinguished_name(certificate.issuer)}",
        f"  {tags.begin} {java_date(certificate.not_valid_before_utc.timestamp())}",
        f"  {tags.end} {java_date(certificate.not_valid_after_utc.timestamp())}",
        f"  {tags.subject} {_distinguished_name(certificate.subject)}",
        *_key_lines(certificate, tags),
        f"  Extensions: {len(extensions)} present",
        *(line for block in extensions for line in block),
        "",
        "  Signature:",
        *(f"  {line}" for line in _hex_lines(certificate.signature)),
        "",
    ]
    return "\n".join(lines) + "\n]" + certificate.public_bytes(Encoding.PEM).decode()


def _key_lines(certificate: x509.Certificate, tags: Tags) -> list[str]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        der = key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
        value = der.hex() if tags.value == OLDER.value else _even_hex(key.public_numbers().n)
        return [f"  {tags.key} RSA ({RSA_OID})", f"    {tags.value} {value}"]
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [f"  {tags.key} EC ({EC_OID})", f"    {OLDER.value} {der.hex()}"]


def _algorithm(certificate: x509.Certificate) -> str:
    oid = certificate.signature_algorithm_oid.dotted_string
    scheme = "ECDSA" if oid.startswith("1.2.840.10045") else "RSA"
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        algorithm = None
    return oid if algorithm is None else f"{algorithm.name.upper()}with{scheme} ({oid})"


def _distinguished_name(name: x509.Name) -> str:
    known = [oid for oid, _ in DN_ORDER]
    parts = [f"{short}={value.value!s}" for oid, short in DN_ORDER for value in name.get_attributes_for_oid(oid)]
    parts += [value.rfc4514_string() for value in name if value.oid not in known]
    return ", ".join(parts)


def _even_hex(number: int) -> str:
    text = f"{number:x}"
    return text if len(text) % 2 == 0 else f"0{text}"


def _hex_lines(data: bytes) -> list[str]:
    rows = [data[start : start + 16] for start in range(0, len(data), 16)]
    return [f"{16 * number:04x}: {row.hex(' ')} [{_readable(row)}]" for number, row in enumerate(rows)]


def _readable(row: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
