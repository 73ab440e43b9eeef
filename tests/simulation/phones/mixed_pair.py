"""The small mixed cluster on which phone epochs are killed and disturbed, and which moments a test samples."""

from collections.abc import Callable

from simulation.phones.cells import RELEASES
from simulation.phones.runs import Watch
from simulation.world import Wish, World
from ucmcert.model.event import Event, Held, Waiting
from ucmcert.model.plan import Step, StepKind
from ucmcert.plan.options import Options
from ucmlab.faults import FAULT_KINDS
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

WISH = Wish(purposes=("CAPF", "CallManager", "TVS"), force=True, options=Options(pages="open-for-the-run"))
BACK_S = 1800.0  # a power cut of the fault product is over, and everybody has booted
NEW_KINDS = (
    StepKind.CTL_UPDATE,
    StepKind.LISTS_CHECK,
    StepKind.PHONES_BASELINE,
    StepKind.PHONES_PAGES,
    StepKind.PHONES_QUIET,
    StepKind.PHONES_RESET,
    StepKind.PHONES_GATE,
    StepKind.BACKUP_FRESH,
)
"""The kinds of this plan that no plan without phones has."""


def mixed_pair() -> Scenario:
    """Two nodes of 14SU3 in mixed mode, five phones in two pools: secure or not, with a page or without."""
    both = ("cucm-sub1", "cucm-pub")
    return Scenario(
        name="mixed-pair",
        title="two nodes, five phones",
        version=RELEASES["14SU3"],
        mixed=True,
        nodes=(NodeSpec(name="cucm-pub", role="publisher"), NodeSpec(name="cucm-sub1", role="subscriber")),
        phones=(
            PhonesSpec(count=1, pool="Few", group=("cucm-pub",), page_share=1.0, slow_share=0.0),
            PhonesSpec(count=2, pool="Many", group=both, secure=True, page_share=1.0, slow_share=0.0),
            PhonesSpec(count=2, pool="Many", group=both, page_share=0.0, slow_share=0.0),
        ),
    )


def eyes(world: World) -> Callable[[], list[str]]:
    """I1 at every event: whoever was locked is told."""
    watch = Watch(world)
    world.listeners.append(watch.hear)
    return lambda: [f"locked: {', '.join(sorted(watch.locked))}"] if watch.locked else []


async def resets_phones(world: World, stop: Held | Waiting) -> None:
    """Where a gate waits for phones: switch them on or reset them, as its words say, and give them time."""
    if kind_of(stop.step) == StepKind.PHONES_GATE:
        world.lab.phones.reset_all()
        await world.clock.sleep(BACK_S)


def each_new_kind_once() -> Callable[[Event], bool]:
    """Of the appends about steps of NEW_KINDS, the first of each kind of event and step."""
    met: set[tuple[str, str]] = set()

    def here(event: Event) -> bool:
        kind = kind_of(getattr(event, "step", ""))
        key = (type(event).__name__, kind)
        if kind not in NEW_KINDS or key in met:
            return False
        met.add(key)
        return True

    return here


def kind_of(step_id: str) -> str:
    """The kind that a step's id names, "" when it names none."""
    parts = step_id.split("/")
    return parts[2] if len(parts) > 2 else ""


def some_pairs(every: int, offset: int) -> Callable[[Step, str], bool]:
    """Of the first step of each new kind and all fault kinds, one pair in `every`: each row and column is met."""
    steps: dict[StepKind, str] = {}
    numbers = {one.name: number for number, one in enumerate(FAULT_KINDS)}

    def pairs(step: Step, kind: str) -> bool:
        if step.kind not in NEW_KINDS or steps.setdefault(step.kind, step.id) != step.id:
            return False
        return (NEW_KINDS.index(step.kind) + numbers[kind]) % every == offset

    return pairs
