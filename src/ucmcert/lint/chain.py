"""Puts the certificates of a chain in order by name and by signature: issuer first, root last."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ucmcert.lint.opened import opened
from ucmcert.model.certificate import Certificate

BROKEN = ("md5", "sha1")


def issued_by(child: Certificate, parent: Certificate) -> bool:
    """Whether `parent`'s name and key made `child`: same name, and the signature verifies."""
    return child.issuer == parent.subject and verifies(child.der, parent.der)


@lru_cache(maxsize=8192)  # every rule about a chain asks again, and a signature is the dear part
def verifies(child: bytes, parent: bytes) -> bool:
    """Whether the names agree byte by byte and the key in `parent` made the signature of `child`, both DER."""
    one, issuer = opened(child), opened(parent)
    algorithm = one.signature_hash_algorithm
    if algorithm is not None and algorithm.name in BROKEN:  # the library refuses these, which is a rule's to judge
        return one.issuer == issuer.subject and _made_by_key(child, parent)
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def made_by_key(child: Certificate, parent: Certificate) -> bool:
    """Whether `parent`'s key made `child`, whatever the names say."""
    return _made_by_key(child.der, parent.der)


def _made_by_key(child: bytes, parent: bytes) -> bool:
    one, key = opened(child), opened(parent).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and one.signature_hash_algorithm is not None:
            salted = one.signature_algorithm_parameters
            if isinstance(salted, padding.PSS | padding.PKCS1v15):
                key.verify(one.signature, one.tbs_certificate_bytes, salted, one.signature_hash_algorithm)
                return True
        if isinstance(key, ec.EllipticCurvePublicKey) and one.signature_hash_algorithm is not None:
            key.verify(one.signature, one.tbs_certificate_bytes, ec.ECDSA(one.signature_hash_algorithm))
            return True
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return False


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


def way_up(leaf: Certificate, candidates: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """As `order_chain`; () when the way does not reach a root: rules about a whole chain have nothing to say then."""
    try:
        return order_chain(leaf, candidates)
    except ValueError:
        return ()


def put_in_order(leaf: Certificate, came: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """Each certificate of `came` once: the way to the root first, then the others, whatever order they came in."""
    alike = tuple(sorted({one.sha256: one for one in came}.values(), key=lambda one: one.sha256))
    way = way_up(leaf, alike)
    return (*way, *(one for one in alike if one not in way))


def collide(one: Certificate, other: Certificate) -> bool:
    """Two certificates for which a trust store has one place: equal common name or subject (procedure.md U-P14)."""
    if one.sha256 == other.sha256:
        return False
    return one.subject == other.subject or (bool(one.common_name) and one.common_name == other.common_name)
