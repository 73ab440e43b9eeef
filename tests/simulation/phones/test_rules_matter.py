"""Promise: every guard that keeps phones from harm is needed: with it nobody is hurt, and without it somebody is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.phones.damage import LOCKS
from simulation.phones.dangers import Danger, endangered, refused_at_planning
from simulation.phones.mutations import DANGERS, NOT_ABOUT_PHONES
from ucmcert.plan.rules import RULES
from ucmcert.run.outcome import Outcome

NAMES = [f"{one.rules}: {one.says}" for one in DANGERS]
ALONE = [(one, name) for one in DANGERS for name in one.layers]


@pytest.mark.parametrize("danger", DANGERS, ids=NAMES)
def test_without_its_guards_the_lab_shows_the_damage(
    danger: Danger, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    found = endangered(danger, tmp_path, without=tuple(danger.layers))
    hurt = found.harm.of(danger.damage)
    tell(
        f"rule -> damage: {danger.rules} ({' + '.join(danger.layers)}), {danger.release}"
        f" {'mixed' if danger.mixed else 'non-secure'}: {danger.says} -> {found.harm.told()}"
    )
    assert hurt > found.spared, found.why


@pytest.mark.parametrize(("danger", "guard"), ALONE, ids=[f"{one.rules}: {one.says}, {name}" for one, name in ALONE])
def test_each_guard_alone_keeps_phones_from_harm(danger: Danger, guard: str, tmp_path: Path) -> None:
    if danger.planned:
        assert guard in refused_at_planning(danger, tmp_path)
        return
    found = endangered(danger, tmp_path, without=tuple(name for name in danger.layers if name != guard))
    assert danger.layers[guard].stops == found.stop, found.why
    assert (found.stop == "") == (found.outcome is Outcome.DONE)
    assert found.harm.of(danger.damage, *LOCKS.values()) <= found.spared, found.why


def test_every_rule_is_left_out_or_said_to_be_about_something_else() -> None:
    left_out = {name for one in DANGERS for name in one.layers}
    assert {one.code for one in RULES} == (left_out | set(NOT_ABOUT_PHONES)) & {one.code for one in RULES}
    assert set() == left_out & set(NOT_ABOUT_PHONES)
