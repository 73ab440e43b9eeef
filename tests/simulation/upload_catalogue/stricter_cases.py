"""Where ucmcert says no and the lab says yes: on purpose, or not yet otherwise. The day one agrees, it moves.

On purpose: what CUCM would store and no peer would believe afterwards, and what the reference itself asks to refuse.
"""

from cryptography import x509
from cryptography.x509 import AuthorityKeyIdentifier, NameConstraints, SubjectKeyIdentifier

from factory.certificates import DAY, NOW, authority
from simulation.upload_catalogue.answers import right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Case, Identity, cluster
from simulation.upload_catalogue.chain_cases import by
from simulation.upload_catalogue.key_cases import along, rsa_of

STRICTER = "stricter"


def older(bench: Bench) -> Identity:
    """The certificate in place begins an hour ago, this one yesterday (U-P5)."""
    first = right(bench)
    bench.lab_node().certificates.upload_identity("tomcat", [first.leaf.pem.encode()])
    return right(bench, validity=(NOW - DAY, NOW + 100 * DAY))


def other_key_identifier(bench: Bench) -> Identity:
    """The intermediate names another key of its issuer than the one that signed it."""
    root = authority("Catalogue Marked Root", extra=((SubjectKeyIdentifier(b"1" * 20), False),))
    asks = AuthorityKeyIdentifier(b"2" * 20, None, None)
    return by(bench, authority("Catalogue Marked CA", by=root, extra=((asks, False),)), (root.certificate,))


def foreign_domain(bench: Bench) -> Identity:
    """The root is bound to another domain."""
    bound = NameConstraints([x509.DNSName("other.example")], None)
    return by(bench, authority("Catalogue Bound Root", extra=((bound, True),)))


CASES = tuple(
    Case(error=STRICTER, name=name, prepare=prepare, codes=(code,), scenario=cluster())
    for name, code, prepare in (
        ("older than the one in place (U-P5)", "UCM-TIME-006", older),
        ("identity that is a CA", "UCM-CHAIN-005", lambda bench: right(bench, ca=True)),
        ("key identifier of another issuer", "UCM-CHAIN-013", other_key_identifier),
        ("name outside of the CA's domains", "UCM-CHAIN-014", foreign_domain),
        ("CA with RSA 1024, no FIPS", "UCM-KEY-002", along(rsa_of(1024))),
    )
)
