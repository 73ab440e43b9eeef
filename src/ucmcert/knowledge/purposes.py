"""What a certificate purpose is: where it lives, which store trusts it, what shows it. One row per purpose.

Facts only: no logic about a cluster, no I/O. A new purpose is one row here and its restarts in `services`.
"""

from typing import Literal

import msgspec

Product = Literal["cucm", "im-presence", "unity-connection"]
PRODUCT_OF_ROLE: dict[str, Product] = {
    "publisher": "cucm",
    "subscriber": "cucm",
    "im-presence": "im-presence",
    "unity-connection": "unity-connection",
}
EVERYWHERE: tuple[Product, ...] = ("cucm", "im-presence", "unity-connection")


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose as the certificate pages spell it.

    `trust` is the base name of the store its chain goes to (`tomcat` for tomcat-trust), "" when there is none.
    `ports` are the real TLS ports that show it. `epoch` orders the purposes of one run, lowest first.
    `renewable` is what this release of ucmcert renews; `ca_signed` is whether Cisco lets a CA sign it at all.
    """

    name: str
    products: tuple[Product, ...]
    trust: str
    epoch: int
    source: str
    ports: tuple[int, ...] = ()
    publisher_only: bool = False
    multi_server: bool = False
    ca_signed: bool = True
    phones_trust_it: bool = False
    wildcard_allowed: bool = False
    must_be_ca: bool = False
    renewable: bool = False


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
        multi_server=True,
        source="procedure.md 1.1, 1.2",
    ),
    Purpose(
        name="ipsec",
        products=EVERYWHERE,
        trust="ipsec",
        epoch=3,
        renewable=True,
        source="procedure.md 1.1, 3.2 (the tomcat-trust of the English D1 is a slip)",
    ),
    Purpose(
        name="CAPF",
        products=("cucm",),
        trust="CAPF",
        epoch=4,
        ports=(3804,),
        publisher_only=True,
        phones_trust_it=True,
        must_be_ca=True,
        source="procedure.md 1.1, 2.1, 3.3",
    ),
    Purpose(
        name="CallManager",
        products=("cucm",),
        trust="CallManager",
        epoch=5,
        ports=(5061,),
        multi_server=True,
        phones_trust_it=True,
        source="procedure.md 1.1, 3.4",
    ),
    Purpose(
        name="CallManager-ECDSA",
        products=("cucm",),
        trust="CallManager",
        epoch=6,
        ports=(5061,),
        multi_server=True,
        phones_trust_it=True,
        source="procedure.md 1.1, 1.2",
    ),
    Purpose(
        name="TVS",
        products=("cucm",),
        trust="TVS",
        epoch=7,
        ports=(2445,),
        phones_trust_it=True,
        source="procedure.md 1.1, 3.5, U-P13 (single-server)",
    ),
    Purpose(
        name="ITLRecovery",
        products=("cucm",),
        trust="",
        epoch=8,
        publisher_only=True,
        ca_signed=False,
        phones_trust_it=True,
        source="procedure.md 1.1, 3.6 rule 5",
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
    Purpose(
        name="cup",
        products=("im-presence",),
        trust="cup",
        epoch=10,
        ports=(5061, 5062),
        source="procedure.md 1.1, 3.8 IMP-7",
    ),
    Purpose(
        name="cup-ECDSA",
        products=("im-presence",),
        trust="cup",
        epoch=11,
        ports=(5061, 5062),
        source="procedure.md 1.1",
    ),
    Purpose(
        name="cup-xmpp",
        products=("im-presence",),
        trust="cup-xmpp",
        epoch=12,
        ports=(5222,),
        multi_server=True,
        source="procedure.md 1.1, 3.8 IMP-5",
    ),
    Purpose(
        name="cup-xmpp-ECDSA",
        products=("im-presence",),
        trust="cup-xmpp",
        epoch=13,
        ports=(5222,),
        multi_server=True,
        source="procedure.md 1.1",
    ),
    Purpose(
        name="cup-xmpp-s2s",
        products=("im-presence",),
        trust="cup-xmpp",
        epoch=14,
        ports=(5269,),
        multi_server=True,
        wildcard_allowed=True,
        source="procedure.md 1.1, 3.8 (store is cup-xmpp-trust; wildcard exempt)",
    ),
    Purpose(
        name="cup-xmpp-s2s-ECDSA",
        products=("im-presence",),
        trust="cup-xmpp",
        epoch=15,
        ports=(5269,),
        multi_server=True,
        wildcard_allowed=True,
        source="procedure.md 1.1, 3.8",
    ),
)

PURPOSES: dict[str, Purpose] = {row.name: row for row in _ROWS}


def lives_on(purpose: Purpose, role: str) -> bool:
    """Whether a node of `role` (`publisher`, `subscriber`, `im-presence`, `unity-connection`) has this purpose."""
    if purpose.publisher_only and role != "publisher":
        return False
    return PRODUCT_OF_ROLE[role] in purpose.products
