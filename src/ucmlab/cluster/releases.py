"""What changes between releases of the product: one row per fact, asked by name, never by comparing versions."""

from functools import lru_cache

import msgspec


class Fact(msgspec.Struct, frozen=True):
    """A behaviour that appears with a release, full dotted version without build."""

    name: str
    since: tuple[int, ...]
    source: str


FACTS = (
    Fact("tokenless trust lists", (10, 0), "phones.md 1.3 F10; interfaces-cli.md 6.1: 10.0(1)"),
    Fact("multi-server CSR", (10, 5), "procedure.md 9: 10.5"),
    Fact("ECDSA", (11, 0), "procedure.md 9: 11.0"),
    Fact("ITLRecovery in CTL", (11, 5), "interfaces-cli.md 4.1 (not in 10.5.1), 4.6 (reset localkey from 11.5)"),
    Fact("ITLRecovery signs trust lists", (12, 0), "phones.md 1.3 F12; procedure.md 9: 12.0"),
    Fact("one ITLRecovery", (12, 5), "procedure.md 9: 12.5"),
    Fact("deletion without notification stop", (12, 0), "procedure.md 6.5"),
    Fact("CAPF on publisher only", (14, 0), "procedure.md 9: 14"),
    Fact("CSR without keyEncipherment", (14, 0), "procedure.md 2.1"),
    Fact("CAPF clientAuth", (14, 0), "procedure.md 2.1"),
    Fact("certificate REST", (14, 0), "procedure.md 9: 14; interfaces-http.md 1"),
    Fact("HAProxy", (14, 0), "interfaces-cli.md 6.1: 14"),
    Fact("Tomcat containers", (14, 0), "procedure.md 9: 14"),
    Fact("TVS multi-server", (14, 0), "procedure.md 9: 14"),
    Fact("phone interaction parameter", (14, 0), "procedure.md 3.7"),
    Fact("services restart themselves", (14, 0), "procedure.md 9: 14; phones.md 2.5"),
    Fact("tomcat reuse", (14, 0), "procedure.md 3.10"),
    Fact("OU optional", (14, 0, 1, 11900), "procedure.md 9: 14SU1"),
    Fact("trust file with serial", (14, 0, 1, 11900), "procedure.md 6.3: 14SU1"),
    Fact("certificate dump tags 14SU2", (14, 0, 1, 12900), "procedure.md 9: 14SU2"),
    Fact("multi-server not by CLI", (14, 0, 1, 12900), "procedure.md 9: 14SU2, E11"),
    Fact("no CTL tokens", (14, 0, 1, 13900), "phones.md 1.3 F14, procedure.md 9: 14SU3; interfaces-cli.md 4.2"),
    Fact("chronyd", (15, 0), "interfaces-cli.md 6.1: 15"),
    Fact("CA:FALSE self-signed", (15, 0, 1, 13900), "procedure.md 9: 15SU3"),
)

SINCE = {fact.name: fact.since for fact in FACTS}


@lru_cache(maxsize=256)
def release_tuple(version: str) -> tuple[int, ...]:
    """`14.0.1.13900-155` as (14, 0, 1, 13900, 155)."""
    return tuple(int(part) for part in version.replace("-", ".").split("."))


def release_has(version: str, name: str) -> bool:
    """Whether a release has a behaviour of `FACTS`. Raises KeyError for a name that is not in the table."""
    return release_tuple(version) >= SINCE[name]
