"""What OCSP answers about an uploaded certificate (E12), as the scenario's `[ocsp]` table has it.

Source: procedure.md 4.1 P17, 5 E12: with OCSP enabled every upload is checked; unknown passes unless the node runs in
Common Criteria mode. Inferred: a self-signed certificate is not asked about, and silence counts as unknown.
"""

from cryptography import x509

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.trust import common_name
from ucmlab.scenarios.schema import Ocsp


def judge_status(certificate: x509.Certificate, ocsp: Ocsp) -> None:
    """Raises Refusal E12."""
    if not ocsp.enabled or certificate.subject == certificate.issuer:
        return
    about_all = not ocsp.names
    if ocsp.answer == "good" or not (about_all or common_name(certificate) in ocsp.names):
        return
    if ocsp.answer == "revoked":
        raise refusals.revoked()
    if ocsp.common_criteria:
        raise refusals.status_unknown()
