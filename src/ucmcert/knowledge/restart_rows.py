"""Which services must restart after a certificate changed, per purpose, product, release and source.

Cisco's own documents disagree (procedure.md 1.2), so this is data. For the purposes that phones notice three sets can
be followed: the union of all sources (safe, the default), Cisco 217138 alone, or the 14+ security guide alone. Of a
set the plan keeps what is activated and running on the node.
"""

from functools import partial
from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import Product

RestartSet = Literal["union", "cisco-217138", "security-guide"]
EVERY_SET: tuple[RestartSet, ...] = ("union", "cisco-217138", "security-guide")
BY_217138: tuple[RestartSet, ...] = ("union", "cisco-217138")
BY_GUIDE: tuple[RestartSet, ...] = ("union", "security-guide")
GUIDE_ALONE: tuple[RestartSet, ...] = ("security-guide",)
SU1_OF_14 = (14, 0, 1, 11900)


class Restart(msgspec.Struct, frozen=True, kw_only=True):
    """One restart that a purpose asks for. `since` is the first release it exists in, as five integers or fewer;
    `before` the first that no longer asks for it.

    `after` is "trust" when the restart makes a node read the new chain, before any identity is uploaded. `everywhere`:
    on every node where the service runs, not only where the certificate changed. `sets` are the sources that want it.
    """

    service: str
    purpose: str
    products: tuple[Product, ...]
    source: str
    publisher_only: bool = False
    since: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    after: Literal["trust", "identity"] = "identity"
    everywhere: bool = False
    sets: tuple[RestartSet, ...] = EVERY_SET


_CUCM: tuple[Product, ...] = ("cucm",)
_IMP: tuple[Product, ...] = ("im-presence",)
_CUC: tuple[Product, ...] = ("unity-connection",)
_BOTH: tuple[Product, ...] = ("cucm", "im-presence")
_COLUMN = "procedure.md 1.2 engine default"


def _sync_agent(purpose: str) -> Restart:
    """What went to tomcat-trust or cup-xmpp-trust must be known to the other clusters before an identity changes."""
    source = "procedure.md 3.8 IMP-2"
    return Restart(service="intercluster-sync", purpose=purpose, products=_IMP, after="trust", source=source)


def _tomcat(purpose: str) -> tuple[Restart, ...]:
    """tomcat and tomcat-ECDSA ask for the same restarts (procedure.md 1.2)."""
    voice = ("tomcat", "cuc-imap", "cuc-dirsync", "cuc-jetty", "cuc-smtp", "cuc-conversation")
    guide = "procedure.md 1.2 CUC tomcat, 3.9 [S CUC15 step 8]"
    return (
        _sync_agent(purpose),
        Restart(service="tomcat", purpose=purpose, products=_BOTH, source=_COLUMN + "; 3.1 TOM-2, 3.8 IMP-4"),
        Restart(service="uds", purpose=purpose, products=_CUCM, since=(14,), source=_COLUMN),
        Restart(service="axl", purpose=purpose, products=_CUCM, since=(14,), source=_COLUMN),
        Restart(service="ssosp", purpose=purpose, products=_CUCM, since=(14,), source=_COLUMN),
        Restart(service="drf-master", purpose=purpose, products=_CUCM, publisher_only=True, source=_COLUMN + ", U-P12"),
        Restart(service="drf-local", purpose=purpose, products=_BOTH, source=_COLUMN + ", U-P12"),
        Restart(service="tftp", purpose=purpose, products=_CUCM, source=_COLUMN + ", U-P21"),
        *(Restart(service=key, purpose=purpose, products=_CUC, source=guide) for key in voice),
    )


def _capf() -> tuple[Restart, ...]:
    """Whether phones use SIP OAuth is not read, so HAProxy counts as needed (procedure.md 1.2, U-P10)."""
    row = partial(Restart, purpose="CAPF", products=_CUCM)
    return (
        row(service="tvs", everywhere=True, sets=BY_217138, source="procedure.md 1.2, 3.3 CAP-3"),
        row(service="tftp", everywhere=True, sets=BY_217138, source="procedure.md 1.2, 3.3 CAP-4"),
        row(service="capf", publisher_only=True, sets=BY_217138, source="procedure.md 1.2, 3.3 CAP-5"),
        row(service="haproxy", everywhere=True, since=(14,), sets=BY_GUIDE, source=_COLUMN + " (SIP OAuth)"),
    )


