"""Clusters with phones of every shape for properties: releases, modes, services, pools, settings, choices."""

from functools import cache

import msgspec
from hypothesis import strategies as st

from factory.phone_clusters import (
    RELEASE_14SU3,
    RELEASE_90,
    RELEASE_115,
    RELEASE_125,
    caller,
    phone_cluster,
    with_lists,
)
from ucmcert.model.cluster import Cluster, NodeFacts, ServiceStatus
from ucmcert.model.node import Release, Role
from ucmcert.plan.options import Options

RELEASES = (RELEASE_90, RELEASE_115, RELEASE_125, RELEASE_14SU3)
OPTIONAL = ("Cisco Tftp", "Cisco CallManager", "Cisco CTIManager", "Cisco HAProxy")
ANCHORS = ("CallManager", "TVS", "ITLRecovery")
CHOICES = st.sampled_from(
    (
        (),
        ("CAPF",),
        ("CallManager",),
        ("TVS",),
        ("ITLRecovery",),
        ("CallManager", "TVS"),
        ("CAPF", "CallManager", "TVS", "ITLRecovery"),
    )
)
OPTIONS = st.builds(
    Options,
    order=st.sampled_from(("tvs-last", "tvs-first")),
    reset=st.sampled_from(("waves", "at-once")),
    interaction=st.sampled_from(("as-it-is", "manual-for-the-run")),
    pages=st.sampled_from(("as-they-are", "open-for-the-run")),
    restart_set=st.sampled_from(("union", "cisco-217138")),
    backup=st.sampled_from(("start", "wait")),
    canary=st.sampled_from(("", "HQ", "Nobody")),
)


@cache
def bare(host: str, role: Role, release: Release) -> NodeFacts:
    """A healthy caller; making certificates is what costs time."""
    return caller(host, role, release=release)


@st.composite
def phone_clusters(draw: st.DrawFn) -> Cluster:
    """A publisher and up to three subscribers; TFTP runs somewhere, TVS everywhere."""
    release = draw(st.sampled_from(RELEASES))
    hosts = ["cucm-pub", *(f"cucm-sub{number}" for number in range(1, draw(st.integers(0, 3)) + 1))]
    nodes = []
    for host in hosts:
        facts = bare(host, Role.PUBLISHER if host == "cucm-pub" else Role.SUBSCRIBER, release)
        off = {name for name in OPTIONAL if not draw(st.integers(0, 3))} if host != "cucm-pub" else set()
        services = tuple(
            ServiceStatus(name=one.name, state="stopped") if one.name in off else one for one in facts.services
        )
        nodes.append(msgspec.structs.replace(facts, services=services))
    total = draw(st.sampled_from((0, 1, 40, 500)))
    about: dict[str, object] = {"absent": draw(st.sampled_from(((), ("SEP1", "SEP2"))))} if total > 1 else {}
    if release.major >= 14:
        about["interaction"] = draw(st.sampled_from(("automatic", "manual", "unknown")))
    whole = phone_cluster(*nodes, release=release, mixed=draw(st.booleans()), total=total, **about)
    devices = draw(st.sampled_from(((), ("nas",), ("nas", "tape"))))
    return with_lists(msgspec.structs.replace(whole, backup_devices=devices))
