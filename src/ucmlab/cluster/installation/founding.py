"""Founds a cluster from a scenario: what every node holds when the lab first starts. Pure: no clock, no folder."""

import random
from datetime import UTC, datetime
from typing import Literal

import msgspec
from cryptography import x509

from ucmlab.cluster.certificates.authority import DAY_S, Authority, make_authority
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue, subject_name
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.certificates.purposes import PURPOSES
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.stores import CertificatesState
from ucmlab.cluster.drs import Backup, DrsState
from ucmlab.cluster.installation.boot import install_services
from ucmlab.cluster.installation.identities import Installation, install_certificates
from ucmlab.cluster.installation.trust_lists import install_trust_lists
from ucmlab.cluster.node import NodeState
from ucmlab.cluster.parameters import installed_parameters
from ucmlab.cluster.state import ClusterState
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import NodeSpec, Organisation, Scenario
from ucmlab.switches import Switches

UNITY = "unity-connection"
UNITY_ROLES = (["publisher"], ["publisher", "subscriber"])
MIC_ROOTS = (
    "CAP-RTP-001",
    "CAP-RTP-002",
    "Cisco Manufacturing CA",
    "Cisco Root CA 2048",
    "Cisco Manufacturing CA SHA2",
    "Cisco Root CA M2",
    "ACT2 SUDI CA",
)


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster on paper, and the CA generation to renew it with."""

    shared: ClusterState
    nodes: tuple[NodeState, ...]
    authority: Authority


def found_cluster(
    scenario: Scenario, *, seed: int, now: float, key_policy: Literal["pool", "fresh"] = "pool"
) -> Founding:
    """Everything a new cluster holds. `now`: true time, epoch seconds. The same arguments give the same bytes."""
    draw = random.Random(f"founding {seed}")  # noqa: S311 - repeatable lab certificates
    keys = KeySource(seed=seed, policy=key_policy)
    old, new = (
        make_authority(generation, scenario.organisation, keys, serial=lambda: _serial(draw), now=now)
        for generation in (1, 2)
    )
    plan = Installation(
        now=now, random=draw, keys=keys, authority=old, mic_roots=_mic_roots(keys, draw, now), scenario=scenario
    )
    sites = _sites(scenario, draw)
    _judge_purposes(scenario)
    _judge_products(scenario)
    certificates = install_certificates(sites, plan)
    nodes = tuple(
        _node(spec, site, certificates[site.host], plan, number)
        for number, (spec, site) in enumerate(zip(scenario.nodes, sites, strict=True))
    )
    shared = ClusterState(
        scenario=scenario,
        seed=seed,
        starts=0,
        key_policy=key_policy,
        keys_spent=keys.spent,
        sso=scenario.sso,
        sso_off_on=(),
        parameters=_parameters(scenario),
        drs=_drs(scenario, now),
        database=(),
    )
    shared, nodes = install_trust_lists(shared, nodes, now=now, keys=keys)
    return Founding(shared=shared, nodes=nodes, authority=new)


def _judge_purposes(scenario: Scenario) -> None:
    signable = [purpose.name for purpose in PURPOSES if purpose.signable]
    for name in scenario.ca_signed:
        if name not in signable:
            next_step = f"Choose from: {', '.join(signable)}."
            raise ScenarioError(f"no CA signs {name!r}", where="ca_signed", next_step=next_step)


def _sites(scenario: Scenario, draw: random.Random) -> tuple[Site, ...]:
    names = {
        product: tuple(f"{node.name}.{scenario.domain}" for node in scenario.nodes if _product(node) == product)
        for product in ("cucm", "imp", UNITY)
    }
    return tuple(
        Site(
            host=node.name,
            domain=scenario.domain,
            role=node.role,
            product=_product(node),
            version=node.version or scenario.version,
            organisation=scenario.organisation,
            token=f"{draw.getrandbits(32):08x}",
            cluster_names=names,
            fips=node.fips,
            ocsp=scenario.ocsp,
        )
        for node in scenario.nodes
    )


def _node(spec: NodeSpec, site: Site, certificates: CertificatesState, plan: Installation, number: int) -> NodeState:
    return NodeState(
        site=site,
        address=spec.address or f"127.77.0.{10 + number}",
        clock_offset_s=spec.clock_offset_s,
        ntp=spec.ntp,
        replication=spec.replication,
        down=spec.down,
        certificates=certificates,
        services=install_services(spec, site, certificates, now=plan.now, draw=plan.random),
    )


def _product(node: NodeSpec) -> str:
    return node.product or ("imp" if node.role == "im-presence" else "cucm")


def _judge_products(scenario: Scenario) -> None:
    """Unity Connection clusters are their own: at most a publisher and a subscriber, and nothing else."""
    products = [_product(node) for node in scenario.nodes]
    roles = [node.role for node in scenario.nodes]
    if UNITY in products and (set(products) != {UNITY} or roles not in UNITY_ROLES):
        next_step = "List one publisher and at most one subscriber, all of product unity-connection, and no other node."
        raise ScenarioError("this is no cluster of Unity Connection", where="nodes", next_step=next_step)


def _parameters(scenario: Scenario) -> dict[str, str]:
    switches = Switches(scenario.switches)
    found = installed_parameters(version=scenario.version, mixed=scenario.mixed, switches=switches)
    return found | scenario.parameters


def _drs(scenario: Scenario, now: float) -> DrsState:
    history: tuple[Backup, ...] = ()
    if scenario.drs.last_backup_days >= 0:
        begun = now - scenario.drs.last_backup_days * DAY_S
        history = (
            Backup(
                tar=f"{datetime.fromtimestamp(begun, tz=UTC):%Y-%m-%d-%H-%M-%S}.tar",
                device="NETWORK",
                started_at=begun,
                duration_s=400.0,
                completed_at=begun + 400.0,
                result="SUCCESS",
                kind="SCHEDULED",
            ),
        )
    running = None
    if scenario.drs.running:
        running = Backup(tar="running.tar", device="NETWORK", started_at=now, duration_s=scenario.drs.duration_s)
    return DrsState(running=running, history=history)


def _mic_roots(keys: KeySource, draw: random.Random, now: float) -> tuple[x509.Certificate, ...]:
    """Stand-ins for the manufacturing roots: their names, lab keys, and an organisation that says what they are."""
    organisation = Organisation(organisation="ucmlab stand-in, not Cisco")
    roots = []
    for name in MIC_ROOTS:
        key = keys.for_installation("rsa", 2048)
        draft = Draft(
            subject=subject_name(name, organisation),
            public_key=key.public_key(),
            serial=_serial(draw),
            not_before=now - 12 * 365 * DAY_S,
            not_after=now + 12 * 365 * DAY_S,
            usage=CA_USAGE,
            ca=True,
        )
        roots.append(issue(draft, Issuer(key=key)))
    return tuple(roots)


def _serial(draw: random.Random) -> int:
    return draw.getrandbits(126) | 1 << 126
