"""Promise: IM and Presence and Unity Connection are renewed in the order their guides ask for, on both transports."""

from pathlib import Path

import pytest

from simulation.acts import CHECK, NEW_CA, TRUST, UPLOAD, Told, renewed
from simulation.phones.cells import RELEASES
from simulation.world import Wish
from ucmcert.run.outcome import Outcome
from ucmlab.scenarios.schema import NodeSpec, Scenario

SYNC = "Cisco Intercluster Sync Agent"
FEDERATION = "Cisco XCP XMPP Federation Connection Manager"
CUP = ("cup", "cup-ECDSA")
XMPP = ("cup-xmpp", "cup-xmpp-ECDSA")
S2S = ("cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA")
HOSTS = ("imp-pub", "imp-a")  # not by the alphabet: the database publisher comes first
WEB = ("tomcat", "tomcat-ECDSA")
VOICE = (
    "Cisco Tomcat",
    "Connection IMAP Server",
    "Cisco DirSync",
    "Connection Jetty",
    "Connection SMTP Server",
    "Connection Conversation Manager",
)
RELEASE_14 = "14SU3"
ON_BOTH = ("12.5", RELEASE_14)


def presence(
    release: str, purposes: tuple[str, ...], *, shared: bool = False, federated: tuple[str, ...] = (), **switches: str
) -> Scenario:
    return Scenario(
        name="presence",
        title=f"{release} with two IM and Presence nodes",
        version=RELEASES[release],
        nodes=(
            NodeSpec(name="cucm-pub", role="publisher"),
            *(
                NodeSpec(name=name, role="im-presence", activated=(FEDERATION,) if name in federated else ())
                for name in HOSTS
            ),
        ),
        ca_signed=purposes,
        multi_server=purposes if shared else (),
        switches=switches,
    )


def voice(release: str, *, shared: bool) -> Scenario:
    """The subscriber's name comes first in every alphabet."""
    return Scenario(
        name="voice",
        title=f"{release} Unity Connection",
        version=RELEASES[release],
        nodes=(
            NodeSpec(name="cuc-pub", role="publisher", product="unity-connection"),
            NodeSpec(name="cuc-a", role="subscriber", product="unity-connection"),
        ),
        ca_signed=WEB,
        multi_server=WEB if shared else (),
    )


def finished(scenario: Scenario, purposes: tuple[str, ...], folder: Path) -> Told:
    told = renewed(scenario, Wish(purposes=purposes, force=True), folder)
    assert (Outcome.DONE, 0) == (told.outcome, told.phones.open_certificates), told.stop
    assert () == told.end.requests
    return told


@pytest.mark.parametrize("release", ON_BOTH)
def test_cup_restarts_sip_proxy_then_the_presence_engine_of_one_node_after_the_other(
    release: str, tmp_path: Path
) -> None:
    told = finished(presence(release, CUP), CUP, tmp_path)
    wanted = [f"{host}/{name}" for host in HOSTS for name in ("Cisco SIP Proxy", "Cisco Presence Engine")]
    for purpose in CUP:
        assert wanted == told.restarts(purpose)
        assert max(told.place(f"{purpose}/{host}/{UPLOAD}") for host in HOSTS) < told.place(
            f"{purpose}/imp-pub/service.restart/Cisco SIP Proxy"
        )
        for host in HOSTS:
            assert (NEW_CA, True, ("Cisco Presence Engine", "Cisco SIP Proxy")) == told.stored(host, purpose)
    assert all(told.holds_new_chain(host, "cup-trust") for host in HOSTS)
    assert [f"cup/{host}" for host in HOSTS] == told.looked_at(CHECK)
    assert {"5061,5062"} == {one.detail["ports"] for one in told.plan.steps if one.kind == CHECK}


@pytest.mark.parametrize("release", ON_BOTH)
@pytest.mark.parametrize("shared", [False, True], ids=["single", "multi-server"])
def test_xmpp_is_told_to_other_clusters_first_and_its_router_restarts_on_every_node(
    shared: bool, release: str, tmp_path: Path
) -> None:
    told = finished(presence(release, XMPP, shared=shared), XMPP, tmp_path)
    routers = [f"{host}/Cisco XCP Router" for host in HOSTS]
    assert [*(f"{host}/{SYNC}" for host in HOSTS), *routers] == told.restarts("cup-xmpp")
    assert routers == told.restarts("cup-xmpp-ECDSA")  # its chain was in place when the agents restarted
    _chain_agents_identities(told, XMPP, ("imp-pub",) if shared else HOSTS)
    for host in HOSTS:
        for purpose in XMPP:
            assert (NEW_CA, True, ("Cisco XCP Connection Manager", "Cisco XCP Router")) == told.stored(host, purpose)
        assert told.holds_new_chain(host, "cup-xmpp-trust")
    assert [f"cup-xmpp/{host}" for host in HOSTS] == told.looked_at(CHECK)
    assert {"5222"} == {one.detail["ports"] for one in told.plan.steps if one.kind == CHECK}