def _callmanager(purpose: str) -> tuple[Restart, ...]:
    """The guide of 14SU1+ wants HAProxy alone, and CallManager too for the EC twin (procedure.md 1.2)."""
    row = partial(Restart, purpose=purpose, products=_CUCM)
    guide = "procedure.md 1.2 [S SG14, SG125]"
    twin = purpose == "CallManager-ECDSA"
    until = () if twin else SU1_OF_14
    return (
        row(service="tvs", everywhere=True, sets=BY_217138, source="procedure.md 1.2, 3.4 CCM-3"),
        row(service="tftp", everywhere=True, sets=BY_217138, source="procedure.md 1.2, 3.4 CCM-4"),
        row(service="callmanager", sets=BY_217138, source="procedure.md 1.2, 3.4 CCM-5"),
        row(service="callmanager", sets=GUIDE_ALONE, before=until, source=guide),
        row(service="cti", sets=BY_217138, source="procedure.md 1.2, 3.4 CCM-6"),
        row(service="cti", sets=GUIDE_ALONE, before=SU1_OF_14, source=guide),
        row(service="haproxy", since=(14,), sets=BY_GUIDE, source="procedure.md 1.2, 3.4 CCM-7"),
    )


def _recovery() -> tuple[Restart, ...]:
    """ITLRecovery has a two-pass procedure of its own; these are the restarts that stand in it (phones.md 1.7)."""
    row = partial(Restart, purpose="ITLRecovery", products=_CUCM, everywhere=True)
    return (
        row(service="tvs", source="procedure.md 1.2; phones.md 1.7 [S D2]"),
        row(service="tftp", source="procedure.md 1.2; phones.md 1.7 [S D2, SBD14]"),
        row(service="callmanager", source="phones.md 1.7 (mixed: restart CM and CTI)"),
        row(service="cti", source="phones.md 1.7 (mixed: restart CM and CTI)"),
    )


def _presence(purpose: str, *services: str, source: str) -> tuple[Restart, ...]:
    every = services == ("xcp-router",)
    rows = tuple(
        Restart(service=key, purpose=purpose, products=_IMP, everywhere=every, source=source) for key in services
    )
    return (_sync_agent(purpose), *rows) if purpose.startswith("cup-xmpp") else rows


_CUP = "procedure.md 1.2 cup, 3.8 IMP-7 [I]"
_XMPP = "procedure.md 1.2 cup-xmpp, 3.8 IMP-5 [S IMP125: on all nodes]"
_S2S = "procedure.md 1.2 cup-xmpp-s2s, 3.8 IMP-6 [S IMP125]"
RESTARTS: tuple[Restart, ...] = (
    *_tomcat("tomcat"),
    *_tomcat("tomcat-ECDSA"),
    Restart(
        service="drf-master",
        purpose="ipsec",
        products=_CUCM,
        publisher_only=True,
        source="procedure.md 1.2, 3.2 IPS-2",
    ),
    Restart(service="drf-local", purpose="ipsec", products=_BOTH, source="procedure.md 1.2, 3.2 IPS-2"),
    *_capf(),
    *_callmanager("CallManager"),
    *_callmanager("CallManager-ECDSA"),
    Restart(
        service="tftp",
        purpose="TVS",
        products=_CUCM,
        everywhere=True,
        sets=BY_217138,
        source="procedure.md 1.2, 3.5 TVS-2 (TFTP first)",
    ),
    Restart(
        service="tvs",
        purpose="TVS",
        products=_CUCM,
        everywhere=True,
        sets=BY_217138,
        source="procedure.md 1.2, 3.5 TVS-3",
    ),
    *_recovery(),
    *_presence("cup", "sip-proxy", "presence-engine", source=_CUP),
    *_presence("cup-ECDSA", "sip-proxy", "presence-engine", source=_CUP),
    *_presence("cup-xmpp", "xcp-router", source=_XMPP),
    *_presence("cup-xmpp-ECDSA", "xcp-router", source=_XMPP),
    *_presence("cup-xmpp-s2s", "xcp-federation", source=_S2S),
    *_presence("cup-xmpp-s2s-ECDSA", "xcp-federation", source=_S2S),
)
