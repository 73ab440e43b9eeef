"""The messages of the Trust Verification Service, port 2445: ten bytes of header, then tagged elements.

57 01 command 00 | session u32 | length u16 of what follows, all big-endian; an element is tag u8, length u16, value.
Source: phones.md 1.4. Tags 4 and 5 of a question are inferred there from their lengths.
"""

from enum import IntEnum

import msgspec

MAGIC = b"\x57\x01"
HEADER_BYTES = 10
BODY_BYTES_MAX = 0xFFFF
DEVICE_KIND = b"\x01"
TTL_S = 86_400
KNOWN, UNKNOWN = 0, 1


class Command(IntEnum):
    """What a message is."""

    VERIFY_REQ = 1
    VERIFY_RES = 2
    QUERY_CERT_REQ = 3
    QUERY_CERT_RES = 4


class Tag(IntEnum):
    """What an element holds."""

    DEVICE = 1
    CERTIFICATE = 2
    SUBJECT = 3
    ISSUER = 4
    SERIAL = 5
    STATUS = 7
    ROLES = 8
    TTL = 9


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """QUERY_CERT_REQ: who issued which serial? Names are DN texts, `;` between the parts."""

    session: int
    device: str
    subject: str
    issuer: str
    serial: int


class Verify(msgspec.Struct, frozen=True, kw_only=True):
    """VERIFY_REQ: this very certificate?"""

    session: int
    device: str
    certificate_der: bytes


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """QUERY_CERT_RES, or VERIFY_RES when `certificate_der` is empty. `roles` are the numbers of phones.md 1.4.

    A certificate that is not known has `status` 1 and nothing else.
    """

    session: int
    answers: Command
    status: int = KNOWN
    certificate_der: bytes = b""
    roles: tuple[int, ...] = ()
    ttl_s: int = TTL_S


Message = Query | Verify | Verdict


class NotTvs(ValueError):
    """Bytes that are no message of this protocol."""


def body_length(header: bytes) -> int:
    """How many bytes follow a header. Raises NotTvs."""
    if len(header) != HEADER_BYTES or header[:2] != MAGIC:
        raise NotTvs("not a message of the Trust Verification Service")
    return int.from_bytes(header[8:10], "big")


def encode(message: Message) -> bytes:
    """A message with its header. Raises NotTvs when it would pass 65,535 bytes."""
    match message:
        case Query():
            command = Command.QUERY_CERT_REQ
            elements = [
                (Tag.DEVICE, _device(message.device)),
                (Tag.SUBJECT, _name(message.subject)),
                (Tag.ISSUER, _name(message.issuer)),
                (Tag.SERIAL, magnitude(message.serial)),
            ]
        case Verify():
            command = Command.VERIFY_REQ
            elements = [(Tag.DEVICE, _device(message.device)), (Tag.CERTIFICATE, message.certificate_der)]
        case Verdict():
            command = message.answers
            elements = _verdict_elements(message)
    length = sum(3 + len(value) for _, value in elements)
    if length > BODY_BYTES_MAX:
        raise NotTvs(f"a message of {length} bytes is too long")
    body = b"".join(tag.to_bytes(1, "big") + len(value).to_bytes(2, "big") + value for tag, value in elements)
    head = MAGIC + command.to_bytes(1, "big") + b"\0" + message.session.to_bytes(4, "big")
    return head + length.to_bytes(2, "big") + body


def decode(data: bytes) -> Message:
    """The message in exactly these bytes, header included; elements may stand in any order. Raises NotTvs."""
    length = body_length(data[:HEADER_BYTES])
    if len(data) != HEADER_BYTES + length:
        raise NotTvs(f"{len(data) - HEADER_BYTES} bytes follow a header that says {length}")
    session = int.from_bytes(data[4:8], "big")
    found = _elements(data[HEADER_BYTES:])
    match data[2]:
        case Command.QUERY_CERT_REQ:
            return Query(
                session=session,
                device=_device_text(found),
                subject=_text(found, Tag.SUBJECT),
                issuer=_text(found, Tag.ISSUER),
                serial=int.from_bytes(_value(found, Tag.SERIAL), "big"),
            )
        case Command.VERIFY_REQ:
            certificate = _value(found, Tag.CERTIFICATE)
            return Verify(session=session, device=_device_text(found), certificate_der=certificate)
        case Command.QUERY_CERT_RES | Command.VERIFY_RES:
            return Verdict(
                session=session,
                answers=Command(data[2]),
                status=int.from_bytes(_value(found, Tag.STATUS), "big"),
                certificate_der=found.get(Tag.CERTIFICATE, b""),
                roles=tuple(found.get(Tag.ROLES, b"")),
                ttl_s=int.from_bytes(found.get(Tag.TTL, b""), "big"),
            )
        case _:
            raise NotTvs(f"command {data[2]} is not known")


def magnitude(serial: int) -> bytes:
    """A serial number as the protocol carries it: without DER's sign byte, at least one byte."""
    return serial.to_bytes(max(1, (serial.bit_length() + 7) // 8), "big")


def _verdict_elements(verdict: Verdict) -> list[tuple[Tag, bytes]]:
    elements = [(Tag.STATUS, verdict.status.to_bytes(1, "big"))]
    if verdict.certificate_der:
        elements.append((Tag.CERTIFICATE, verdict.certificate_der))
    if verdict.status == KNOWN:
        elements.append((Tag.ROLES, bytes(verdict.roles)))
        elements.append((Tag.TTL, verdict.ttl_s.to_bytes(4, "big")))
    return elements


def _device(name: str) -> bytes:
    return DEVICE_KIND + name.encode()


def _name(text: str) -> bytes:
    return text.encode() + b"\0"


def _elements(body: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at < len(body):
        end = at + 3 + int.from_bytes(body[at + 1 : at + 3], "big")
        if at + 3 > len(body) or end > len(body):
            raise NotTvs("an element reaches over the end of the message")
        found.setdefault(body[at], body[at + 3 : end])
        at = end
    return found


def _value(found: dict[int, bytes], tag: Tag) -> bytes:
    value = found.get(tag)
    if not value:
        raise NotTvs(f"element {tag.name} is missing")
    return value


def _text(found: dict[int, bytes], tag: Tag) -> str:
    try:
        return _value(found, tag).removesuffix(b"\0").decode()
    except UnicodeDecodeError as error:
        raise NotTvs(f"element {tag.name} is no text") from error


def _device_text(found: dict[int, bytes]) -> str:
    try:
        return found.get(Tag.DEVICE, b"").removeprefix(DEVICE_KIND).decode()
    except UnicodeDecodeError as error:
        raise NotTvs("the device's name is no text") from error