@pytest.mark.parametrize("release", ON_BOTH)
def test_one_node_alone_still_restarts_the_router_of_all(release: str, tmp_path: Path) -> None:
    told = renewed(presence(release, XMPP), Wish(purposes=("cup-xmpp",), nodes=("imp-a",), force=True), tmp_path)
    assert Outcome.DONE is told.outcome, told.stop
    assert [f"imp-a/{SYNC}", "imp-a/Cisco XCP Router", "imp-pub/Cisco XCP Router"] == told.restarts("cup-xmpp")
    assert NEW_CA == told.stored("imp-a", "cup-xmpp")[0] != told.stored("imp-pub", "cup-xmpp")[0]


@pytest.mark.parametrize(
    ("release", "shared", "federated"),
    [
        *((RELEASE_14, shared, federated) for shared in (False, True) for federated in ((), ("imp-pub",), HOSTS)),
        *(("12.5", False, federated) for federated in ((), HOSTS)),
        ("12.5", True, ("imp-pub",)),
    ],
)
def test_federation_restarts_and_is_looked_at_only_where_it_is_activated(
    federated: tuple[str, ...], shared: bool, release: str, tmp_path: Path
) -> None:
    scenario = presence(release, S2S, shared=shared, federated=federated, federation_wildcards="on")
    told = finished(scenario, S2S, tmp_path)
    managers = [f"{host}/{FEDERATION}" for host in federated]
    assert [*(f"{host}/{SYNC}" for host in HOSTS), *managers] == told.restarts("cup-xmpp-s2s")
    assert managers == told.restarts("cup-xmpp-s2s-ECDSA")
    _chain_agents_identities(told, S2S, ("imp-pub",) if shared else HOSTS)
    for host in HOSTS:
        loaded = (FEDERATION,) if host in federated else ()
        assert all((NEW_CA, True, loaded) == told.stored(host, purpose) for purpose in S2S)
        assert told.holds_new_chain(host, "cup-xmpp-trust")  # never a store of its own name
    assert [f"cup-xmpp-s2s/{host}" for host in federated] == told.looked_at(CHECK)
    assert {"5269"} >= {one.detail["ports"] for one in told.plan.steps if one.kind == CHECK}
    assert {"STARTED" if host in federated else "STOPPED" for host in HOSTS} == {
        told.end.services[f"{host}/{FEDERATION}"] for host in HOSTS
    }


def _chain_agents_identities(told: Told, purposes: tuple[str, ...], uploaded: tuple[str, ...]) -> None:
    """Every chain first, then the agents one by one, then the first identity."""
    stores = {f"{one}/{host}/{TRUST}" for one in purposes for host in uploaded}
    chains = [told.place(one) for one in told.acts if one in stores]
    agents = [told.place(f"{purposes[0]}/{host}/service.restart/{SYNC}") for host in HOSTS]
    identities = [told.place(f"{one}/{host}/{UPLOAD}") for one in purposes for host in uploaded]
    assert chains  # whose entries the first upload brought, the others found there
    assert max(chains) < agents[0] < agents[1] < min(identities)
    assert len(identities) == len(told.of_kind(UPLOAD))


@pytest.mark.parametrize("release", [*ON_BOTH, "15SU2"])
@pytest.mark.parametrize("shared", [False, True], ids=["single", "multi-server"])
def test_unity_connection_restarts_six_services_of_the_publisher_then_of_the_subscriber(
    shared: bool, release: str, tmp_path: Path
) -> None:
    told = finished(voice(release, shared=shared), WEB, tmp_path)
    publisher = [f"cuc-pub/{name}" for name in VOICE]
    subscriber = [f"cuc-a/{name}" for name in VOICE if name != "Cisco DirSync"]  # listed on the publisher only
    owners = ("cuc-pub",) if shared else ("cuc-pub", "cuc-a")
    for purpose in WEB:
        assert publisher + subscriber == told.restarts(purpose)
        assert list(owners) == [one.split("/")[1] for one in told.of_kind(UPLOAD) if one.startswith(f"{purpose}/")]
        for host in ("cuc-pub", "cuc-a"):
            issuer, served, loaded = told.stored(host, purpose)
            assert (NEW_CA, True) == (issuer, served)
            assert set(VOICE) - {"Cisco DirSync"} <= set(loaded)
    assert all(told.holds_new_chain(host, "tomcat-trust") for host in ("cuc-pub", "cuc-a"))
    assert ["tomcat/cuc-pub", "tomcat/cuc-a"] == told.looked_at(CHECK)
