"""Which records stand in an ITL and a CTL, in which order, and who signs: by release and switch, from given leaves.

Source: phones.md 1.3, 1.6, 1.7; interfaces-cli.md 4.1, 4.2.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.model import CAPF, CCM_TFTP, SAST, TFTP, TVS
from ucmlab.cluster.trust_lists.records import Record, material
from ucmlab.cluster.trust_lists.writing import Digest, Signer

NO_NAME = " "


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of a node, with the name and address that its record carries."""

    purpose: str
    dns_name: str
    address: str
    certificate_pem: str

    def record(self, role: int) -> Record:
        """Its record in a role."""
        return Record(
            role=role, certificate_pem=self.certificate_pem, dns_name=self.dns_name, address=self.address, form="full"
        )

    def emptied(self, role: int) -> Record:
        """What is left of its record in a non-secure cluster."""
        return Record(role=role, certificate_pem="", dns_name=self.dns_name, address=self.address, form="emptied")


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What one Cisco Tftp has read at a moment. `own`: its node's identities with keys; `leaves`: those of all nodes.

    `here` is the name of its node in records. CAPF stands among the leaves only if its service is activated.
    """

    here: str
    address: str
    own: dict[str, ServedIdentity]
    leaves: tuple[Leaf, ...]
    mixed: bool
    rollback: bool = False
    config_digest: Digest = "sha1"

    def of(self, purpose: str) -> list[Leaf]:
        """Leaves of a purpose, publisher first."""
        return [leaf for leaf in self.leaves if leaf.purpose == purpose]


def itl_signers(version: str) -> tuple[str, ...]:
    """Purposes that are anchors of an ITL, the one that signs first."""
    if release_has(version, "ITLRecovery signs trust lists"):
        return "ITLRecovery", "CallManager"
    return ("CallManager", "ITLRecovery") if release_has(version, "tokenless trust lists") else ("CallManager",)


def ctl_signers(version: str) -> tuple[str, ...]:
    """Purposes that are anchors of a CTL without tokens, the one that signs first; empty where there is none."""
    if not release_has(version, "tokenless trust lists"):
        return ()
    return itl_signers(version) if release_has(version, "ITLRecovery in CTL") else ("CallManager",)


def signer_of(identity: ServedIdentity) -> Signer:
    """An identity as a signer of files."""
    return Signer(certificate_pem=identity.chain_pem, key_pem=identity.key_pem)


def itl_records(
    gathered: Gathered, anchors: Sequence[str], *, version: str, switches: Mapping[str, str]
) -> list[Record]:
    """Records of the ITL of one Cisco Tftp. `anchors`: purposes of its token records, signer first.

    Token records have a blank for a name (interfaces-cli.md 4.2).
    """
    kept = anchors[:1] if _drops_callmanager(anchors, version, switches) else anchors
    tokens = [
        Record(role=SAST, certificate_pem=gathered.own[purpose].chain_pem, dns_name=NO_NAME, address=gathered.address)
        for purpose in kept
        if purpose in gathered.own
    ]
    capf = [leaf.record(CAPF) for leaf in gathered.of("CAPF")]
    if gathered.rollback:
        return tokens + capf
    role = CCM_TFTP if gathered.mixed else TFTP
    everywhere = switches["itl_contents"] == "all-leaves"
    callers = [_own_callmanager(gathered)]
    if everywhere:
        callers += [leaf for leaf in gathered.of("CallManager") if leaf.dns_name != gathered.here]
    twins = gathered.of("CallManager-ECDSA") if switches["ec_records"] == "both" else []
    twins = [leaf for leaf in twins if everywhere or leaf.dns_name == gathered.here]
    form = "hash" if switches["tvs_records"] == "hash" else "full"
    trusted = [msgspec.structs.replace(leaf.record(TVS), form=form) for leaf in gathered.of("TVS")]
    return [*tokens, *_in_role(callers, role), *capf, *trusted, *_in_role(twins, role)]


def ctl_records(
    tokens: Sequence[Record], leaves: Sequence[Leaf], *, mixed: bool, version: str, switches: Mapping[str, str]
) -> list[Record]:
    """Records of the cluster's CTL, its token records given, signer first.

    Outside mixed mode the CCM+TFTP records are emptied. The order before 12.0 is the recorded one, node by node.
    """
    callers = [leaf for leaf in leaves if leaf.purpose == "CallManager"]
    rows = _in_role(callers, CCM_TFTP) if mixed else [leaf.emptied(CCM_TFTP) for leaf in callers]
    capf = [leaf.record(CAPF) for leaf in leaves if leaf.purpose == "CAPF"]
    twins: list[Record] = []
    if mixed and switches["ec_records"] != "none":
        twins = _in_role([leaf for leaf in leaves if leaf.purpose == "CallManager-ECDSA"], CCM_TFTP)
    by_role = switches["ctl_order"] == "by-role" and release_has(version, "ITLRecovery signs trust lists")
    ordered = [*rows, *capf] if by_role else [*rows[:1], *capf, *rows[1:]]
    return [*tokens, *ordered, *twins]


def _own_callmanager(gathered: Gathered) -> Leaf:
    return Leaf(
        purpose="CallManager",
        dns_name=gathered.here,
        address=gathered.address,
        certificate_pem=gathered.own["CallManager"].chain_pem,
    )


def _drops_callmanager(anchors: Sequence[str], version: str, switches: Mapping[str, str]) -> bool:
    """U5; a file that CallManager itself signs keeps its record all the same."""
    recovery_first = tuple(anchors[:1]) == ("ITLRecovery",) and release_has(version, "ITLRecovery signs trust lists")
    return recovery_first and switches["callmanager_sast_in_itl"] == "no"


def _in_role(leaves: Iterable[Leaf], role: int) -> list[Record]:
    """One record per certificate: a multi-server one stands once, for the first node that has it."""
    by_certificate: dict[str, Record] = {}
    for leaf in leaves:
        by_certificate.setdefault(material(leaf.certificate_pem).sha256, leaf.record(role))
    return list(by_certificate.values())
