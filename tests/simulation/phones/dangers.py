"""A danger: what goes wrong or is planned wrongly, and the layers of the product that keep it from phones."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from simulation.phones.cells import RELEASES
from simulation.phones.cuts import Change, as_it_is, chosen
from simulation.phones.damage import Damage, Harm, Witness
from simulation.phones.restoring import Backups
from simulation.world import Wish, World, in_world
from ucmcert.model.event import AnyEvent, Held, RunStarted, Verified, Waiting
from ucmcert.model.plan import Plan, StepKind
from ucmcert.plan.options import Options
from ucmcert.plan.rules import objections_to
from ucmcert.run.history import History
from ucmcert.run.outcome import Outcome
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

Hearer = Callable[[AnyEvent], None]
Trouble = Callable[[World], Hearer]
RELEASES_HERE = {**RELEASES, "9.1": "9.1.2.10000-28"}
BOTH = ("cucm-sub1", "cucm-pub")


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One guard and how it is taken away: `gone` from the plan, `patch` from the product (module, name, instead).

    `stops` is the code by which this guard alone stops the run, "" when with it the run ends done.
    """

    gone: Change = as_it_is
    patch: tuple[ModuleType, str, object] | None = None
    stops: str = ""


class Danger(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table.

    `trap` spoils the plan so that only the layers stand between it and the phones; `trouble` hears every event and does
    what outsiders do; with `restores` the newest backup is restored when the run has ended. `patience_s`: how long a
    phone may be without service, with `before_resets` only until our first reset. `at_the_end`: what was locked for a
    while only does not count. `planned`: the rule speaks in time at planning only. `spared`: a pool whose phones may be
    hurt whatever happens (a canary is there to be hurt first).
    """

    rules: str
    says: str
    damage: Damage
    release: str
    purposes: tuple[str, ...]
    layers: Mapping[str, Layer]
    mixed: bool = False
    multi_server: tuple[str, ...] = ()
    switches: Mapping[str, str] = {}
    phones: tuple[PhonesSpec, ...] = ()
    ca_signed: tuple[str, ...] = ()
    options: Options = Options()
    trap: Change = as_it_is
    trouble: Trouble = lambda _world: lambda _event: None
    restores: bool = False
    patience_s: float = 1800.0
    spared: str = ""
    before_resets: bool = False
    at_the_end: bool = False
    planned: bool = False
    manual_value: str = ""
    source: str = ""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a run in danger ended: `stop` is the code it was held or waits with, "" when it is done."""

    outcome: Outcome
    stop: str
    harm: Harm
    spared: frozenset[str]
    why: str


def endangered(danger: Danger, folder: Path, without: tuple[str, ...], *, seed: int = 1) -> Ending:
    """Run the danger without these layers."""
    layers = [danger.layers[name] for name in without]

    def spoil(plan: Plan) -> Plan:
        plan = danger.trap(plan)
        for layer in layers:
            plan = layer.gone(plan)
        return plan

    async def run(world: World) -> Ending:
        witness = Witness(
            world, patience_s=danger.patience_s, before_resets=danger.before_resets, at_the_end=danger.at_the_end
        )
        backups = Backups(world)
        world.listeners += [backups.hear, witness.hear, danger.trouble(world)]
        world.spoil = spoil
        outcome, history = await world.process(wish_of(danger))
        if danger.restores:
            backups.restore()
        phones = world.lab.phones
        return Ending(
            outcome=outcome,
            stop=stop_of(history),
            harm=await witness.harm(),
            spared=frozenset(name for name in phones.names() if phones.phone(name).pool == danger.spared),
            why=str(history.stop),
        )

    with _patched(layers):
        return in_world(run, folder, of=scenario_of(danger), seed=seed)


def refused_at_planning(danger: Danger, folder: Path) -> frozenset[str]:
    """Codes of the rules of order that the trapped plan breaks: a plan with an error is never approved."""

    async def run(world: World) -> frozenset[str]:
        async with world.connected(wish_of(danger)) as (_, cluster):
            plan = danger.trap(world.plan(cluster, wish_of(danger)))
            return frozenset(one.code for one in objections_to(plan, cluster))

    return in_world(run, folder, of=scenario_of(danger))


def wish_of(danger: Danger) -> Wish:
    """What the client is asked."""
    return Wish(purposes=danger.purposes, force=True, options=danger.options, manual_value=danger.manual_value)


def stop_of(history: History) -> str:
    """The code of the hold, or the kind of step that waits for somebody."""
    if isinstance(history.stop, Held):
        return history.stop.finding.code
    return f"waits at {history.plan.step(history.stop.step).kind}" if isinstance(history.stop, Waiting) else ""


def scenario_of(danger: Danger) -> Scenario:
    """Two nodes, and two phones of each kind: of both nodes, of the publisher alone; secure ones in mixed mode."""
    return Scenario(
        name="danger",
        title=danger.says,
        version=RELEASES_HERE[danger.release],
        mixed=danger.mixed,
        nodes=(NodeSpec(name="cucm-pub", role="publisher"), NodeSpec(name="cucm-sub1", role="subscriber")),
        ca_signed=danger.ca_signed or ("tomcat", "ipsec"),
        multi_server=danger.multi_server,
        switches=dict(danger.switches),
        phones=danger.phones or phones(secure=danger.mixed),
    )


def phones(*, secure: bool = False) -> tuple[PhonesSpec, ...]:
    """A small pool, which becomes the canary, and a larger one; every phone has a page."""
    return (
        PhonesSpec(count=2, pool="Few", group=("cucm-pub",), tftp=("cucm-pub",), page_share=1.0, slow_share=0.0),
        PhonesSpec(count=2, pool="Many", group=BOTH, tftp=("cucm-sub1",), page_share=1.0, slow_share=0.0),
        PhonesSpec(count=2, pool="Many", group=BOTH, secure=secure, page_share=1.0, slow_share=0.0),
    )


def once(kind: StepKind, do: Callable[[World], None], purpose: str = "", **detail: str) -> Trouble:
    """`do` it when the last such step is verified."""

    def in_this_world(world: World) -> Hearer:
        left: set[str] = set()

        def hear(event: AnyEvent) -> None:
            if isinstance(event, RunStarted):
                left.update(step.id for step in chosen(event.plan, kind, purpose, **detail))
            elif isinstance(event, Verified) and event.step in left:
                left.discard(event.step)
                if not left:
                    do(world)

        return hear

    return in_this_world


@contextmanager
def _patched(layers: list[Layer]) -> Iterator[None]:
    with ExitStack() as stack:
        for layer in layers:
            if layer.patch is not None:
                module, name, instead = layer.patch
                stack.enter_context(pytest.MonkeyPatch.context()).setattr(module, name, instead)
        yield
