"""The CSR that should come out for one certificate: what is configured, else what today's certificate has.

The same function serves the preview, the request and the comparison afterwards, so that the three cannot disagree.
"""

import hashlib

import msgspec

from ucmcert.knowledge.csr_limits import CURVES, hashes_for
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE, PURPOSES
from ucmcert.knowledge.versions import has
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import NodeFacts
from ucmcert.model.csr_settings import CsrRules, CsrSettings, as_san, is_address
from ucmcert.plan.csr_choice import choice

RSA_DEFAULT_BITS = 2048
CURVE_DEFAULT_BITS = 384
DEFAULT_HASHES = {256: "sha256", 384: "sha384", 521: "sha512"}
CAPF_DIGITS = 8
SUBJECT = ("organisation", "unit", "locality", "state", "country")
MULTI_SERVER = "multi-server"
CHOSEN = {"bits": "key", "hash": "hash", "names": "names", "spread": "distribution", **{one: one for one in SUBJECT}}


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """One CSR to come. `bits` and `hash` are of its key; without `key_told` the node decides them and tells nobody.

    `nodes` are the host names that must stand in it, `names` the configured ones, `today` those of the certificate in
    place, all like `dns:a.example`. `subject` holds what is configured, `chosen` the fields somebody chose: a CSR that
    differs in one of those is not the CSR that was approved.
    """

    common_name: str
    key_type: str
    bits: int
    hash: str
    key_told: bool
    multi_server: bool
    nodes: tuple[str, ...]
    names: tuple[str, ...]
    today: tuple[str, ...]
    subject: dict[str, str]
    chosen: frozenset[str]

    @property
    def key(self) -> str:
        """As certificates list their key: `RSA 2048`, `EC secp384r1`, "" when it cannot be foretold."""
        if not self.key_told:
            return ""
        return f"EC {CURVES[self.bits]}" if self.key_type == "ec" else f"RSA {self.bits}"


def csr_detail(facts: NodeFacts, purpose: str, rules: CsrRules) -> dict[str, str]:
    """What a csr.generate step must know of the settings chosen for it; {} when nobody chose any.

    `bits`, `hash`, `names` (by comma), the parts of the subject, `spread` when the distribution is
    chosen, `distribution` itself for "this-server" (the plan adds the other), and `by` "person" when this release's
    command line cannot be told the key: then the node's web page makes the CSR.
    Source: interfaces-cli.md 2.3; procedure.md 2.3.
    """
    settings = choice(rules, purpose, facts.node).settings
    twin = bool(PURPOSES[purpose].twin_of)
    bits = settings.ec_bits if twin else settings.rsa_bits
    detail = {"bits": str(bits)} if bits else {}
    if settings.hash:
        detail["hash"] = _strong_enough(facts, settings.hash, _bits(facts, purpose, detail) if twin else None)
    if settings.names:
        detail["names"] = ",".join(settings.names)
    if settings.distribution:
        detail["spread"] = "chosen"
    if settings.distribution == "this-server":
        detail["distribution"] = settings.distribution
    detail |= _subject(settings)
    if not offers_rest(facts) and _beyond_the_command_line(detail, twin=twin):
        detail["by"] = "person"
    return detail


