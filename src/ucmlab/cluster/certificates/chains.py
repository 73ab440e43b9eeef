"""Finds who issued a certificate among the entries of a trust store, up to a self-signed root."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.extensions import extension
from ucmlab.cluster.certificates.files import UNREADABLE
from ucmlab.cluster.certificates.strength import BROKEN
from ucmlab.switches import Switches


def issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` really signed `child`."""
    if child.issuer != issuer.subject:
        return False
    try:
        _verify(child, issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _verify(child: x509.Certificate, issuer: x509.Certificate) -> None:
    """Raises InvalidSignature, or one of UNREADABLE. The library refuses MD5 and SHA-1 here, which CUCM may take."""
    key, algorithm = issuer.public_key(), child.signature_hash_algorithm
    if isinstance(key, rsa.RSAPublicKey) and algorithm is not None and algorithm.name in BROKEN:
        key.verify(child.signature, child.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
    else:
        child.verify_directly_issued_by(issuer)


def chain_of(
    leaf: x509.Certificate, trusted: Sequence[x509.Certificate], *, now: float, switches: Switches
) -> tuple[x509.Certificate, ...]:
    """From the leaf's issuer to a self-signed root, from the trust store only. `now`: the node's clock, epoch seconds.

    Raises: Refusal E1; E7 where the only issuer may not issue and the switch issuer_check says so.
    """
    chain: list[x509.Certificate] = []
    current = leaf
    while current.subject != current.issuer:
        signers = [candidate for candidate in trusted if issued(current, candidate)]
        if not signers or len(chain) >= int(switches["chain_depth_max"]):
            raise refusals.chain_missing()
        if switches["issuer_check"] == "refuse":
            signers = [signer for signer in signers if may_issue(signer, now=now, below=len(chain))]
        if not signers:
            raise refusals.bad_issuer()
        chain.append(signers[0])
        current = signers[0]
    if not chain:
        raise refusals.chain_missing()
    return tuple(chain)


def may_issue(issuer: x509.Certificate, *, now: float, below: int) -> bool:
    """Whether an issuer is a CA, not expired, and allows `below` more CAs under it; a root without extensions is one.

    Source: procedure.md 4.1 P13, 5 E7 (`Error in CA certificate`).
    """
    if issuer.not_valid_after_utc.timestamp() <= now:
        return False
    usage, constraints = extension(issuer, x509.KeyUsage), extension(issuer, x509.BasicConstraints)
    if usage is not None and not usage.key_cert_sign:
        return False
    if constraints is None:
        return True
    return constraints.ca and (constraints.path_length is None or constraints.path_length >= below)
