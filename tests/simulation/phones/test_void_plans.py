"""Promise: a plan whose cluster has grown is void, and an ITL that phones cannot load is never made."""

import asyncio
from pathlib import Path

import pytest

from simulation.phones.dangers import BOTH, RELEASES_HERE
from simulation.world import Wish, World, in_world
from ucmcert.cli.conduct.approval import must_still_hold
from ucmcert.cli.held import SafetyHold
from ucmcert.errors import UsageError
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

FATEFUL = ("CallManager", "TVS")


def test_a_subscriber_that_was_added_since_voids_the_plan_and_stops_a_resume(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        wish = Wish(purposes=FATEFUL, force=True)
        new = world.lab.nodes.pop("cucm-sub2")
        async with world.connected(wish) as (_, cluster):
            plan = world.plan(cluster, wish)
        task = asyncio.create_task(world.process(wish))
        await world.clock.sleep(120.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        world.lab.nodes[new.name] = new
        async with world.connected(wish) as (_, cluster):
            with pytest.raises(SafetyHold, match="UCM-GATE-002"):
                must_still_hold(plan, cluster)
        with pytest.raises(UsageError, match="UCM-RESUME-002"):
            await world.process(wish)

    of = Scenario(
        name="grown",
        title="a subscriber joins",
        version=RELEASES_HERE["14SU3"],
        nodes=(
            NodeSpec(name="cucm-pub", role="publisher"),
            *(NodeSpec(name=f"cucm-sub{number}", role="subscriber") for number in (1, 2)),
        ),
    )
    in_world(story, tmp_path, of=of)


def test_an_itl_of_more_certificates_than_phones_load_is_never_made(tmp_path: Path) -> None:
    of = Scenario(
        name="wide",
        title="as many nodes as a cluster may have",
        version=RELEASES_HERE["14SU3"],
        nodes=(
            NodeSpec(name="cucm-pub", role="publisher"),
            *(NodeSpec(name=f"cucm-sub{number}", role="subscriber") for number in range(1, 21)),
        ),
        switches={"itl_contents": "all-leaves"},
        phones=(PhonesSpec(count=2, group=BOTH, page_share=1.0),),
    )

    async def story(world: World) -> None:
        wish = Wish(purposes=("TVS",), nodes=("cucm-pub",), force=True)
        async with world.connected(wish) as (_, cluster):
            with pytest.raises(AssertionError, match="UCM-CHECK-042"):
                world.plan(cluster, wish)

    in_world(story, tmp_path, of=of)
