"""Promise: `ucmlab phones` tells what every phone holds and trusts, and leaves orders that the lab obeys."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulation.virtual_loop import run_virtually
from ucmlab.cli import main
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import prepare_state, restore_cluster, view_cluster
from ucmlab.cluster.phone_orders import obey_orders
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import NOW, scenario
from unit.ucmlab.phone_bench import BOOTED_S, with_phones

FIRST, SECOND = "SEP0077AA000001", "SEP0077AA000002"


def ucmlab(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    prepare_state(tmp_path / "lab", with_phones(), seed=3, now=NOW)
    live(tmp_path / "lab")
    return tmp_path / "lab"


def live(folder: Path) -> None:
    """Let the lab in a folder obey its orders and live for a while, then stop it."""

    async def run() -> None:
        cluster: Cluster = restore_cluster(folder, clock=LoopClock(epoch=NOW), calm=True)
        cluster.start()
        obey_orders(folder, cluster.phones)
        await cluster.clock.sleep(BOOTED_S)
        cluster.close()

    run_virtually(run())


def reports(state: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(ucmlab("phones", "--state", state, "--json").output)
    return found


def test_json_has_an_object_a_phone(state: Path) -> None:
    found = reports(state)
    assert 6 == len(found)
    expected = {
        "name": FIRST,
        "pool": "Default",
        "model": "CP-8851",
        "protocol": "SIP",
        "registered_on": "cucm-pub",
        "trust_state": "TRUSTED",
        "powered": True,
        "deleted_by_hand": 0,
        "ctl_sha1": None,
        "secure": False,
        "lsc_issuer": "",
        "certificate_operation": "No Pending Operation",
        "certificate_status": "None",
        "status": "Registered",
        "status_reason": 0,
    }
    assert expected == {name: found[0][name] for name in expected}
    assert 40 == len(str(found[0]["itl_sha1"]))
    assert isinstance(found[0]["page"], bool)


def test_json_names_the_issuer_of_an_lsc_and_why_ris_has_a_phone_as_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    line = PhonesSpec(count=1, secure=True, slow_share=0.0)
    prepare_state(folder, with_phones(line, mixed=True), seed=3, now=NOW)
    live(folder)
    stored = view_cluster(folder, now=NOW).publisher.certificates.identity("CAPF")
    assert stored is not None
    found = reports(folder)[0]
    assert (True, stored.sha256, "Registered", 0) == (
        *(found["secure"], found["lsc_issuer"]),
        *(found["status"], found["status_reason"]),
    )
    ucmlab("phones", "power", FIRST, "off", "--state", folder)
    live(folder)
    assert ("UnRegistered", 13) == (reports(folder)[0]["status"], reports(folder)[0]["status_reason"])


def test_the_table_counts_and_cuts(state: Path) -> None:
    printed = ucmlab("phones", "--state", state, "--rows", "2").output.splitlines()
    assert printed[0].startswith("6 phones, 6 registered; TRUSTED 6; trust lists deleted by hand: 0")
    assert printed[2].startswith(FIRST)
    assert "... and 4 more" in printed[-1]


def test_a_lab_without_phones_says_so(tmp_path: Path) -> None:
    prepare_state(tmp_path / "lab", scenario("pair", phones=()), seed=3, now=NOW)
    assert [] == reports(tmp_path / "lab")
    assert "no phones" in ucmlab("phones", "--state", tmp_path / "lab").output


def test_orders_wait_for_a_stopped_lab_and_are_obeyed_by_it(state: Path) -> None:
    assert (
        f"delete-trust: {FIRST}, at the next start"
        in ucmlab("phones", "delete-trust", FIRST.lower(), "--state", state).output
    )
    assert (
        "power-off: 2 phones, at the next start"
        in ucmlab("phones", "power", SECOND, "SEP0077AA000003", "off", "--state", state).output
    )
    assert "reset: all phones, at the next start" in ucmlab("phones", "reset", "--all", "--state", state).output
    live(state)
    found = {report["name"]: report for report in reports(state)}
    assert (1, "TRUSTED") == (found[FIRST]["deleted_by_hand"], found[FIRST]["trust_state"])
    assert ("OFFLINE", None) == (found[SECOND]["trust_state"], found[SECOND]["registered_on"])
    ucmlab("phones", "power", SECOND, "on", "--state", state)
    live(state)
    assert "cucm-pub" == {report["name"]: report for report in reports(state)}[SECOND]["registered_on"]


@pytest.mark.parametrize(
    "words",
    [
        ("delete-trust", "SEP1"),
        ("power", FIRST),
        ("power", FIRST, "perhaps"),
        ("reset",),
        ("reset", FIRST, "--all"),
        ("reset", "SEP1"),
    ],
)
def test_an_order_that_makes_no_sense_is_a_wrong_use(words: tuple[str, ...], state: Path) -> None:
    assert 2 == ucmlab("phones", *words, "--state", state).exit_code
    assert [] == list((state / "orders").glob("*.json"))


def test_a_folder_is_needed() -> None:
    assert 2 == ucmlab("phones").exit_code


def test_a_power_cut_needs_somebody_to_meet(state: Path) -> None:
    assert 2 == ucmlab("fault", "add", "phones-off", "--state", state).exit_code
    added = ucmlab("fault", "add", "phones-off", "--share", "0.5", "--phone", FIRST, "--state", state)
    assert "f1: phones-off is in force" in added.output
    rule = json.loads(ucmlab("fault", "list", "--state", state, "--json").output)[0]
    assert (0.5, [FIRST]) == (rule["share"], rule["phones"])
