"""What the product checks when an identity certificate is uploaded: one small rule per refusal, asked in one list.

The order in which CUCM asks is not published; ours is: is it a certificate, is there a CSR, does it fit the CSR, is it
valid, does its chain stand in the trust store, are its key and names allowed. Source: procedure.md 5.
"""

from collections.abc import Sequence

import msgspec
from cryptography import x509

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.chains import chain_of
from ucmlab.cluster.certificates.extensions import alternative_name_set, extension, usage_set
from ucmlab.cluster.certificates.purposes import Purpose
from ucmlab.cluster.certificates.records import Csr, spki_sha256
from ucmlab.cluster.certificates.revocation import judge_status
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.strength import judge_fips_hash, judge_key, judge_leaf_hash, judge_signature
from ucmlab.switches import Switches


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a rule may look at. `now` is the node's clock, epoch seconds; `trusted` the purpose's trust store."""

    site: Site
    purpose: Purpose
    leaf: x509.Certificate
    csr: Csr
    trusted: Sequence[x509.Certificate]
    current: x509.Certificate | None
    now: float
    switches: Switches

    def chain(self) -> tuple[x509.Certificate, ...]:
        """The chain above the leaf, root last. Raises Refusal E1, E7."""
        return chain_of(self.leaf, self.trusted, now=self.now, switches=self.switches)


def judge(upload: Upload) -> None:
    """Ask every rule. Raises Refusal with the product's words."""
    for rule in RULES:
        rule(upload)


def judge_trust(certificate: x509.Certificate, site: Site, *, now: float, switches: Switches) -> None:
    """What a certificate for a trust store must be. Raises Refusal E5, E9, E10, E12."""
    judge_validity(certificate, now, switches)
    judge_key(certificate, fips=site.fips)
    judge_fips_hash(certificate, fips=site.fips)
    if switches["trust_wildcard"] == "refuse" and _has_wildcard(certificate):
        raise refusals.wildcard()
    judge_status(certificate, site.ocsp)


def key_fits(upload: Upload) -> None:
    """E3; in older words where switch mismatch_words says so."""
    if spki_sha256(upload.leaf) != upload.csr.public_key_sha256:
        raise refusals.as_release_says(refusals.key_differs(), upload.purpose, upload.switches)


def names_fit(upload: Upload) -> None:
    """E4: the sets of (type, value) are equal (U-P16: switch san_comparison)."""
    how = upload.switches["san_comparison"]
    if alternative_name_set(upload.leaf, how) != alternative_name_set(upload.csr.request(), how):
        raise refusals.names_differ()


def usage_fits(upload: Upload) -> None:
    """U-P1: only when the switch key_usage_check says refuse."""
    if upload.switches["key_usage_check"] == "refuse" and not usage_set(upload.csr.request()) <= usage_set(upload.leaf):
        raise refusals.usage_missing()


def is_valid_now(upload: Upload) -> None:
    """E5, and not yet valid unless the switch accepts it."""
    judge_validity(upload.leaf, upload.now, upload.switches)


def chain_is_trusted(upload: Upload) -> None:
    """E1, and E7 for an issuer that may not issue."""
    upload.chain()


def has_no_wildcard(upload: Upload) -> None:
    """E9; cup-xmpp-s2s may carry wildcards (procedure.md 3.8)."""
    if _has_wildcard(upload.leaf) and not upload.purpose.name.startswith("cup-xmpp-s2s"):
        raise refusals.wildcard()


def key_is_allowed(upload: Upload) -> None:
    """E10, and U-P3 for the signature of an EC CA."""
    judge_key(upload.leaf, fips=upload.site.fips)
    judge_signature(upload.leaf, upload.switches)
    judge_fips_hash(upload.leaf, fips=upload.site.fips)
    judge_leaf_hash(upload.leaf, upload.switches, product=upload.site.product)


def capf_is_a_ca(upload: Upload) -> None:
    """U-P2: CA:TRUE, keyCertSign, and an issuer that lets a CA stand below it."""
    if not upload.purpose.signs_certificates:
        return
    constraints, usage = extension(upload.leaf, x509.BasicConstraints), extension(upload.leaf, x509.KeyUsage)
    is_ca = constraints is not None and constraints.ca and usage is not None and usage.key_cert_sign
    if not is_ca and upload.switches["capf_ca_check"] == "refuse":
        raise refusals.not_a_ca()
    above = extension(upload.chain()[0], x509.BasicConstraints)
    if above is not None and above.path_length == 0 and upload.switches["capf_path_length"] == "refuse":
        raise refusals.not_a_ca()


def is_not_older(upload: Upload) -> None:
    """U-P5: older than the running identity, or its serial again; only when the switch older_identity says refuse."""
    current, leaf = upload.current, upload.leaf
    if current is None or upload.switches["older_identity"] == "accept":
        return
    again = (leaf.serial_number, leaf.issuer) == (current.serial_number, current.issuer)
    if again or leaf.not_valid_before_utc < current.not_valid_before_utc:
        raise refusals.older_identity()


def is_not_revoked(upload: Upload) -> None:
    """E12."""
    judge_status(upload.leaf, upload.site.ocsp)


RULES = (
    key_fits,
    names_fit,
    usage_fits,
    is_valid_now,
    chain_is_trusted,
    has_no_wildcard,
    key_is_allowed,
    capf_is_a_ca,
    is_not_older,
    is_not_revoked,
)


def judge_validity(certificate: x509.Certificate, now: float, switches: Switches) -> None:
    """Raises Refusal E5 when expired on the node's clock, E5-EARLY when not yet valid and the switch refuses that."""
    if certificate.not_valid_after_utc.timestamp() <= now:
        raise refusals.expired()
    if certificate.not_valid_before_utc.timestamp() > now and switches["not_yet_valid"] == "refuse":
        raise refusals.not_yet_valid()


def _has_wildcard(certificate: x509.Certificate) -> bool:
    values = [value for _, value in alternative_name_set(certificate, "exact")]
    values += [str(one.value) for one in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    return any("*" in value for value in values)
