"""Reads trust lists and signed files back, as a phone does: format first, then the signature. Source: phones.md 3.1."""

import hashlib
from collections.abc import Sequence

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import FILENAMES, ROLES, SAST, BadTrustFile, Entry, Kind, TrustFile
from ucmlab.cluster.trust_lists.tlv import Tlv
from ucmlab.cluster.trust_lists.writing import HASHES, LIST_VERSION, SIGNED_VERSION


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A file split in two. `covered`: what the signature covers; `payload`: what stands after the header."""

    header: tuple[Tlv, ...]
    header_length: int
    covered: bytes
    payload: bytes

    @property
    def version(self) -> bytes:
        """Major and minor number."""
        return self.part(tlv.VERSION).value

    @property
    def filename(self) -> str:
        """The name inside the file."""
        return self.part(tlv.FILENAME).text

    @property
    def signer(self) -> tuple[str, bytes]:
        """Issuer name and serial number of the signer's certificate, as the header names it."""
        return self.part(tlv.CA_NAME).text, self.part(tlv.SIGNER_SERIAL).value

    def part(self, tag: int) -> Tlv:
        """A header element by tag. Raises BadTrustFile when it is not there."""
        for element in self.header:
            if element.tag == tag:
                return element
        raise BadTrustFile(f"the header has no element {tag}")

    def signed_by(self, certificate: x509.Certificate) -> bool:
        """Whether the header names this certificate and its key made the signature. Raises BadTrustFile."""
        named = tlv.distinguished_name(certificate.issuer), tlv.magnitude(certificate.serial_number)
        key = certificate.public_key()
        return self.signer == named and isinstance(key, rsa.RSAPublicKey) and self.verifies(key)

    def verifies(self, key: rsa.RSAPublicKey) -> bool:
        """Whether this key made the signature. Raises BadTrustFile for an algorithm nobody knows."""
        digest = HASHES.get(self.part(tlv.DIGEST_ALGORITHM).number)
        if digest is None or self.part(tlv.SIGNATURE_ALGORITHM).number != tlv.RSA_PKCS1:
            raise BadTrustFile("the signature is of an unknown algorithm")
        try:
            key.verify(self.part(tlv.SIGNATURE).value, self.covered, padding.PKCS1v15(), digest)
        except InvalidSignature:
            return False
        return True


class ListedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stands in a list. `sha256` is "" for an emptied one; `certificate_der` b"" where none stands."""

    elements: tuple[Tlv, ...]
    role: int
    sha256: str
    certificate_der: bytes

    def text(self, tag: int) -> str:
        """A text element, "" when it is not there."""
        return next((element.text for element in self.elements if element.tag == tag), "")

    def value(self, tag: int) -> bytes:
        """An element's bytes, b"" when it is not there."""
        return next((element.value for element in self.elements if element.tag == tag), b"")

    @property
    def identity(self) -> tuple[str, bytes]:
        """Issuer name and serial number."""
        return self.text(tlv.ISSUER_NAME), self.value(tlv.RECORD_SERIAL)

    def entry(self) -> Entry:
        """What the record means."""
        return Entry(self.role, self.sha256)


class ParsedList(msgspec.Struct, frozen=True, kw_only=True):
    """A trust list whose format is right; its signature is another question."""

    kind: Kind
    file: Signed
    records: tuple[ListedRecord, ...]

    def signer_record(self) -> ListedRecord | None:
        """The token record of the one who signed."""
        return next((row for row in self.records if row.role == SAST and row.identity == self.file.signer), None)

    def verified(self) -> bool:
        """Whether one of its own token records signed it. Raises BadTrustFile for an unknown algorithm."""
        record = self.signer_record()
        return record is not None and self.file.verifies(_public_key(record))


def read_list(data: bytes) -> TrustFile:
    """A trust list from its bytes; `built_at` is the time inside. Raises BadTrustFile: format, signature, signer."""
    parsed = parse_list(data)
    signer = parsed.signer_record()
    if signer is None:
        raise BadTrustFile("the signer has no token record in the list")
    if not parsed.verified():
        raise BadTrustFile("the signature is not the signer's")
    return TrustFile(
        kind=parsed.kind,
        data=data,
        entries=tuple(record.entry() for record in parsed.records),
        signer=signer.sha256,
        built_at=float(parsed.file.part(tlv.TIMESTAMP).number),
    )


def parse_list(data: bytes) -> ParsedList:
    """Header and records of a trust list, in file order, signature unchecked. Raises BadTrustFile."""
    file = _split(data)
    kinds = [kind for kind, name in FILENAMES.items() if name == file.filename]
    if file.version != LIST_VERSION or not kinds:
        raise BadTrustFile(f"{file.filename!r} of version {file.version.hex()} is no trust list")
    return ParsedList(kind=kinds[0], file=file, records=tuple(map(_record, _stretches(file.payload))))


def read_signed(data: bytes) -> Signed:
    """A signed file (.sgn) from its bytes, signature unchecked. Raises BadTrustFile."""
    file = _split(data)
    if file.version != SIGNED_VERSION:
        raise BadTrustFile(f"version {file.version.hex()} is no signed file")
    return file


def _split(data: bytes) -> Signed:
    start = [element for _, element in zip(range(2), tlv.elements(data[:10]), strict=False)]
    if [element.tag for element in start] != [tlv.VERSION, tlv.HEADER_LENGTH]:
        raise BadTrustFile("the file does not begin with version and header length")
    length = start[1].number
    if not 10 < length <= len(data):
        raise BadTrustFile(f"a header of {length} bytes does not fit")
    header = tuple(tlv.elements(data[:length], tlv.CONTAINERS))
    file = Signed(header=header, header_length=length, covered=b"", payload=data[length:])
    signature = file.part(tlv.SIGNATURE)
    after = signature.at + 3 + len(signature.value)
    for tag in (tlv.FILENAME, tlv.TIMESTAMP, tlv.DIGEST_ALGORITHM, tlv.SIGNATURE_ALGORITHM, tlv.CA_NAME):
        file.part(tag)
    return msgspec.structs.replace(file, covered=data[: signature.at] + data[after:])


def _stretches(data: bytes) -> Sequence[bytes]:
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if data[at] != tlv.RECORD_LENGTH or length < 5 or at + length > len(data):
            raise BadTrustFile(f"no record begins at {at}")
        found.append(data[at : at + length])
        at += length
    return found


def _record(data: bytes) -> ListedRecord:
    elements = tuple(tlv.elements(data))
    values = {element.tag: element for element in elements}
    if tlv.FUNCTION not in values or values[tlv.FUNCTION].number not in ROLES:
        raise BadTrustFile("a record has no role that is known")
    der = values[tlv.CERTIFICATE].value if tlv.CERTIFICATE in values else b""
    sha256 = hashlib.sha256(der).hexdigest() if der else ""
    if tlv.CERTIFICATE_HASH in values:
        if values.get(tlv.HASH_ALGORITHM, Tlv(0, b"")).number != tlv.SHA256:
            raise BadTrustFile("a record names its certificate by an unknown hash")
        sha256 = values[tlv.CERTIFICATE_HASH].value.hex()
    return ListedRecord(elements=elements, role=values[tlv.FUNCTION].number, sha256=sha256, certificate_der=der)


def _public_key(record: ListedRecord) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_der_public_key(record.value(tlv.PUBLIC_KEY))
    except ValueError as error:
        raise BadTrustFile("the signer's public key cannot be read") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadTrustFile("the signer's public key is not RSA")
    return key
