"""Collects from the nodes of a cluster what their trust lists are made of: leaves as they are stored at that moment."""

from collections.abc import Iterable, Mapping

import msgspec

from ucmlab.cluster.certificates.records import ServedIdentity, StoredCertificate
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.parameters import SECURITY_MODE, rollback_prepared
from ucmlab.cluster.trust_lists.contents import Gathered, Leaf
from ucmlab.cluster.trust_lists.writing import Digest

LISTED = ("CallManager", "TVS", "CallManager-ECDSA")
ANCHORS = ("CallManager", "ITLRecovery")
TFTP_SERVICE, CAPF_SERVICE, CTL_SERVICE = (
    "Cisco Tftp",
    "Cisco Certificate Authority Proxy Function",
    "Cisco CTL Provider",
)
FILE_SIGNATURE_PARAMETER = "TFTPFileSignatureAlgorithm"  # "TFTP File Signature Algorithm"; its name is not published


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A CUCM node as its lists see it. `capf_active`: it is the publisher, and its CAPF service is activated."""

    site: Site
    address: str
    identities: Mapping[str, StoredCertificate]
    capf_active: bool

    def name(self, style: str) -> str:
        """The name in its records: that of the Server page, switch processnode_names."""
        return {"fqdn": self.site.fqdn, "host": self.site.host, "address": self.address}[style]

    def leaf(self, purpose: str, style: str) -> Leaf:
        """A stored leaf. Raises KeyError when the node has none of this purpose."""
        return Leaf(
            purpose=purpose,
            dns_name=self.name(style),
            address=self.address,
            certificate_pem=self.identities[purpose].certificate_pem,
        )


def leaves_of(holders: Iterable[Holder], style: str) -> tuple[Leaf, ...]:
    """The leaves that any list names, publisher first; CAPF only where its service is activated."""
    found = []
    for holder in holders:
        purposes = [*LISTED, "CAPF"] if holder.capf_active else LISTED
        found += [holder.leaf(purpose, style) for purpose in purposes if purpose in holder.identities]
    return tuple(found)


def gather(
    holder: Holder,
    own: Mapping[str, ServedIdentity],
    leaves: tuple[Leaf, ...],
    *,
    parameters: Mapping[str, str],
    style: str,
) -> Gathered:
    """What a Cisco Tftp that starts now reads. `own`: the identities its process loaded."""
    digest: Digest = "sha512" if "512" in parameters.get(FILE_SIGNATURE_PARAMETER, "") else "sha1"
    return Gathered(
        here=holder.name(style),
        address=holder.address,
        own={purpose: own[purpose] for purpose in ANCHORS if purpose in own},
        leaves=leaves,
        mixed=parameters[SECURITY_MODE] == "1",
        rollback=rollback_prepared(parameters),
        config_digest=digest,
    )
