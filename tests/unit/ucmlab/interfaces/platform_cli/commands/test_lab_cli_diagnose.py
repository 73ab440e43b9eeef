# Promise: the diagnostic passes on a healthy node, fails where the node is ill, and its log number grows.
import asyncio

import pytest

from ucmlab.scenarios.schema import NodeSpec
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import scenario

HEALTHY = """
Log file: platform/log/diag1.log

Starting diagnostic test(s)
===========================
test - disk_space          : Passed (available: 9040 MB, used: 12407 MB)
skip - disk_files          : This module must be run directly and off hours
test - service_manager     : Passed
test - tomcat              : Passed
test - tomcat_deadlocks    : Passed
test - tomcat_keystore     : Passed
test - tomcat_connectors   : Passed
test - tomcat_threads      : Passed
test - tomcat_memory       : Passed
test - tomcat_sessions     : Passed
skip - tomcat_heapdump     : This module must be run directly and off hours
test - validate_network    : Passed
test - raid                : Passed
test - system_info         : Passed (Collected system information in diagnostic log)
test - ntp_reachability    : Passed
test - ntp_clock_drift     : Passed
test - ntp_stratum         : Passed
skip - sdl_fragmentation   : This module must be run directly and off hours
skip - sdi_fragmentation   : This module must be run directly and off hours

Diagnostics Completed


 The final output will be in Log file: platform/log/diag1.log


 Please use 'file view activelog platform/log/diag1.log' command to see the output

"""
CONNECTORS = (
    "Failed - The HTTP and HTTPS ports are not responding to local requests. "
    "Please collect all of the Tomcat logs for root cause analysis: file get activelog tomcat/logs/*"
)


async def verdict(end: FarEnd, module: str) -> str:
    said = await end.run(f"utils diagnose module {module}")
    return said.partition(f"test - {module:<20}: ")[2].partition("\n")[0]


def test_a_healthy_node_passes_in_more_than_a_minute() -> None:
    async def run(end: FarEnd) -> tuple[str, bool]:
        began = end.cluster.clock.now()
        return await end.run("utils diagnose test"), end.cluster.clock.now() - began > 60

    assert (HEALTHY, True) == at_prompt(run)


def test_one_module_is_run_by_name_and_the_log_number_grows() -> None:
    async def run(end: FarEnd) -> tuple[str, int]:
        await end.run("utils diagnose module raid")
        said = await end.run("utils diagnose module validate_network")
        return said, end.node.memory().platform.diagnostics

    said, count = at_prompt(run)
    assert "\nLog file: platform/log/diag2.log\n" in said
    assert "\ntest - validate_network    : Passed                      \n" in said
    assert 2 == count


def test_an_unknown_module_is_refused() -> None:
    assert "Module x does not exist\nExecuted command unsuccessfully\n" == output("utils diagnose module x")


def test_a_tomcat_that_does_not_answer_fails() -> None:
    async def run(end: FarEnd) -> tuple[str, str]:
        end.node.service("Cisco Tomcat").begin("stop")
        await asyncio.sleep(60)
        return await verdict(end, "tomcat"), await verdict(end, "tomcat_connectors")

    assert ("Failed - Cisco Tomcat is not running", CONNECTORS) == at_prompt(run)


def test_a_tomcat_that_is_started_but_does_not_answer_yet_fails_its_connectors() -> None:
    async def run(end: FarEnd) -> tuple[str, str]:
        end.node.service("Cisco Tomcat").begin("restart")
        while not end.node.service("Cisco Tomcat").running:
            await asyncio.sleep(0.5)
        connectors = await verdict(end, "tomcat_connectors")
        return connectors, await verdict(end, "tomcat")

    assert (CONNECTORS, f"{'Passed':<28}") == at_prompt(run)


def test_an_expired_tomcat_certificate_fails_the_keystore() -> None:
    node = NodeSpec(name="cucm-pub", role="publisher", ca_expires_in_days=-1.0)

    async def run(end: FarEnd) -> str:
        return await verdict(end, "tomcat_keystore")

    assert at_prompt(run, scenario(nodes=(node,))).startswith("Failed - ")


@pytest.mark.parametrize("module", ["ntp_reachability", "ntp_clock_drift", "ntp_stratum"])
def test_a_clock_that_follows_nobody_fails(module: str) -> None:
    node = NodeSpec(name="cucm-pub", role="publisher", ntp="unsynchronised")

    async def run(end: FarEnd) -> str:
        return await verdict(end, module)

    assert at_prompt(run, scenario(nodes=(node,))).startswith("Failed - The NTP service is not synchronised")


def test_a_stopped_service_manager_fails() -> None:
    async def run(end: FarEnd) -> str:
        await end.run("utils service stop Service Manager")
        return await verdict(end, "service_manager")

    assert at_prompt(run).startswith("Failed - ")
