"""Key pairs for tests: EC keys derived from their name, RSA keys taken from a committed pool."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

KeyKind = Literal["rsa", "ec"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
END = "-----END PRIVATE KEY-----\n"


def key_for(label: str, kind: KeyKind = "rsa", curve: ec.EllipticCurve | None = None) -> PrivateKey:
    """The key that belongs to `label`, the same in every run. Two labels may share an RSA key, never an EC key."""
    number = int.from_bytes(hashlib.sha256(label.encode()).digest(), "big")
    if kind == "ec":
        return ec.derive_private_key(number % 2**255 + 1, curve or ec.SECP256R1())
    return rsa_key(number)


def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """One RSA 2048 key of the pool; the number wraps around."""
    pool = _pool()
    return pool[number % len(pool)]


@cache
def _pool() -> tuple[rsa.RSAPrivateKey, ...]:
    text = (Path(__file__).parent / "rsa_keys.pem").read_text()
    blocks = [block[block.index("-----BEGIN") :] + END for block in text.split(END) if "BEGIN" in block]
    keys = tuple(load_pem_private_key(block.encode(), None) for block in blocks)
    return tuple(key for key in keys if isinstance(key, rsa.RSAPrivateKey))
