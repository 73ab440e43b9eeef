"""Puts the certificates of a chain in order by name and by signature: issuer first, root last."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from ucmcert.model.certificate import Certificate


def issued_by(child: Certificate, parent: Certificate) -> bool:
    """Whether `parent`'s name and key made `child`: same name, and the signature verifies."""
    if child.issuer != parent.subject:
        return False
    try:
        authority = x509.load_der_x509_certificate(parent.der)
        x509.load_der_x509_certificate(child.der).verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def is_root(certificate: Certificate) -> bool:
    """Self-signed, not only self-issued: its own key made it."""
    return certificate.self_issued and issued_by(certificate, certificate)


def order_chain(leaf: Certificate, candidates: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """The issuers of `leaf` among `candidates`, from its issuer to the root; candidates of other chains are left out.

    A self-signed `leaf` needs nobody: (). Of several ways the shortest is taken.
    Raises ValueError naming the issuer that is missing. Source: procedure.md 3.0 X5, X6.
    """
    if is_root(leaf):
        return ()
    ways: list[tuple[Certificate, ...]] = [()]
    missing = leaf.issuer
    seen = {leaf.sha256}
    while ways:
        longer: list[tuple[Certificate, ...]] = []
        for way in ways:
            child = way[-1] if way else leaf
            parents = [one for one in candidates if one.sha256 not in seen and issued_by(child, one)]
            for parent in parents:
                if is_root(parent):
                    return (*way, parent)
                seen.add(parent.sha256)
                longer.append((*way, parent))
            if not parents:
                missing = child.issuer
        ways = longer
    raise ValueError(f"the issuer {missing} is missing")
