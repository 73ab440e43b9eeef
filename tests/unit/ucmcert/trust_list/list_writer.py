"""Writes ITL, CTL and signed files for the tests: our own reading of phones.md 3.1, from the writing side."""

import hashlib
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from factory.certificates import self_signed
from factory.keys import KeyKind, PrivateKey, key_for
from ucmcert.model.certificate import Certificate
from ucmcert.model.trust_list import ListRole

HASHES: dict[int, hashes.HashAlgorithm] = {1: hashes.SHA1(), 2: hashes.SHA256(), 3: hashes.SHA512()}
INDEXES = {64: 0, 128: 1, 256: 2, 512: 3}
ALIGNMENT = 4
MADE_AT = 1_789_990_000


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a certificate and its key, and the names as a list spells them."""

    certificate: Certificate
    key: PrivateKey
    name: str
    serial: bytes


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The signer as a header names it."""

    name: str
    serial: bytes
    issuer: str


def holder(common_name: str, kind: KeyKind = "rsa", curve: ec.EllipticCurve | None = None) -> Holder:
    """A self-signed identity with that common name."""
    certificate = self_signed(common_name, key=kind, key_label=common_name)
    number = int(certificate.serial, 16)
    return Holder(
        certificate=certificate,
        key=key_for(common_name, kind, curve),
        name=f"CN={common_name};O=Example;C=FR",
        serial=number.to_bytes((number.bit_length() + 7) // 8, "big"),
    )


def tlv(tag: int, value: bytes) -> bytes:
    """Tag, length in two bytes, value."""
    return bytes((tag,)) + len(value).to_bytes(2, "big") + value


def text(words: str) -> bytes:
    """The words and their NUL."""
    return words.encode() + b"\0"


def public_bytes(key: PrivateKey) -> bytes:
    """The key as PUBLICKEY holds it."""
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def raw_record(*parts: tuple[int, bytes]) -> bytes:
    """A record of exactly these elements, its length before them."""
    body = b"".join(tlv(tag, value) for tag, value in parts)
    return tlv(1, (len(body) + 5).to_bytes(2, "big")) + body


def parts_of(
    who: Holder, role: int, host: str = "cucm-pub", address: bytes = b"\x0a\0\0\x01"
) -> list[tuple[int, bytes]]:
    """The elements of a whole record, in the order of the dumps."""
    return [
        (2, text(host)),
        (3, text(who.name)),
        (4, role.to_bytes(2, "big")),
        (5, text(who.name)),
        (6, who.serial),
        (7, public_bytes(who.key)),
        (8, b"\x5a" * 256),
        (9, who.certificate.der),
        (10, address),
    ]


def record(who: Holder, role: int, host: str = "cucm-pub", **changes: bytes | None) -> bytes:
    """A whole record; `t9=b".."` replaces the element with tag 9, `t9=None` leaves it out."""
    by_tag = {f"t{tag}": value for tag, value in parts_of(who, role, host)} | changes
    return raw_record(*((int(tag[1:]), value) for tag, value in by_tag.items() if value is not None))


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a header is written."""

    digest: int = 1
    version: bytes = b"\x01\x02"
    filename: str = "ITLFile.tlv"
    signer_version: bytes = b""
    community_order: bool = False
    algorithm: int = 0
    made_at: int = MADE_AT
    more: bytes = b""
    named: Named | None = None


def header(who: Named, style: Style, signature: bytes) -> bytes:
    """A header with this signature in it, padded."""
    names = [tlv(4, text(who.name)), tlv(5, who.serial), tlv(6, text(who.issuer))]
    if style.community_order:
        names = [names[0], names[2], names[1]]
    how = tlv(10, bytes((style.algorithm,))) + tlv(11, bytes((INDEXES.get(len(signature), 2),)))
    before = tlv(28, style.signer_version) if style.signer_version else b""
    before += tlv(3, b"".join(names)) + tlv(7, tlv(8, bytes((style.digest,))) + tlv(9, how)) + style.more
    after = tlv(14, text(style.filename)) + tlv(15, style.made_at.to_bytes(4, "big"))
    size = 10 + len(before) + len(tlv(12, signature)) + len(after)
    pad = b"\x0d" * (-size % ALIGNMENT)
    return (
        tlv(1, style.version) + tlv(2, (size + len(pad)).to_bytes(2, "big")) + before + tlv(12, signature) + after + pad
    )


def signed(who: Holder, body: bytes, style: Style | None = None) -> bytes:
    """A whole file signed by `who`: the signature covers everything but its own element."""
    style = style or Style()
    named = style.named or Named(name=who.name, serial=who.serial, issuer=who.name)
    sign = _signer(who.key, style.digest)
    size = len(sign(b""))
    for later in range(64):  # an ECDSA signature varies by a byte or two: some second has one of this size
        style = msgspec.structs.replace(style, made_at=style.made_at + (1 if later else 0))
        signature = sign(header(named, style, bytes(size)).replace(tlv(12, bytes(size)), b"", 1) + body)
        if len(signature) == size:
            return header(named, style, signature) + body
    raise AssertionError("no signature of that size in a minute")


def _signer(key: PrivateKey, digest: int) -> Callable[[bytes], bytes]:
    kind = HASHES.get(digest, hashes.SHA1())

    def sign(data: bytes) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), kind)
        return key.sign(data, ec.ECDSA(kind, deterministic_signing=True))

    return sign


CALL_MANAGER = holder("cucm-pub.lab.example")
RECOVERY = holder("ITLRECOVERY_cucm-pub.lab.example")
TVS = holder("tvs.cucm-pub.lab.example", "ec")
CAPF = holder("CAPF-0badcafe")


def usual_records() -> bytes:
    """The records of an ITL of release 12 and later."""
    return b"".join(
        (
            record(RECOVERY, ListRole.SAST),
            record(CALL_MANAGER, ListRole.SAST),
            record(CALL_MANAGER, ListRole.TFTP),
            record(TVS, ListRole.TVS),
            record(CAPF, ListRole.CAPF),
        )
    )


def itl(who: Holder = RECOVERY, style: Style | None = None) -> bytes:
    """A good ITL, signed by `who`."""
    return signed(who, usual_records(), style)


def sha1(data: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha1(data).hexdigest()
