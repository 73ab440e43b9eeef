"""The schema of a scenario file: what a cluster is made of when a lab starts. Unknown keys are refused."""

from typing import Annotated, Literal

import msgspec

from ucmlab.faults import FaultRule
from ucmlab.scenarios.consumers import ApplicationServerSpec, LdapHostSpec, RemoteClusterSpec, TrunkSpec

Role = Literal["publisher", "subscriber", "im-presence"]
HostName = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9-]{0,62}$")]
Version = Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+\.\d+\.\d+-\d+$")]


class NodeSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[nodes]]` table. `version` None takes the cluster's; `address` "" takes the next loopback address.

    `product`: `unity-connection` for every node of a cluster of Unity Connection; else what the role says.
    `clock_offset_s`: seconds the node's clock is ahead of the true time. `ca_expires_in_days` overrides the cluster's.
    `fips`: the node runs in FIPS mode. `lost`: purposes whose identity is gone from its disk.
    """

    name: HostName
    role: Role
    product: Literal["", "unity-connection"] = ""
    version: Version | None = None
    address: str = ""
    clock_offset_s: float = 0.0
    ntp: Literal["synchronised", "unsynchronised"] = "synchronised"
    replication: Annotated[int, msgspec.Meta(ge=0, le=4)] = 2
    down: bool = False
    stopped: tuple[str, ...] = ()
    activated: tuple[str, ...] = ()
    deactivated: tuple[str, ...] = ()
    ca_expires_in_days: float | None = None
    fips: bool = False
    lost: tuple[str, ...] = ()


def runs_calls(node: NodeSpec) -> bool:
    """Whether this is a node of CUCM itself."""
    return node.role != "im-presence" and not node.product


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Subject fields given at installation; they stand in every CSR."""

    country: str = "FR"
    state: str = "Ile-de-France"
    locality: str = "Paris"
    organisation: str = "Example"
    unit: str = "Voice"


class Sso(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SAML SSO: on or off, one agreement per cluster or per node, and the certificate in the SP metadata."""

    enabled: bool = False
    agreement: Literal["cluster", "node"] = "cluster"
    certificate: Literal["tomcat", "system-generated"] = "tomcat"


class Ocsp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Revocation checks by OCSP at every upload: `answer` is the responder's about `names` (CNs), empty for all.

    `common_criteria`: the nodes run in Common Criteria mode, where what is not known good is refused.
    """

    enabled: bool = False
    common_criteria: bool = False
    answer: Literal["good", "revoked", "unknown", "unreachable"] = "good"
    names: tuple[str, ...] = ()


class Drs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Backups: days since the last good one (none when negative), and a job that runs when the lab starts."""

    last_backup_days: float = 1.0
    running: bool = False
    duration_s: float = 600.0


GROUP_MAX = 3
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Positive = Annotated[float, msgspec.Meta(gt=0.0)]


class PhonesSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[phones]]` table: `count` phones of one kind in one device pool.

    `group`: the pool's CallManager group, up to three CUCM host names; empty takes the first three CUCM nodes.
    `tftp`: their TFTP servers; empty takes the publisher and the first subscriber.
    `secure`: a secure profile, with an LSC of the CAPF in place. `sbd` false: a model without Security By Default.
    Shares, 0 to 1: `page` web page on; `absent` without power at the start; `mismatched` with lists of another
    cluster; `in_call` in a call when a reset arrives; `slow` to boot. `real`: how many speak over real sockets.
    """

    count: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    pool: str = "Default"
    model: str = "CP-8851"
    protocol: Literal["SIP", "SCCP"] = "SIP"
    secure: bool = False
    sbd: bool = True
    group: tuple[str, ...] = ()
    tftp: tuple[str, ...] = ()
    page_share: Share = 0.5
    absent_share: Share = 0.0
    mismatched_share: Share = 0.0
    in_call_share: Share = 0.0
    slow_share: Share = 0.002
    real: Annotated[int, msgspec.Meta(ge=0)] = 0


class PhoneTimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long phones take, seconds of the cluster: assumptions, no source prints them. Source: phones.md 4.1, 4.2.

    Boot times are log-normal with a median, a 95th percentile and a cap; slow phones lie between the cap and
    `slow_boot_cap_s`. A phone gone without a word is seen after `*_loss_s`.
    """

    boot_median_s: Positive = 90.0
    boot_p95_s: Positive = 180.0
    boot_cap_s: Positive = 600.0
    slow_boot_cap_s: Positive = 1200.0
    registrations_per_s: Positive = 50.0
    resets_per_s: Positive = 40.0
    tftp_rebuild_s: Positive = 20.0
    tftp_rebuild_per_1000_s: Positive = 5.0
    call_s: Positive = 180.0
    fail_back_s: Positive = 120.0
    retry_s: Positive = 60.0
    sccp_loss_s: Positive = 90.0
    sip_loss_s: Positive = 135.0
    tvs_cache_s: Positive = 86_400.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole scenario file.

    `ca_signed` purposes carry certificates of the older CA generation that expire in `ca_expires_in_days`; all others
    are self-signed with years left. `mixed` is Cluster Security Mode 1, `etoken`: its CTL is signed by USB tokens.
    `multi_server` purposes, CA-signed ones, have one certificate for all nodes. `reuse_tomcat`: such a tomcat
    certificate is used for CallManager as well (14+). `mischief` is the default little misbehaviour.
    """

    name: str
    title: str
    nodes: tuple[NodeSpec, ...]
    domain: str = "lab.example"
    version: Version = "14.0.1.13900-155"
    mixed: bool = False
    etoken: bool = False
    reuse_tomcat: bool = False
    multi_server: tuple[str, ...] = ()
    mischief: bool = True
    ca_signed: tuple[str, ...] = ("tomcat", "ipsec")
    ca_expires_in_days: float = 20.0
    organisation: Organisation = Organisation()
    sso: Sso = Sso()
    ocsp: Ocsp = Ocsp()
    drs: Drs = Drs()
    parameters: dict[str, str] = {}
    switches: dict[str, str] = {}
    faults: tuple[FaultRule, ...] = ()
    phones: tuple[PhonesSpec, ...] = ()
    phone_times: PhoneTimes = PhoneTimes()
    trunks: tuple[TrunkSpec, ...] = ()
    remote_clusters: tuple[RemoteClusterSpec, ...] = ()
    ldap_hosts: tuple[LdapHostSpec, ...] = ()
    application_servers: tuple[ApplicationServerSpec, ...] = ()
