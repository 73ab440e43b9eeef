"""Promise: a wrong answer of the CA is seen before anything is written; put right, the same run ends as if it had been."""

from pathlib import Path

import pytest

from factory.certificates import DAY, NOW, authority
from simulation.end_state import end_state
from simulation.wrong_answers import WRONG_ANSWERS, Spoil, WrongAtFirst, requests, stores
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, Intended
from ucmcert.run.outcome import Outcome

TOMCAT = Wish(purposes=("tomcat",), force=True)
WRITING = ("trust.upload", "identity.upload", "service.restart")


def told_by(world: World) -> tuple[list[str], list[str]]:
    """The codes a run is held with, and the writes it meant to make, as they come."""
    held: list[str] = []
    meant: list[str] = []

    def hear(event: AnyEvent) -> None:
        if isinstance(event, Held):
            held.append(event.finding.code)
        if isinstance(event, Intended) and any(kind in event.step for kind in WRITING):
            meant.append(event.step)

    world.listeners.append(hear)
    return held, meant


@pytest.mark.parametrize(("error", "name", "code", "spoil"), WRONG_ANSWERS, ids=[f"{one[0]} {one[1]}" for one in WRONG_ANSWERS])
def test_a_wrong_answer_is_never_written_and_the_right_one_ends_the_run(
    error: str, name: str, code: str, spoil: Spoil, tmp_path: Path
) -> None:
    async def run(world: World) -> None:
        held, meant = told_by(world)
        ca = WrongAtFirst(world.authority.behind, spoil)
        world.authority.behind = ca
        before = stores(world.lab)
        outcome, _ = await world.process(TOMCAT)
        waiting = requests(world.lab)
        assert (Outcome.HELD, [code], []) == (outcome, held, meant)
        assert (before, {(node, "tomcat") for node in world.lab.nodes}) == (stores(world.lab), set(waiting))

        outcome, _ = await world.process(TOMCAT)  # resumed while the CA is as wrong as before
        assert (Outcome.HELD, [code, code], []) == (outcome, held, meant)
        assert (before, waiting) == (stores(world.lab), requests(world.lab))

        ca.wrong = False
        outcome, history = await world.process(TOMCAT)
        assert Outcome.DONE is outcome, history.stop
        assert ({}, len(world.lab.nodes)) == (requests(world.lab), end_state(world.lab).writes["rest identity"])

    in_world(run, tmp_path, of="pair")
