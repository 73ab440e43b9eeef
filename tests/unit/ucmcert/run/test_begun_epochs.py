"""Promise: outside its windows a run begins nothing, and finishes what it has begun, whatever began it."""

import msgspec
import pytest
from fake_cluster import NOW, NoChance
from fake_phones import PhoneWorld

from simulation.virtual_loop import run_virtually
from ucmcert.config.windows import Window
from ucmcert.model.event import Intended
from ucmcert.model.plan import Phase, Plan, Reason, Step, StepKind
from ucmcert.run.history import History
from ucmcert.run.observation import Outside
from ucmcert.run.renewal import Renewal, _window

NEVER_NOW = (Window(days=("mon",), start="03:00", end="03:01", timezone="UTC"),)
WHY = Reason(code="UCM-STEP-X", words="test", source="test")
K = StepKind


def step(purpose: str, kind: StepKind, node: str = "cucm-pub.lab.example") -> Step:
    return Step(
        id=f"{purpose}/{node}/{kind.value}", kind=kind, phase=Phase.CUT_OVER, node=node, purpose=purpose, reason=WHY
    )


def asked(one: Step, *steps: Step, begun: tuple[Step, ...] = (), wait: bool = False) -> tuple[Outside | None, float]:
    """What the window says to `one` in a run of these steps of which some were meant already; and how long it slept."""
    world = PhoneWorld()
    history: History = world.history
    plan: Plan = msgspec.structs.replace(world.plan, steps=(one, *steps))
    history.started = msgspec.structs.replace(history.started, plan=plan)
    for other in begun:
        history.add(Intended(at=NOW, run="r1", step=other.id, attempt=1, baseline={}))
    renewal = Renewal(
        client=world.client,  # type: ignore[arg-type]
        clock=world.clock,
        random=NoChance(),
        ledger=world.ledger,
        authority=world.authority,  # type: ignore[arg-type]
        limits=world.limits,
        windows=NEVER_NOW,
        wait_for_window=wait,
    )
    return run_virtually(_timed(renewal, history, one, world.clock))


async def _timed(renewal: Renewal, history: History, one: Step, clock: object) -> tuple[Outside | None, float]:
    began = clock.now()  # type: ignore[attr-defined]
    seen = await _window(renewal, history, one)
    return seen, clock.now() - began  # type: ignore[attr-defined]


def closed(one: Step, *steps: Step, begun: tuple[Step, ...] = ()) -> bool:
    return asked(one, *steps, begun=begun)[0] is not None


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [
        ("tomcat", K.IDENTITY_UPLOAD),
        ("TVS", K.IDENTITY_UPLOAD),
        ("ITLRecovery", K.IDENTITY_REGENERATE),
        ("CallManager", K.CTL_UPDATE),
        ("ITLRecovery", K.LIST_RESET),
        ("CallManager", K.PHONES_RESET),
        ("CAPF", K.PHONES_LSC),
    ],
)
def test_an_epoch_that_has_begun_is_finished_whatever_the_clock_says(purpose: str, kind: StepKind) -> None:
    first, later = step(purpose, kind), step(purpose, K.SERVICE_RESTART)
    assert closed(later, first)
    assert closed(first, later)
    assert not closed(later, first, begun=(first,))
    assert not closed(first, later, begun=(first,))


def test_a_beginning_of_another_purpose_opens_nothing() -> None:
    other = step("CAPF", K.IDENTITY_UPLOAD)
    assert closed(step("TVS", K.SERVICE_RESTART), step("TVS", K.IDENTITY_UPLOAD), other, begun=(other,))


@pytest.mark.parametrize("kind", [K.BACKUP_IDLE, K.SERVICE_RESTART, K.PHONES_BASELINE, K.PHONES_PAGES])
def test_what_does_not_touch_trust_begins_no_epoch(kind: StepKind) -> None:
    one = step("ITLRecovery", kind)
    regenerate = step("ITLRecovery", K.IDENTITY_REGENERATE)
    assert closed(regenerate, one, begun=(one,))


def test_the_block_of_a_reused_tomcat_begins_with_tomcat_s_upload() -> None:
    web, ctl = step("tomcat", K.IDENTITY_UPLOAD), step("CallManager", K.CTL_UPDATE)
    restart = step("CallManager", K.SERVICE_RESTART)
    assert closed(ctl, web, restart)
    assert not closed(ctl, web, restart, begun=(web,))
    assert not closed(restart, web, ctl, begun=(web,))
    own = step("CallManager", K.IDENTITY_UPLOAD)
    assert closed(own, web, restart, begun=(web,))


def test_lists_that_are_reset_without_any_new_certificate_wait_for_the_window_too() -> None:
    reset, phones = step("ITLRecovery", K.LIST_RESET), step("ITLRecovery", K.PHONES_RESET)
    assert closed(reset, phones)
    assert not closed(phones, reset, begun=(reset,))


def test_preparing_asks_for_no_window_and_a_run_may_sleep_until_it_opens() -> None:
    prepare = msgspec.structs.replace(step("TVS", K.CSR_GENERATE), phase=Phase.PREPARE)
    assert not closed(prepare)
    upload = step("TVS", K.IDENTITY_UPLOAD)
    outside, slept_s = asked(upload, wait=True)
    assert (None, True) == (outside, slept_s > 0)
