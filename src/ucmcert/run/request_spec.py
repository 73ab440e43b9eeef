"""What a new CSR asks for: the purpose's own kind of name, and a key as strong as the one it replaces."""

import hashlib

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import NodeFacts
from ucmcert.ucm.cluster_client import CsrSpec

RSA_DEFAULT_BITS = 2048
CURVES = {"secp256r1": (256, "sha256"), "secp384r1": (384, "sha384"), "secp521r1": (521, "sha512")}
DEFAULT_CURVE = "secp384r1"
CAPF_DIGITS = 8


def request_spec(facts: NodeFacts, purpose: str, *, multi_server: bool = False) -> CsrSpec:
    """The CSR settings for `purpose` on this node: its name, the present kind of key, a hash as strong as the key.

    CUCM itself adds its names to the SAN, so none is asked for here. Source: interfaces-http.md 1.2, 1.5; procedure.md
    1.1 (names of multi-server and EC certificates), 2.3 (hash and key).
    """
    present = facts.holding.identity(purpose)
    kind, _, size = (present.key if present else "").partition(" ")
    name = _common_name(facts, purpose, present, multi_server=multi_server)
    if PURPOSES[purpose].twin_of:
        bits, hash_algorithm = CURVES[size if kind == "EC" and size in CURVES else DEFAULT_CURVE]
        return CsrSpec(
            common_name=name, key_type="ec", key_length=bits, hash_algorithm=hash_algorithm, multi_server=multi_server
        )
    return CsrSpec(
        common_name=name,
        key_type="rsa",
        key_length=int(size) if kind == "RSA" and int(size) >= RSA_DEFAULT_BITS else RSA_DEFAULT_BITS,
        hash_algorithm="sha256",
        multi_server=multi_server,
    )


def _common_name(facts: NodeFacts, purpose: str, present: Certificate | None, *, multi_server: bool) -> str:
    """The FQDN, with the middle part that Cisco gives to shared and EC names; CAPF gets a name it never had.

    A trust store keeps one entry per name: a CAPF of the old name could push the old one out, and with it every LSC
    that it issued (phones.md U11). The new name follows from the old certificate, so that asking again asks the same.
    """
    if PURPOSES[purpose].must_be_ca:
        old = present.sha256 if present else facts.node.name
        return f"CAPF-{hashlib.sha256(old.encode()).hexdigest()[:CAPF_DIGITS]}"
    middle = ("-EC" if PURPOSES[purpose].twin_of else "") + ("-ms" if multi_server else "")
    host, dot, domain = facts.node.name.partition(".")
    return f"{host}{middle}{dot}{domain}"
