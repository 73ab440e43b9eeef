"""E2, no CSR waits; E3, the key is another one; E8, a CSR that cannot be had."""

import msgspec

from factory.certificates import DAY, NOW, authority
from factory.keys import key_for
from simulation.upload_catalogue.answers import CA, right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import PRESENCE, PUBLISHER, SUBSCRIBER, Ask, Case, Identity, cluster
from simulation.upload_catalogue.predicting import TABLE
from simulation.upload_catalogue.signing import signed

HERE, PAIR = cluster(), cluster(hosts=(PUBLISHER, SUBSCRIBER))
OLDER = cluster(mismatch_words="could-not-be-uploaded")
LATER = (NOW - 1800, NOW + 200 * DAY)
GONE, OTHER_KEY = ("UCM-REQ-001",), ("UCM-KEY-001",)


def consumed(bench: Bench, purpose: str = "tomcat") -> Identity:
    """The CSR went with an earlier upload; the CA answers a second time."""
    first = right(bench, purpose)
    bench.lab_node().certificates.upload_identity(purpose, [first.leaf.pem.encode()])
    return msgspec.structs.replace(first, leaf=signed(first.request, CA.intermediate, validity=LATER))


def made_elsewhere(bench: Bench, purpose: str = "tomcat") -> Identity:
    """The CSR was made on the subscriber, and this is the publisher."""
    asked = right(bench, purpose)
    other = bench.request(purpose, SUBSCRIBER)
    bench.lab_node().certificates.upload_identity(purpose, [asked.leaf.pem.encode()])
    return msgspec.structs.replace(asked, request=other, leaf=signed(other, CA.intermediate))


def other_purpose_waits(bench: Bench) -> Identity:
    """A CSR of ipsec waits; the answer goes to tomcat."""
    asked = right(bench, "ipsec")
    bench.trust("tomcat-trust", *reversed(CA.chain))
    return msgspec.structs.replace(asked, purpose="tomcat")


def made_again(bench: Bench, purpose: str = "tomcat") -> Identity:
    """Somebody made a CSR after the one that was signed."""
    asked = right(bench, purpose)
    return msgspec.structs.replace(asked, request=bench.request(purpose))


def of_the_other_node(bench: Bench) -> Identity:
    """The answers of two nodes were mixed up: key and names are the other's."""
    asked = right(bench)
    return msgspec.structs.replace(asked, leaf=signed(bench.request("tomcat", SUBSCRIBER), CA.intermediate))


def of_another_purpose(bench: Bench) -> Identity:
    """The answer to the CSR of CallManager."""
    asked = right(bench)
    return msgspec.structs.replace(asked, leaf=signed(bench.request("CallManager"), CA.intermediate))


def key_of_the_ca(bench: Bench) -> Identity:
    """The CA made a key of its own."""
    made = key_for("a key the CA made", "ec").public_key()
    return right(bench, key=made)


def ca_certificate(bench: Bench) -> Identity:
    """Two files were swapped: a CA certificate stands for the identity."""
    return msgspec.structs.replace(right(bench), leaf=authority("Catalogue Sub CA", by=CA.intermediate).certificate)


def last_years(bench: Bench) -> Identity:
    """The certificate that is in place already, with a new CSR waiting."""
    first = right(bench)
    bench.lab_node().certificates.upload_identity("tomcat", [first.leaf.pem.encode()])
    return msgspec.structs.replace(first, request=bench.request("tomcat"))


CASES = (
    Case(error="E2", name="consumed by an earlier upload", prepare=consumed, codes=GONE, scenario=HERE),
    Case(
        error="E2",
        name="consumed, CallManager's folder",
        prepare=lambda bench: consumed(bench, "CallManager"),
        codes=GONE,
        scenario=cluster("15SU2"),
    ),
    Case(error="E2", name="made on another node", prepare=made_elsewhere, codes=GONE, scenario=PAIR),
    Case(error="E2", name="only another purpose waits", prepare=other_purpose_waits, codes=GONE, scenario=HERE),
    Case(error="E2", name="by the command line", prepare=consumed, codes=GONE, scenario=cluster("12.5")),
    Case(
        error="E2",
        name="by the command line, ipsec",
        prepare=lambda bench: consumed(bench, "ipsec"),
        codes=GONE,
        scenario=cluster("11.5"),
    ),
    Case(
        error="E2",
        name="in the older words",
        prepare=consumed,
        codes=GONE,
        words="E2/E3",
        scenario=OLDER,
    ),
    Case(error="E3", name="CSR made again meanwhile", prepare=made_again, codes=OTHER_KEY, scenario=HERE),
    Case(
        error="E3",
        name="CSR made again, ECDSA",
        prepare=lambda bench: made_again(bench, "tomcat-ECDSA"),
        codes=OTHER_KEY,
        scenario=HERE,
    ),
    Case(
        error="E3",
        name="answer of the other node",
        prepare=of_the_other_node,
        codes=(*OTHER_KEY, "UCM-SAN-001"),
        scenario=PAIR,
    ),
    Case(error="E3", name="answer of another purpose", prepare=of_another_purpose, codes=OTHER_KEY, scenario=HERE),
    Case(error="E3", name="key made by the CA", prepare=key_of_the_ca, codes=OTHER_KEY, scenario=HERE),
    Case(
        error="E3",
        name="CA certificate in place of the identity",
        prepare=ca_certificate,
        codes=("UCM-CHAIN-005", *OTHER_KEY, "UCM-SAN-001", "UCM-TIME-006"),
        scenario=HERE,
    ),
    Case(error="E3", name="certificate in place again", prepare=last_years, codes=OTHER_KEY, scenario=HERE),
    Case(error="E3", name="by the command line", prepare=made_again, codes=OTHER_KEY, scenario=cluster("11.5")),
    Case(
        error="E3",
        name="in the older words",
        prepare=made_again,
        codes=OTHER_KEY,
        words="E2/E3",
        scenario=OLDER,
    ),
    *(
        Case(
            error="E8",
            name=name,
            prepare=lambda _, one=ask: one,  # type: ignore[misc]
            codes=(TABLE,),
            scenario=cluster(hosts=(PUBLISHER, SUBSCRIBER, PRESENCE)),
        )
        for name, ask in (
            ("ITLRecovery, which no CA signs", Ask(purpose="ITLRecovery", host=PUBLISHER)),
            ("CAPF on a subscriber", Ask(purpose="CAPF", host=SUBSCRIBER)),
            ("cup on CUCM", Ask(purpose="cup", host=PUBLISHER)),
            ("CallManager on IM and Presence", Ask(purpose="CallManager", host=PRESENCE)),
            ("multi-server ipsec", Ask(purpose="ipsec", host=PUBLISHER, multi_server=True)),
            ("multi-server CAPF", Ask(purpose="CAPF", host=PUBLISHER, multi_server=True)),
            ("multi-server cup", Ask(purpose="cup", host=PRESENCE, multi_server=True)),
        )
    ),
)
