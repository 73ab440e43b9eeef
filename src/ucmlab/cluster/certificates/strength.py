"""Which keys, hashes and signatures an upload may bring (E10). Source: procedure.md 2.3, 5 E10, 10 U-P3."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ucmlab.cluster.certificates import refusals
from ucmlab.switches import Switches

RSA_BITS, RSA_BITS_FIPS = (1024, 4096), (2048, 4096)
CURVES = {"secp256r1", "secp384r1", "secp521r1"}
BROKEN = {"md5", "sha1"}
EC_SIGNATURES = "1.2.840.10045.4."
HASH_BITS = {"sha256": 256, "sha384": 384, "sha512": 512}


def judge_key(certificate: x509.Certificate, *, fips: bool = False) -> None:
    """RSA of 1024 to 4096 bits (2048 in FIPS mode), or EC on P-256, P-384, P-521. Raises Refusal E10."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        least, most = RSA_BITS_FIPS if fips else RSA_BITS
        if not least <= key.key_size <= most:
            raise refusals.weak_or_large_key(f"RSA {key.key_size}")
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        raise refusals.weak_or_large_key(type(key).__name__)
    elif key.curve.name not in CURVES:
        raise refusals.weak_or_large_key(f"EC {key.curve.name}")


def judge_fips_hash(certificate: x509.Certificate, *, fips: bool) -> None:
    """In FIPS mode nothing signed with MD5 or SHA-1 comes in. Raises Refusal E10."""
    if fips and hash_name(certificate) in BROKEN:
        raise refusals.weak_or_large_key(f"{hash_name(certificate)} in FIPS mode")


def judge_leaf_hash(certificate: x509.Certificate, switches: Switches, *, product: str) -> None:
    """The hash of a signature on an identity. Raises Refusal E10.

    Switch leaf_hash: `not-broken` refuses MD5 and SHA-1, but takes SHA-1 for an RSA key of Unity Connection; `as-key`
    also wants SHA-384 for P-384 and SHA-512 for P-521, which Cisco prints of CSRs.
    """
    how, name, key = switches["leaf_hash"], hash_name(certificate), certificate.public_key()
    old_unity = product == "unity-connection" and isinstance(key, rsa.RSAPublicKey) and name == "sha1"
    if how == "any" or old_unity:
        return
    bits = min(key.key_size, 512) if isinstance(key, ec.EllipticCurvePublicKey) and how == "as-key" else 256
    if HASH_BITS.get(name, 0) < bits:
        raise refusals.weak_or_large_key(f"{name} is weaker than the key")


def judge_signature(certificate: x509.Certificate, switches: Switches) -> None:
    """The CA signs with RSA; with EC where switch ec_ca_signature accepts it (U-P3). Raises Refusal E10."""
    if certificate.signature_algorithm_oid.dotted_string.startswith(EC_SIGNATURES):
        if switches["ec_ca_signature"] == "refuse":
            raise refusals.weak_or_large_key("signed with an EC key")
    elif certificate.signature_hash_algorithm is None:
        raise refusals.weak_or_large_key("signed with a key of an unsupported type")


def hash_name(certificate: x509.Certificate) -> str:
    """`sha256` and so on; "" for a signature that has no hash of its own."""
    algorithm = certificate.signature_hash_algorithm
    return "" if algorithm is None else algorithm.name
