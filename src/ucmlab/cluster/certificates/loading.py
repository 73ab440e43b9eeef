"""An identity as a starting service reads it from the store: with the intermediates that stand there at that moment."""

from collections.abc import Sequence
from functools import lru_cache

from ucmlab.cluster.certificates.chains import issued
from ucmlab.cluster.certificates.records import (
    ServedIdentity,
    StoredCertificate,
    TrustEntry,
    load_certificate,
    to_pem,
)


def as_loaded(stored: StoredCertificate, trusted: Sequence[TrustEntry]) -> ServedIdentity:
    """An identity with the intermediates that a trust store holds for it; the root stays at home."""
    chain_pem = _chain_pem(stored.certificate_pem, tuple(entry.certificate_pem for entry in trusted))
    return ServedIdentity(purpose=stored.purpose, chain_pem=chain_pem, key_pem=stored.key_pem)


@lru_cache(maxsize=256)
def _chain_pem(leaf_pem: str, trusted: tuple[str, ...]) -> str:
    """Leaf and intermediates; always the same of the same, and asked whenever a list or a service is looked at."""
    candidates = [load_certificate(pem) for pem in trusted]
    chain = [load_certificate(leaf_pem)]
    while chain[-1].subject != chain[-1].issuer and len(chain) < 10:
        issuer = next((candidate for candidate in candidates if issued(chain[-1], candidate)), None)
        if issuer is None or issuer.subject == issuer.issuer:
            break
        chain.append(issuer)
    return "".join(map(to_pem, chain))
