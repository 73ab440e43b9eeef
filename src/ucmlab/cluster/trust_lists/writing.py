"""Writes whole files: header, signature and what follows them. Source: phones.md 3.1, 3.2.

The signature covers the file with the SIGNATURE element cut out; HeaderLength already has its final value by then.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ucmlab.cluster.certificates.keys import load_key
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import FILENAMES, Kind, TrustFile
from ucmlab.cluster.trust_lists.records import Material, Record, material, record_bytes

Digest = Literal["sha1", "sha512"]
LIST_VERSION, SIGNED_VERSION = b"\x01\x02", b"\x01\x00"
DIGEST_BYTES: dict[Digest, int] = {"sha1": tlv.SHA1, "sha512": tlv.SHA512}
HASHES: dict[int, hashes.HashAlgorithm] = {
    tlv.SHA1: hashes.SHA1(),  # noqa: S303 - the product's default, and what its phones check
    tlv.SHA256: hashes.SHA256(),
    tlv.SHA512: hashes.SHA512(),
}
MODULUS_BITS = (512, 1024, 2048, 4096)


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs a file: certificate and private key, PEM."""

    certificate_pem: str
    key_pem: str


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a header says beside its signature. `at`: epoch seconds; `signer_version` (1, 0) adds tag 28."""

    version: bytes
    filename: str
    at: float
    digest: Digest = "sha1"
    signer_version: tuple[int, int] | None = None


def write_list(
    kind: Kind,
    records: Sequence[Record],
    signer: Signer,
    *,
    at: float,
    digest: Digest = "sha1",
    signer_version: tuple[int, int] | None = None,
) -> TrustFile:
    """An ITL or CTL file. `at`: epoch seconds; only whole ones are written and kept."""
    header = Header(version=LIST_VERSION, filename=FILENAMES[kind], at=at, digest=digest, signer_version=signer_version)
    return TrustFile(
        kind=kind,
        data=sign_file(header, b"".join(map(record_bytes, records)), signer),
        entries=tuple(record.entry() for record in records),
        signer=material(signer.certificate_pem).sha256,
        built_at=float(int(at)),
    )


def write_signed(filename: str, payload: bytes, signer: Signer, *, at: float, digest: Digest = "sha1") -> bytes:
    """A signed file: the payload stands as it is, straight after the header. `at`: epoch seconds."""
    return sign_file(Header(version=SIGNED_VERSION, filename=filename, at=at, digest=digest), payload, signer)


def sign_file(header: Header, body: bytes, signer: Signer) -> bytes:
    """Header with signature, then the body. Raises TypeError for a signer whose key is not RSA."""
    parts, key = material(signer.certificate_pem), signing_key(signer.key_pem)
    signature_length = (key.key_size + 7) // 8
    before, after = _before_signature(header, parts), _after_signature(header)
    bare_length = 10 + len(before) + 3 + signature_length + len(after)
    length = -(-bare_length // 4) * 4
    head = tlv.element(tlv.VERSION, header.version) + tlv.number(tlv.HEADER_LENGTH, length, 2) + before
    tail = after + bytes((tlv.PADDING,)) * (length - bare_length) + body
    signature = key.sign(head + tail, padding.PKCS1v15(), HASHES[DIGEST_BYTES[header.digest]])
    return head + tlv.element(tlv.SIGNATURE, signature) + tail


@lru_cache(maxsize=512)
def signing_key(key_pem: str) -> rsa.RSAPrivateKey:
    """A private key, parsed once. Raises TypeError when it is not RSA: the files know no other signature."""
    key = load_key(key_pem)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("trust lists are signed with RSA keys only")
    return key


def _before_signature(header: Header, parts: Material) -> bytes:
    version = b"" if header.signer_version is None else tlv.element(tlv.SIGNER_VERSION, bytes(header.signer_version))
    identity = tlv.text(tlv.SIGNER_NAME, parts.subject) + tlv.element(tlv.SIGNER_SERIAL, parts.serial)
    identity += tlv.text(tlv.CA_NAME, parts.issuer)
    algorithm = tlv.number(tlv.SIGNATURE_ALGORITHM, tlv.RSA_PKCS1, 1)
    algorithm += tlv.number(tlv.SIGNATURE_MODULUS, modulus_index(parts.key_bits), 1)
    info = tlv.number(tlv.DIGEST_ALGORITHM, DIGEST_BYTES[header.digest], 1)
    info += tlv.element(tlv.SIGNATURE_ALGORITHM_INFO, algorithm)
    return version + tlv.element(tlv.SIGNER_ID, identity) + tlv.element(tlv.SIGNATURE_INFO, info)


def _after_signature(header: Header) -> bytes:
    return tlv.text(tlv.FILENAME, header.filename) + tlv.number(tlv.TIMESTAMP, int(header.at), 4)


def modulus_index(bits: int) -> int:
    """0 to 3 for 512, 1024, 2048, 4096 bits; a length between takes the next one, which no source tells."""
    return next((index for index, size in enumerate(MODULUS_BITS) if bits <= size), len(MODULUS_BITS) - 1)
