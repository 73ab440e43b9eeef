"""The product's words for no, each with the source of its wording.

`invented` marks what nobody has published (U-P15).
"""

from ucmlab.cluster.certificates.purposes import Purpose
from ucmlab.errors import Refusal
from ucmlab.switches import Switches


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


def as_release_says(refusal: Refusal, purpose: Purpose, switches: Switches) -> Refusal:
    """E2 and E3 of an upload in the words of releases that tell them not apart, where switch mismatch_words says so.

    Source: procedure.md 5 E2/E3, which prints the path for tomcat.
    """
    if switches["mismatch_words"] == "cause":
        return refusal
    path = f"/usr/local/platform/upload/certs//{purpose.name}.der"
    return Refusal(refusal.code, f"The file {path} could not be uploaded.")


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


def not_pem() -> Refusal:
    """E7 for a file that is no PEM, or has other text in it. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Certificate is not in PEM format")


def invalid_file() -> Refusal:
    """E7 for a file of another kind: a key, a request, a PKCS#12. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Invalid certificate file provided")


def upload_failed() -> Refusal:
    """E7 for a file too large to be one. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Certificate Upload failed")


def bad_issuer() -> Refusal:
    """E7: the issuer in the trust store is expired or may not issue. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Error in CA certificate")


def wrong_type() -> Refusal:
    """E7 for an upload to a place the node does not have. Source: procedure.md 5 E7 (HCMF)."""
    return Refusal("E7", "Invalid certificate type found")


def wildcard() -> Refusal:
    """E9: text unknown."""
    return Refusal("E9", "Wildcard certificates are not supported", invented=True)


def weak_or_large_key(detail: str) -> Refusal:
    """E10: text unknown."""
    return Refusal("E10", f"Unsupported key or signature algorithm: {detail}", invented=True)


def revoked() -> Refusal:
    """E12: text unknown."""
    return Refusal("E12", "Certificate has been revoked", invented=True)


def status_unknown() -> Refusal:
    """E12 in Common Criteria mode: text unknown."""
    return Refusal("E12", "Certificate revocation status could not be determined", invented=True)


def multi_server_by_cli() -> Refusal:
    """E11: text unknown; from 14SU2 a multi-server certificate cannot be uploaded by CLI."""
    return Refusal("E11", "Multi-server certificates cannot be imported from the CLI", invented=True)


def not_a_ca() -> Refusal:
    """CAPF without CA:TRUE and keyCertSign (U-P2): text unknown."""
    return Refusal("E7-CAPF", "Invalid certificate file provided", invented=True)


def older_trust() -> Refusal:
    """E6 where the switch older_trust_status makes an error of it: text unknown."""
    words = "The certificate was not stored: a certificate of this name with a later start is in place"
    return Refusal("E6", words, invented=True)


def usage_missing() -> Refusal:
    """Key usage bits of the CSR are missing (U-P1): text unknown."""
    return Refusal("U-P1", "CSR key usage and Certificate key usage does not match", invented=True)


def older_identity() -> Refusal:
    """The uploaded identity is older than the running one (U-P5): text unknown."""
    return Refusal("U-P5", "A newer certificate is already installed", invented=True)


def not_for_csr() -> Refusal:
    """E8. Source: procedure.md 5 E8 (HCMF)."""
    return Refusal("E8", "Unable to generate CSR for the given certificate type Provide correct certificate type")


def bad_subject(what: str) -> Refusal:
    """`set web-security` with a value that no subject can take: text unknown."""
    return Refusal("BAD-SUBJECT", f"Invalid {what}", invented=True)


def country_is_fixed() -> Refusal:
    """`set web-security` with another country than that of the installation (procedure.md 5, E4): text unknown."""
    return Refusal("COUNTRY", "The country cannot be changed", invented=True)


def csr_pending() -> Refusal:
    """A CSR is pending and the switch csr_while_pending says refuse: text unknown."""
    return Refusal("CSR-PENDING", "A CSR is already pending for this certificate", invented=True)


def no_such_certificate(name: str) -> Refusal:
    """A listing or deletion names a file that is not there: text unknown."""
    return Refusal("NO-CERT", f"Certificate {name} does not exist", invented=True)
