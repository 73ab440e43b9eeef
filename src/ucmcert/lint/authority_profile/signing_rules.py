"""How would it be signed: for how long, with which hash and key, and does the CA take this key at all?"""

import re
from collections.abc import Iterator

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.lint.authority_profile.ask import Ask
from ucmcert.lint.key_rules import HASH_BITS_FOR_CURVE, WEAK_HASHES
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

SHORT_DAYS = 100  # the public maximum from 2027 on; three phone resets each time


@rule("UCM-CA-011", Severity.WARNING, "procedure.md 8 (phone-facing purposes need a longer life) [I]")
def short_life(ask: Ask) -> Iterator[Objection]:
    """Every renewal of what phones trust resets every phone."""
    days = ask.profile.lifetime_days
    if ask.row.phones_trust_it and days is not None and days <= SHORT_DAYS:
        yield objection(days=f"{days}", purpose=ask.purpose)


@rule("UCM-CA-012", Severity.ERROR, "procedure.md 2.3 (FIPS and CUC ask SHA-256; clients refuse less)")
def weak_signature(ask: Ask) -> Iterator[Objection]:
    """MD5 and SHA-1 signatures are refused by every verifier."""
    if ask.profile.signature_hash in WEAK_HASHES:
        yield objection(hash=ask.profile.signature_hash or "-")


@rule("UCM-CA-013", Severity.WARNING, "procedure.md 2.3 (hash at least as strong as the key)")
def hash_below_key(ask: Ask) -> Iterator[Objection]:
    """A P-384 key with a SHA-256 signature is weaker than it looks."""
    wanted = HASH_BITS_FOR_CURVE.get(ask.key.removeprefix("EC "), 0)
    bits = re.search(r"(\d+)$", ask.profile.signature_hash or "")
    if bits and int(bits.group(1)) < wanted:
        yield objection(hash=ask.profile.signature_hash or "-", key=ask.key, wanted=f"sha{wanted}")


@rule("UCM-CA-014", Severity.UNKNOWN, "procedure.md 2.3, U-P3 [S AG125: CA signature must use RSA]")
def signed_by_ec(ask: Ask) -> Iterator[Objection]:
    """One old guide wants CA signatures to be RSA; what a current release does is not published."""
    if (ask.profile.signer_key or "").startswith("EC "):
        yield objection(key=ask.profile.signer_key or "-")


@rule("UCM-CA-016", Severity.ERROR, "Vault PKI API, role parameters key_type, key_bits; MS-CRTD msPKI-Minimal-Key-Size")
def key_refused(ask: Ask) -> Iterator[Objection]:
    """The CA signs other kinds of keys, or longer ones, only."""
    size = ask.key.partition(" ")[2]
    least = ask.profile.least_bits
    short = ask.key_kind == "RSA" and least is not None and size.isdigit() and int(size) < least
    if ask.key_kind in ask.profile.refuses_keys or short:
        yield objection(key=ask.key, takes=_takes(ask))


@rule("UCM-CA-017", Severity.WARNING, "procedure.md 2.1 [S D8]")
def foreign_critical(ask: Ask) -> Iterator[Objection]:
    """Any other critical extension breaks UCCX towards this node."""
    if ask.profile.critical:
        yield objection(extensions=", ".join(ask.profile.critical))


@rule("UCM-CA-020", Severity.UNKNOWN, "procedure.md 2.1, 5 E4 (what is not known is not promised)")
def not_known(ask: Ask) -> Iterator[Objection]:
    """What this request needs and the profile does not tell."""
    traits = list(_unknown(ask))
    if traits:
        yield objection(traits=", ".join(traits))


def _unknown(ask: Ask) -> Iterator[str]:
    profile = ask.profile
    yield from (f"SAN {kind}" for kind in ask.san_kinds if kind not in (*profile.keeps_sans, *profile.drops_sans))
    if ask.common_name_san and profile.adds_common_name is None:
        yield "CN in SAN"
    if profile.adds_names is None or (profile.adds_www is None and "dns" in ask.san_kinds):
        yield "SAN (added)"
    yield from (bit for bit in ask.usage if profile.usage.given(bit) is None)
    yield from (EKU_NAMES.get(oid, oid) for oid in ask.extended if profile.extended.given(oid) is None)
    if ask.gets_ca is None:
        yield "CA:TRUE"
    if ask.row.must_be_ca and profile.room_below is None:
        yield "pathlen"
    if ask.key_kind not in (*profile.signs_keys, *profile.refuses_keys):
        yield ask.key_kind


def _takes(ask: Ask) -> str:
    kinds = ", ".join(ask.profile.signs_keys) or "-"
    return f"{kinds} >= {ask.profile.least_bits}" if ask.profile.least_bits else kinds
