"""The certificates inside a pack: does each leaf carry its CSR's key, and does its chain really sign it?"""

from collections.abc import Iterator
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from ucmcert.model.certificate import Certificate, read_certificates_pem, read_request
from ucmcert.model.finding import Finding
from ucmcert.report.pack import layout
from ucmcert.report.pack.pack_finding import pack_finding


def certificate_findings(files: dict[str, bytes]) -> Iterator[Finding]:
    """What is wrong with the PEM files of every certificate, read as they lie there, whatever release wrote them."""
    folders = sorted({name.rpartition("/")[0] for name in files if name.startswith(f"{layout.CERTIFICATES}/")})
    for folder in folders:
        name = f"{folder}/{layout.LEAF}"
        if name not in files:
            continue
        try:
            leaf = read_certificates_pem(files[name])[0]
            chain = read_certificates_pem(files.get(f"{folder}/{layout.CHAIN}", b""))
            request = read_request(files.get(f"{folder}/{layout.REQUEST}", b""))
        except (ValueError, IndexError):
            yield pack_finding("UCM-PACK-011", name)
            continue
        if leaf.spki_sha256 != request.spki_sha256:
            yield pack_finding("UCM-PACK-010", name, leaf=leaf.spki_sha256[:16], request=request.spki_sha256[:16])
        elif not _signed(leaf, chain):
            yield pack_finding("UCM-PACK-011", name)


def _signed(leaf: Certificate, chain: tuple[Certificate, ...]) -> bool:
    """Each certificate is signed by the next one."""
    loaded = [x509.load_der_x509_certificate(one.der) for one in (leaf, *chain)]
    try:
        for child, issuer in pairwise(loaded):
            child.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return len(loaded) > 1
