"""Reads what a CA does from one certificate that it made of one request. Nothing is guessed beyond what is seen."""

from typing import Literal

from cryptography import x509

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.lint.authority_profile.profile import SAN_KINDS, Bits, CaProfile
from ucmcert.lint.chain import issued_by, order_chain
from ucmcert.lint.name_rules import plain_san
from ucmcert.lint.opened import claims_public_tls, critical, opened, path_length
from ucmcert.lint.usage_rules import MAY_BE_CRITICAL
from ucmcert.model.certificate import KEY_USAGE_BITS, Certificate, CertificateRequest

DAY_S = 86_400


def infer(request: CertificateRequest, leaf: Certificate, chain: tuple[Certificate, ...]) -> CaProfile:
    """The traits that `leaf`, the answer to `request`, shows. `chain` goes from the issuer to the root, in any order.

    Raises ValueError when `leaf` does not carry the key of `request`: it is not its answer, and shows nothing.
    Source: procedure.md 2, 5; CA/Browser Forum Baseline Requirements 7.1.2.7 (policies of public certificates).
    """
    if leaf.spki_sha256 != request.spki_sha256:
        raise ValueError("the certificate carries another key than the CSR, so it does not answer it")
    asked = {plain_san(san) for san in request.sans}
    given = {plain_san(san) for san in leaf.sans}
    own = {plain_san(f"dns:{request.common_name}")} - asked if request.common_name else set()
    www = {san for san in given - asked - own if san.startswith("dns:www.")}
    asks_ca = "key_cert_sign" in request.key_usage
    issuer = next((one for one in chain if issued_by(leaf, one)), None)
    return CaProfile(
        kind="answer",
        name=leaf.issuer,
        keeps_sans=tuple(kind for kind in SAN_KINDS if _kept(kind, asked, given) is True),
        drops_sans=tuple(kind for kind in SAN_KINDS if _kept(kind, asked, given) is False),
        adds_common_name=bool(own & given) if own else None,
        adds_www=bool(www) if any(san.startswith("dns:") for san in asked) else None,
        adds_names=tuple(sorted(given - asked - own - www)),
        common_name=_common_name(request, leaf),
        subject=_subject(request, leaf),
        usage=_bits(request.key_usage, leaf.key_usage, KEY_USAGE_BITS),
        extended=_bits(request.extended_key_usage, leaf.extended_key_usage, tuple(EKU_NAMES)),
        issues_ca=leaf.is_ca if leaf.is_ca or asks_ca else None,
        ca_unasked=None if asks_ca else leaf.is_ca,
        issuer_path_length=path_length(issuer.der) if issuer else None,
        room_below=_room_below(leaf, chain),
        lifetime_days=(leaf.not_after - leaf.not_before) // DAY_S,
        signature_hash=leaf.signature_hash,
        signer_key=issuer.key if issuer else None,
        signs_keys=(leaf.key.partition(" ")[0],),
        critical=_critical(leaf),
        wildcard=any("*" in san for san in given) if any("*" in san for san in asked) else None,
        public=claims_public_tls(leaf.der),
    )


def _kept(kind: str, asked: set[str], given: set[str]) -> bool | None:
    of_kind = {san for san in asked if san.partition(":")[0] == kind}
    return of_kind <= given if of_kind else None


def _common_name(request: CertificateRequest, leaf: Certificate) -> Literal["kept", "replaced", "dropped"] | None:
    if not request.common_name:
        return None
    if not leaf.common_name:
        return "dropped"
    return "kept" if leaf.common_name.lower() == request.common_name.lower() else "replaced"


def _subject(request: CertificateRequest, leaf: Certificate) -> Literal["kept", "changed"] | None:
    """The rest of the subject, the CN apart; None when the request has nothing else."""
    asked, given = _rest(x509.load_der_x509_csr(request.der).subject), _rest(opened(leaf.der).subject)
    if not asked:
        return None
    return "kept" if asked == given else "changed"


def _rest(name: x509.Name) -> set[tuple[str, str]]:
    pairs = {(one.oid.dotted_string, f"{one.value!r}") for one in name}
    return {pair for pair in pairs if pair[0] != x509.NameOID.COMMON_NAME.dotted_string}


def _bits(asked: tuple[str, ...], given: tuple[str, ...], known: tuple[str, ...]) -> Bits:
    every = (*known, *(one for one in (*asked, *given) if one not in known))
    return Bits(
        sets=tuple(one for one in every if one in given and one not in asked),
        keeps=tuple(one for one in every if one in given and one in asked),
        drops=tuple(one for one in every if one in asked and one not in given),
    )


def _room_below(leaf: Certificate, chain: tuple[Certificate, ...]) -> bool | None:
    try:
        issuers = order_chain(leaf, chain)
    except ValueError:
        return None
    lengths = [(path_length(one.der), below) for below, one in enumerate(issuers, start=1)]
    return all(allowed is None or allowed >= below for allowed, below in lengths) if issuers else None


def _critical(leaf: Certificate) -> tuple[str, ...]:
    return tuple(name for name in critical(leaf.der) if name not in MAY_BE_CRITICAL)
