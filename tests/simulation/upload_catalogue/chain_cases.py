"""E1, an issuer is missing, and E7 for an issuer that stands there and may not issue."""

from factory.certificates import DAY, NOW, Signer, authority
from simulation.upload_catalogue.answers import CA, OTHER, right, untrusted
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Case, Identity, cluster
from simulation.upload_catalogue.signing import signed
from ucmcert.model.certificate import Certificate

ROOT, INTERMEDIATE = CA.root.certificate, CA.intermediate.certificate
HERE = cluster()
MISSING = ("UCM-TRUST-001",)


def namesake_of_root(bench: Bench) -> Identity:
    """The root was re-keyed: one of its name stands in the store, and did not make the intermediate."""
    rekeyed = authority("Catalogue Root CA", key="ec", key_label="catalogue root, next generation")
    return untrusted(bench, trust=(rekeyed.certificate, INTERMEDIATE))


def in_another_store(bench: Bench) -> Identity:
    """The chain went to ipsec-trust."""
    bench.trust("ipsec-trust", ROOT, INTERMEDIATE)
    return untrusted(bench)


def on_the_other_node(bench: Bench) -> Identity:
    """The chain is on the subscriber: ipsec-trust does not travel (procedure.md 6.4)."""
    bench.trust("ipsec-trust", ROOT, INTERMEDIATE, host="cucm-sub1")
    return untrusted(bench, "ipsec")


def by(bench: Bench, issuer: Signer, above: tuple[Certificate, ...] = (), *, purpose: str = "tomcat") -> Identity:
    """An answer by `issuer`, which stands in the store with all that is above it, however it came there."""
    request = bench.request(purpose)
    bench.force_trust(f"{purpose}-trust", *reversed(above), issuer.certificate)
    chain = (issuer.certificate, *above)
    return Identity(purpose=purpose, request=request, leaf=signed(request, issuer), chain=chain)


def expired_issuer(bench: Bench) -> Identity:
    """It was valid when it was uploaded."""
    old = authority("Catalogue Old CA", by=CA.root, not_after=NOW - DAY)
    return by(bench, old, (ROOT,))


def expired_root(bench: Bench) -> Identity:
    """The same of a root that issues directly."""
    return by(bench, authority("Catalogue Old Root", not_before=NOW - 900 * DAY, not_after=NOW - DAY))


def no_authority(bench: Bench) -> Identity:
    """A server certificate signed another one."""
    return by(bench, authority("Catalogue Server", by=CA.root, ca=False), (ROOT,))


def may_not_sign(bench: Bench) -> Identity:
    """A CA whose key usage leaves keyCertSign out."""
    return by(bench, authority("Catalogue Mute CA", by=CA.root, key_usage=("digital_signature",)), (ROOT,))


def no_room(bench: Bench) -> Identity:
    """A root with path length 0 has an intermediate below it."""
    narrow = authority("Catalogue Narrow Root", path_length=0)
    return by(bench, authority("Catalogue Low CA", by=narrow), (narrow.certificate,))


def narrow_for_capf(bench: Bench) -> Identity:
    """CAPF is a CA itself, and its issuer lets none stand below it (U-P2)."""
    return by(bench, authority("Catalogue Narrow CAPF Root", path_length=0), purpose="CAPF")


def five_above(bench: Bench) -> Identity:
    """No depth is documented (U-P7)."""
    above = [authority("Catalogue Level 0")]
    for level in range(1, 5):
        above.insert(0, authority(f"Catalogue Level {level}", by=above[0]))
    return by(bench, above[0], tuple(one.certificate for one in above[1:]))


CASES = (
    Case(
        error="E1",
        name="five CAs above the leaf (U-P7)",
        prepare=five_above,
        codes=("UCM-CHAIN-007",),
        scenario=HERE,
        left_open=True,
    ),
    Case(
        error="E7",
        name="CAPF that is no CA (U-P2)",
        prepare=lambda bench: right(bench, "CAPF", ca=False),
        codes=("UCM-CHAIN-006",),
        scenario=HERE,
    ),
    Case(
        error="E7",
        name="no room for CAPF (U-P2)",
        prepare=narrow_for_capf,
        codes=("UCM-CHAIN-008",),
        scenario=HERE,
    ),
    Case(error="E1", name="nothing of the chain in the store", prepare=untrusted, codes=MISSING, scenario=HERE),
    Case(
        error="E1",
        name="root without intermediate",
        prepare=lambda bench: untrusted(bench, trust=(ROOT,)),
        codes=MISSING,
        scenario=HERE,
    ),
    Case(
        error="E1",
        name="intermediate without root",
        prepare=lambda bench: untrusted(bench, trust=(INTERMEDIATE,)),
        codes=MISSING,
        scenario=HERE,
    ),
    Case(
        error="E1",
        name="chain of another CA",
        prepare=lambda bench: untrusted(bench, by=OTHER, trust=(ROOT, INTERMEDIATE)),
        codes=MISSING,
        scenario=HERE,
    ),
    Case(error="E1", name="root of that name, re-keyed", prepare=namesake_of_root, codes=MISSING, scenario=HERE),
    Case(error="E1", name="chain in ipsec-trust only", prepare=in_another_store, codes=MISSING, scenario=HERE),
    Case(
        error="E1",
        name="chain on the other node only",
        prepare=on_the_other_node,
        codes=MISSING,
        scenario=cluster(hosts=("cucm-pub", "cucm-sub1")),
    ),
    Case(
        error="E1",
        name="CAPF, chain in no store",
        prepare=lambda bench: untrusted(bench, "CAPF"),
        codes=MISSING,
        scenario=cluster("15SU2"),
    ),
    Case(
        error="E1",
        name="by the command line, root only",
        prepare=lambda bench: untrusted(bench, "CallManager", trust=(ROOT,)),
        codes=MISSING,
        scenario=cluster("12.5"),
    ),
    Case(error="E7", name="issuer expired", prepare=expired_issuer, codes=("UCM-TIME-003",), scenario=HERE),
    Case(error="E7", name="root expired", prepare=expired_root, codes=("UCM-TIME-003",), scenario=HERE),
    Case(error="E7", name="issuer is no CA", prepare=no_authority, codes=("UCM-CHAIN-004",), scenario=HERE),
    Case(error="E7", name="issuer may not sign", prepare=may_not_sign, codes=("UCM-CHAIN-012",), scenario=HERE),
    Case(error="E7", name="no room below the root", prepare=no_room, codes=("UCM-CHAIN-011",), scenario=HERE),
)
