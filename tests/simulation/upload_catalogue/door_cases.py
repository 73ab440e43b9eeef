"""E11, multi-server by the command line; E12, what OCSP says."""

from typing import Literal

from simulation.upload_catalogue.answers import right
from simulation.upload_catalogue.case import PUBLISHER, SUBSCRIBER, Case, Prepare, cluster
from ucmlab.scenarios.schema import Ocsp

BY_CLI, ASKED = ("UCM-UP-001",), ("UCM-UP-002",)
PAIR = (PUBLISHER, SUBSCRIBER)
NODE = "cucm-pub.lab.example"
EC_NODE = "cucm-pub-EC.lab.example"


def of_the_node(answer: Literal["good", "revoked", "unknown", "unreachable"], *, strict: bool = False) -> Ocsp:
    """OCSP is on, and this is said of the node's certificates; `strict`: Common Criteria mode."""
    return Ocsp(enabled=True, answer=answer, common_criteria=strict, names=(NODE, EC_NODE))


def shared(purpose: str) -> Prepare:
    """A multi-server certificate, pasted at the command line."""
    return lambda bench: right(bench, purpose, asked={"distribution": "multi-server"}, door="cli")


def plain(purpose: str = "tomcat") -> Prepare:
    """A right answer."""
    return lambda bench: right(bench, purpose)


CASES = (
    *(
        Case(error="E11", name=f"{purpose}", prepare=shared(purpose), codes=BY_CLI, scenario=cluster(hosts=PAIR))
        for purpose in ("tomcat", "tomcat-ECDSA", "CallManager", "CallManager-ECDSA")
    ),
    Case(error="E11", name="one node alone", prepare=shared("tomcat"), codes=BY_CLI, scenario=cluster()),
    Case(error="E11", name="tomcat", prepare=shared("tomcat"), codes=BY_CLI, scenario=cluster("15SU2", hosts=PAIR)),
    Case(
        error="E11",
        name="tomcat, first release that refuses",
        prepare=shared("tomcat"),
        codes=BY_CLI,
        scenario=cluster("14.0.1.12900-161", hosts=PAIR),
    ),
    *(
        Case(
            error="accepted",
            name="multi-server by the command line",
            prepare=shared("tomcat"),
            scenario=cluster(release, hosts=PAIR),
        )
        for release in ("11.5", "12.5", "14")
    ),
    *(
        Case(
            error="E12",
            name=f"{purpose}, {name}",
            prepare=plain(purpose),
            codes=ASKED,
            scenario=cluster(ocsp=ocsp),
            left_open=True,
        )
        for name, purpose, ocsp in (
            ("revoked", "tomcat", of_the_node("revoked")),
            ("revoked", "ipsec", of_the_node("revoked")),
            ("revoked", "tomcat-ECDSA", of_the_node("revoked")),
            ("unknown, Common Criteria", "tomcat", of_the_node("unknown", strict=True)),
            ("responder silent, Common Criteria", "tomcat", of_the_node("unreachable", strict=True)),
            ("responder silent", "tomcat", of_the_node("unreachable")),
            ("unknown", "tomcat", of_the_node("unknown")),
            ("good", "tomcat", of_the_node("good")),
        )
    ),
)
