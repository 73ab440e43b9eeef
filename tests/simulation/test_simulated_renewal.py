"""Promise: the real planner, runner, steps and adapters renew the real lab, and one integer repeats a run."""

from pathlib import Path

import msgspec
import pytest

from simulation.end_state import end_state
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Intended, StateReached, Verified
from ucmcert.model.plan import StepKind
from ucmcert.model.states import State
from ucmcert.run.outcome import Outcome, certificates
from ucmlab.scenarios.loader import load_scenario
from ucmlab.switches import PHONE_SWITCHES, SWITCHES, TRUST_LIST_SWITCHES


def renewed(folder: Path, of: str, wish: Wish | None = None, *, seed: int = 1, calm: bool = True) -> list[AnyEvent]:
    heard: list[AnyEvent] = []

    async def run(world: World) -> None:
        world.listeners.append(heard.append)
        outcome, history = await world.process(wish or Wish())
        assert outcome is Outcome.DONE, history.stop
        assert all(one.done for one in certificates(history))

    in_world(run, folder, of=of, seed=seed, calm=calm)
    return heard


@pytest.mark.parametrize("scenario", ["single", "pair", "demo", "five-mixed", "legacy"])
def test_every_built_in_cluster_is_renewed(scenario: str, tmp_path: Path) -> None:
    events = renewed(tmp_path, scenario)
    nodes = len(load_scenario(scenario).nodes)
    served = [one for one in events if isinstance(one, StateReached) and one.state is State.SERVED]
    active = [one for one in events if isinstance(one, StateReached) and one.state is State.ACTIVE]
    assert nodes == len(served)
    assert 2 * nodes == len(active)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_labs_own_mischief_does_not_disturb_a_renewal(seed: int, tmp_path: Path) -> None:
    renewed(tmp_path, "demo", seed=seed, calm=False)


def test_the_same_seed_gives_the_same_events_to_the_byte(tmp_path: Path) -> None:
    one, other = renewed(tmp_path / "a", "pair", seed=9), renewed(tmp_path / "b", "pair", seed=9)
    assert [msgspec.json.encode(event) for event in one] == [msgspec.json.encode(event) for event in other]


def test_publisher_first_and_one_node_at_a_time(tmp_path: Path) -> None:
    events = renewed(tmp_path, "demo", Wish(purposes=("tomcat",)))
    restarts = [
        one.step.split("/")[1] for one in events if isinstance(one, Intended) and "/service.restart/" in one.step
    ]
    after_identity = restarts[restarts.index("cucm-pub") :]
    in_order = list(dict.fromkeys(after_identity))
    assert ["cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub"] == in_order
    assert after_identity == sorted(after_identity, key=in_order.index)


def test_no_step_acts_before_its_intention_is_written(tmp_path: Path) -> None:
    intended: set[str] = set()
    for event in renewed(tmp_path, "demo"):
        if isinstance(event, Intended):
            intended.add(event.step)
        elif isinstance(event, Verified) and not event.skipped:
            assert event.step in intended


def test_what_is_not_due_is_left_alone(tmp_path: Path) -> None:
    async def run(world: World) -> None:
        before = end_state(world.lab)
        await world.process(Wish(purposes=("ipsec",), nodes=("cucm-sub1",)))
        after = end_state(world.lab)
        changed = {key for key in before.identities if before.identities[key] != after.identities[key]}
        assert {"cucm-sub1/ipsec"} == changed

    in_world(run, tmp_path, of="demo")


PLAIN_KINDS = {
    *(StepKind.CSR_GENERATE, StepKind.CSR_SIGN, StepKind.TRUST_UPLOAD, StepKind.IDENTITY_UPLOAD),
    *(StepKind.BACKUP_IDLE, StepKind.SERVICE_RESTART, StepKind.SERVED_CHECK),
}
ABOUT_PHONES = {switch.name for switch in (*PHONE_SWITCHES, *TRUST_LIST_SWITCHES)}  # the matrix has those
OTHER_VALUES = [
    (switch.name, value)
    for switch in SWITCHES
    if switch.name not in ABOUT_PHONES and not switch.name.startswith("phone_")
    for value in switch.choices[1:]
]


@pytest.mark.parametrize(("name", "value"), OTHER_VALUES, ids=[f"{name}={value}" for name, value in OTHER_VALUES])
def test_what_nobody_has_published_may_be_either_way(name: str, value: str, tmp_path: Path) -> None:
    single = load_scenario("single")
    of = msgspec.structs.replace(single, switches={name: value})

    async def run(world: World) -> None:
        outcome, history = await world.process(Wish())
        assert outcome is Outcome.DONE, history.stop
        assert all(served for _, served, _ in end_state(world.lab).identities.values())

    in_world(run, tmp_path, of=of)


def test_every_step_kind_of_a_plain_renewal_is_carried_out(tmp_path: Path) -> None:
    events = renewed(tmp_path, "demo")
    kinds = {kind for kind in StepKind if any(isinstance(one, Verified) and f"/{kind}" in one.step for one in events)}
    assert PLAIN_KINDS == kinds
