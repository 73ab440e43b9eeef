"""Promise: whatever happens to phones and servers meanwhile, a run ends in done or waits by name, and locks nobody.

When the trouble is gone, a resume ends done; for phones that never come back a person signs, as `ucmcert approve` does.
"""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from simulation.phones.dangers import RELEASES_HERE, Trouble, once, phones
from simulation.phones.outsiders import CALLMANAGER, CTI, HOUR_S, TFTP, TVS, everybody_has_power, off_for, service
from simulation.phones.troubled import Troubled
from simulation.world import Wish, World, in_world
from ucmcert.model.plan import StepKind
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.faults import FaultRule
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

Story = Callable[[World, Troubled], Coroutine[Any, Any, None]]
ABSENT = PhonesSpec(count=2, pool="Many", absent_share=1.0, page_share=1.0)
FOREIGN = PhonesSpec(count=2, pool="Many", mismatched_share=1.0, page_share=1.0)
FOR_EVER_S = 1e6
FATEFUL = ("CallManager", "TVS")
IMPATIENT = Limits(patience_s=240.0, phones_s=2.0 * HOUR_S)


def told(
    folder: Path,
    release: str,
    story: Story,
    *,
    mixed: bool = False,
    purposes: tuple[str, ...] = FATEFUL,
    trouble: Trouble | None = None,
    more: tuple[PhonesSpec, ...] = (),
    **scenario: Any,
) -> None:
    """Run `story` on two nodes of `release`, and see that nobody was locked at any event of it."""
    of = Scenario(
        name="trouble",
        title="two nodes and their phones",
        version=RELEASES_HERE[release],
        mixed=mixed,
        nodes=(NodeSpec(name="cucm-pub", role="publisher"), NodeSpec(name="cucm-sub1", role="subscriber")),
        phones=(*phones(secure=mixed), *more),
        **scenario,
    )

    async def run(world: World) -> None:
        troubled = Troubled(world, Wish(purposes=purposes, force=True, limits=IMPATIENT), trouble)
        await story(world, troubled)
        assert set() == troubled.locked

    in_world(run, folder, of=of)


def faulty(kind: str, after: StepKind, **more: Any) -> Trouble:
    """The fault is in force from the moment the last step of `after` is verified."""
    return once(after, lambda world: world.lab.faults.add(FaultRule(kind=kind, **more)))


async def all_is_well(troubled: Troubled) -> None:
    """A resume ends done, and every phone with power trusts."""
    seen = await troubled.carried_home()
    assert Outcome.DONE is seen.outcome, seen.why
    assert {TrustState.TRUSTED} == set(troubled.states().values())


def test_phones_off_in_mid_epoch_are_waited_for(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "waits at phones.gate" == (await troubled.process()).stop
        everybody_has_power(world)
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, trouble=once(StepKind.LISTS_CHECK, off_for(FOR_EVER_S), "CallManager"))


def test_phones_that_come_back_in_time_are_not_even_noticed(tmp_path: Path) -> None:
    async def story(_world: World, troubled: Troubled) -> None:
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, trouble=once(StepKind.PHONES_RESET, off_for(HOUR_S), "CallManager"))


def test_where_the_recovery_key_signs_phones_may_miss_both_epochs(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert Outcome.DONE is (await troubled.process()).outcome
        everybody_has_power(world)
        await world.clock.sleep(HOUR_S)
        assert {TrustState.TRUSTED} == set(troubled.states().values())

    told(tmp_path, "14SU3", story, more=(ABSENT,))


def test_elsewhere_absent_phones_are_waited_for_before_the_second_anchor(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "waits at phones.gate" == (await troubled.process()).stop
        everybody_has_power(world)
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, more=(ABSENT,))


def test_phones_that_never_come_back_are_signed_for_by_name(tmp_path: Path) -> None:
    async def story(_world: World, troubled: Troubled) -> None:
        assert "waits at phones.gate" == (await troubled.process()).stop
        assert 2 == len(troubled.sign())
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, more=(ABSENT,))


