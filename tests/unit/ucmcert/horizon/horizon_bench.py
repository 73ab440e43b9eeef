"""What the tests of the horizon stand on: certificates as days, on a day that never moves."""

from datetime import date, timedelta

from ucmcert.horizon.held import Held, Signer

TODAY = date(2026, 11, 25)
UNTIL = date(2029, 12, 31)
RELEASE_14 = (14, 0, 1, 13900, 155)
RELEASE_15SU5 = (15, 0, 1, 15900, 10)
ISSUER = "CN=Some CA,O=Example"


def held(
    purpose: str = "tomcat",
    node: str = "pub.example",
    *,
    ends: date = date(2027, 3, 1),
    life_days: int = 365,
    signer: Signer = "private",
    cluster: str = "demo",
    role: str = "publisher",
    release: tuple[int, ...] = RELEASE_14,
    sha256: str = "",
    ca_until: date | None = None,
) -> Held:
    """A certificate that ends on `ends` and was issued `life_days` before."""
    return Held(
        cluster=cluster,
        node=node,
        role=role,
        purpose=purpose,
        issuer=ISSUER,
        signer=signer,
        not_before=ends - timedelta(days=life_days),
        not_after=ends,
        release=release,
        sha256=sha256,
        ca_until=ca_until,
    )
