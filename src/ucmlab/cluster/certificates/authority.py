"""The lab's own two-tier CA, one generation per name: G1 signed what the nodes have, G2 is the one to renew with.

Different names (`G1`, `G2`) respect the one-certificate-per-name rule of procedure.md 6.1.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ucmlab.atomic_file import write_atomically
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue, subject_name
from ucmlab.cluster.certificates.keys import KeySource, PrivateKey, key_pem
from ucmlab.scenarios.schema import Organisation

DAY_S = 86400.0


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """A root and the issuing CA below it, with the issuing key (the root's is thrown away)."""

    root: x509.Certificate
    issuing: x509.Certificate
    issuing_key: PrivateKey


def make_authority(
    generation: int, organisation: Organisation, keys: KeySource, *, serial: Callable[[], int], now: float
) -> Authority:
    """Generation 1 began six years before `now` (epoch seconds) and lives four more; generation 2 began a month ago."""
    age_days, life_days = (6 * 365, 10 * 365) if generation == 1 else (30, 15 * 365)
    root_key, issuing_key = keys.for_authority(generation * 2 - 2), keys.for_authority(generation * 2 - 1)
    since = now - age_days * DAY_S
    root = issue(
        Draft(
            subject=subject_name(f"Lab Root CA G{generation}", organisation),
            public_key=root_key.public_key(),
            serial=serial(),
            not_before=since,
            not_after=since + life_days * DAY_S,
            usage=CA_USAGE,
            ca=True,
        ),
        Issuer(key=root_key),
    )
    issuing = issue(
        Draft(
            subject=subject_name(f"Lab Issuing CA G{generation}", organisation),
            public_key=issuing_key.public_key(),
            serial=serial(),
            not_before=since + DAY_S,
            not_after=since + (life_days - 365) * DAY_S,
            usage=CA_USAGE,
            ca=True,
            path_length=1 if generation == 2 else 0,
        ),
        Issuer(key=root_key, certificate=root),
    )
    return Authority(root=root, issuing=issuing, issuing_key=issuing_key)


def write_authority(folder: Path, authority: Authority) -> Path:
    """`root.pem`, `intermediate.pem` and `intermediate.key` (0600) in `folder`, for a client that signs; returns it."""
    encoding = serialization.Encoding.PEM
    write_atomically(folder / "root.pem", authority.root.public_bytes(encoding), mode=0o644)
    write_atomically(folder / "intermediate.pem", authority.issuing.public_bytes(encoding), mode=0o644)
    write_atomically(folder / "intermediate.key", key_pem(authority.issuing_key).encode(), mode=0o600)
    return folder
