"""What phones trust: decodes and verifies ITL, CTL and signed files. Pure: bytes in, records out (phones.md 3)."""

from ucmcert.trust_list.facts import facts_of, missing
from ucmcert.trust_list.files import SignedFile, TrustList, decode, decode_signed
from ucmcert.trust_list.header import Header
from ucmcert.trust_list.record import Record
from ucmcert.trust_list.signature import Verdict, verify, verify_signed

__all__ = [
    "Header",
    "Record",
    "SignedFile",
    "TrustList",
    "Verdict",
    "decode",
    "decode_signed",
    "facts_of",
    "missing",
    "verify",
    "verify_signed",
]
