"""One file that came from outside, and how much of that we are willing to look at."""

import msgspec

MOST_BYTES = 1_000_000  # a chain of ten RSA 4096 certificates has 25 kB
MOST_FILES = 1000


class ReturnedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file, or one member of a zip (`answers.zip/leaf.cer`)."""

    name: str
    content: bytes


def printable(name: str) -> str:
    """`name` of a file as text that can be encoded: bytes that are no UTF-8 become replacement characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