def test_a_second_tftp_node_that_is_gone_holds_the_epoch(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "UCM-RUN-018" == (await troubled.process()).stop
        world.lab.faults.clear()
        await all_is_well(troubled)

    told(tmp_path, "14SU3", story, mixed=True, trouble=faulty("node-down", StepKind.CTL_UPDATE, node="cucm-sub1"))


def test_a_tftp_that_was_stopped_holds_before_phones_are_reset(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "UCM-RUN-018" == (await troubled.process()).stop
        assert not {TrustState.SOFT_LOCKED, TrustState.HARD_LOCKED} & set(troubled.states().values())
        service(world, TFTP, "start")
        await all_is_well(troubled)

    def stops(world: World) -> None:
        service(world, TFTP, "stop")

    told(tmp_path, "14SU3", story, trouble=once(StepKind.SERVED_CHECK, stops, "CallManager"))


def test_a_ctl_update_that_is_refused_holds_and_is_asked_again(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "UCM-CLI-012" == (await troubled.process()).stop
        world.lab.faults.clear()
        await all_is_well(troubled)

    told(tmp_path, "14SU3", story, mixed=True, trouble=faulty("ctl-update-refused", StepKind.PHONES_BASELINE, times=0))


def test_a_tvs_that_is_down_keeps_the_next_anchor_away(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "UCM-RULE-024" == (await troubled.process()).stop
        service(world, TVS, "start")
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, trouble=once(StepKind.PHONES_BASELINE, lambda world: service(world, TVS, "stop")))


@pytest.mark.parametrize("since", [StepKind.CSR_GENERATE, StepKind.PHONES_BASELINE], ids=["the-baseline", "the-resets"])
def test_throttled_real_time_data_is_never_taken_for_an_answer(since: StepKind, tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "UCM-RUN-018" == (await troubled.process()).stop
        world.lab.faults.clear()
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, trouble=faulty("ris-throttle", since, times=0, seconds=60.0))


@pytest.mark.parametrize(("release", "mixed"), [("11.5", False), ("14SU3", True)], ids=["11.5", "14SU3-mixed"])
def test_an_operator_who_resets_phones_in_mid_epoch_does_no_harm(release: str, mixed: bool, tmp_path: Path) -> None:
    async def story(_world: World, troubled: Troubled) -> None:
        await all_is_well(troubled)

    def resets(world: World) -> None:
        world.lab.phones.reset_all()

    told(
        tmp_path,
        release,
        story,
        mixed=mixed,
        trouble=once(StepKind.SERVICE_RESTART, resets, "CallManager", service=TFTP),
    )


async def renewed_by_hand(world: World, *services: str) -> None:
    """An hour ago somebody regenerated CallManager on every node, and restarted these services one by one."""
    for node in world.lab.nodes.values():
        node.certificates.regenerate("CallManager")
    for name in services:
        for host in world.lab.nodes:
            service(world, name, "restart", host)
            await world.clock.sleep(300)
    await world.clock.sleep(HOUR_S)


def test_callmanager_renewed_by_hand_without_restarts_keeps_tvs_from_being_planned(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        await renewed_by_hand(world)
        with pytest.raises(AssertionError, match="UCM-CHECK-040"):
            await troubled.process()

    told(tmp_path, "11.5", story)


def test_callmanager_renewed_by_hand_without_restarts_is_mended_by_renewing_it(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        await renewed_by_hand(world)
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, purposes=("CallManager",))


def test_callmanager_renewed_by_hand_with_restarts_but_no_reset_asks_a_person_before_tvs(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        await renewed_by_hand(world, TVS, TFTP, CALLMANAGER, CTI)
        assert "waits at phones.baseline" == (await troubled.process()).stop
        world.lab.phones.reset_all()
        await world.clock.sleep(HOUR_S)
        await all_is_well(troubled)

    told(tmp_path, "11.5", story, purposes=("TVS",))


def test_phones_that_were_lost_before_are_left_to_a_person(tmp_path: Path) -> None:
    async def story(_world: World, troubled: Troubled) -> None:
        assert "waits at phones.baseline" == (await troubled.process()).stop
        troubled.sign()
        seen = await troubled.carried_home(signing=True)
        assert Outcome.DONE is seen.outcome, seen.why

    told(tmp_path, "11.5", story, more=(FOREIGN,))


@pytest.mark.parametrize("moment", ["at-upload", "after-rebuild"])
@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
def test_automatic_resets_of_14_are_waited_out(moment: str, mixed: bool, tmp_path: Path) -> None:
    async def story(_world: World, troubled: Troubled) -> None:
        await all_is_well(troubled)

    told(tmp_path, "14SU3", story, mixed=mixed, switches={"automatic_reset": moment})


def test_a_ctl_signed_by_tokens_is_updated_by_a_person(tmp_path: Path) -> None:
    async def story(world: World, troubled: Troubled) -> None:
        assert "waits at person" == (await troubled.process()).stop
        world.lab.trust_lists.update_ctl()
        await all_is_well(troubled)

    told(tmp_path, "9.1", story, mixed=True, etoken=True)
