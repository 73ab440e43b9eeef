"""What a certificate purpose is: where it lives, which stores trust it, what shows it. One row per purpose.

Facts only: no logic about a cluster, no I/O. A new purpose is one row here and its restarts in `restart_rows`.
"""

from typing import Literal

import msgspec

Product = Literal["cucm", "im-presence", "unity-connection"]
Anchor = Literal["", "CallManager", "TVS", "ITLRecovery"]
PRODUCT_OF_ROLE: dict[str, Product] = {
    "publisher": "cucm",
    "subscriber": "cucm",
    "im-presence": "im-presence",
    "unity-connection": "unity-connection",
}
EVERYWHERE: tuple[Product, ...] = ("cucm", "im-presence", "unity-connection")


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose as the certificate pages spell it.

    `trust` is the base name of the store its chain goes to (`tomcat` for tomcat-trust), "" when there is none;
    `also_trust` are further stores of the same chain. `ports` are the real TLS ports that show it, while the service
    `shown_by` runs ("" means always). `twin_of` is the RSA purpose whose ports an EC one shares: which of the two a
    port shows is the client's choice. `epoch` orders the purposes of one run, lowest first.
    `renewable` is what ucmcert renews, except on `not_renewed_on`; `ca_signed` is whether Cisco lets a CA sign it at
    all: what is renewable and not signed is regenerated, and only when somebody names it (`only_named`).
    `phones_trust_it`: phones notice, so its epoch ends at a gate. `anchor` is its type in phones.md I3, `lists` the
    trust lists that must hold it, `in_ctl` whether mixed mode needs a CTL update after its upload.
    """

    name: str
    products: tuple[Product, ...]
    trust: str
    epoch: int
    source: str
    also_trust: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    shown_by: str = ""
    twin_of: str = ""
    publisher_only: bool = False
    multi_server: bool = False
    ca_signed: bool = True
    phones_trust_it: bool = False
    anchor: Anchor = ""
    lists: tuple[Literal["itl", "ctl"], ...] = ()
    in_ctl: bool = False
    wildcard_allowed: bool = False
    must_be_ca: bool = False
    renewable: bool = False
    not_renewed_on: tuple[Product, ...] = ()
    only_named: bool = False

    @property
    def stores(self) -> tuple[str, ...]:
        """Base names of every store its chain goes to, its own first; () when no CA signs it."""
        return tuple(name for name in (self.trust, *self.also_trust) if name)


def _presence(name: str, store: str, epoch: int, shown: tuple[str, *tuple[int, ...]], source: str) -> Purpose:
    """An IM and Presence purpose; single-server `cup` apart, all may be multi-server (procedure.md 1.1)."""
    return Purpose(
        name=name,
        products=("im-presence",),
        trust=store,
        epoch=epoch,
        ports=shown[1:],
        shown_by=shown[0],
        twin_of=name.removesuffix("-ECDSA") if name.endswith("-ECDSA") else "",
        multi_server=store != "cup",
        wildcard_allowed=name.startswith("cup-xmpp-s2s"),
        renewable=True,
        source=source,
    )


_ROWS: tuple[Purpose, ...] = (
    Purpose(
        name="tomcat",
        products=EVERYWHERE,
        trust="tomcat",
        epoch=1,
        ports=(443, 8443),
        multi_server=True,
        renewable=True,
        source="procedure.md 1.1, 3.1; phones.md 1.3 (no phone holds it)",
    ),
    Purpose(
        name="tomcat-ECDSA",
        products=EVERYWHERE,
        trust="tomcat",
        epoch=2,
        ports=(443, 8443),
        twin_of="tomcat",
        multi_server=True,
        renewable=True,
        source="procedure.md 1.1, 1.2, 9 (EC ciphers of Tomcat are off by default)",
    ),
    Purpose(
        name="ipsec",
        products=EVERYWHERE,
        trust="ipsec",
        epoch=3,
        renewable=True,
        not_renewed_on=("unity-connection",),
        source="procedure.md 1.1, 3.2 (the tomcat-trust of the English D1 is a slip), 3.9",
    ),
    Purpose(
        name="CAPF",
        products=("cucm",),
        trust="CAPF",
        also_trust=("CallManager",),
        epoch=4,
        ports=(3804,),
        shown_by="capf",
        publisher_only=True,
        phones_trust_it=True,
        lists=("itl", "ctl"),
        in_ctl=True,
        must_be_ca=True,
        renewable=True,
        source="procedure.md 1.1, 2.1, 3.3, 6.7, U-P18; phones.md 1.3",
    ),
    Purpose(
        name="CallManager",
        products=("cucm",),
        trust="CallManager",
        epoch=5,
        ports=(5061,),
        shown_by="callmanager",
        multi_server=True,
        phones_trust_it=True,
        anchor="CallManager",
        lists=("itl", "ctl"),
        in_ctl=True,
        renewable=True,
        source="procedure.md 1.1, 3.4; phones.md 1.3",
    ),
    Purpose(
        name="CallManager-ECDSA",
        products=("cucm",),
        trust="CallManager",
        epoch=6,
        ports=(5061,),
        shown_by="callmanager",
        twin_of="CallManager",
        multi_server=True,
        phones_trust_it=True,
        anchor="CallManager",
        in_ctl=True,
        renewable=True,
        source="procedure.md 1.1, 1.2, 3.7; phones.md U12 (its records in the lists are not published)",
    ),
    Purpose(
        name="TVS",
        products=("cucm",),
        trust="TVS",
        epoch=7,
        ports=(2445,),
        shown_by="tvs",
        phones_trust_it=True,
        anchor="TVS",
        lists=("itl",),
        renewable=True,
        source="procedure.md 1.1, 3.5, U-P13 (single-server); phones.md 1.3 (never in a CTL)",
    ),
    Purpose(
        name="ITLRecovery",
        products=("cucm",),
        trust="",
        epoch=8,
        publisher_only=True,
        ca_signed=False,
        phones_trust_it=True,
        anchor="ITLRecovery",
        lists=("itl", "ctl"),
        in_ctl=True,
        renewable=True,
        only_named=True,
        source="procedure.md 1.1, 3.6 rule 5; phones.md 1.7",
    ),
    Purpose(
        name="authz",
        products=("cucm", "im-presence"),
        trust="",
        epoch=9,
        publisher_only=True,
        ca_signed=False,
        source="procedure.md 1.1",
    ),
    _presence("cup", "cup", 10, ("sip-proxy", 5061, 5062), "procedure.md 1.1, 3.8 IMP-7"),
    _presence("cup-ECDSA", "cup", 11, ("sip-proxy", 5061, 5062), "procedure.md 1.1"),
    _presence("cup-xmpp", "cup-xmpp", 12, ("xcp-router", 5222), "procedure.md 1.1, 3.8 IMP-5"),
    _presence("cup-xmpp-ECDSA", "cup-xmpp", 13, ("xcp-router", 5222), "procedure.md 1.1"),
    _presence(
        "cup-xmpp-s2s",
        "cup-xmpp",
        14,
        ("xcp-federation", 5269),
        "procedure.md 1.1, 3.8 (store is cup-xmpp-trust; wildcard exempt)",
    ),
    _presence("cup-xmpp-s2s-ECDSA", "cup-xmpp", 15, ("xcp-federation", 5269), "procedure.md 1.1, 3.8"),
)

PURPOSES: dict[str, Purpose] = {row.name: row for row in _ROWS}
ANCHORS: tuple[Anchor, ...] = ("CallManager", "TVS", "ITLRecovery")


def lives_on(purpose: Purpose, role: str) -> bool:
    """Whether a node of `role` (`publisher`, `subscriber`, `im-presence`, `unity-connection`) has this purpose."""
    if purpose.publisher_only and role != "publisher":
        return False
    return PRODUCT_OF_ROLE[role] in purpose.products


def renewed_on(purpose: Purpose, role: str) -> bool:
    """Whether ucmcert renews this purpose on a node of `role`, where it lives at all."""
    return purpose.renewable and PRODUCT_OF_ROLE[role] not in purpose.not_renewed_on


def noticed_by_phones(purpose: str) -> bool:
    """Whether phones notice a renewal of `purpose`; a purpose nobody knows is not noticed."""
    return purpose in PURPOSES and PURPOSES[purpose].phones_trust_it
