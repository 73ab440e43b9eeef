"""E5, expired; E6, an older CA certificate that is silently not taken."""

from factory.certificates import DAY, NOW, authority
from simulation.upload_catalogue.answers import CA, right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Case, Identity, Prepare, Trusted, cluster

HERE = cluster()
EXPIRED, EXPIRED_TRUST = ("UCM-TIME-001",), ("UCM-TRUST-005",)
NAME = "Catalogue G1 CA"


def expired(purpose: str = "tomcat", *, age: int = 0) -> Prepare:
    """An answer that ended `age` seconds ago, younger than what is in place."""
    return lambda bench: right(bench, purpose, validity=(NOW - 2 * age - 100, NOW - age))


def by_the_nodes_clock(bench: Bench) -> Identity:
    """Valid for another day by our clock, and the node is two days ahead."""
    return right(bench, validity=(NOW - 3600, NOW + DAY))


def expired_ca(*, root: bool) -> Prepare:
    """An expired CA certificate for a trust store."""
    one = authority("Catalogue Late CA", by=None if root else CA.root, not_after=NOW - 60)
    return lambda _: Trusted(purpose="tomcat", certificate=one.certificate)


def kept(*, held: int, came: int, key: bool = True, purpose: str = "tomcat", by_root: bool = False) -> Prepare:
    """A CA of that name from day `held` stands there, and one from day `came` is uploaded. `key`: the same key."""
    one = authority(NAME, not_before=NOW + held * DAY)
    other = authority(
        NAME,
        by=CA.root if by_root else None,
        not_before=NOW + came * DAY,
        key_label="" if key else "another key",
        not_after=NOW + 2000 * DAY,
    )

    def prepare(bench: Bench) -> Trusted:
        bench.trust(f"{purpose}-trust", one.certificate)
        return Trusted(purpose=purpose, certificate=other.certificate)

    return prepare


CASES = (
    Case(
        error="E5",
        name="not valid for another hour",
        prepare=lambda bench: right(bench, validity=(NOW + 3600, NOW + 90 * DAY)),
        codes=("UCM-TIME-002",),
        scenario=HERE,
        left_open=True,
    ),
    Case(error="E5", name="identity, a minute ago", prepare=expired(age=60), codes=EXPIRED, scenario=HERE),
    Case(error="E5", name="identity, this second", prepare=expired(), codes=EXPIRED, scenario=HERE),
    Case(
        error="E5",
        name="identity, by the node's clock",
        prepare=by_the_nodes_clock,
        codes=EXPIRED,
        scenario=cluster(clock_offset_s=2.0 * DAY),
    ),
    Case(
        error="E5",
        name="CAPF, by the command line",
        prepare=expired("CAPF", age=60),
        codes=EXPIRED,
        scenario=cluster("12.5"),
    ),
    Case(error="E5", name="root for a store", prepare=expired_ca(root=True), codes=EXPIRED_TRUST, scenario=HERE),
    Case(
        error="E5",
        name="intermediate for a store",
        prepare=expired_ca(root=False),
        codes=EXPIRED_TRUST,
        scenario=cluster("15SU2"),
    ),
    Case(
        error="E5",
        name="root for a store, by the command line",
        prepare=expired_ca(root=True),
        codes=EXPIRED_TRUST,
        scenario=cluster("11.5"),
    ),
    Case(
        error="E6",
        name="older of the same key",
        prepare=kept(held=-10, came=-20),
        codes=("UCM-TRUST-002",),
        scenario=HERE,
    ),
    Case(
        error="E6",
        name="older of another key",
        prepare=kept(held=-10, came=-20, key=False),
        codes=("UCM-TRUST-002",),
        scenario=HERE,
    ),
    Case(
        error="E6",
        name="cross-signed, older",
        prepare=kept(held=-10, came=-20, by_root=True),
        codes=("UCM-TRUST-002",),
        scenario=HERE,
    ),
    Case(
        error="E6",
        name="CallManager-trust",
        prepare=kept(held=-10, came=-20, purpose="CallManager"),
        codes=("UCM-TRUST-002",),
        scenario=cluster("15SU2"),
    ),
    Case(
        error="E6",
        name="by the command line",
        prepare=kept(held=-10, came=-20),
        codes=("UCM-TRUST-002",),
        scenario=cluster("12.5"),
    ),
    Case(
        error="E6",
        name="equal start, another serial",
        prepare=kept(held=-10, came=-10, key=False),
        codes=("UCM-TRUST-003",),
        scenario=HERE,
    ),
    Case(error="accepted", name="younger CA of that name", prepare=kept(held=-20, came=-10), scenario=HERE),
)
