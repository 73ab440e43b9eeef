"""What happens when a trust certificate meets a store: file names, the same-name test, the later start wins.

Source: procedure.md 6.
"""

from collections.abc import Sequence

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID

from ucmlab.cluster.certificates.records import TrustEntry, fingerprint
from ucmlab.cluster.releases import release_has
from ucmlab.switches import Switches


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the incoming certificate is stored, and which entries give way."""

    stored: bool
    displaced: tuple[TrustEntry, ...] = ()
    winner: TrustEntry | None = None


def judge_same_name(incoming: x509.Certificate, store: Sequence[TrustEntry], switches: Switches) -> Verdict:
    """One certificate per name and store: a different serial replaces only when its validity starts later.

    RSA or EC, SHA-1 or SHA-256 make no difference. A CAPF keeps its elders where switch capf_same_name says so.
    Source: procedure.md 6.1, 6.2; U-P6, U-P14; phones.md U11.
    """
    rivals = [entry for entry in store if _same_name(incoming, entry.certificate(), switches["trust_collision"])]
    if switches["capf_same_name"] == "keeps" and common_name(incoming).startswith("CAPF-"):
        rivals = [entry for entry in rivals if entry.sha256 == fingerprint(incoming)]
    for rival in rivals:
        if fingerprint(incoming) == rival.sha256:
            return Verdict(stored=True, winner=rival)
        if incoming.serial_number != rival.certificate().serial_number and not _starts_later(
            incoming, rival.certificate(), switches
        ):
            return Verdict(stored=False, winner=rival)
    return Verdict(stored=True, displaced=tuple(rivals))


def trust_filename(certificate: x509.Certificate, *, version: str, taken: Sequence[str]) -> str:
    """`<CN with blanks as _>_<serial, lower-case hex>.pem` from 14SU1, the CN alone before and for CAPF.

    Source: procedure.md 6.3, interfaces-cli.md 2.1.
    """
    name = "".join("_" if char in " /" or not char.isprintable() else char for char in common_name(certificate))
    with_serial = f"{name}_{certificate.serial_number:x}.pem"
    if release_has(version, "trust file with serial") and not name.startswith("CAPF-"):
        return with_serial
    return with_serial if f"{name}.pem" in taken else f"{name}.pem"


def common_name(certificate: x509.Certificate) -> str:
    """CN of the subject, else its whole DN."""
    return name_of(certificate.subject)


def name_of(subject: x509.Name) -> str:
    """CN of a name, else the whole DN."""
    values = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value) if values else subject.rfc4514_string()


def _same_name(one: x509.Certificate, other: x509.Certificate, collision: str) -> bool:
    same_cn = common_name(one).lower() == common_name(other).lower()
    same_dn = one.subject == other.subject
    return {"cn": same_cn, "dn": same_dn, "cn-or-dn": same_cn or same_dn}[collision]


def _starts_later(incoming: x509.Certificate, rival: x509.Certificate, switches: Switches) -> bool:
    if incoming.not_valid_before_utc == rival.not_valid_before_utc:
        return switches["equal_not_before"] == "replace"
    return incoming.not_valid_before_utc > rival.not_valid_before_utc
