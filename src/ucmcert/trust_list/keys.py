"""The key of a record, and whether a signature was made with it: RSA PKCS#1 v1.5 and ECDSA.

The digest is computed here and compared byte for byte with what the RSA signature holds, so that SHA-1, which these
files still use and which some builds of the crypto library refuse to verify, is judged everywhere alike.
Source: phones.md 3.1 (digest numbers, key forms), RFC 8017 8.2.2 and 9.2 (DigestInfo).
"""

import hashlib
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

ListKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
RSA_BITS = range(512, 8193)  # beyond that nobody has a key, and arithmetic takes long
CURVES: dict[int, ec.EllipticCurve] = {65: ec.SECP256R1(), 97: ec.SECP384R1(), 133: ec.SECP521R1()}


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """One digest: its name, how it is computed, and the DigestInfo bytes that stand before it in an RSA signature."""

    name: str
    of: Callable[[bytes], bytes]
    lead: bytes
    kind: HashAlgorithm


DIGESTS: dict[int, Digest] = {
    1: Digest(
        name="SHA-1",
        of=lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
        lead=bytes.fromhex("3021300906052b0e03021a05000414"),
        kind=SHA1(),  # noqa: S303 - what the files are signed with is Cisco's choice
    ),
    2: Digest(
        name="SHA-256",
        of=lambda data: hashlib.sha256(data).digest(),
        lead=bytes.fromhex("3031300d060960864801650304020105000420"),
        kind=SHA256(),
    ),
    3: Digest(
        name="SHA-512",
        of=lambda data: hashlib.sha512(data).digest(),
        lead=bytes.fromhex("3051300d060960864801650304020305000440"),
        kind=SHA512(),
    ),
}


def load_key(encoded: bytes) -> ListKey:
    """The key in a record's PUBLICKEY. Raises ValueError when it is no RSA key and no point of a known curve."""
    try:
        if encoded[:1] == b"\x04":
            return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[len(encoded)], encoded)
        key = load_der_public_key(encoded)
    except KeyError as error:
        raise ValueError(f"an EC point of {len(encoded)} bytes is on no known curve") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{len(encoded)} bytes that are no key") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
        raise ValueError("not an RSA key of a usual size")
    return key


def signed_with(key: ListKey, signature: bytes, data: bytes, digest: Digest) -> bool:
    """Whether `signature` is one over `data` by the owner of `key`. Never raises."""
    hashed = digest.of(data)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            held = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
            return len(signature) == (key.key_size + 7) // 8 and held == digest.lead + hashed
        key.verify(signature, hashed, ec.ECDSA(utils.Prehashed(digest.kind)))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
