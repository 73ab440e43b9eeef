# Promise: replication is shown as each node sees it, and a check runs in the background and is reported afterwards.
import asyncio

import pytest

from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import scenario

STARTED = """
Replication status check is now running in background.
Use command 'utils dbreplication runtimestate' to check its progress

The final output will be in file cm/trace/dbl/sdi/ReplicationStatus.2026_09_21_14_13_29.out

Please use "file view activelog cm/trace/dbl/sdi/ReplicationStatus.2026_09_21_14_13_29.out " command to see the output
"""
RUNTIME = """
Server Time: Mon Sep 21 14:13:30 UTC 2026

Cluster Replication State: BROADCAST SYNC Completed on 1 servers at: {booted}
     Last Sync Result: SYNC COMPLETED 754 tables sync'ed out of 754
     Sync Errors: NO ERRORS


DB Version: ccm14_0_1_13900_155

Repltimeout set to: 300s
PROCESS option set to: 1


Cluster Detailed View from cucm-pub (2 Servers):

                                           PING      DB/RPC/   REPL.    Replication    REPLICATION SETUP
SERVER-NAME              IP ADDRESS        (msec)    DbMon?    QUEUE    Group ID       (RTMT) & Details
-----------              ----------        ------    -------   -----    -----------    ------------------
cucm-pub                 127.77.0.10       0.045     Y/Y/Y     0        (g_2)          (2) Setup Completed
cucm-sub1                127.77.0.11       0.311     Y/Y/Y     0        (g_3)          (2) Setup Completed

"""
CHECKED = """     Replication status command COMPLETED. Checked 754 tables out of 754
     Last Completed Table: functionrole
     {verdict}

     Use 'file view activelog cm/trace/dbl/sdi/ReplicationStatus.2026_09_21_14_13_29.out' to see the details
"""


def test_the_state_of_a_pair_that_was_never_checked() -> None:
    said = output("utils dbreplication runtimestate", of=scenario("pair"))
    booted = said.partition("servers at: ")[2].partition("\n")[0]
    assert RUNTIME.format(booted=booted) == said
    assert booted.startswith("2026-0")


def test_a_check_runs_in_the_background_and_is_reported_everywhere() -> None:
    async def check(end: FarEnd) -> tuple[str, str, str]:
        said = await end.run("utils dbreplication status")
        soon = await end.run("utils dbreplication runtimestate")
        await asyncio.sleep(90)
        return said, soon, await end.run("utils dbreplication runtimestate")

    said, soon, later = at_prompt(check, scenario("pair"))
    assert STARTED == said
    line = "Cluster Replication State: Replication status command started at: 2026-09-21-14-13\n"
    assert f"{line}     Replication status command in PROGRESS. Checked 25 tables out of 754\n" in soon
    assert line + CHECKED.format(verdict="No Errors or Mismatches found.") in later


def test_a_check_finds_a_node_whose_tables_differ() -> None:
    async def check(end: FarEnd) -> str:
        end.cluster.node("cucm-sub1").replication = 3
        await end.run("utils dbreplication status")
        await asyncio.sleep(90)
        return await end.run("utils dbreplication runtimestate")

    said = at_prompt(check, scenario("pair"))
    assert CHECKED.format(verdict="Errors or Mismatches Were Found!!!") in said
    assert "(g_3)          (3) Mismatch\n" in said


def test_a_check_is_refused_on_a_subscriber() -> None:
    said = output("utils dbreplication status", of=scenario("pair"), node="cucm-sub1")
    assert "This command can only be run on the publisher.\nExecuted command unsuccessfully\n" == said


@pytest.mark.parametrize(
    ("state", "words"),
    [(0, "Initialization"), (1, "Setup Started"), (2, "Setup Completed"), (3, "Mismatch"), (4, "Setup Incomplete")],
)
def test_the_state_of_each_node_is_printed_with_its_words(state: int, words: str) -> None:
    async def ask(end: FarEnd) -> str:
        end.cluster.node("cucm-sub1").replication = state
        return await end.run("utils dbreplication runtimestate")

    assert f"(g_3)          ({state}) {words}\n" in at_prompt(ask, scenario("pair"))


def test_a_silent_node_has_no_ping_and_no_queue() -> None:
    async def ask(end: FarEnd) -> str:
        end.cluster.node("cucm-sub2").down = True
        return await end.run("utils dbreplication runtimestate")

    row = "cucm-sub2                127.77.0.12       -         N/N/N     -        (g_4)          (0) Initialization\n"
    assert row in at_prompt(ask, scenario("demo"))


def test_a_node_without_its_database_monitor_says_no() -> None:
    async def ask(end: FarEnd) -> str:
        end.cluster.node("cucm-sub1").service("Cisco Database Layer Monitor").begin("stop")
        return await end.run("utils dbreplication runtimestate")

    assert "127.77.0.11       0.311     Y/Y/N     0 " in at_prompt(ask, scenario("pair"))


def test_one_active_node_has_no_runtime_state() -> None:
    words = "Runtime state cannot be performed on a cluster with a single active node; aborting operation\n"
    assert words == output("utils dbreplication runtimestate")


def test_without_the_database_there_is_no_runtime_state() -> None:
    async def ask(end: FarEnd) -> str:
        await end.run("utils service stop A Cisco DB")
        return await end.run("utils dbreplication runtimestate")

    assert "A Cisco DB is not running\nExecuted command unsuccessfully\n" == at_prompt(ask, scenario("pair"))
