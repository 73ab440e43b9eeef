"""What an operator wants CSRs to ask for, row by row; and what a node says of its own web-security settings."""

import ipaddress
from typing import Literal

import msgspec

Hash = Literal["sha256", "sha384", "sha512"]
Distribution = Literal["this-server", "multi-server"]


class CsrSettings(msgspec.Struct, frozen=True, kw_only=True):
    """None means that nobody chose: as the certificate of today, and as the node itself does it.

    `rsa_bits` is for RSA purposes, `ec_bits` for their -ECDSA twins. `names` are asked for beside those that CUCM adds
    by itself: host names, and IP addresses where a node takes them. From `organisation` to `country` it is the subject,
    which only `set web-security` changes. Source: procedure.md 1.1, 2.3, 5 E4.
    """

    rsa_bits: int | None = None
    ec_bits: int | None = None
    hash: Hash | None = None
    distribution: Distribution | None = None
    names: tuple[str, ...] | None = None
    organisation: str | None = None
    unit: str | None = None
    locality: str | None = None
    state: str | None = None
    country: str | None = None


class CsrRow(msgspec.Struct, frozen=True, kw_only=True):
    """Settings for `purpose` on `node` (FQDN or host name); "" means any."""

    purpose: str = ""
    node: str = ""
    settings: CsrSettings = CsrSettings()

    @property
    def spelled(self) -> str:
        """How the row is named in a report: `[csr]`, or its selectors."""
        return " ".join(one for one in (self.purpose, self.node) if one) or "[csr]"


class CsrRules(msgspec.Struct, frozen=True, kw_only=True):
    """Every row of the configuration; no row changes nothing."""

    rows: tuple[CsrRow, ...] = ()


class WebSecurity(msgspec.Struct, frozen=True, kw_only=True):
    """The subject a node puts into its CSRs, in the words of CsrSettings; its alternate names like `dns:a.example`."""

    subject: dict[str, str]
    names: tuple[str, ...] = ()


def is_address(name: str) -> bool:
    """Whether `name` is an IP address and no host name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def as_san(name: str) -> str:
    """`name` as certificates list it: `dns:a.example` in lower case, `ip:10.0.0.1`."""
    return f"ip:{ipaddress.ip_address(name)}" if is_address(name) else f"dns:{name.lower()}"
