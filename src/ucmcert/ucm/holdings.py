"""Reads what a node holds, bytes by bytes, whoever delivered it: what cannot be read becomes a finding, not an error.

Shared by the REST snapshot and by the command line, so that both see a node with the same eyes.
"""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificates_pem, read_request
from ucmcert.model.cluster import Holding, Identity, PendingRequest, TrustEntry
from ucmcert.model.finding import Finding, Severity

SPELLINGS = {name.lower(): name for name in PURPOSES}
TRUST_SUFFIX = "-trust"


class HoldingBuilder:
    """Collects the certificates and requests of the node called `node`; `source` says by which interface."""

    def __init__(self, node: str, source: str) -> None:
        self._node = node
        self._source = source
        self._identities: dict[str, Identity] = {}
        self._requests: dict[str, PendingRequest] = {}
        self._trust: list[TrustEntry] = []
        self._unreadable: list[Finding] = []

    def identity(self, service: str, text: str) -> None:
        """The identity of `service` as PEM text."""
        try:
            self.add_identity(service, read_certificates_pem(text.encode())[0])
        except (ValueError, IndexError) as error:
            self.unreadable("UCM-STORE-001", f"the {purpose_of(service)} certificate", _reason(error))

    def request(self, service: str, text: str) -> None:
        """The CSR pending for `service` as PEM text."""
        try:
            self.add_request(service, read_request(text.encode()))
        except ValueError as error:
            self.unreadable("UCM-STORE-002", f"the {purpose_of(service)} CSR", _reason(error))

    def trusted(self, service: str, filename: str, text: str) -> None:
        """One entry of a trust store as PEM text; `service` with or without `-trust`."""
        try:
            self.add_trusted(service, filename, read_certificates_pem(text.encode())[0])
        except (ValueError, IndexError) as error:
            self.unreadable("UCM-STORE-003", f"{filename or 'an entry'} of {purpose_of(service)}-trust", _reason(error))

    def add_identity(self, service: str, certificate: Certificate) -> None:
        """An identity that was read. The first one of a purpose counts."""
        purpose = purpose_of(service)
        self._identities.setdefault(purpose, Identity(purpose=purpose, certificate=certificate))

    def add_request(self, service: str, request: CertificateRequest) -> None:
        """A CSR that was read."""
        purpose = purpose_of(service)
        self._requests.setdefault(purpose, PendingRequest(purpose=purpose, request=request))

    def add_trusted(self, service: str, filename: str, certificate: Certificate) -> None:
        """A trust entry that was read."""
        self._trust.append(TrustEntry(purpose=purpose_of(service), filename=filename, certificate=certificate))

    def unreadable(self, code: str, what: str, reason: str) -> None:
        """Something is there and cannot be read: UCM-STORE-001 an identity, -002 a CSR, -003 a trust entry."""
        self._unreadable.append(
            Finding(
                code=code,
                severity=Severity.ERROR,
                where=self._node,
                what=f"{what} cannot be read",
                why=reason,
                next="look at it in OS Administration > Security > Certificate Management",
                source=self._source,
                values={"what": what, "reason": reason},
            )
        )

    def holding(self) -> Holding:
        """All that was collected."""
        return Holding(
            identities=tuple(self._identities.values()),
            requests=tuple(self._requests.values()),
            trust=tuple(self._trust),
            unreadable=tuple(self._unreadable),
        )


def purpose_of(service: str) -> str:
    """The base name of a certificate service in our spelling: `tomcat` for `tomcat-trust` and for `Tomcat`."""
    base = service.strip()
    if base.lower().endswith(TRUST_SUFFIX):
        base = base[: -len(TRUST_SUFFIX)]
    return SPELLINGS.get(base.lower(), base)


def _reason(error: Exception) -> str:
    return "no certificate is in it" if isinstance(error, IndexError) else str(error)[:300]
