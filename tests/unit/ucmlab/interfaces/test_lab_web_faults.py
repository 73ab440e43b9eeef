# Promise: every kind of fault strikes every web interface, before or after the work, and the log tells which.
import asyncio

import pytest

from ucmlab.cluster.certificates.records import to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection
from ucmlab.faults import FaultRule
from ucmlab.interfaces.http import Response
from ucmlab.interfaces.web import exchange
from ucmlab.interfaces.web.messages import Asked, Request
from unit.ucmlab.interfaces.web_bench import (
    MINIMAL,
    ask,
    axl,
    control,
    control_center,
    is_page,
    logged,
    rest,
    ris,
    texts,
)
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario

ITEMS = "<n:SelectItems><n:item><n:Item>*</n:Item></n:item></n:SelectItems>"
CRITERIA = f"<n:CmSelectionCriteria>{ITEMS}</n:CmSelectionCriteria>"


async def call(cluster: Cluster, interface: str) -> Response:
    """One successful call of an interface."""
    if interface == "rest":
        return await rest(cluster, "POST", "csr", MINIMAL)
    if interface == "axl":
        return await axl(cluster, "<n:getCCMVersion/>")
    if interface == "ris":
        return await ris(cluster, f"<n:selectCmDevice>{CRITERIA}</n:selectCmDevice>")
    if interface == "control-center":
        return await control_center(cluster, control("Restart", "Cisco Tftp"))
    return await ask(cluster, "GET", "/cucm-uds/version")


OPERATIONS = {
    "rest": ("csr", "tomcat"),
    "axl": ("getCCMVersion", ""),
    "ris": ("selectCmDevice", ""),
    "control-center": ("restart", "Cisco Tftp"),
    "web": ("uds-version", ""),
}
interfaces = pytest.mark.parametrize("interface", list(OPERATIONS))


def rule(kind: str, interface: str, **more) -> FaultRule:
    operation, purpose = OPERATIONS[interface]
    return FaultRule(kind=kind, node="cucm-pub", interface=interface, operation=operation, purpose=purpose, **more)


def outcomes(cluster: Cluster) -> list[str]:
    return [outcome for *_, outcome in logged(cluster)]


@interfaces
def test_a_success_is_one_line(interface) -> None:
    async def once(cluster: Cluster) -> list:
        assert 200 == (await call(cluster, interface)).status
        return logged(cluster)

    assert [(interface, *OPERATIONS[interface], "ok")] == in_lab(once)


@interfaces
def test_refuse_leaves_no_line(interface) -> None:
    async def once(cluster: Cluster) -> None:
        cluster.faults.add(rule("refuse", interface))
        with pytest.raises(RefuseConnection):
            await call(cluster, interface)
        assert [] == logged(cluster)
        assert 200 == (await call(cluster, interface)).status

    in_lab(once)


@interfaces
def test_delay_answers_late(interface) -> None:
    async def once(cluster: Cluster) -> float:
        cluster.faults.add(rule("delay", interface, seconds=40.0))
        assert 200 == (await call(cluster, interface)).status
        return cluster.clock.now() - NOW

    assert in_lab(once) == pytest.approx(40.0)


@interfaces
def test_drop_before_changes_nothing(interface) -> None:
    async def once(cluster: Cluster) -> None:
        cluster.faults.add(rule("drop-before", interface))
        with pytest.raises(DropConnection) as dropped:
            await call(cluster, interface)
        assert not dropped.value.applied
        assert [] == cluster.publisher.certificates.csrs()
        assert cluster.publisher.services["Cisco Tftp"].running
        assert ["dropped: not applied"] == outcomes(cluster)

    in_lab(once)


@interfaces
def test_drop_after_has_done_the_work(interface) -> None:
    async def once(cluster: Cluster) -> None:
        cluster.faults.add(rule("drop-after", interface))
        with pytest.raises(DropConnection) as dropped:
            await call(cluster, interface)
        assert dropped.value.applied
        assert (interface == "rest") == bool(cluster.publisher.certificates.csrs())
        assert (interface == "control-center") == (not cluster.publisher.services["Cisco Tftp"].running)
        assert ["dropped: applied"] == outcomes(cluster)

    in_lab(once)


@interfaces
def test_a_wrong_answer_is_cut_and_garbled(interface) -> None:
    async def twice(cluster: Cluster) -> tuple[Response, Response]:
        cluster.faults.add(rule("wrong-answer", interface))
        return await call(cluster, interface), await call(cluster, interface)

    garbled, whole = in_lab(twice)
    assert 200 == garbled.status
    assert len(garbled.body) < 0.6 * len(whole.body)
    assert not whole.body.startswith(garbled.body)


@interfaces
def test_a_throttled_caller_hears_it_in_the_way_of_the_interface(interface) -> None:
    async def once(cluster: Cluster) -> Response:
        cluster.faults.add(rule("throttle", interface))
        response = await call(cluster, interface)
        assert ["throttled"] == outcomes(cluster)
        assert [] == cluster.publisher.certificates.csrs()
        return response

    response = in_lab(once)
    if interface == "ris":
        assert 500 == response.status
        assert texts(response, "faultstring")[0].startswith("AxisFault: Exceeded allowed rate for Reatime information")
    else:
        assert is_page(response, 503)


