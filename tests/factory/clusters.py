"""Whole clusters as facts, healthy unless told otherwise: publisher, two subscribers and one IM&P node, as the demo."""

import msgspec

from factory.certificates import DAY, NOW, self_signed
from ucmcert.model.cluster import Backup, Cluster, Holding, Identity, NodeFacts, Served, ServiceStatus
from ucmcert.model.node import Node, Release, Role

RELEASE_14SU3 = Release(14, 0, 1, 13900, 155)
DOMAIN = "lab.example"
CUCM_SERVICES = (
    "Cisco Tomcat",
    "Cisco UDS Tomcat",
    "Cisco AXL Tomcat",
    "Cisco SSOSP Tomcat",
    "Cisco DRF Local",
    "Cisco Tftp",
    "Cisco CallManager",
)
IMP_SERVICES = ("Cisco Tomcat", "Cisco DRF Local", "Cisco Intercluster Sync Agent")


def node_facts(
    host: str,
    role: Role,
    *,
    release: Release = RELEASE_14SU3,
    services: tuple[str, ...] = (),
    tomcat_until: int = NOW + 20 * DAY,
    ipsec_until: int = NOW + 20 * DAY,
) -> NodeFacts:
    """A healthy node whose tomcat and ipsec expire when told. No `services` means those of its kind, all started."""
    name = f"{host}.{DOMAIN}"
    tomcat = self_signed(name, not_after=tomcat_until, key_label=f"tomcat {name}")
    ipsec = self_signed(name, not_after=ipsec_until, key_label=f"ipsec {name}")
    usual = IMP_SERVICES if role is Role.IM_PRESENCE else CUCM_SERVICES
    names = services or (*usual, *(("Cisco DRF Master",) if role is Role.PUBLISHER else ()))
    is_publisher = role is Role.PUBLISHER
    return NodeFacts(
        node=Node(name=name, host=host, address="127.0.0.1", role=role, release=release),
        holding=Holding(
            identities=(
                Identity(purpose="tomcat", certificate=tomcat),
                Identity(purpose="ipsec", certificate=ipsec),
            ),
            requests=(),
            trust=(),
        ),
        services=tuple(ServiceStatus(name=one, state="started", started_at=NOW - 30 * DAY) for one in names),
        served=(Served(port=443, leaf=tomcat), Served(port=8443, leaf=tomcat)),
        clock_offset_s=0.2,
        time_synchronised=True,
        replication=None if role is Role.IM_PRESENCE else 2,
        backup=Backup(running=False, last_result="SUCCESS", last_file="a.tar") if is_publisher else None,
        sso_enabled=False,
        sessions_free=4,
    )


def cluster(*nodes: NodeFacts, name: str = "demo") -> Cluster:
    """A cluster of `nodes`, or the four nodes of the demo."""
    return Cluster(name=name, observed_at=NOW, nodes=nodes or four_nodes(), mixed_mode=False)


def four_nodes() -> tuple[NodeFacts, ...]:
    """cucm-pub, cucm-sub1, cucm-sub2, imp-pub; all certificates expire in 20 days."""
    return (
        node_facts("cucm-pub", Role.PUBLISHER),
        node_facts("cucm-sub1", Role.SUBSCRIBER),
        node_facts("cucm-sub2", Role.SUBSCRIBER),
        node_facts("imp-pub", Role.IM_PRESENCE),
    )


def with_node(whole: Cluster, host: str, **changes: object) -> Cluster:
    """`whole` with some facts of one node replaced."""
    nodes = tuple(msgspec.structs.replace(one, **changes) if one.node.host == host else one for one in whole.nodes)
    return msgspec.structs.replace(whole, nodes=nodes)


def with_service(whole: Cluster, host: str, service: ServiceStatus) -> Cluster:
    """`whole` with one service of one node in another state."""
    facts = next(one for one in whole.nodes if one.node.host == host)
    others = tuple(one for one in facts.services if one.name != service.name)
    return with_node(whole, host, services=(*others, service))
