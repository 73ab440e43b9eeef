"""What is known of a CA: one frozen record of what it does to a request. What nobody has seen or told stays None."""

from typing import Literal

import msgspec

from ucmcert.knowledge.key_usage import CLIENT_AUTH, EKU_NAMES
from ucmcert.model.certificate import KEY_USAGE_BITS

Kind = Literal["answer", "adcs", "vault", "acme"]
KINDS: tuple[Kind, ...] = ("answer", "adcs", "vault", "acme")
DESCRIBED: tuple[Kind, ...] = ("adcs", "vault", "acme")
SAN_KINDS = ("dns", "ip", "email", "uri", "other")


class Bits(msgspec.Struct, frozen=True, kw_only=True):
    """What a CA makes of usages: `sets` whatever is asked, `keeps` when it is asked for, `drops` although it is asked.

    A usage that stands nowhere is unknown.
    """

    sets: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()

    def given(self, usage: str) -> bool | None:
        """Whether a request that asks for `usage` gets it; None when nobody knows."""
        if usage in self.sets or usage in self.keeps:
            return True
        return False if usage in self.drops else None


class DomainRule(msgspec.Struct, frozen=True, kw_only=True):
    """Names that a CA signs: those of `domains`, the domain itself (`bare`) or what is below it (`subdomains`)."""

    domains: tuple[str, ...]
    bare: bool
    subdomains: bool

    def allows(self, name: str) -> bool:
        """Whether the host `name` may stand in a certificate; names have no case."""
        host = name.lower()
        own = (one.lower() for one in self.domains)
        return any((self.bare and host == one) or (self.subdomains and host.endswith(f".{one}")) for one in own)


class CaProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Traits of one CA, template, role or ACME profile. None and () say that nothing is known, never that it is fine.

    SANs: `keeps_sans` and `drops_sans` are kinds (`dns`, `ip`); one that lost a single name is dropped.
    `adds_common_name` and `adds_www` speak of SANs that the request does not have, `adds_names` of names of the CA's
    own, as seen or as told; () there means none, None unknown. `allowed` are the names it signs, None any or unknown.
    `common_name` is what happens to the CN, `subject` to the rest. `issues_ca`: a request with keyCertSign becomes a
    CA certificate (CA:TRUE); `ca_unasked`: one without it does too.
    `issuer_path_length` is that of the issuer, `room_below` whether the whole chain leaves room for one more CA.
    `lifetime_days` is that of a certificate, `signature_hash` and `signer_key` what signs it (`sha256`, `RSA 4096`).
    `signs_keys`, `refuses_keys`: kinds of key (`RSA`, `EC`) it takes or not; `least_bits` the smallest RSA key.
    `critical` are critical extensions beyond those Cisco allows. `public`: the roots are those of browsers.
    """

    kind: Kind
    name: str = ""
    keeps_sans: tuple[str, ...] = ()
    drops_sans: tuple[str, ...] = ()
    adds_common_name: bool | None = None
    adds_www: bool | None = None
    adds_names: tuple[str, ...] | None = None
    allowed: DomainRule | None = None
    common_name: Literal["kept", "replaced", "dropped"] | None = None
    subject: Literal["kept", "changed"] | None = None
    usage: Bits = Bits()
    extended: Bits = Bits()
    issues_ca: bool | None = None
    ca_unasked: bool | None = None
    issuer_path_length: int | None = None
    room_below: bool | None = None
    lifetime_days: int | None = None
    signature_hash: str | None = None
    signer_key: str | None = None
    signs_keys: tuple[str, ...] = ()
    refuses_keys: tuple[str, ...] = ()
    least_bits: int | None = None
    critical: tuple[str, ...] | None = None
    wildcard: bool | None = None
    public: bool | None = None

    @property
    def client_auth(self) -> bool | None:
        """Whether a request for clientAuth gets it; None when nobody knows."""
        return self.extended.given(CLIENT_AUTH)


def fixed_usage(bits: tuple[str, ...]) -> Bits:
    """Key usages of a CA that sets `bits` whatever the request asks for."""
    return Bits(sets=bits, drops=tuple(bit for bit in KEY_USAGE_BITS if bit not in bits))


def fixed_extended(oids: tuple[str, ...]) -> Bits:
    """Extended usages of a CA that sets `oids` whatever is asked; the others that CUCM knows are lost."""
    return Bits(sets=oids, drops=tuple(oid for oid in EKU_NAMES if oid not in oids))
