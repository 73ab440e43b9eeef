"""Who else must be told when a certificate changes: systems outside the cluster, by kind. Source: procedure.md 7.

Trust first, identity second, old trust last: most must know the new chain before the window. The words of a kind are in
texts/ under its code. `query` names what the database tells of it (`ucm.consumers`), "" where it tells nothing and a
person is asked. `stores` are our trust stores that must know the issuer of such a peer's own certificate.
"""

from typing import Literal

import msgspec

When = Literal["before", "after"]
Query = Literal["", "sip-trunk", "ldap", "remote-cluster", "application-server"]
TOMCAT, CALLMANAGER = ("tomcat", "tomcat-ECDSA"), ("CallManager", "CallManager-ECDSA")


class ConsumerKind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of external consumer. `port` is where its own certificate can be looked at, 0 for nowhere.

    `own_store` is its trust store that must know the issuer of ours, where it has our command line, "" where not.
    """

    kind: str
    code: str
    purposes: tuple[str, ...]
    when: When
    source: str
    query: Query = ""
    stores: tuple[str, ...] = ()
    port: int = 0
    own_store: str = ""


CONSUMER_KINDS: tuple[ConsumerKind, ...] = (
    ConsumerKind(
        kind="expressway",
        code="UCM-PEER-EXPRESSWAY",
        purposes=(*TOMCAT, *CALLMANAGER, "cup-xmpp", "cup-xmpp-ECDSA"),
        when="before",
        source="procedure.md 7 Expressway-C [S D7, D3]",
        stores=("tomcat", "CallManager"),
        port=443,
    ),
    ConsumerKind(
        kind="uccx",
        code="UCM-PEER-UCCX",
        purposes=TOMCAT,
        when="before",
        source="procedure.md 7 UCCX / Finesse [S D1, D2, D8]",
        port=8443,
        own_store="tomcat",
    ),
    ConsumerKind(
        kind="unity-connection",
        code="UCM-PEER-UNITY",
        purposes=(*TOMCAT, *CALLMANAGER),
        when="before",
        source="procedure.md 7 Unity Connection [S SG14]",
        query="application-server",
        stores=("CallManager",),
        port=443,
        own_store="tomcat",
    ),
    ConsumerKind(
        kind="client",
        code="UCM-PEER-CLIENT",
        purposes=(*TOMCAT, "cup-xmpp", "cup-xmpp-ECDSA"),
        when="before",
        source="procedure.md 7 Jabber / Webex app [S IMP125]",
    ),
    ConsumerKind(
        kind="ldap",
        code="UCM-PEER-LDAP",
        purposes=TOMCAT,
        when="before",
        source="procedure.md 7 LDAP / DirSync [S AG125, FN74345]",
        query="ldap",
        stores=("tomcat",),
        port=636,
    ),
    ConsumerKind(
        kind="idp",
        code="UCM-PEER-IDP",
        purposes=TOMCAT,
        when="after",
        source="procedure.md 7 IdP (SSO) [S D3, SG14]",
    ),
    ConsumerKind(
        kind="sip-trunk",
        code="UCM-PEER-TRUNK",
        purposes=CALLMANAGER,
        when="before",
        source="procedure.md 7 SIP trunks, CUBE, SME",
        query="sip-trunk",
        stores=("CallManager",),
        port=5061,
    ),
    ConsumerKind(
        kind="media-resource",
        code="UCM-PEER-MEDIA",
        purposes=CALLMANAGER,
        when="before",
        source="procedure.md 7 conference bridges, SRST, gateways [S D1]",
        stores=("CallManager",),
    ),
    ConsumerKind(
        kind="ipsec-peer",
        code="UCM-PEER-IPSEC",
        purposes=("ipsec",),
        when="before",
        source="procedure.md 7 IPsec gateways [S D1]",
        stores=("ipsec",),
    ),
    ConsumerKind(
        kind="network-access",
        code="UCM-PEER-8021X",
        purposes=("CAPF",),
        when="before",
        source="procedure.md 7 802.1X, VPN, ASA [S D3]; phones.md 1.6",
    ),
    ConsumerKind(
        kind="cti",
        code="UCM-PEER-CTI",
        purposes=(*CALLMANAGER, "CAPF"),
        when="after",
        source="procedure.md 7 CTI/JTAPI/TAPI [S D2]",
    ),
    ConsumerKind(
        kind="emergency-responder",
        code="UCM-PEER-CER",
        purposes=TOMCAT,
        when="before",
        source="procedure.md 7 Emergency Responder [S FN74345; I]",
        port=443,
        own_store="tomcat",
    ),
    ConsumerKind(
        kind="remote-cluster",
        code="UCM-PEER-EMCC",
        purposes=(*TOMCAT, *CALLMANAGER, "ITLRecovery"),
        when="after",
        source="procedure.md 7 EMCC partners, 3.4 CCM-9 [S SG14]",
        query="remote-cluster",
    ),
    ConsumerKind(
        kind="automation",
        code="UCM-PEER-AUTOMATION",
        purposes=TOMCAT,
        when="before",
        source="procedure.md 7 automation [I]",
    ),
)
BY_KIND = {row.kind: row for row in CONSUMER_KINDS}
