"""The parts of a subject that an operator chooses, read from RFC 4514 text or from a node's own listing."""

import re

from ucmcert.knowledge.csr_limits import SUBJECT_ATTRIBUTES

PART = re.compile(r"(?:^|,)\s*([A-Za-z]+)=(.*?)(?=,\s*[A-Za-z.0-9]+=|$)")
ESCAPED = re.compile(r"\\(.)")


def subject_parts(text: str) -> dict[str, str]:
    """`organisation`, `unit`, `locality`, `state`, `country` as far as `text` has them; the first of several.

    A comma inside a value needs no escape: nodes print `O=Cisco Systems, Inc.` as it is (interfaces-cli.md 2.2).
    """
    found: dict[str, str] = {}
    for key, value in PART.findall(text):
        found.setdefault(key.upper(), ESCAPED.sub(r"\1", value).strip())
    return {word: found[key] for word, key in SUBJECT_ATTRIBUTES.items() if found.get(key)}
