"""Puts an ITL or a CTL together: records by rule, header by switch, signature by the first anchor."""

from collections.abc import Mapping, Sequence

from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.contents import (
    Gathered,
    ctl_records,
    ctl_signers,
    itl_records,
    itl_signers,
    signer_of,
)
from ucmlab.cluster.trust_lists.gathering import Holder, leaves_of
from ucmlab.cluster.trust_lists.model import SAST, Kind, TrustFile
from ucmlab.cluster.trust_lists.records import Record
from ucmlab.cluster.trust_lists.writing import Digest, Signer, write_list


def build_itl(
    gathered: Gathered,
    *,
    version: str,
    switches: Mapping[str, str],
    at: float,
    anchors: Sequence[str] = (),
) -> TrustFile:
    """The ITL of one Cisco Tftp. `anchors`: who signs and who else is an anchor, by default the release's order.

    `at`: epoch seconds.
    """
    held = [purpose for purpose in anchors or itl_signers(version) if purpose in gathered.own]
    records = itl_records(gathered, held, version=version, switches=switches)
    return _write("itl", records, signer_of(gathered.own[held[0]]), at=at, switches=switches)


def build_ctl(
    holders: Sequence[Holder],
    tokens: Sequence[Signer],
    *,
    mixed: bool,
    version: str,
    switches: Mapping[str, str],
    at: float,
    anchors: Sequence[str] = (),
) -> TrustFile:
    """The cluster's CTL from what is stored. `holders`: every CUCM node, publisher first; `tokens`: none, or the USB
    tokens of which the first signs; else the publisher's `anchors` do, by default in the release's order.

    Beside tokens stands ITLRecovery where it signs the ITLs: a phone that holds a CTL checks their signer against it
    (phones.md 1.2, 1.3).
    `at`: epoch seconds. `version`: the publisher's.
    """
    style, publisher = switches["processnode_names"], holders[0]
    leaves = leaves_of(holders, style)
    if tokens:
        rows = [Record(role=SAST, certificate_pem=token.certificate_pem, form="unsigned") for token in tokens]
        if release_has(version, "ITLRecovery signs trust lists"):
            rows.append(publisher.leaf("ITLRecovery", style).record(SAST))
        signer = tokens[0]
    else:
        held = [purpose for purpose in anchors or ctl_signers(version) if purpose in publisher.identities]
        rows = [publisher.leaf(purpose, style).record(SAST) for purpose in held]
        stored = publisher.identities[held[0]]
        signer = Signer(certificate_pem=stored.certificate_pem, key_pem=stored.key_pem)
    records = ctl_records(rows, leaves, mixed=mixed, version=version, switches=switches)
    return _write("ctl", records, signer, at=at, switches=switches)


def _write(
    kind: Kind, records: Sequence[Record], signer: Signer, *, at: float, switches: Mapping[str, str]
) -> TrustFile:
    digest: Digest = "sha512" if switches["trust_list_digest"] == "sha512" else "sha1"
    version = (1, 0) if switches["trust_list_detail"] == "signer-version" else None
    return write_list(kind, records, signer, at=at, digest=digest, signer_version=version)
