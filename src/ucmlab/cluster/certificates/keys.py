"""Private keys for lab certificates: RSA-2048 from a committed public pool, everything else made on the spot.

The pool exists for speed and repeatability only; its keys are public and protect nothing.
"""

import random
from importlib import resources
from typing import Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
KeyPolicy = Literal["pool", "fresh"]
CA_KEYS = 4
BUILD_KEYS = 16
CURVES: dict[int, type[ec.EllipticCurve]] = {256: ec.SECP256R1, 384: ec.SECP384R1, 521: ec.SECP521R1}


class KeySource:
    """Draws keys in a seeded order. Of the pool the first `CA_KEYS` are the lab CA's, those up to `BUILD_KEYS` serve
    installation and may repeat, each of the others answers one CSR only; after the last, RSA keys are made fresh."""

    def __init__(self, *, seed: int, policy: KeyPolicy = "pool", spent: int = 0) -> None:
        self._pool = read_pool() if policy == "pool" else []
        self._draw = random.Random(f"keys {seed} {spent}")  # noqa: S311 - repeatable lab keys
        random.Random(f"pool {seed}").shuffle(self._pool)  # noqa: S311 - repeatable order
        self.spent = spent
        self._built = 0

    def for_authority(self, index: int) -> PrivateKey:
        """Key `index` (0 to 3) of the lab's CA."""
        return load_key(self._pool[index]) if self._pool else self._fresh("rsa", 2048)

    def for_installation(self, key_type: str, length: int) -> PrivateKey:
        """A key for a certificate made at installation; RSA-2048 may repeat within a cluster."""
        if key_type == "rsa" and length == 2048 and self._pool:
            self._built += 1
            return load_key(self._pool[CA_KEYS + self._built % (BUILD_KEYS - CA_KEYS)])
        return self._fresh(key_type, length)

    def for_csr(self, key_type: str, length: int) -> PrivateKey:
        """A key that this cluster has never used before."""
        if key_type == "rsa" and length == 2048 and BUILD_KEYS + self.spent < len(self._pool):
            self.spent += 1
            return load_key(self._pool[BUILD_KEYS + self.spent - 1])
        return self._fresh(key_type, length)

    def _fresh(self, key_type: str, length: int) -> PrivateKey:
        if key_type == "rsa":
            return rsa.generate_private_key(public_exponent=65537, key_size=length)
        return ec.derive_private_key(self._draw.getrandbits(length - 2) + 1, CURVES[length]())


def read_pool() -> list[str]:
    """The PEM texts of the committed pool, in file order."""
    text = (resources.files("ucmlab.cluster.certificates") / "pool" / "pool.pem").read_text(encoding="ascii")
    end = "-----END PRIVATE KEY-----\n"
    return [block + end for block in text.split(end) if block.strip()]


def load_key(pem: str) -> PrivateKey:
    """A private key from PEM; the lab's own, so its numbers are not checked again (50 ms each)."""
    key = serialization.load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"a lab key is RSA or EC, not {type(key).__name__}")
    return key


def key_pem(key: PrivateKey) -> str:
    """PKCS#8 PEM without a password."""
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
