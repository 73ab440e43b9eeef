# Promise: version, status, hardware and the small system pages have the product's keys and the node's own clock.
import asyncio
import re

import pytest

from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output, outputs
from unit.ucmlab.lab_bench import scenario

VERSION = """Active Master Version: {}
Active Version Installed Software Options:
No Installed Software Options Found.
"""
STATUS = r"""
Host Name          : cucm-sub1
Date               : Mon Sep 21, 2026 14:13:30
Time Zone          : Coordinated Universal Time \(Etc/UTC\)
Locale             : en_US.UTF-8
Product Ver        : 14.0.1.13900-155
Unified OS Version : 14.0.0.0-2

Uptime:
 14:13:30 up \d+ days, [ \d]\d:\d\d,  1 user,  load average: 0.21, 0.16, 0.11

CPU Idle:   93.06%  System:   02.40%    User:   04.29%
  IOWAIT:   00.25%     IRQ:   00.00%    Soft:   00.00%

Memory Total:        8062096K
        Free:         133808K
        Used:        7928288K
      Cached:        3312040K
      Shared:              0K
     Buffers:         342228K

                        Total            Free            Used
Disk/active         22187548K        9256672K       12705464K \(58%\)
Disk/inactive       22187548K       20884420K         176064K \(1%\)
Disk/logging        77201424K       47443520K       25836240K \(36%\)

"""
RESTART = """     ***   W A R N I N G   ***
Please make sure database replication setup is complete. Use the command 'utils dbreplication runtimestate' to get the current status.
If database replication setup is in progress, restarting the server may leave database replication unable to complete.
Do you really want to restart ?
"""  # noqa: E501 - literal


def test_the_active_version_is_the_nodes_own_and_takes_five_seconds() -> None:
    async def ask(end: FarEnd) -> tuple[str, int]:
        began = end.cluster.clock.now()
        return await end.run("show version active"), round(end.cluster.clock.now() - began)

    assert (VERSION.format("11.5.1.12900-21"), 5) == at_prompt(ask, scenario("legacy"))
    assert (VERSION.format("14.0.1.13900-155"), 5) == at_prompt(ask)


@pytest.mark.parametrize("words", ["No valid inactive version found", "None"])
def test_there_is_no_inactive_version(words: str) -> None:
    assert f"{words}\n" == output("show version inactive", no_inactive_text=words)


def test_the_status_page_has_the_nodes_own_clock() -> None:
    pair = scenario("pair")
    behind = [pair.nodes[0], type(pair.nodes[1])(name="cucm-sub1", role="subscriber", clock_offset_s=0.5)]
    said = output("show status", of=scenario("pair", nodes=tuple(behind)), node="cucm-sub1")
    assert re.fullmatch(STATUS, said)


def test_a_clock_that_is_wrong_shows_in_the_status() -> None:
    pair = scenario("pair")
    ahead = (pair.nodes[0], type(pair.nodes[1])(name="cucm-sub1", role="subscriber", clock_offset_s=86400.0 * 31 + 0.5))
    said = output("show status", of=scenario("pair", nodes=ahead), node="cucm-sub1")
    assert "Date               : Thu Oct 22, 2026 14:13:30\n" in said


def test_services_under_way_make_the_node_busy() -> None:
    async def ask(end: FarEnd) -> tuple[str, str]:
        end.node.service("Cisco CallManager").begin("restart")
        return await end.run("show status"), await end.run("show process load")

    status, load = at_prompt(ask)
    assert "load average: 0.61, 0.16, 0.11" in status
    assert "CPU Idle:   86.56%  System:   02.40%    User:   10.79%" in status
    assert ", load average: 0.61\nTasks: " in load
    assert re.search(r" total, 1 running, \d+ sleeping\n  PID S  COMMAND\n *\d+ R  Cisco CallManager\n$", load)


def test_the_hardware_page() -> None:
    said = output("show hardware")
    assert said.startswith("\nHW Platform       : VMware Virtual Machine\nProcessors        : 2\n")
    assert "\nOS Version        : UCOS 14.0.0.0-2.x86_64\n" in said
    assert said.endswith("Partitions aligned\nDisk : \nSize (in GB)      : 80\n")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("after-3", "Account Lockout is enabled\nUnlock Time : 300 seconds\nRetry Count : 3 attempts\n"),
        ("none", "Account Lockout is disabled\n"),
    ],
)
def test_account_locking(how: str, said: str) -> None:
    assert said == output("show accountlocking", account_lockout=how)


def test_a_yes_to_a_restart_of_the_node_is_refused_by_the_lab() -> None:
    async def answer(end: FarEnd) -> tuple[str, str, bool]:
        warning = await end.asked("utils system restart", "Enter (yes/no)? ")
        said = await end.run("yes")
        await asyncio.sleep(600)
        return warning, said, end.node.down

    words = "This server of the lab cannot be restarted from here\nExecuted command unsuccessfully\n"
    assert (RESTART, words, False) == at_prompt(answer)


def test_a_no_to_a_restart_leaves_the_node_alone() -> None:
    async def answer(end: FarEnd) -> tuple[str, tuple[str, str, str]]:
        await end.asked("utils system restart", "Enter (yes/no)? ")
        return await end.run("no"), end.operations()[-1]

    assert ("Exiting...\n", ("system-restart", "", "cancelled")) == at_prompt(answer)


def test_no_core_files() -> None:
    assert "No core files found.\n" == output("utils core active list")


def test_processes_are_the_running_services() -> None:
    async def ask(end: FarEnd) -> tuple[str, str]:
        before = await end.run("show process list")
        await end.run("utils service stop Cisco Tftp")
        return before, await end.run("show process list")

    before, after = at_prompt(ask)
    assert "  PID  STARTED  COMMAND" == before.splitlines()[0]
    assert re.search(r"\n *\d+  \d\d:\d\d:\d\d Cisco Tftp\n", before)
    assert set(before.splitlines()) - set(after.splitlines()) == {
        line for line in before.splitlines() if line.endswith(" Cisco Tftp")
    }


@pytest.mark.parametrize(
    ("node", "group"), [("cucm-pub", "GroupName: CM Services"), ("imp-pub", "GroupName: IM and Presence Services")]
)
def test_the_service_groups_tell_the_product(node: str, group: str) -> None:
    assert f"\n{group}\n\tCisco " in output("show tech ccm_service", of=scenario("demo"), node=node)


def test_modes_that_are_off() -> None:
    lines = (
        "utils EnhancedSecurityMode status",
        "utils contactsearchauthentication status",
        "show tls min-version",
        "show tls server min-version",
        "show tls client min-version",
    )
    assert [
        "The system is operating in non-EnhancedSecurityMode mode.\n",
        "The system is operating in contact search authentication disable mode.\n",
        *["Configured TLS minimum version: 1.2\n"] * 3,
    ] == outputs(*lines)


@pytest.mark.parametrize("words", ["The system is operating in non-FIPS mode", "FIPS is off"])
def test_fips_status_is_a_switch(words: str) -> None:
    assert f"{words}\n" == output("utils fips status", fips_text=words)
