"""The schema of a scenario file: what a cluster is made of when a lab starts. Unknown keys are refused."""

from typing import Annotated, Literal

import msgspec

from ucmlab.faults import FaultRule

Role = Literal["publisher", "subscriber", "im-presence"]
HostName = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9-]{0,62}$")]
Version = Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+\.\d+\.\d+-\d+$")]


class NodeSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[nodes]]` table. `version` None takes the cluster's; `address` "" takes the next loopback address.

    `clock_offset_s`: seconds the node's clock is ahead of the true time. `ca_expires_in_days` overrides the cluster's.
    """

    name: HostName
    role: Role
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


class Drs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Backups: days since the last good one (none when negative), and a job that runs when the lab starts."""

    last_backup_days: float = 1.0
    running: bool = False
    duration_s: float = 600.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole scenario file.

    `ca_signed` purposes carry certificates of the older CA generation that expire in `ca_expires_in_days`; all others
    are self-signed with years left. `mixed` is Cluster Security Mode 1. `mischief` is the default little misbehaviour.
    """

    name: str
    title: str
    nodes: tuple[NodeSpec, ...]
    domain: str = "lab.example"
    version: Version = "14.0.1.13900-155"
    mixed: bool = False
    mischief: bool = True
    ca_signed: tuple[str, ...] = ("tomcat", "ipsec")
    ca_expires_in_days: float = 20.0
    organisation: Organisation = Organisation()
    sso: Sso = Sso()
    drs: Drs = Drs()
    parameters: dict[str, str] = {}
    switches: dict[str, str] = {}
    faults: tuple[FaultRule, ...] = ()
