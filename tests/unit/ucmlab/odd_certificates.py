"""Certificates that no sane CA issues: other keys, other signatures, other chains than the lab's own."""

from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ucmlab.cluster.certificates.authority import DAY_S, Authority
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue, key_usage, subject_name
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.certificates.records import as_datetime, to_pem
from ucmlab.scenarios.schema import Organisation
from unit.ucmlab.lab_bench import NOW

SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b")
OLD_SIGNATURES = {
    "sha1": (bytes.fromhex("06092a864886f70d010105"), hashes.SHA1()),
    "md5": (bytes.fromhex("06092a864886f70d010104"), hashes.MD5()),
}


def resigned(pem: bytes, ca: Authority, old: str) -> bytes:
    """The same certificate of an RSA CA, signed with SHA-1 or MD5, which the library no longer does by itself."""
    oid, algorithm = OLD_SIGNATURES[old]
    certificate = x509.load_pem_x509_certificate(pem)
    tbs = certificate.tbs_certificate_bytes.replace(SHA256_WITH_RSA, oid)
    assert isinstance(ca.issuing_key, rsa.RSAPrivateKey)
    signature = ca.issuing_key.sign(tbs, padding.PKCS1v15(), algorithm)
    der = certificate.public_bytes(Encoding.DER).replace(SHA256_WITH_RSA, oid)
    return to_pem(x509.load_der_x509_certificate(der.replace(certificate.signature, signature))).encode()


@lru_cache(maxsize=1)
def odd_keys() -> dict[str, Any]:
    """Public keys that CUCM has no use for, and one of the longest that it takes."""
    numbers = {bits: rsa.RSAPublicNumbers(65537, (1 << bits) - 159).public_key() for bits in (1024, 4096, 4104, 8192)}
    return {
        "dsa": dsa.generate_private_key(1024).public_key(),
        "ed25519": ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32).public_key(),
        "secp256k1": ec.derive_private_key(7, ec.SECP256K1()).public_key(),
        "p256": ec.derive_private_key(7, ec.SECP256R1()).public_key(),
        **{f"rsa{bits}": key for bits, key in numbers.items()},
    }


def peer(ca: Authority, **changes: Any) -> x509.Certificate:
    """A certificate of `ca` about somebody else; `changes` are fields of Draft."""
    return issue(_draft(**changes), Issuer(key=ca.issuing_key, certificate=ca.issuing))


def ca_under(issuer: Authority | None, number: int, **changes: Any) -> Authority:
    """One more CA below the issuing CA of `issuer`, or a root; it stands in `issuing`, whoever is above in `root`."""
    key = KeySource(seed=number).for_authority(number % 4)
    draft = _draft(**{"subject": name(f"Odd CA {number}"), "public_key": key.public_key(), "ca": True} | changes)
    made = issue(
        draft, Issuer(key=key) if issuer is None else Issuer(key=issuer.issuing_key, certificate=issuer.issuing)
    )
    return Authority(root=made if issuer is None else issuer.issuing, issuing=made, issuing_key=key)


def signed_by_ed25519(csr: x509.CertificateSigningRequest) -> tuple[bytes, bytes]:
    """A leaf for a CSR, and the self-signed root with an Ed25519 key that signed it; PEM."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    names = csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    pems = []
    for subject, public_key, serial in ((csr.subject, csr.public_key(), 1), (name("Ed Root"), key.public_key(), 2)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name("Ed Root"))
            .public_key(public_key)
            .serial_number(serial)
            .not_valid_before(as_datetime(NOW - DAY_S))
            .not_valid_after(as_datetime(NOW + 300 * DAY_S))
            .add_extension(names, critical=False)
            .add_extension(key_usage(CA_USAGE), critical=False)
        )
        pems.append(to_pem(builder.sign(key, None)).encode())
    return pems[0], pems[1]


def name(common_name: str) -> x509.Name:
    """A subject of this CN."""
    return subject_name(common_name, Organisation())


def raw_name(common_name: str) -> x509.Name:
    """A subject of this CN and nothing else, whatever stands in it."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _draft(**changes: Any) -> Draft:
    fields: dict[str, Any] = {
        "subject": name("A Peer"),
        "public_key": KeySource(seed=5).for_authority(0).public_key(),
        "serial": 815,
        "not_before": NOW - DAY_S,
        "not_after": NOW + 300 * DAY_S,
        "usage": CA_USAGE,
    }
    return Draft(**fields | changes)
