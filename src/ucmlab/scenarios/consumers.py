"""The schema of systems outside the cluster that its database names: they trust or are trusted by certificates."""

from typing import Annotated

import msgspec

DEFAULT_POOL = "Default"
DeviceName = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$")]
SystemName = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_. -]{0,127}$")]
Address = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9.:-]{0,254}$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class TrunkSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[trunks]]` table: a SIP trunk. `pool`: Default, or the device pool of a `[[phones]]` table."""

    name: DeviceName
    description: str = ""
    pool: str = DEFAULT_POOL


class RemoteClusterSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[remote_clusters]]` table: another cluster, of EMCC or of the Intercluster Lookup Service."""

    cluster_id: SystemName
    fqdn: Address
    description: str = ""
    version: str = ""


class LdapHostSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[ldap_hosts]]` table: a server that the directory is read from; the first one is asked first."""

    name: Address
    port: Port = 389


class ApplicationServerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[application_servers]]` table: Unity Connection and the like."""

    name: SystemName
    address: str = ""
    url: str = ""
