"""The shape of the TOML file: frozen tables in which a key nobody knows is an error.

Nothing here holds a password: a credential stays a reference until a command really connects (see credentials).
"""

from typing import Annotated, Literal

import msgspec

from ucmcert.config.windows import Window
from ucmcert.knowledge.lsc_words import LscAuthentication
from ucmcert.knowledge.restart_rows import RestartSet
from ucmcert.model.csr_settings import Distribution, Hash

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
    """Who signs. `local` signs with the CA in `folder`; `files` hands CSRs over in `folder` and waits.

    `description` is a file that tells what this CA does to requests (AD CS template, Vault role, ACME), "" for none.
    """

    kind: Literal["local", "files"]
    folder: Text
    description: str = ""
    lifetime_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 397


class RenewSection(Section, frozen=True, kw_only=True):
    """When a certificate is due, how long something may stay unclear, and how long an act may take to show."""

    threshold_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 45
    patience_s: Annotated[float, msgspec.Meta(gt=0)] = 900.0
    settle_s: Annotated[float, msgspec.Meta(gt=0)] = 120.0


class PhonesSection(Section, frozen=True, kw_only=True):
    """How a run treats phones. Nothing here turns a safety rule off.

    `pages`: whether phones without a web page get one while the run lasts. `interaction`: whether, from 14 on, phones
    are kept from resetting by themselves at each upload while the run lasts; `manual_value`: what the database holds
    when that parameter says manual (Cisco prints no value; words like "manual" are known without it). `reset`: a canary
    pool first, or all at once. `canary`: name of that pool, "" for the smallest; `canary_limit`: how many of its phones
    may stay unproven. `page_port`: where phones serve their page. `order`: of the TVS epoch. `restart_set`: whose list
    of restarts is followed. `patience_s`: how long a gate waits after the last reset before a person is asked.
    `backup`: whether the run starts the backup after each epoch itself, or waits for one.
    Source: phones.md 2.3-2.5, 4.2; procedure.md 1.2, 3.6, 3.7.
    """

    pages: Literal["as-they-are", "open-for-the-run"] = "as-they-are"
    interaction: Literal["as-it-is", "manual-for-the-run"] = "as-it-is"
    reset: Literal["waves", "at-once"] = "waves"
    canary: str = ""
    canary_limit: Annotated[int, msgspec.Meta(ge=0)] = 0
    page_port: PortNumber = 80
    manual_value: str = ""
    order: Literal["tvs-last", "tvs-first"] = "tvs-last"
    restart_set: RestartSet = "union"
    patience_s: Annotated[float, msgspec.Meta(gt=0)] = 5400.0
    backup: Literal["start", "wait"] = "start"
    lsc: Literal["keep", "reissue"] = "keep"
    lsc_authentication: LscAuthentication = "By Null String"


class ConsumerSection(Section, frozen=True, kw_only=True):
    """A system outside the cluster that must learn of new certificates (`knowledge.consumers` lists the kinds).

    Its TLS port is looked at from here: at `address`, or `name` if empty; `port` 0 is the usual one of its kind. With
    `os_admin` and `ssh_host_key` its own trust store is read too, where it has the command line of a CUCM node.
    """

    kind: Text
    name: Text
    address: str = ""
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    ssh_port: PortNumber = 22
    ssh_host_key: str = ""
    os_admin: AccountSection | None = None


class CsrFields(Section, frozen=True, kw_only=True):
    """What CSRs ask for; what is left out stays as it is today. See `model.csr_settings.CsrSettings`."""

    rsa_bits: Literal[2048, 3072, 4096] | None = None
    ec_bits: Literal[256, 384, 521] | None = None
    hash: Hash | None = None
    distribution: Distribution | None = None
    names: tuple[Text, ...] | None = None
    organisation: Text | None = None
    unit: Text | None = None
    locality: Text | None = None
    state: Text | None = None
    country: Text | None = None


class CsrRowSection(CsrFields, frozen=True, kw_only=True):
    """The same for one purpose, one node (FQDN or host name), or one purpose of one node: the closest row wins."""

    purpose: str = ""
    node: str = ""


class CsrSection(CsrFields, frozen=True, kw_only=True):
    """The settings for the whole cluster, and rows for parts of it."""

    rows: tuple[CsrRowSection, ...] = msgspec.field(name="for", default=())


class Config(Section, frozen=True, kw_only=True):
    """One cluster. `state` is the folder of the ledger and the evidence.

    `pace` is how many times faster than real ones its nodes and phones are: only the configuration of a lab has it.
    """

    cluster: ClusterName
    state: str = ""
    pace: Annotated[float, msgspec.Meta(ge=1)] = 1.0
    publisher: PublisherSection
    credentials: CredentialsSection
    trust: TrustSection
    nodes: tuple[NodeSection, ...] = ()
    authority: AuthoritySection | None = None
    renew: RenewSection = RenewSection()
    phones: PhonesSection = PhonesSection()
    csr: CsrSection = CsrSection()
    windows: tuple[Window, ...] = msgspec.field(name="window", default=())
    consumers: tuple[ConsumerSection, ...] = msgspec.field(name="consumer", default=())
