"""The bench of one case: a lab cluster, the CSRs its nodes make, and the client's own doors to it."""

from typing import Any, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from simulation.joined import JoinedConnect
from simulation.world import World
from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificate, read_request
from ucmcert.model.node import Node, Release, Role
from ucmcert.ucm.access import Manners
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.node import Node as LabNode

Door = Literal["", "cli"]
BEFORE_REST = Release(12, 5, 1, 11900, 146)


class Bench:
    """A case prepares here. Hosts are short names; the first of the scenario where none is given."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lab = world.lab
        self.connect = JoinedConnect(world.lab)
        self.client = ClusterClient(self.connect, world.clock, world.access(), Manners())
        self.host = world.lab.publisher.name

    def lab_node(self, host: str = "") -> LabNode:
        """The lab's own node."""
        return self.lab.node(host or self.host)

    def node(self, host: str = "", door: Door = "") -> Node:
        """The node as the client knows it. With `door` "cli" its release hides REST, so that the client types."""
        one = self.lab_node(host)
        return Node(
            name=one.fqdn,
            host=one.name,
            address=one.address,
            role=Role.PUBLISHER if one is self.lab.publisher else Role.SUBSCRIBER,
            release=BEFORE_REST if door else release_of(one),
        )

    def request(self, purpose: str, host: str = "", **asked: Any) -> CertificateRequest:
        """Have the node make a CSR, as its page does with these fields (`CsrRequest`)."""
        made = self.lab_node(host).certificates.generate_csr(purpose, CsrRequest(**asked))
        return read_request(made.csr_pem.encode())

    def trust(self, store: str, *certificates: Certificate, host: str = "") -> None:
        """Put CA certificates into a trust store (`tomcat-trust`), checked as an upload, before the case begins."""
        for one in certificates:
            self.lab_node(host).certificates.upload_trust(store, one.pem.encode())

    def force_trust(self, store: str, *certificates: Certificate, host: str = "") -> None:
        """The same without a check: what stands there since it was still valid."""
        for one in certificates:
            self.lab_node(host).certificates.put_trust(store, x509.load_der_x509_certificate(one.der), "")

    def identity(self, purpose: str, host: str = "") -> Certificate:
        """What the node holds for a purpose today."""
        held = self.lab_node(host).certificates.identity(purpose)
        assert held is not None
        return read_certificate(held.certificate().public_bytes(Encoding.DER))

    def stored(self) -> bytes:
        """Everything certificate-like of every node, byte by byte: identities, CSRs with their keys, trust."""
        return msgspec.msgpack.encode([one.certificates.memory() for one in self.lab.nodes.values()])

    async def close(self) -> None:
        """Hang up."""
        await self.client.close()
        await self.connect.close()


def release_of(node: LabNode) -> Release:
    """The lab node's release."""
    dotted, _, build = node.version.partition("-")
    major, minor, maintenance, engineering = (int(one) for one in dotted.split("."))
    return Release(major, minor, maintenance, engineering, int(build))
