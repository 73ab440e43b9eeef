"""Is it the key of the request, strong enough, and signed with a strong hash?"""

import re
from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.chain import issued_by
from ucmcert.lint.opened import signature_name
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.certificate import Certificate
from ucmcert.model.finding import Severity

CURVES = ("secp256r1", "secp384r1", "secp521r1")
RSA_BITS = range(2048, 4097)
WEAK_HASHES = ("md5", "sha1", "none")
HASH_BITS_FOR_CURVE = {"secp384r1": 384, "secp521r1": 384}
USUAL_SIGNATURES = ("RSA", "ECDSA")
PHONES_KNOW_BITS = 2048
MIXED_CA_BITS = 4096


@rule("UCM-KEY-001", Severity.ERROR, "procedure.md 5 E3")
def other_key(case: Upload) -> Iterator[Objection]:
    """The certificate carries another public key than the CSR that waits on the node."""
    if case.leaf.spki_sha256 != case.request.spki_sha256:
        yield objection(certificate=case.leaf.spki_sha256[:16], request=case.request.spki_sha256[:16])


@rule("UCM-KEY-002", Severity.ERROR, "procedure.md 2.3, 5 E10")
def weak_key(case: Upload) -> Iterator[Objection]:
    """CUCM takes RSA up to 4096 bits and three curves; below 2048 bits no browser or phone of today goes along."""
    for certificate in (case.leaf, *case.chain):
        kind, _, size = certificate.key.partition(" ")
        good = (kind == "RSA" and int(size) in RSA_BITS) or (kind == "EC" and size in CURVES)
        if not good:
            yield objection(key=certificate.key, name=_name(certificate))


@rule("UCM-KEY-003", Severity.ERROR, "procedure.md 5 E10, 2.3 (FIPS and CUC ask SHA-256; clients refuse less)")
def weak_signature(case: Upload) -> Iterator[Objection]:
    """MD5 and SHA-1 signatures are refused by every verifier; a root's own signature is never checked."""
    for certificate in (case.leaf, *case.chain):
        if certificate.signature_hash in WEAK_HASHES and not certificate.self_issued:
            yield objection(hash=certificate.signature_hash, name=_name(certificate))


@rule("UCM-KEY-004", Severity.WARNING, "procedure.md 2.3 (hash at least as strong as the key)")
def hash_below_key(case: Upload) -> Iterator[Objection]:
    """A P-384 key with a SHA-256 signature is weaker than it looks."""
    wanted = HASH_BITS_FOR_CURVE.get(case.leaf.key.removeprefix("EC "), 0)
    bits = re.search(r"(\d+)$", case.leaf.signature_hash)
    if bits and int(bits.group(1)) < wanted:
        yield objection(hash=case.leaf.signature_hash, key=case.leaf.key, wanted=f"sha{wanted}")


@rule("UCM-KEY-005", Severity.UNKNOWN, "procedure.md 2.3, U-P3 [S AG125: CA signature must use RSA]")
def signed_by_ec(case: Upload) -> Iterator[Objection]:
    """One old guide wants CA signatures to be RSA; what a current release does with an EC one is not published."""
    for issuer in case.chain:
        if issuer.key.startswith("EC ") and issued_by(case.leaf, issuer):
            yield objection(key=issuer.key, name=_name(issuer))
            return


@rule("UCM-KEY-009", Severity.UNKNOWN, "procedure.md 2.3, 5 E10, U-P15 (FIPS asks for SHA-256)")
def weak_root_in_fips(case: Upload) -> Iterator[Objection]:
    """A root's own signature is never checked, but a node in FIPS mode may mind its hash; nobody has published it."""
    for one in case.chain if case.known.fips else ():
        if one.self_issued and one.signature_hash in WEAK_HASHES:
            yield objection(hash=one.signature_hash, name=_name(one))


@rule("UCM-KEY-010", Severity.WARNING, "procedure.md 2.3 [S SG14: Phone Feature List, 3072/4096]")
def long_key_for_phones(case: Upload) -> Iterator[Objection]:
    """Some phone models do not register with a CallManager key above 2048 bits."""
    bits = _rsa_bits(case.leaf)
    if case.purpose == "CallManager" and bits > PHONES_KNOW_BITS:
        yield objection(key=case.leaf.key)


@rule("UCM-KEY-011", Severity.WARNING, "procedure.md 2.3 [S SG14: mixed mode, CA keys below 4096]")
def long_ca_key_in_mixed_mode(case: Upload) -> Iterator[Objection]:
    """In mixed mode some endpoints refuse chains with CA keys of 4096 bits."""
    for one in case.chain if case.known.mixed and case.row.phones_trust_it else ():
        if _rsa_bits(one) >= MIXED_CA_BITS:
            yield objection(key=one.key, name=_name(one))


@rule("UCM-KEY-012", Severity.UNKNOWN, "procedure.md 2.3, U-P3 (guides know plain RSA signatures) [I]")
def unusual_signature(case: Upload) -> Iterator[Objection]:
    """RSASSA-PSS and the Edwards curves: no Cisco text names them, and older peers know neither."""
    for one in (case.leaf, *case.chain):
        name = signature_name(one.der)
        if name not in USUAL_SIGNATURES:
            yield objection(algorithm=name, name=_name(one))


def _rsa_bits(certificate: Certificate) -> int:
    kind, _, size = certificate.key.partition(" ")
    return int(size) if kind == "RSA" else 0


def _name(certificate: Certificate) -> str:
    return certificate.common_name or certificate.subject
