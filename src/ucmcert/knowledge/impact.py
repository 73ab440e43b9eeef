"""Who notices what: while a service restarts, and while a certificate is expired. The sentences are in texts/."""

import msgspec


class ServiceImpact(msgspec.Struct, frozen=True, kw_only=True):
    """Users hit while a service restarts. `code` keys the words."""

    service: str
    code: str
    source: str


class ExpiryImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What breaks while a certificate of `purpose` is expired. `code` keys the words."""

    purpose: str
    code: str
    source: str


SERVICE_IMPACTS: tuple[ServiceImpact, ...] = (
    ServiceImpact(service="tomcat", code="UCM-HIT-TOMCAT", source="procedure.md 1.3, 3.1 TOM-2"),
    ServiceImpact(service="uds", code="UCM-HIT-UDS", source="procedure.md 3.1 TOM-2 [I]"),
    ServiceImpact(service="axl", code="UCM-HIT-AXL", source="procedure.md 3.1 TOM-2 [I]"),
    ServiceImpact(service="ssosp", code="UCM-HIT-SSOSP", source="procedure.md 3.1 TOM-5 [I]"),
    ServiceImpact(service="drf-master", code="UCM-HIT-DRF", source="procedure.md 3.2 IPS-2"),
    ServiceImpact(service="drf-local", code="UCM-HIT-DRF", source="procedure.md 3.2 IPS-2"),
    ServiceImpact(service="tftp", code="UCM-HIT-TFTP", source="procedure.md 3.3 CAP-4, 3.4 CCM-4"),
    ServiceImpact(service="intercluster-sync", code="UCM-HIT-SYNC", source="procedure.md 3.8 IMP-2, IMP-3"),
    ServiceImpact(service="callmanager", code="UCM-HIT-CALLMANAGER", source="procedure.md 1.3, 3.4 CCM-5"),
    ServiceImpact(service="cti", code="UCM-HIT-CTI", source="procedure.md 3.4 CCM-6"),
    ServiceImpact(service="tvs", code="UCM-HIT-TVS", source="procedure.md 3.3 CAP-3, 3.5 TVS-3"),
    ServiceImpact(service="capf", code="UCM-HIT-CAPF", source="procedure.md 1.3, 3.3 CAP-5"),
    ServiceImpact(service="haproxy", code="UCM-HIT-HAPROXY", source="procedure.md 3.4 CCM-7"),
    ServiceImpact(service="sip-proxy", code="UCM-HIT-PRESENCE", source="procedure.md 1.3 cup"),
    ServiceImpact(service="presence-engine", code="UCM-HIT-PRESENCE", source="procedure.md 1.3 cup"),
    ServiceImpact(service="xcp-router", code="UCM-HIT-XMPP", source="procedure.md 1.3 cup-xmpp"),
    ServiceImpact(service="xcp-federation", code="UCM-HIT-FEDERATION", source="procedure.md 1.3 cup-xmpp-s2s"),
    ServiceImpact(service="cuc-imap", code="UCM-HIT-VOICEMAIL", source="procedure.md 1.3 CUC tomcat"),
    ServiceImpact(service="cuc-dirsync", code="UCM-HIT-DIRSYNC", source="procedure.md 1.2 CUC tomcat"),
    ServiceImpact(service="cuc-jetty", code="UCM-HIT-VOICEMAIL", source="procedure.md 1.3 CUC tomcat"),
    ServiceImpact(service="cuc-smtp", code="UCM-HIT-VOICEMAIL", source="procedure.md 1.3 CUC tomcat"),
    ServiceImpact(service="cuc-conversation", code="UCM-HIT-VOICEMAIL", source="procedure.md 1.3 CUC tomcat"),
)
EXPIRY_IMPACTS: tuple[ExpiryImpact, ...] = (
    ExpiryImpact(purpose="tomcat", code="UCM-EXPIRED-TOMCAT", source="procedure.md 1.3 [S D1, D2]"),
    ExpiryImpact(purpose="tomcat-ECDSA", code="UCM-EXPIRED-TOMCAT", source="procedure.md 1.3 [S D1, D2]"),
    ExpiryImpact(purpose="ipsec", code="UCM-EXPIRED-IPSEC", source="procedure.md 1.3 [S D1]"),
    ExpiryImpact(purpose="CAPF", code="UCM-EXPIRED-CAPF", source="procedure.md 1.3 [S D1]"),
    ExpiryImpact(purpose="CallManager", code="UCM-EXPIRED-CALLMANAGER", source="procedure.md 1.3 [S D1, D2]"),
    ExpiryImpact(purpose="CallManager-ECDSA", code="UCM-EXPIRED-CALLMANAGER", source="procedure.md 1.3 [S D1, D2]"),
    ExpiryImpact(purpose="TVS", code="UCM-EXPIRED-TVS", source="procedure.md 1.3 [S D1]"),
    ExpiryImpact(purpose="ITLRecovery", code="UCM-EXPIRED-ITLRECOVERY", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup", code="UCM-EXPIRED-CUP", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup-ECDSA", code="UCM-EXPIRED-CUP", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup-xmpp", code="UCM-EXPIRED-XMPP", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup-xmpp-ECDSA", code="UCM-EXPIRED-XMPP", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup-xmpp-s2s", code="UCM-EXPIRED-FEDERATION", source="procedure.md 1.3"),
    ExpiryImpact(purpose="cup-xmpp-s2s-ECDSA", code="UCM-EXPIRED-FEDERATION", source="procedure.md 1.3"),
)
PHONES_AWAY_CODE = "UCM-HIT-PHONES"
PHONES_AWAY_SOURCE = "phones.md 4.1, 4.2 (boot, registration, reset pacing)"
SSO_OFF_CODE = "UCM-HIT-SSO"
SSO_OFF_SOURCE = "procedure.md 3.1 TOM-0"
