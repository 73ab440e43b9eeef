"""The shape of the TOML file: frozen tables in which a key nobody knows is an error.

Nothing here holds a password: a credential stays a reference until a command really connects (see credentials).
"""

from typing import Annotated, Literal

import msgspec

from ucmcert.config.windows import Window

Text = Annotated[str, msgspec.Meta(min_length=1)]
ClusterName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
PortNumber = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class PublisherSection(Section, frozen=True, kw_only=True):
    """`name` is the FQDN its certificate is checked against; `address` is where to connect, `name` if empty."""

    name: Text
    address: str = ""


class AccountSection(Section, frozen=True, kw_only=True):
    """`password` is a reference (`env:`, `file:`, `keyring:`, `command:`), never the password."""

    user: Text
    password: Text


class CredentialsSection(Section, frozen=True, kw_only=True):
    """The two accounts: the OS administrator (SSH, certificates) and the application user (AXL, Serviceability)."""

    os_admin: AccountSection
    app_admin: AccountSection


class TrustSection(Section, frozen=True, kw_only=True):
    """Whom a node must be: PEM files of anchors, SHA-256 fingerprints (hex) of exact leaves."""

    anchors: tuple[Text, ...] = ()
    tls_sha256: tuple[str, ...] = ()


class NodeSection(Section, frozen=True, kw_only=True):
    """What differs from what discovery finds: the address, the pinned host key, ports by interface or real number."""

    name: Text
    address: str = ""
    ssh_host_key: str = ""
    ports: dict[str, PortNumber] = {}


class AuthoritySection(Section, frozen=True, kw_only=True):
    """Who signs. `local` signs with the CA in `folder`; `files` hands CSRs over in `folder` and waits."""

    kind: Literal["local", "files"]
    folder: Text
    lifetime_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 397


class RenewSection(Section, frozen=True, kw_only=True):
    """When a certificate is due, how long something may stay unclear, and how long an act may take to show."""

    threshold_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 45
    patience_s: Annotated[float, msgspec.Meta(gt=0)] = 900.0
    settle_s: Annotated[float, msgspec.Meta(gt=0)] = 120.0


class Config(Section, frozen=True, kw_only=True):
    """One cluster. `state` is the folder of the ledger and the evidence."""

    cluster: ClusterName
    state: str = ""
    publisher: PublisherSection
    credentials: CredentialsSection
    trust: TrustSection
    nodes: tuple[NodeSection, ...] = ()
    authority: AuthoritySection | None = None
    renew: RenewSection = RenewSection()
    windows: tuple[Window, ...] = msgspec.field(name="window", default=())
