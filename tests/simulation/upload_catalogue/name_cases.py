"""E4, the names are not those of the CSR; E9, wildcards."""

import ipaddress

from cryptography import x509

from simulation.upload_catalogue.answers import right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import PUBLISHER, SUBSCRIBER, Case, Identity, Prepare, cluster

HERE = cluster()
OTHER_NAMES, WILDCARD = ("UCM-SAN-001",), ("UCM-SAN-002",)
PUB, DOMAIN = "cucm-pub.lab.example", "lab.example"
SHARED = {"distribution": "multi-server"}


def dns(name: str) -> tuple[x509.GeneralName, ...]:
    """One more name."""
    return (x509.DNSName(name),)


def address(bench: Bench) -> Identity:
    """CUCM's form takes no addresses, so no CSR has one."""
    return right(bench, add=(x509.IPAddress(ipaddress.ip_address("192.0.2.10")),))


def shared_by_one(bench: Bench) -> Identity:
    """The CA dropped the subscriber from a multi-server certificate."""
    return right(bench, asked=SHARED, names=(DOMAIN, PUB))


def wildcard_name(purpose: str = "tomcat") -> Prepare:
    """The CA put a wildcard into the CN; the SAN is that of the CSR."""
    return lambda bench: right(bench, purpose, common_name=f"*.{DOMAIN}")


CASES = (
    Case(
        error="E4",
        name="www. added",
        prepare=lambda b: right(b, add=dns(f"www.{PUB}")),
        codes=OTHER_NAMES,
        scenario=HERE,
    ),
    Case(
        error="E4",
        name="parent domain left out",
        prepare=lambda b: right(b, names=(PUB,)),
        codes=OTHER_NAMES,
        scenario=HERE,
    ),
    Case(
        error="E4",
        name="CN of a multi-server CSR added",
        prepare=lambda b: right(b, asked=SHARED, add=dns("cucm-pub-ms.lab.example")),
        codes=OTHER_NAMES,
        scenario=HERE,
    ),
    Case(error="E4", name="address added", prepare=address, codes=OTHER_NAMES, scenario=HERE),
    Case(error="E4", name="no names at all", prepare=lambda b: right(b, names=()), codes=OTHER_NAMES, scenario=HERE),
    Case(
        error="E4",
        name="another node left out",
        prepare=shared_by_one,
        codes=OTHER_NAMES,
        scenario=cluster(hosts=(PUBLISHER, SUBSCRIBER)),
    ),
    Case(
        error="E4",
        name="final dot",
        prepare=lambda b: right(b, names=(DOMAIN, f"{PUB}.")),
        codes=OTHER_NAMES,
        scenario=HERE,
    ),
    Case(
        error="E4",
        name="wildcard in the SAN",
        prepare=lambda b: right(b, add=dns(f"*.{DOMAIN}")),
        codes=(*OTHER_NAMES, *WILDCARD),
        scenario=HERE,
    ),
    Case(
        error="E4",
        name="CAPF, by the command line",
        prepare=lambda b: right(b, "CAPF", add=dns(f"www.{PUB}")),
        codes=OTHER_NAMES,
        scenario=cluster("12.5"),
    ),
    *(
        Case(error="E9", name=f"CN of {purpose}", prepare=wildcard_name(purpose), codes=WILDCARD, scenario=HERE)
        for purpose in ("tomcat", "tomcat-ECDSA", "CallManager", "ipsec", "TVS")
    ),
    Case(
        error="E9",
        name="multi-server",
        codes=WILDCARD,
        scenario=HERE,
        prepare=lambda b: right(b, asked=SHARED, common_name=f"*.{DOMAIN}"),
    ),
    Case(error="E9", name="by the command line", prepare=wildcard_name(), codes=WILDCARD, scenario=cluster("12.5")),
)
