"""USB security tokens that sign a CTL: stand-ins, whose keys never change. Source: phones.md 1.3, 1.6, 3.1."""

import random

from cryptography import x509
from cryptography.x509.oid import NameOID

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue
from ucmlab.cluster.certificates.keys import KeySource, key_pem
from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.writing import Signer
from ucmlab.errors import ScenarioError

TOKENS = 2
SERIAL_BITS = 80
YEARS = 15


def token_signed(version: str, *, etoken: bool) -> bool:
    """Whether tokens sign the CTL of a publisher of this release. Raises ScenarioError: tokens that it refuses."""
    if etoken and release_has(version, "no CTL tokens"):
        next_step = "Leave etoken out, or take a release before 14.0.1.13900."
        raise ScenarioError(f"release {version} takes no USB tokens", where="etoken", next_step=next_step)
    return etoken or not release_has(version, "tokenless trust lists")


def make_tokens(keys: KeySource, *, seed: int, now: float) -> tuple[Signer, ...]:
    """The two tokens that a mixed cluster needs at least. `now`: epoch seconds.

    Their names are written as the records of real tokens show them, cut at the comma of the organisation.
    """
    draw = random.Random(f"tokens {seed}")  # noqa: S311 - repeatable lab tokens
    return tuple(_token(keys, draw, now) for _ in range(TOKENS))


def _token(keys: KeySource, draw: random.Random, now: float) -> Signer:
    key = keys.for_installation("rsa", 2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, '"ucmlab stand-in'),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "IPCBU"),
            x509.NameAttribute(NameOID.COMMON_NAME, f'"SAST-LAB{draw.getrandbits(32):08x}        "'),
        ]
    )
    draft = Draft(
        subject=subject,
        public_key=key.public_key(),
        serial=draw.getrandbits(SERIAL_BITS - 2) | 1 << (SERIAL_BITS - 2),
        not_before=now - 5 * 365 * DAY_S,
        not_after=now + YEARS * 365 * DAY_S,
        usage=CA_USAGE,
        ca=True,
    )
    return Signer(certificate_pem=to_pem(issue(draft, Issuer(key=key))), key_pem=key_pem(key))
