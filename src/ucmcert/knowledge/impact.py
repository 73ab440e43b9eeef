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
)
EXPIRY_IMPACTS: tuple[ExpiryImpact, ...] = (
    ExpiryImpact(purpose="tomcat", code="UCM-EXPIRED-TOMCAT", source="procedure.md 1.3 [S D1, D2]"),
    ExpiryImpact(purpose="ipsec", code="UCM-EXPIRED-IPSEC", source="procedure.md 1.3 [S D1]"),
)
SSO_OFF_CODE = "UCM-HIT-SSO"
SSO_OFF_SOURCE = "procedure.md 3.1 TOM-0"
