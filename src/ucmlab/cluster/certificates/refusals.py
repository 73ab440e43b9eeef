"""The product's words for no, each with the source of its wording.

`invented` marks what nobody has published (U-P15).
"""

from ucmlab.cluster.certificates.purposes import Purpose
from ucmlab.errors import Refusal


def chain_missing() -> Refusal:
    """E1: an issuer is not in the purpose's trust store. Source: procedure.md 5 E1 (HCMF casing)."""
    return Refusal("E1", "CA certificate is not available in the trust-store")


def csr_missing(purpose: Purpose) -> Refusal:
    """E2. Source: procedure.md 5 E2."""
    path = f"{purpose.directory}/{purpose.name}/keys/{purpose.name}.csr"
    return Refusal("E2", f"File {path} Does Not Exist")


def key_differs() -> Refusal:
    """E3. Source: procedure.md 5 E3."""
    return Refusal("E3", "CSR Public Key and Certificate Public Key Do Not Match")


def names_differ() -> Refusal:
    """E4. Source: procedure.md 5 E4."""
    return Refusal("E4", "CSR SAN and Certificate SAN does not match")


def expired() -> Refusal:
    """E5: the text is not printed in any source."""
    return Refusal("E5", "Certificate has expired", invented=True)


def not_yet_valid() -> Refusal:
    """Not in the catalogue; the switch not_yet_valid lets it pass."""
    return Refusal("E5-EARLY", "Certificate is not yet valid", invented=True)


def unreadable() -> Refusal:
    """E7. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Error occurred while reading the certificate")


def wrong_type() -> Refusal:
    """E7 for an upload to a place the node does not have. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Invalid certificate type found")


def wildcard() -> Refusal:
    """E9: text unknown."""
    return Refusal("E9", "Wildcard certificates are not supported", invented=True)


def weak_or_large_key(detail: str) -> Refusal:
    """E10: text unknown."""
    return Refusal("E10", f"Unsupported key or signature algorithm: {detail}", invented=True)


def multi_server_by_cli() -> Refusal:
    """E11: text unknown; from 14SU2 a multi-server certificate cannot be uploaded by CLI."""
    return Refusal("E11", "Multi-server certificates cannot be imported from the CLI", invented=True)


def not_a_ca() -> Refusal:
    """CAPF without CA:TRUE and keyCertSign (U-P2): text unknown."""
    return Refusal("E7-CAPF", "Invalid certificate file provided", invented=True)


def usage_missing() -> Refusal:
    """Key usage bits of the CSR are missing (U-P1): text unknown."""
    return Refusal("U-P1", "CSR key usage and Certificate key usage does not match", invented=True)


def older_identity() -> Refusal:
    """The uploaded identity is older than the running one (U-P5): text unknown."""
    return Refusal("U-P5", "A newer certificate is already installed", invented=True)


def csr_pending() -> Refusal:
    """A CSR is pending and the switch csr_while_pending says refuse: text unknown."""
    return Refusal("CSR-PENDING", "A CSR is already pending for this certificate", invented=True)


def no_such_certificate(name: str) -> Refusal:
    """A listing or deletion names a file that is not there: text unknown."""
    return Refusal("NO-CERT", f"Certificate {name} does not exist", invented=True)