@interfaces
def test_node_down_silences_the_node(interface) -> None:
    async def once(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind="node-down", node="cucm-pub", times=0))
        with pytest.raises(NodeDown):
            await call(cluster, interface)

    in_lab(once)


def test_a_node_that_dies_in_mid_request_cuts_it() -> None:
    async def die(cluster: Cluster) -> None:
        cluster.faults.add(rule("delay", "rest", seconds=60.0))
        request = asyncio.create_task(call(cluster, "rest"))
        await asyncio.sleep(1)
        cluster.faults.add(FaultRule(kind="node-down", node="cucm-pub", times=0))
        with pytest.raises(DropConnection):
            await request
        assert ["dropped: not applied"] == outcomes(cluster)

    in_lab(die)


def test_a_service_that_fails_is_reported_stopped_with_its_reason() -> None:
    async def fail(cluster: Cluster) -> tuple[str, str]:
        cluster.faults.add(FaultRule(kind="service-fails", operation="Cisco Tftp"))
        await call(cluster, "control-center")
        await asyncio.sleep(120)
        status = await control_center(
            cluster, "<n:soapGetServiceStatus><n:ServiceStatus>Cisco Tftp</n:ServiceStatus></n:soapGetServiceStatus>"
        )
        return texts(status, "ServiceStatus")[0], texts(status, "ReasonCodeString")[0]

    assert ("Stopped", "Component is not running") == in_lab(fail)


def test_a_fault_for_one_purpose_spares_the_others() -> None:
    async def some(cluster: Cluster) -> list[int]:
        cluster.faults.add(FaultRule(kind="throttle", operation="csr", purpose="ipsec", times=0))
        services = ("tomcat", "ipsec")
        return [(await rest(cluster, "POST", "csr", MINIMAL | {"service": service})).status for service in services]

    assert [200, 503] == in_lab(some)


def test_a_fault_strikes_each_service_of_a_list() -> None:
    async def some(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind="drop-before", operation="restart", purpose="Cisco CTIManager"))
        with pytest.raises(DropConnection):
            await control_center(cluster, control("Restart", "Cisco Tftp", "Cisco CTIManager"))
        assert cluster.publisher.services["Cisco Tftp"].running

    in_lab(some)


def test_a_trust_upload_is_a_line_for_each_store() -> None:
    async def two(cluster: Cluster) -> list:
        pem = to_pem(a_ca().root)
        await rest(cluster, "POST", "trust/certificates", {"service": ["tomcat", "ipsec"], "certificates": [pem]})
        return logged(cluster)

    assert [("rest", "trust", "tomcat", "ok"), ("rest", "trust", "ipsec", "ok")] == in_lab(two)


def test_a_refusal_whose_answer_is_lost_stays_a_refusal_in_the_log() -> None:
    async def refused(cluster: Cluster) -> list[str]:
        cluster.faults.add(FaultRule(kind="drop-after", operation="csr"))
        with pytest.raises(DropConnection):
            await rest(cluster, "POST", "csr", MINIMAL | {"keyLength": 77})
        return outcomes(cluster)

    assert ["refused: Unsupported key or signature algorithm: rsa 77"] == in_lab(refused)


def test_a_caller_that_hangs_up_before_the_work_leaves_it_undone() -> None:
    async def hang_up(cluster: Cluster) -> None:
        cluster.faults.add(rule("delay", "rest", seconds=60.0))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await call(cluster, "rest")
        await asyncio.sleep(120)
        assert [] == cluster.publisher.certificates.csrs()
        assert ["dropped: not applied"] == outcomes(cluster)

    in_lab(hang_up)


def test_mischief_of_the_default_scenario_is_a_late_answer_or_a_refusal() -> None:
    from simulation.virtual_loop import run_virtually
    from ucmlab.clock import LoopClock
    from ucmlab.cluster.opening import build_cluster

    async def many() -> set[str]:
        cluster = build_cluster(scenario(), clock=LoopClock(epoch=NOW), seed=7)
        seen = set()
        for _ in range(300):
            before = cluster.clock.now()
            try:
                await axl(cluster, "<n:getCCMVersion/>")
                seen.add("late" if cluster.clock.now() > before else "at once")
            except RefuseConnection:
                seen.add("refused")
        return seen

    assert {"late", "at once", "refused"} == run_virtually(many())


def test_a_bug_in_the_work_is_a_page_and_a_line() -> None:
    async def crash(cluster: Cluster) -> None:
        async def work() -> exchange.Result:
            raise ZeroDivisionError("by nought")

        asked = Asked(cluster, cluster.publisher, 8443, Request("GET", "/", "", {}, b""))
        call_made = exchange.Call(interface="web", operation="test")
        response = await exchange.carry_out(asked, call_made, work, lambda: Response(503, {}, b""))
        assert is_page(response, 500)
        assert ["crashed: ZeroDivisionError: by nought"] == outcomes(cluster)

    in_lab(crash)
