# Promise: from 14 on, services restart and phones are reset by themselves after the changes that Cisco names.
import asyncio

import pytest

from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.lab_bench import a_ca, in_lab
from unit.ucmlab.phone_bench import BOOTED_S, reset_since, with_phones

CAPF, TVS, TFTP = "Cisco Certificate Authority Proxy Function", "Cisco Trust Verification Service", "Cisco Tftp"
PARAMETER = "PhoneInteractionOnCertificateUpdate"
BEFORE_14 = {"version": "12.5.1.11900-146"}


def restarted(cluster: Cluster, moment: float, host: str = "cucm-pub") -> list[str]:
    found = cluster.node(host).services.values()
    return [service.name for service in found if service.running and (service.started_at or 0.0) > moment]


def after(act, *, of=None, wait_s: float = 120.0, host: str = "cucm-pub") -> list[str]:
    """Services that have restarted at a node some time after an act."""

    async def once(cluster: Cluster) -> list[str]:
        moment = cluster.node(host).now()
        act(cluster)
        await asyncio.sleep(wait_s)
        return restarted(cluster, moment, host)

    return in_lab(once, of or with_phones())


def regenerate(purpose: str):
    return lambda cluster: cluster.publisher.certificates.regenerate(purpose)


@pytest.mark.parametrize(
    ("purpose", "services"),
    [("TVS", [TVS]), ("CAPF", [CAPF]), ("ITLRecovery", [TFTP, TVS]), ("CallManager", []), ("tomcat", [])],
)
def test_services_restart_themselves(purpose: str, services: list[str]) -> None:
    assert services == after(regenerate(purpose))


def test_before_14_nothing_happens_by_itself() -> None:
    assert [] == after(regenerate("TVS"), of=with_phones(**BEFORE_14))


def test_an_upload_to_capf_trust_restarts_capf() -> None:
    root = to_pem(a_ca().root).encode()
    assert [CAPF] == after(lambda cluster: cluster.publisher.certificates.upload_trust("CAPF-trust", root))


def test_what_spreads_restarts_services_where_it_arrives() -> None:
    assert [TFTP, TVS] == after(regenerate("ITLRecovery"), host="cucm-sub1")


def test_a_stopped_service_stays_stopped() -> None:
    def act(cluster: Cluster) -> None:
        cluster.publisher.services[TVS].begin("stop")
        cluster.publisher.certificates.regenerate("TVS")

    assert [] == after(act)


def test_what_changes_while_a_service_starts_is_read_by_one_more_restart() -> None:
    async def once(cluster: Cluster) -> tuple[str, str | None]:
        capf = cluster.publisher.services[CAPF]
        capf.begin("restart")
        while capf.state != "STARTING":
            await asyncio.sleep(0.5)
        cluster.publisher.certificates.regenerate("CAPF")
        await asyncio.sleep(120.0)
        stored = cluster.publisher.certificates.identity("CAPF")
        return capf.state, stored and capf.loaded["CAPF"].sha256 == stored.sha256

    assert ("STARTED", True) == in_lab(once, with_phones())


def resets(purpose: str, *, of=None, before=None, wait_s: float = BOOTED_S) -> int:
    """How many phones have come back from a reset some time after a regeneration."""

    async def once(cluster: Cluster) -> int:
        await asyncio.sleep(BOOTED_S)
        if before is not None:
            before(cluster)
        moment = cluster.clock.now()
        cluster.publisher.certificates.regenerate(purpose)
        await asyncio.sleep(wait_s)
        return len(reset_since(cluster, moment))

    return in_lab(once, of or with_phones())


@pytest.mark.parametrize(
    ("purpose", "count"), [("CAPF", 6), ("TVS", 6), ("CallManager", 6), ("ITLRecovery", 6), ("tomcat", 0), ("ipsec", 0)]
)
def test_phones_are_reset_by_themselves(purpose: str, count: int) -> None:
    assert count == resets(purpose)


def test_the_parameter_leaves_resets_to_the_administrator() -> None:
    assert 0 == resets("CAPF", before=lambda cluster: cluster.set_parameter(PARAMETER, "1"))


def test_the_values_of_the_parameter_are_a_switch() -> None:
    of = with_phones(switches={"phone_interaction_values": "1-automatic"})
    assert 6 == resets("CAPF", of=of)
    assert 0 == resets("CAPF", of=of, before=lambda cluster: cluster.set_parameter(PARAMETER, "0"))


def test_a_missing_parameter_means_automatic() -> None:
    assert 6 == resets("CAPF", of=with_phones(switches={"phone_interaction_parameter": "absent"}))


def test_before_14_phones_are_left_alone() -> None:
    assert 0 == resets("CAPF", of=with_phones(**BEFORE_14))


@pytest.mark.parametrize("rewritten", ["always", "on-change"])
def test_the_reset_may_wait_for_the_files(rewritten: str) -> None:
    async def once(cluster: Cluster) -> tuple[int, int]:
        await asyncio.sleep(BOOTED_S)
        moment = cluster.clock.now()
        cluster.publisher.certificates.regenerate("CallManager")
        await asyncio.sleep(BOOTED_S)
        early = len(reset_since(cluster, moment))
        for node in cluster.nodes.values():
            node.services[TFTP].begin("restart")
        await asyncio.sleep(2 * BOOTED_S)
        return early, len(reset_since(cluster, moment))

    assert (0, 6) == in_lab(
        once, with_phones(switches={"automatic_reset": "after-rebuild", "list_rewritten": rewritten})
    )
