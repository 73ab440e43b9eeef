"""Key usage and extended key usage that a CSR of each purpose carries, hence what the CA must give back."""

import msgspec

from ucmcert.knowledge.purposes import Product
from ucmcert.knowledge.versions import has

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5"
EKU_NAMES = {SERVER_AUTH: "serverAuth", CLIENT_AUTH: "clientAuth", IPSEC_END_SYSTEM: "ipsecEndSystem"}


class KeyUsage(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table for releases 14 and 15.

    Below 14 a CSR asks for `below_14_adds` on top, and for the extended `below_14_drops` not yet.
    """

    purposes: tuple[str, ...]
    products: tuple[Product, ...]
    usage: tuple[str, ...]
    extended: tuple[str, ...]
    source: str
    below_14_adds: tuple[str, ...] = ()
    below_14_drops: tuple[str, ...] = ()


_SIGN_DATA = ("digital_signature", "data_encipherment")
_SIGN_KEY_DATA = ("digital_signature", "key_encipherment", "data_encipherment")
KEY_USAGES: tuple[KeyUsage, ...] = (
    KeyUsage(
        purposes=("tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA"),
        products=("cucm", "im-presence"),
        usage=_SIGN_DATA,
        extended=(SERVER_AUTH, CLIENT_AUTH),
        below_14_adds=("key_encipherment",),
        source="procedure.md 2.1 [S SG14, SG125]",
    ),
    KeyUsage(
        purposes=("tomcat", "tomcat-ECDSA"),
        products=("unity-connection",),
        usage=_SIGN_KEY_DATA,
        extended=(SERVER_AUTH, CLIENT_AUTH),
        source="procedure.md 2.1 [S CUC15]",
    ),
    KeyUsage(
        purposes=("CAPF",),
        products=("cucm",),
        usage=("digital_signature", "key_cert_sign"),
        extended=(SERVER_AUTH, CLIENT_AUTH),
        below_14_drops=(CLIENT_AUTH,),
        source="procedure.md 2.1 [S SG14, SG125]; 12.5 asks serverAuth only",
    ),
    KeyUsage(
        purposes=("TVS",),
        products=("cucm",),
        usage=_SIGN_KEY_DATA,
        extended=(SERVER_AUTH, CLIENT_AUTH),
        source="procedure.md 2.1 [S SG14]",
    ),
    KeyUsage(
        purposes=("ipsec",),
        products=("cucm", "unity-connection"),
        usage=_SIGN_KEY_DATA,
        extended=(SERVER_AUTH, CLIENT_AUTH, IPSEC_END_SYSTEM),
        source="procedure.md 2.1 [S SG14]",
    ),
    KeyUsage(
        purposes=(
            "ipsec",
            "cup",
            "cup-ECDSA",
            "cup-xmpp",
            "cup-xmpp-ECDSA",
            "cup-xmpp-s2s",
            "cup-xmpp-s2s-ECDSA",
        ),
        products=("im-presence",),
        usage=_SIGN_DATA,
        extended=(SERVER_AUTH, CLIENT_AUTH, IPSEC_END_SYSTEM),
        below_14_adds=("key_encipherment",),
        source="procedure.md 2.1 [S SG14, IMP125]",
    ),
)


def expected(purpose: str, product: str, release: tuple[int, ...]) -> KeyUsage | None:
    """The row for `purpose` on `product`, with what `release` adds and drops folded in; None when no CSR exists."""
    rows = (row for row in KEY_USAGES if purpose in row.purposes and product in row.products)
    return next((_of_release(row, release) for row in rows), None)


def ever_asked(purpose: str, release: tuple[int, ...]) -> tuple[KeyUsage, ...]:
    """What a CSR of `purpose` asks for on `release`, one row for each kind of product that asks differently."""
    return tuple(_of_release(row, release) for row in KEY_USAGES if purpose in row.purposes)


def _of_release(row: KeyUsage, release: tuple[int, ...]) -> KeyUsage:
    usage = row.usage + row.below_14_adds if has("csr_with_key_encipherment", release) else row.usage
    late = () if has("capf_asks_client_auth", release) else row.below_14_drops
    return msgspec.structs.replace(row, usage=usage, extended=tuple(one for one in row.extended if one not in late))
