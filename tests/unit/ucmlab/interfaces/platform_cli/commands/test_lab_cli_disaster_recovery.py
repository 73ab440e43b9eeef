# Promise: backups are reported from the Master Agent, and not at all while an agent is down.
import asyncio

import pytest

from ucmlab.scenarios.schema import Drs
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output, outputs
from unit.ucmlab.lab_bench import scenario

ALL = (
    "utils disaster_recovery status backup",
    "utils disaster_recovery status restore",
    "utils disaster_recovery history backup",
    "utils disaster_recovery device list",
)
LOG = "activelog/platform/drf/log/2026-09-20-14-13-20_b"
LAST = f"""
Status: SUCCESS :Backup Completed...
Tar Filename: 2026-09-20-14-13-20.tar
Storage Location: NETWORK
Operation: backup
Percentage Complete: 100%
UCM CUCM-PUB CCMDB SUCCESS Sun Sep 20 14:20:00 UTC 2026 {LOG}_cucm-pub_ucm.log
UCM CUCM-SUB1 CCMDB SUCCESS Sun Sep 20 14:20:00 UTC 2026 {LOG}_cucm-sub1_ucm.log
"""
HISTORY = """Tar Filename: Backup Device: Completed On: Result: Backup Type: Features Backed Up:
2026-09-20-14-13-20.tar   NETWORK   Sun Sep 20 14:20:00 UTC 2026  SUCCESS  SCHEDULED  UCM
"""
DEVICES = """Device Name   Device Type   Device Path
---------------------------------------
backup        NETWORK       /backup/ucm
"""
DOWN = (
    "Unable to connect to Master Agent host: cucm-pub, Port: 4040. "
    "This may be due to Master or Local Agent being down.\n"
)


@pytest.mark.parametrize("node", ["cucm-pub", "cucm-sub1"])
def test_every_node_tells_the_same(node: str) -> None:
    restore = "drfCliMsg: No restore status available\n"
    assert [LAST, restore, HISTORY, DEVICES] == outputs(*ALL, of=scenario("pair"), node=node)


def test_a_cluster_without_a_backup() -> None:
    status, _, history, _ = outputs(*ALL, of=scenario(drs=Drs(last_backup_days=-1)))
    assert "drfCliMsg: No backup status available\n" == status
    assert "drfCliMsg:  No history data is available\n" == history


def test_a_backup_under_way_makes_progress_and_joins_the_history() -> None:
    async def wait(end: FarEnd) -> tuple[str, str, str]:
        early = await end.run(ALL[0])
        await asyncio.sleep(300)
        late = await end.run(ALL[0])
        await asyncio.sleep(300)
        assert "Status: SUCCESS :Backup Completed...\n" in await end.run(ALL[0])
        return early, late, (await end.run(ALL[2])).splitlines()[-1]

    early, late, row = at_prompt(wait, scenario(drs=Drs(running=True, duration_s=600.0)))
    assert "Status: IN PROGRESS :Backup in progress...\nTar Filename: running.tar\n" in early
    assert "Percentage Complete: 1%\n" in early
    assert "Percentage Complete: 51%\n" in late
    assert row.startswith("running.tar               NETWORK   Mon Sep 21 14:23:20 UTC 2026  SUCCESS  MANUAL ")


def test_a_backup_that_failed() -> None:
    async def fail(end: FarEnd) -> tuple[str, str]:
        end.cluster.drs.start("today.tar", duration_s=600.0)
        end.cluster.drs.finish("ERROR")
        return await end.run(ALL[0]), (await end.run(ALL[2])).splitlines()[-1]

    status, row = at_prompt(fail)
    assert "\nStatus: ERROR :Backup Failed...\nTar Filename: today.tar\n" in status
    assert " UTC 2026  ERROR    MANUAL     UCM" in row


@pytest.mark.parametrize(
    ("stopped_at", "service", "asked_at", "answers"),
    [
        ("cucm-pub", "Cisco DRF Master", "cucm-pub", False),
        ("cucm-pub", "Cisco DRF Master", "cucm-sub1", False),
        ("cucm-sub1", "Cisco DRF Local", "cucm-sub1", False),
        ("cucm-sub1", "Cisco DRF Local", "cucm-pub", True),
    ],
)
def test_an_agent_that_is_down_answers_nothing(stopped_at: str, service: str, asked_at: str, *, answers: bool) -> None:
    async def ask(end: FarEnd) -> list[bool]:
        end.cluster.node(stopped_at).service(service).begin("stop")
        said = [await end.run(line) for line in ALL]
        assert answers is (end.operations()[-1][2] == "ok")
        return [text != DOWN for text in said]

    assert [answers] * 4 == at_prompt(ask, scenario("pair"), node=asked_at)


def test_operations_are_told_apart_in_the_log() -> None:
    async def ask(end: FarEnd) -> list[str]:
        for line in ALL:
            await end.run(line)
        return [operation for operation, _, _ in end.operations()[1:]]

    assert ["drs-status", "drs-status", "drs-history", "drs-devices"] == at_prompt(ask)


def test_a_restore_never_runs() -> None:
    assert "drfCliMsg: No restore status available\n" == output(ALL[1])


BACKUP = "utils disaster_recovery backup network UCM backup"
BEGUN = "drfCliMsg: Backup initiated successfully. Please run status command for details.\n"


def test_a_backup_is_begun_by_command_and_joins_the_history() -> None:
    async def play(end: FarEnd) -> None:
        assert BEGUN == await end.run(BACKUP)
        assert "IN PROGRESS" in await end.run(ALL[0])
        assert "Backup in progress" in await end.run(BACKUP)
        await asyncio.sleep(700.0)
        assert "SUCCESS  MANUAL     UCM" in await end.run(ALL[2])
        assert ("drs-backup", "", "ok") in end.operations()

    at_prompt(play, scenario("pair"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("utils disaster_recovery backup network UCM elsewhere", "Backup device elsewhere does not exist"),
        ("utils disaster_recovery backup network UCM,NOTHING backup", "Feature NOTHING is not registered"),
    ],
)
def test_a_backup_of_nothing_or_to_nowhere_is_refused(line: str, words: str) -> None:
    said = output(line)
    assert words in said
    assert "Executed command unsuccessfully" in said


def test_a_backup_by_command_may_not_exist() -> None:
    assert "No valid command entered\n" == output(BACKUP, of=scenario(switches={"drs_backup_by_cli": "no"}))


def test_a_backup_needs_its_agents() -> None:
    async def play(end: FarEnd) -> str:
        end.cluster.publisher.services["Cisco DRF Master"].begin("stop")
        await asyncio.sleep(30.0)
        return await end.run(BACKUP)

    assert DOWN == at_prompt(play)
