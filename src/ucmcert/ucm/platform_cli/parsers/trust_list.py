"""`show ctl` and `show itl`: the list that a node's TFTP serves, as the node prints it. Source: interfaces-cli.md 4.

A list is whole when its lengths add up and a sentence about its signature ends it. Verified is only what the exact
sentence of success says.
"""

import re

import msgspec

from ucmcert.model.trust_list import ListKind, ListRecord, ListRole
from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

CHECKSUM = re.compile(r"\s*([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40})\s*\((MD5|SHA1)\)\s*")
HEADER_LENGTH = re.compile(r"\s*HeaderLength:\s*(\d{1,9})\b.*")
ROW = re.compile(r"\s*(\d{1,3})\s+([A-Z][A-Z+]*(?: [A-Z]+)?)\s+(\d{1,9})(?:\s+(\S.*))?")
RULE = re.compile(r"[\s-]*|\s*BYTEPOS\s+TAG\s+LENGTH\s+VALUE\s*")
BYTES_OF_A_SIGNATURE = re.compile(r"\s*[0-9a-f]{1,2}(?:\s+[0-9a-f]{1,2}){0,7}\s*")
FINGERPRINT = re.compile(r"((?:[0-9A-Fa-f]{2}[ :]?){20})(?:\(.*\))?")
ROLES = {
    "system administrator security token": ListRole.SAST,
    "sast": ListRole.SAST,
    "ccm": ListRole.CCM,
    "ccm+tftp": ListRole.CCM_TFTP,
    "tftp": ListRole.TFTP,
    "capf": ListRole.CAPF,
    "app-server": ListRole.APP_SERVER,
    "tvs": ListRole.TVS,
}
UNHEARD_OF = -1


class ShownList(msgspec.Struct, frozen=True, kw_only=True):
    """A list in a node's own words. Checksums are lower-case hex of the whole file, `length` its bytes.

    `modified` is the node's wall clock with its zone's abbreviation, good for telling apart only. Records carry SHA-1
    of their certificates, never SHA-256; `signer` is the place of the record that the node marks as the signer's, -1
    when it marks none. `verified` is whether the exact sentence of success was said.
    """

    kind: ListKind
    md5: str
    sha1: str
    length: int
    modified: str
    signer_subject: str
    signer_serial: str
    records: tuple[ListRecord, ...]
    signer: int
    verified: bool


class Table:
    """One table of the dump: tag to value, a value that goes on in the next line included."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.last = ""
        self.signed = False

    def row(self, tag: str, value: str) -> None:
        """One line of the table."""
        self.last = "".join(tag.split())
        self.values[self.last] = value.strip()

    def goes_on(self, text: str) -> None:
        """A line without a number belongs to the value before it."""
        self.values[self.last] = f"{self.values[self.last]} {text.strip()}".strip()


def parse_shown_list(text: str | bytes, kind: ListKind) -> ShownList | None:
    """The list; None for the normal state that there is no file. Raises ValueError for anything else, and a part."""
    name = kind.upper()
    lines = [line for line in lines_of(text) if line.strip()]
    length = _number(lines, re.compile(rf"\s*Length of {name} file:\s*(\d{{1,9}})\s*"))
    if length == 0:
        if any(re.match(rf"\s*{name} File not found\b", line) for line in lines):
            return None
        raise ValueError(f"no {name} file, and not the sentence that it is not there")
    sums = {found.group(2): found.group(1).lower() for line in lines if (found := CHECKSUM.fullmatch(line))}
    modified = _modified(lines, name)
    header, records, sentence = _tables(lines, name)
    whole = _number(lines, HEADER_LENGTH) + sum(int(one.values.get("RECORDLENGTH", "0")) for one in records)
    if whole != length or not sentence:
        raise ValueError(f"a part of a list: {whole} of {length} bytes are shown, the end says {quoted(sentence)}")
    signers = [at for at, one in enumerate(records) if one.signed]
    return ShownList(
        kind=kind,
        md5=sums.get("MD5", ""),
        sha1=sums.get("SHA1", ""),
        length=length,
        modified=modified,
        signer_subject=header.values.get("SIGNERNAME", ""),
        signer_serial=_hex(header.values.get("SERIALNUMBER", "")),
        records=tuple(_record(one) for one in records),
        signer=signers[0] if len(signers) == 1 else -1,
        verified=sentence == f"The {name} file was verified successfully.",
    )


def _tables(lines: list[str], name: str) -> tuple[Table, list[Table], str]:
    """The table of the header, those of the records, and the sentence that ends the list, "" when none does."""
    start = re.compile(rf"\s*{name} Record\s*#:\s*\d+\s*")
    etoken = re.compile(rf"\s*This etoken was (not )?used to sign the {name} file\.?\s*")
    header, records, sentence = Table(), list[Table](), ""
    now = header
    for line in lines[_parse_line(lines, name) :]:
        if start.fullmatch(line):
            now = Table()
            records.append(now)
        elif found := ROW.fullmatch(line):
            tag, length, value = found.group(2), found.group(3), found.group(4) or ""
            now.row(tag, value or (length if tag == "RECORDLENGTH" else ""))
        elif found := etoken.fullmatch(line):
            now.signed = not found.group(1)
            now.last = ""
        elif records and (line.strip().startswith(("The ", "Error ")) or "verif" in line.lower()):
            sentence = line.strip()
        elif not RULE.fullmatch(line) and not BYTES_OF_A_SIGNATURE.fullmatch(line) and now.last:
            now.goes_on(line)
    if any("RECORDLENGTH" not in one.values for one in records):
        raise ValueError("a record without its length")
    return header, records, sentence


def _record(table: Table) -> ListRecord:
    values = table.values
    print_of = FINGERPRINT.fullmatch(values.get("CERTIFICATE", ""))
    return ListRecord(
        role=ROLES.get(values.get("FUNCTION", "").lower(), UNHEARD_OF),
        subject=values.get("SUBJECTNAME", ""),
        issuer=values.get("ISSUERNAME", ""),
        serial=_hex(values.get("SERIALNUMBER", "")),
        sha256="",
        sha1=_hex(print_of.group(1)).lower() if print_of else "",
        host=values.get("DNSNAME", ""),
    )


def _parse_line(lines: list[str], name: str) -> int:
    for at, line in enumerate(lines):
        if line.strip() == f"Parse {name} File":
            return at + 1
    raise ValueError(f"no dump of the {name} file")


def _number(lines: list[str], pattern: re.Pattern[str]) -> int:
    found = [int(match.group(1)) for line in lines if (match := pattern.fullmatch(line))]
    if len(found) != 1:
        raise ValueError(f"no single line {pattern.pattern.strip()}")
    return found[0]


def _modified(lines: list[str], name: str) -> str:
    said = re.compile(rf"\s*The {name} File was last modified on\s+(\S.*?)\s*")
    return next((found.group(1) for line in lines if (found := said.fullmatch(line))), "")


def _hex(text: str) -> str:
    return re.sub(r"[^0-9A-Fa-f]", "", text).upper()
