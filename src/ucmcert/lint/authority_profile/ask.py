"""A request beside the CA it would go to: what the rules look at before a CSR leaves the house."""

import msgspec

from ucmcert.knowledge.key_usage import KeyUsage
from ucmcert.knowledge.purposes import PURPOSES, Purpose
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.name_rules import plain_san
from ucmcert.model.certificate import CertificateRequest

KEY_CERT_SIGN = "key_cert_sign"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What a CSR asks of `profile`. `typical` is the CSR of a purpose in general: its names are not known, only that
    they are host names and that its CN is one of them. `key` like `RSA 2048`; `EC` alone is a curve not known.
    `release` None is any release below the first that copes without clientAuth.
    """

    purpose: str
    profile: CaProfile
    usage: tuple[str, ...]
    extended: tuple[str, ...]
    key: str
    common_name: str = ""
    sans: tuple[str, ...] = ()
    typical: bool = False
    release: tuple[int, ...] | None = None

    @property
    def row(self) -> Purpose:
        """The purpose's row. Raises KeyError for a purpose nobody knows."""
        return PURPOSES[self.purpose]

    @property
    def where(self) -> str:
        """Which request the findings speak of."""
        return f"{self.purpose} {self.common_name}".strip()

    @property
    def san_kinds(self) -> tuple[str, ...]:
        """The kinds of its names: `dns`, `ip`."""
        return ("dns",) if self.typical else tuple(dict.fromkeys(san.partition(":")[0] for san in self.sans))

    @property
    def common_name_san(self) -> str:
        """The CN as a SAN that it does not ask for; "" when it asks for it, has none, or nobody knows."""
        own = plain_san(f"dns:{self.common_name}") if self.common_name else ""
        return "" if self.typical or own in {plain_san(san) for san in self.sans} else own

    @property
    def key_kind(self) -> str:
        """`RSA` or `EC`."""
        return self.key.partition(" ")[0]

    @property
    def gets_ca(self) -> bool | None:
        """Whether it becomes a CA certificate; None when nobody knows."""
        return self.profile.issues_ca if KEY_CERT_SIGN in self.usage else self.profile.ca_unasked


def ask_of_request(
    request: CertificateRequest, purpose: str, profile: CaProfile, release: tuple[int, ...] | None
) -> Ask:
    """What this very CSR asks of `profile`."""
    return Ask(
        purpose=purpose,
        profile=profile,
        usage=request.key_usage,
        extended=request.extended_key_usage,
        key=request.key,
        common_name=request.common_name,
        sans=request.sans,
        release=release,
    )


def typical_ask(row: KeyUsage, purpose: str, profile: CaProfile, release: tuple[int, ...]) -> Ask:
    """What the CSR of `purpose` asks for on any node of `release`. Source: procedure.md 2.1."""
    return Ask(
        purpose=purpose,
        profile=profile,
        usage=row.usage,
        extended=row.extended,
        key="EC" if purpose.endswith("-ECDSA") else "RSA 2048",
        typical=True,
        release=release,
    )
