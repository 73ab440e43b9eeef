# Promise: a node that has lost a certificate, or whose name is too long for a CN, is still a node.
import pytest
from cryptography import x509

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import NodeSpec, Scenario
from unit.ucmlab.lab_bench import in_lab

LONG = "the-call-manager-of-a-company-that-likes-long-names"
DOMAIN = "telephony.example"


def one_node(name: str = "cucm-pub", *, domain: str = "lab.example", lost: tuple[str, ...] = ()) -> Scenario:
    nodes = (NodeSpec(name=name, role="publisher", lost=lost),)
    return Scenario(name="odd", title="one odd node", nodes=nodes, domain=domain)


@pytest.mark.parametrize(("purpose", "port"), [("ipsec", 0), ("tomcat", 8443), ("TVS", 2445), ("CAPF", 3804)])
def test_a_lost_certificate_is_neither_stored_nor_served(purpose: str, port: int) -> None:
    async def look(cluster: Cluster):
        node = cluster.publisher
        return node.certificates.identity(purpose), node.tls_certificate(port), len(node.certificates.identities())

    stored, served, others = in_lab(look, one_node(lost=(purpose,)))
    assert (None, None, 7) == (stored, served, others)


@pytest.mark.parametrize("purpose", ["CallManager", "cup"])
def test_what_a_node_cannot_lose_is_refused_with_its_place(purpose: str) -> None:
    async def nothing(cluster: Cluster) -> None:
        return None

    with pytest.raises(ScenarioError, match=r"nodes\.lost"):
        in_lab(nothing, one_node(lost=(purpose,)))


def test_a_name_too_long_for_a_cn_stands_there_without_its_domain_and_in_full_as_san() -> None:
    async def look(cluster: Cluster):
        csr = cluster.publisher.certificates.generate_csr("tomcat", CsrRequest())
        return csr.request()

    request = in_lab(look, one_node(LONG, domain=DOMAIN))
    assert f"CN={LONG}" in request.subject.rfc4514_string().split(",")
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert f"{LONG}.{DOMAIN}" in names.get_values_for_type(x509.DNSName)
