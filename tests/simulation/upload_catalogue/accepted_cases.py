"""What CUCM takes: a lint that refuses one of these costs somebody a night."""

import msgspec

from factory.certificates import authority
from simulation.upload_catalogue.answers import CA, right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import PRESENCE, PUBLISHER, SUBSCRIBER, Case, Identity, Prepare, Trusted, cluster
from simulation.upload_catalogue.signing import signed

SHARED = {"distribution": "multi-server"}
PUB, DOMAIN = "cucm-pub.lab.example", "lab.example"
TWO = (PUBLISHER, SUBSCRIBER)


def shouted(bench: Bench) -> Identity:
    """Host names have no case (U-P16)."""
    return right(bench, names=(DOMAIN.upper(), PUB.upper()))


def by_a_root(bench: Bench) -> Identity:
    """A self-signed root issues directly: no intermediate, so step X6 falls away."""
    root = authority("Catalogue Direct Root")
    request = bench.request("tomcat")
    bench.trust("tomcat-trust", root.certificate)
    return Identity(purpose="tomcat", request=request, leaf=signed(request, root), chain=(root.certificate,))


def shuffled(bench: Bench) -> Identity:
    """The chain came root first."""
    one = right(bench)
    return msgspec.structs.replace(one, chain=tuple(reversed(one.chain)))


def three_above(bench: Bench) -> Identity:
    """Two intermediates and a root."""
    middle = authority("Catalogue Policy CA", by=CA.root)
    low = authority("Catalogue Low Issuing CA", by=middle)
    request = bench.request("tomcat")
    chain = (low.certificate, middle.certificate, CA.root.certificate)
    bench.trust("tomcat-trust", *reversed(chain))
    return Identity(purpose="tomcat", request=request, leaf=signed(request, low), chain=chain)


def renewed_twice(bench: Bench) -> Identity:
    """The node has a certificate of this CA already, and gets its next one."""
    first = right(bench)
    bench.lab_node().certificates.upload_identity("tomcat", [first.leaf.pem.encode()])
    return right(bench)


def root_for_a_store(_: Bench) -> Trusted:
    """A CA certificate alone."""
    return Trusted(purpose="CallManager", certificate=CA.root.certificate)


def taken(name: str, prepare: Prepare, **where: object) -> Case:
    """A case that is accepted on a cluster of this kind."""
    return Case(error="accepted", name=name, prepare=prepare, scenario=cluster(**where))  # type: ignore[arg-type]


def plain(purpose: str = "tomcat") -> Prepare:
    """A right answer for a purpose."""
    return lambda bench: right(bench, purpose)


def without(*, kept: int) -> Prepare:
    """The whole chain stands in the trust store; only `kept` certificates of it came with the answer."""

    def prepare(bench: Bench) -> Identity:
        one = right(bench)
        return msgspec.structs.replace(one, chain=one.chain[:kept])

    return prepare


CASES = (
    *(
        Case(error="accepted", name=name, prepare=without(kept=kept), scenario=cluster())
        for name, kept in (("root in the store, not with it", 1), ("chain in the store, not with it", 0))
    ),
    Case(
        error="accepted",
        name="another CN, the names of the CSR",
        prepare=lambda bench: right(bench, common_name="phones.lab.example"),
        codes=("UCM-SAN-003",),
        scenario=cluster(),
        left_open=True,
    ),
    *(taken(purpose, plain(purpose)) for purpose in ("tomcat", "tomcat-ECDSA", "ipsec", "CallManager", "TVS", "CAPF")),
    *(taken(purpose, plain(purpose), release="15SU2") for purpose in ("tomcat", "CallManager-ECDSA", "CAPF", "TVS")),
    *(taken(purpose, plain(purpose), release="11.5") for purpose in ("tomcat", "CAPF")),
    *(taken(purpose, plain(purpose), release="12.5") for purpose in ("CallManager", "TVS", "ipsec")),
    taken("multi-server", lambda bench: right(bench, asked=SHARED), hosts=TWO),
    taken("multi-server, with IM and Presence", lambda b: right(b, asked=SHARED), hosts=(*TWO, PRESENCE)),
    taken("further name of the CSR", lambda b: right(b, asked={"alt_names": ("phones.lab.example",)})),
    taken("CSR without the parent domain", lambda b: right(b, asked={"parent_domain": ""})),
    taken("names in another order", lambda bench: right(bench, names=(PUB, DOMAIN))),
    taken("names in capitals", shouted),
    taken("RSA 4096", lambda bench: right(bench, asked={"key_length": 4096})),
    taken("signed by a root", by_a_root),
    taken("chain root first", shuffled),
    taken("two intermediates", three_above),
    taken("next certificate of the same CA", renewed_twice),
    taken("root for CallManager-trust", root_for_a_store),
    taken("FIPS mode", plain(), fips=True),
)