def expected(facts: NodeFacts, purpose: str, detail: dict[str, str], sharing: tuple[str, ...] = ()) -> Expected:
    """The CSR that `detail` of a csr.generate step leads to; `sharing` are the nodes of a multi-server certificate.

    CUCM adds further names of its own. Source: interfaces-http.md 1.2, 1.5; procedure.md 1.1, 2.3.
    """
    present = facts.holding.identity(purpose)
    shared = detail.get("distribution") == MULTI_SERVER
    twin = bool(PURPOSES[purpose].twin_of)
    bits = _bits(facts, purpose, detail)
    named = not PURPOSES[purpose].must_be_ca
    serves = (facts.node.name, *sharing) if shared else (facts.node.name,)
    return Expected(
        common_name=default_name(facts, purpose, multi_server=shared),
        key_type="ec" if twin else "rsa",
        bits=bits,
        hash=detail.get("hash") or (DEFAULT_HASHES[bits] if twin else "sha256"),
        key_told=offers_rest(facts) or "bits" in detail or not twin,
        multi_server=shared,
        nodes=tuple(dict.fromkeys(as_san(name) for name in serves)) if named else (),
        names=tuple(as_san(name) for name in detail.get("names", "").split(",") if name),
        today=present.sans if present and named else (),
        subject={word: detail[word] for word in SUBJECT if word in detail},
        chosen=frozenset(word for key, word in CHOSEN.items() if key in detail),
    )


def told_names(detail: dict[str, str]) -> tuple[str, ...]:
    """The configured names that a node takes with the request itself: host names, never an IP address (5 E4)."""
    return tuple(name for name in detail.get("names", "").split(",") if name and not is_address(name))


def offers_rest(facts: NodeFacts) -> bool:
    """Whether this node can be told what a CSR asks for."""
    return has("certificate_rest_api", msgspec.structs.astuple(facts.node.release))


def default_name(facts: NodeFacts, purpose: str, *, multi_server: bool) -> str:
    """The FQDN, with the middle part that Cisco gives to shared and EC names; CAPF gets a name it never had.

    A trust store keeps one entry per name: a CAPF of the old name could push the old one out, and with it every LSC
    that it issued (phones.md U11). The new name follows from the old certificate, so that asking again asks the same.
    """
    if PURPOSES[purpose].must_be_ca:
        present = facts.holding.identity(purpose)
        old = present.sha256 if present else facts.node.name
        return f"CAPF-{hashlib.sha256(old.encode()).hexdigest()[:CAPF_DIGITS]}"
    middle = ("-EC" if PURPOSES[purpose].twin_of else "") + ("-ms" if multi_server else "")
    host, dot, domain = facts.node.name.partition(".")
    return f"{host}{middle}{dot}{domain}"


def _bits(facts: NodeFacts, purpose: str, detail: dict[str, str]) -> int:
    """The length that is chosen, else that of today's key unless it is too short."""
    twin = bool(PURPOSES[purpose].twin_of)
    if "bits" in detail:
        return int(detail["bits"])
    if not offers_rest(facts) and not twin:
        return RSA_DEFAULT_BITS  # what the command line makes, whatever is there today (procedure.md 9, 10.5)
    return _bits_of_today(facts.holding.identity(purpose), twin=twin)


def _bits_of_today(present: Certificate | None, *, twin: bool) -> int:
    kind, _, size = (present.key if present else "").partition(" ")
    if twin:
        return next((bits for bits, curve in CURVES.items() if kind == "EC" and curve == size), CURVE_DEFAULT_BITS)
    return int(size) if kind == "RSA" and int(size) >= RSA_DEFAULT_BITS else RSA_DEFAULT_BITS


def _strong_enough(facts: NodeFacts, wanted: str, ec_bits: int | None) -> str:
    """`wanted`, or the weakest hash above it that goes with the key; the strongest there is when none is above."""
    allowed = hashes_for(PRODUCT_OF_ROLE[facts.node.role], ec_bits)
    return next((one for one in allowed if one >= wanted), allowed[-1])


def _subject(settings: CsrSettings) -> dict[str, str]:
    return {word: value for word in SUBJECT if (value := getattr(settings, word))}


def _beyond_the_command_line(detail: dict[str, str], *, twin: bool) -> bool:
    """Whether a key or a hash is chosen that is not what `set csr gen` makes by itself (procedure.md 9, 10.5: [C])."""
    if twin:
        return "bits" in detail or "hash" in detail
    return detail.get("bits", "2048") != "2048" or detail.get("hash", "sha256") != "sha256"
