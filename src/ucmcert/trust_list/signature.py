"""Who signed a file, and whether that is true: judged by the signer's own record and by no other.

A list vouches for itself: its signer's SAST record stands in the list. That makes its bytes whole and says whose key
signed them; whether that key is one of the cluster's is another question (`owners`). Source: phones.md 3.1, 3.2.
"""

from collections.abc import Iterable

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from ucmcert.knowledge.words import words
from ucmcert.model.trust_list import ListRole
from ucmcert.trust_list.files import SignedFile, TrustList
from ucmcert.trust_list.header import Header
from ucmcert.trust_list.inner_der import inner_of
from ucmcert.trust_list.keys import DIGESTS, load_key, signed_with
from ucmcert.trust_list.record import Record
from ucmcert.trust_list.truth import contradictions

BROKEN, NO_RECORD, AMBIGUOUS, NO_KEY, CONTRADICTS, UNKNOWN_NUMBER = (
    "UCM-TLV-002",
    "UCM-TLV-003",
    "UCM-TLV-004",
    "UCM-TLV-005",
    "UCM-TLV-006",
    "UCM-TLV-007",
)
RSA_PKCS1 = 0
SIGNS_LISTS = (ListRole.SAST,)
SIGNS_FILES = (ListRole.TFTP, ListRole.CCM_TFTP, ListRole.SAST)  # the signer of a file may stand there as each of them


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying said. `signer` is the record whose key decided, None when it came not so far.

    `code` is "" when verified, else the finding that says why not, with `values` for its words.
    """

    verified: bool
    signer: Record | None = None
    code: str = ""
    values: dict[str, str] = {}

    @property
    def reason(self) -> str:
        """Why it is not verified, in English; "" when it is."""
        return words(self.code, "en", self.values).what if self.code else ""


def verify(found: TrustList) -> Verdict:
    """Whether the list was signed by the SAST record that its header names by serial and issuer. Never raises."""
    return _judge(found.header, found.signed, found.records, SIGNS_LISTS)


def verify_signed(file: SignedFile, by: TrustList) -> Verdict:
    """Whether `file` was signed by a record of `by` that may sign files. `by` itself is not verified. Never raises."""
    return _judge(file.header, file.signed, by.records, SIGNS_FILES)


def _judge(header: Header, signed: bytes, records: Iterable[Record], roles: tuple[ListRole, ...]) -> Verdict:
    named = {"signer": header.signer_name, "serial": header.signer_serial}
    suspects = [one for one in records if one.role in roles and _is(one, header)]
    suspects = [one for one in suspects if one.public_key or one.certificate] or suspects
    suspects.sort(key=lambda one: roles.index(ListRole(one.role)))
    if not suspects:
        return Verdict(verified=False, code=NO_RECORD, values=named)
    if len({(one.public_key, one.certificate) for one in suspects}) > 1:
        return Verdict(verified=False, code=AMBIGUOUS, values=named)
    signer = suspects[0]
    for trouble in contradictions(signer):
        values = {"number": f"{signer.number}", "subject": signer.subject, "trouble": trouble}
        return Verdict(verified=False, signer=signer, code=CONTRADICTS, values=values)
    return _by(signer, header, signed, named)


def _by(signer: Record, header: Header, signed: bytes, named: dict[str, str]) -> Verdict:
    digest = DIGESTS.get(header.digest)
    if digest is None:
        what = {"what": f"digest {header.digest}"}
        return Verdict(verified=False, signer=signer, code=UNKNOWN_NUMBER, values=what)
    try:
        key = load_key(signer.public_key or inner_of(signer.certificate).key)
    except ValueError as error:
        return Verdict(verified=False, signer=signer, code=NO_KEY, values={**named, "trouble": str(error)})
    if isinstance(key, rsa.RSAPublicKey) and header.algorithm != RSA_PKCS1:  # EC's own number is not published
        what = {"what": f"signature algorithm {'-' if header.algorithm is None else header.algorithm}"}
        return Verdict(verified=False, signer=signer, code=UNKNOWN_NUMBER, values=what)
    if not signed_with(key, header.signature, signed, digest):
        return Verdict(verified=False, signer=signer, code=BROKEN, values=named)
    return Verdict(verified=True, signer=signer)


def _is(record: Record, header: Header) -> bool:
    return bool(record.serial) and (record.serial, record.issuer) == (header.signer_serial, header.signer_issuer)
