"""Promise: whenever the process dies in a phone epoch, the next one ends the same, and nothing happens twice."""

import pytest
from fake_phones import PhoneWorld

from ucmcert.model.event import AnyEvent
from ucmcert.plan.options import Options
from ucmcert.run.outcome import Outcome

ONCE = ("update_ctl", "reset_localkey", "regenerate", "set_parameter")
PHONE_KINDS = ("ctl.update", "list.reset", "identity.", "phones.", "backup.fresh", "lists.check")


class Killed(BaseException):
    """Nothing this process does from now on is real."""


class DyingWorld(PhoneWorld):
    """Dies at the append of event number `at`, `before` or after it reaches the ledger."""

    at, before, count = -1, False, 0

    def record(self, event: AnyEvent) -> None:
        self.count += 1
        if self.count - 1 == self.at and self.before:
            raise Killed
        super().record(event)
        if self.count - 1 == self.at:
            raise Killed


def world_of(kind: str) -> DyingWorld:
    if kind == "recovery":
        return DyingWorld(purposes=("ITLRecovery",))
    if kind == "mixed":
        return DyingWorld(purposes=("CallManager",), mixed=True)
    options = Options(interaction="manual-for-the-run", reset="at-once")
    return DyingWorld(options=options, interaction="automatic")


def points(kind: str) -> list[int]:
    """The numbers of the events of an undisturbed run that belong to steps of phones and lists."""
    world = world_of(kind)
    assert Outcome.DONE is world.run()
    return [at for at, one in enumerate(world.events) if any(part in getattr(one, "step", "") for part in PHONE_KINDS)]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["automatic", "mixed", "recovery"])
def test_a_death_at_any_append_changes_neither_the_end_nor_what_happened_once(kind: str, before: bool) -> None:
    passes = 2 if kind == "recovery" else 1
    for at in points(kind):
        world = world_of(kind)
        world.at, world.before = at, before
        with pytest.raises(Killed):
            world.run()
        assert Outcome.DONE is world.resume(), at
        for verb in ONCE:
            acts = world.acts(verb)
            assert len(set(acts)) == len(acts), (at, verb)
        assert {passes} == {one.resets for one in world.client.handsets.values()}, at
