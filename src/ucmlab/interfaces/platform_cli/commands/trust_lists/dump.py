"""A trust list as `show ctl` and `show itl` print it. Source: interfaces-cli.md 4.1, 4.2.

Columns are 8, 16 and 8 wide; a tag of 16 characters or more takes 24. Signature bytes have no leading zero.
"""

import hashlib
from collections.abc import Iterator

from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import ROLES, SAST, BadTrustFile, TrustFile
from ucmlab.cluster.trust_lists.reading import ListedRecord, ParsedList, parse_list
from ucmlab.cluster.trust_lists.tlv import Tlv
from ucmlab.interfaces.platform_cli.dates import java_date

TABLE = (f"{'BYTEPOS':<8}{'TAG':<16}{'LENGTH':<8}VALUE", f"{'-------':<8}{'---':<16}{'------':<8}-----")
SHOWN_FROM = tlv.SIGNER_ID
HEADER_TAGS = {
    tlv.SIGNER_ID: "SIGNERID",
    tlv.SIGNER_NAME: "SIGNERNAME",
    tlv.SIGNER_SERIAL: "SERIALNUMBER",
    tlv.CA_NAME: "CANAME",
    tlv.SIGNATURE_INFO: "SIGNATUREINFO",
    tlv.DIGEST_ALGORITHM: "DIGESTALGORTITHM",
    tlv.SIGNATURE_ALGORITHM_INFO: "SIGNATUREALGOINFO",
    tlv.SIGNATURE_ALGORITHM: "SIGNATUREALGORTITHM",
    tlv.SIGNATURE_MODULUS: "SIGNATUREMODULUS",
    tlv.SIGNATURE: "SIGNATURE",
    tlv.FILENAME: "FILENAME",
    tlv.TIMESTAMP: "TIMESTAMP",
    tlv.SIGNER_VERSION: "SIGNERVERSION",
}
RECORD_TAGS = {
    tlv.RECORD_LENGTH: "RECORDLENGTH",
    tlv.DNS_NAME: "DNSNAME",
    tlv.SUBJECT_NAME: "SUBJECTNAME",
    tlv.FUNCTION: "FUNCTION",
    tlv.ISSUER_NAME: "ISSUERNAME",
    tlv.RECORD_SERIAL: "SERIALNUMBER",
    tlv.PUBLIC_KEY: "PUBLICKEY",
    tlv.RECORD_SIGNATURE: "SIGNATURE",
    tlv.CERTIFICATE: "CERTIFICATE",
    tlv.IP_ADDRESS: "IPADDRESS",
    tlv.CERTIFICATE_HASH: "HASH",
    tlv.HASH_ALGORITHM: "HASHALGORITHM",
}
TEXTS = (tlv.SIGNER_NAME, tlv.CA_NAME)
RECORD_TEXTS = (tlv.DNS_NAME, tlv.SUBJECT_NAME, tlv.ISSUER_NAME)


def dump_list(file: TrustFile, *, modified: float, layout: str, bad_text: str) -> list[str]:
    """The lines of the answer. `modified`: node clock, epoch seconds; `layout`: switch itl_layout.

    `bad_text`: the last line of a list whose signature is not its signer's.
    """
    kind = file.kind.upper()
    lines = [
        f"The checksum value of the {kind} file:",
        f"{file.md5}(MD5)",
        f"{file.sha1}(SHA1)",
        "",
        f"Length of {kind} file: {len(file.data)}",
        f"The {kind} File was last modified on {java_date(modified)}",
        "",
    ]
    try:
        parsed = parse_list(file.data)
        verified = parsed.verified()
    except BadTrustFile:
        return [*lines, f"Error parsing the {kind} File."]
    lines += [f"        Parse {kind} File", "        ----------------", ""]
    lines += _header(parsed)
    for number, record in enumerate(parsed.records, start=1):
        lines += _record(record, number, parsed, layout)
    return [*lines, f"The {kind} file was verified successfully." if verified else bad_text, ""]


def _header(parsed: ParsedList) -> Iterator[str]:
    file = parsed.file
    yield f"{'Version:':<16}{'.'.join(str(byte) for byte in file.version)}"
    yield f"{'HeaderLength:':<16}{file.header_length} (BYTES)"
    yield from ("", *TABLE)
    for element in file.header:
        if element.tag < SHOWN_FROM:
            continue
        yield _row(element, HEADER_TAGS, _header_value(element), container=element.tag in tlv.CONTAINERS)
        if element.tag == tlv.SIGNATURE:
            for start in range(0, len(element.value), 8):
                yield " " * 16 + "".join(f"{byte:x}  " for byte in element.value[start : start + 8])[:-1]
    yield ""


def _header_value(element: Tlv) -> str:
    if element.tag in tlv.CONTAINERS:
        return str(len(element.value))
    if element.tag in TEXTS:
        return element.text
    return _colons(element.value) if element.tag == tlv.SIGNER_SERIAL else ""


def _record(record: ListedRecord, number: int, parsed: ParsedList, layout: str) -> Iterator[str]:
    kind = parsed.kind.upper()
    other = layout == "scf-parse" and parsed.kind == "itl"
    yield f"        {kind} Record  #: {number}" if other else f"        {kind} Record #:{number}"
    yield from (" " * 22 + "----", *TABLE)
    for element in record.elements:
        names = RECORD_TAGS | {tlv.RECORD_SERIAL: "SERIAL NUMBER"} if other else RECORD_TAGS
        yield _row(element, names, _record_value(element))
    if record.role == SAST:
        signed = "used" if record.identity == parsed.file.signer else "not used"
        yield f"This etoken was {signed} to sign the {kind} file."
    yield ""


def _record_value(element: Tlv) -> str:
    if element.tag == tlv.RECORD_LENGTH:
        return str(element.number)
    if element.tag in RECORD_TEXTS:
        return element.text
    if element.tag == tlv.FUNCTION:
        return ROLES[element.number]
    if element.tag == tlv.RECORD_SERIAL:
        return _colons(element.value)
    if element.tag == tlv.CERTIFICATE:
        fingerprint = hashlib.sha1(element.value, usedforsecurity=False).hexdigest()
        return f"{bytes.fromhex(fingerprint).hex(' ').upper()} (SHA1 Hash HEX)"
    return element.value.hex(" ").upper() if element.tag == tlv.CERTIFICATE_HASH else ""


def _row(element: Tlv, names: dict[int, str], value: str, *, container: bool = False) -> str:
    tag = names.get(element.tag, str(element.tag))
    width = 16 if len(tag) < 16 else 24
    length = 2 if container else len(element.value)
    return f"{element.tag:<8}{tag:<{width}}{length:<8}{value}".rstrip()


def _colons(value: bytes) -> str:
    return value.hex(":").upper()
