"""Reads tag, length, value: the one shape everything in these files has. Every trouble is a ValueError with an offset.

All integers are big-endian, a tag is one byte, a length two. Source: phones.md 3.1.
"""

from collections.abc import Iterable

import msgspec

LEAD = 3  # bytes of a tag and its length


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element as it stands in the file. `offset` is where its tag stands, in bytes from the file's start."""

    tag: int
    value: bytes
    offset: int

    @property
    def inside(self) -> int:
        """Offset of the first byte of the value."""
        return self.offset + LEAD

    @property
    def end(self) -> int:
        """Offset of the first byte behind it."""
        return self.inside + len(self.value)


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """An element whose tag nobody has published, kept as it stands."""

    tag: int
    value: bytes


def malformed(offset: int, expected: str, found: str) -> ValueError:
    """The error of this room: where, what should stand there, and what does."""
    return ValueError(f"byte {offset}: expected {expected}, found {found}")


def element_at(data: bytes, at: int, end: int) -> Element:
    """The element at `at` that ends at `end` or before. Raises ValueError."""
    if end - at < LEAD:
        raise malformed(at, "a tag and its length (3 bytes)", f"{end - at} bytes before the end at {end}")
    length = int.from_bytes(data[at + 1 : at + LEAD], "big")
    if length > end - at - LEAD:
        left = f"{end - at - LEAD} bytes before the end at {end}"
        raise malformed(at + 1, f"a length that fits (tag {data[at]})", f"length {length} with {left}")
    return Element(tag=data[at], value=data[at + LEAD : at + LEAD + length], offset=at)


def children(data: bytes, start: int, end: int) -> tuple[Element, ...]:
    """The elements that fill the bytes from `start` to `end` exactly, in whatever order. Raises ValueError."""
    found, at = [], start
    while at < end:
        element = element_at(data, at, end)
        found.append(element)
        at = element.end
    return tuple(found)


def by_tag(found: Iterable[Element], known: frozenset[int]) -> tuple[dict[int, Element], tuple[Unknown, ...]]:
    """The known elements by tag, and the others in order. Raises ValueError when a known tag stands twice."""
    named: dict[int, Element] = {}
    unknown: list[Unknown] = []
    for one in found:
        if one.tag not in known:
            unknown.append(Unknown(tag=one.tag, value=one.value))
        elif one.tag in named:
            raise malformed(one.offset, f"tag {one.tag} once", f"it again (first at byte {named[one.tag].offset})")
        else:
            named[one.tag] = one
    return named, tuple(unknown)


def wanted(named: dict[int, Element], tag: int, name: str, where: int) -> Element:
    """The element with that tag. Raises ValueError when it is missing from what begins at `where`."""
    if tag not in named:
        raise malformed(where, f"tag {tag} ({name}) in what begins here", "none")
    return named[tag]


def sized(element: Element, *sizes: int) -> bytes:
    """The value, which must have one of these sizes in bytes. Raises ValueError."""
    if len(element.value) not in sizes:
        allowed = " or ".join(f"{size}" for size in sizes)
        raise malformed(element.offset + 1, f"length {allowed} for tag {element.tag}", f"length {len(element.value)}")
    return element.value


def number(element: Element | None, size: int) -> int:
    """The integer in `size` bytes, 0 for no element. Raises ValueError."""
    return 0 if element is None else int.from_bytes(sized(element, size), "big")


def some(element: Element | None) -> bytes:
    """The bytes of an element, b"" for no element. Raises ValueError when it is there and empty."""
    if element is None:
        return b""
    if not element.value:
        raise malformed(element.offset + 1, f"a length above 0 for tag {element.tag}", "length 0")
    return element.value


def text(element: Element | None) -> str:
    """The words before the closing NUL, "" for no element. Raises ValueError when they do not end in a NUL.

    An empty name is one NUL in CTLs and was seen two bytes long in ITLs (interfaces-cli.md 4.2): closing NULs and
    blanks are not part of it. UTF-8 is tried first, then Latin-1, which takes any byte.
    """
    if element is None:
        return ""
    if not element.value.endswith(b"\0"):
        raise malformed(element.end - 1, f"a NUL that ends the text of tag {element.tag}", _last(element))
    words = element.value.rstrip(b"\0")
    if b"\0" in words:
        inner = element.inside + words.index(b"\0")
        raise malformed(inner, f"text without a NUL inside (tag {element.tag})", "a NUL")
    try:
        return words.decode("utf-8").strip()
    except UnicodeDecodeError:
        return words.decode("latin-1").strip()


def serial_text(raw: bytes) -> str:
    """A serial number as upper-case hex, whole bytes, without leading zero bytes: 4A, 0A1B, "" for none."""
    return raw.lstrip(b"\0").hex().upper()


def _last(element: Element) -> str:
    return f"byte 0x{element.value[-1]:02X}" if element.value else "no byte at all"
