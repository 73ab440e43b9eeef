"""Clusters of every shape for properties: one to six nodes, any services, any dates, any SSO, three releases."""

from functools import cache

import msgspec
from hypothesis import strategies as st

from factory.certificates import DAY, NOW
from factory.clusters import CUCM_SERVICES, IMP_SERVICES, RELEASE_14SU3, cluster, node_facts
from ucmcert.model.cluster import Cluster, NodeFacts, ServiceStatus
from ucmcert.model.node import Release, Role
from ucmcert.plan.cut_over import Options

RELEASES = (Release(12, 5, 1, 18900, 40), RELEASE_14SU3, Release(15, 0, 1, 13901, 2))
DAYS = st.sampled_from((-400, -1, 0, 1, 29, 30, 31, 300))
STATES = st.sampled_from(("started", "started", "started", "stopped", "starting", "stopping", "unknown"))
OTHERS = st.sampled_from((Role.SUBSCRIBER, Role.SUBSCRIBER, Role.IM_PRESENCE))
OPTIONS = st.builds(Options, tomcat_after_ipsec=st.booleans())


@cache
def bare(host: str, role: Role, release: Release, tomcat_days: int, ipsec_days: int) -> NodeFacts:
    """A healthy node whose certificates end in so many days; making certificates is what costs time here."""
    until = {"tomcat_until": NOW + tomcat_days * DAY, "ipsec_until": NOW + ipsec_days * DAY}
    return node_facts(host, role, release=release, **until)


@st.composite
def nodes(draw: st.DrawFn, host: str, role: Role, release: Release) -> NodeFacts:
    """One node: each service it may list, in any state, or not listed at all."""
    facts = bare(host, role, release, draw(DAYS), draw(DAYS))
    names = IMP_SERVICES if role is Role.IM_PRESENCE else (*CUCM_SERVICES, "Cisco DRF Primary")
    kept = [name for name in names if draw(st.integers(0, 4))]
    services = tuple(ServiceStatus(name=name, state=draw(STATES), started_at=NOW - 30 * DAY) for name in kept)
    return msgspec.structs.replace(facts, services=services, sso_enabled=draw(st.sampled_from((True, False, None))))


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    """A publisher and up to five other nodes."""
    release = draw(st.sampled_from(RELEASES))
    roles = draw(st.lists(OTHERS, max_size=5))
    made = [draw(nodes("cucm-pub", Role.PUBLISHER, release))]
    made += [draw(nodes(f"node{number}", role, release)) for number, role in enumerate(roles)]
    return msgspec.structs.replace(cluster(*made), mixed_mode=draw(st.sampled_from((True, False, None))))
