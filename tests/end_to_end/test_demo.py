"""Promise: the demo renews five purposes without losing a phone, and its mistakes cost exactly what they must.

Real processes on loopback; the renewal is by far the slowest test of this folder.
"""

from collections import Counter
from pathlib import Path

import pytest

from end_to_end.clear import DONE
from end_to_end.programs import told, ucmcert

DEMO_S = 500.0
PHONES = 500
LAST = {"tomcat": "served", "ipsec": "active", "CAPF": "trusted", "CallManager": "trusted", "TVS": "trusted"}
NODES = {"tomcat": 5, "ipsec": 5, "CAPF": 1, "CallManager": 4, "TVS": 4}
PROVEN = {"checksum", "probe", "status", "no-lists"}


@pytest.mark.long
def test_the_demo_renews_five_purposes_and_loses_no_phone(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    done = ucmcert("demo", "--json", "-o", place, timeout_s=DEMO_S)
    assert (DONE, "done") == (done.code, done.last["outcome"]), done.err
    certificates = done.last["certificates"]
    assert Counter(NODES) == Counter(one["purpose"] for one in certificates)
    assert set(LAST.items()) == {(one["purpose"], one["state"]) for one in certificates}
    assert all(one["done"] and one["new"] != one["old"] for one in certificates)

    gates = done.last["gates"]
    assert ["CAPF", "CallManager", "TVS"] == [one["purpose"] for one in gates if one["wave"] == "all"]
    for gate in gates:
        assert PHONES == sum(gate["truth"].values()), gate
        assert not [state for state in gate["truth"] if state.endswith("LOCKED")], gate
        if gate["wave"] == "all":
            assert {"TRUSTED": PHONES} == gate["truth"], gate
            assert PHONES == sum(count for proof, count in gate["proven"].items() if proof in PROVEN), gate
            assert gate["proven"].keys() <= PROVEN, gate

    assert "the lab itself knows" in done.err
    assert not (place / "lab").exists()
    assert "intact" in told("ucmcert", "report", "verify", done.last["evidence"])


@pytest.mark.long
def test_the_wrong_order_locks_every_phone_and_our_plan_none(tmp_path: Path) -> None:
    count, place = 9, tmp_path / "wrong"
    done = ucmcert("demo", "--wrong-order", "--phones", count, "--json", "-o", place, timeout_s=DEMO_S)
    assert (DONE, "done") == (done.code, done.last["outcome"]), f"{done.out}\n{done.err}"
    old, mixed = done.last["cases"]
    assert ("11.5", count, count, 0) == (old["release"], old["phones"], old["soft"], old["hard"])
    assert ("14SU3", count, 0, count) == (mixed["release"], mixed["phones"], mixed["soft"], mixed["hard"])
    assert ["CallManager", "TVS"] == old["plan"]["epochs"]
    assert ["CallManager", "TVS", "ITLRecovery"] == mixed["plan"]["epochs"]
    for case in (old, mixed):
        assert (0, count) == (case["plan"]["lost"], case["plan"]["phones"])
    assert not list(place.glob("lab*"))
