"""The course of the demo: the functions of scan, check, plan and renew, one after the other, on a lab of its own."""

import asyncio
import shlex
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from ucmcert.cli.conduct.approval import must_be_fit
from ucmcert.cli.conduct.carry import writing
from ucmcert.cli.conduct.renewing import Approved, Done, carry_approved
from ucmcert.cli.embedded.lab import DemoLab, demo_lab, until_dead, until_ready
from ucmcert.cli.planning.looking import judged_now
from ucmcert.cli.planning.selection import Choice, make_plan
from ucmcert.cli.ports import SystemClock
from ucmcert.cli.printing import Printer
from ucmcert.cli.session import Session, open_session
from ucmcert.cli.words import speaker
from ucmcert.errors import UsageError
from ucmcert.model.plan import Plan
from ucmcert.model.ports import Clock
from ucmcert.plan.forecast import minutes
from ucmcert.report.inventory import inventory
from ucmcert.report.json_shapes import RunShape
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.inventory_page import inventory_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper.blocks import Text, line, paragraph
from ucmcert.run.limits import Limits

Result = TypeVar("Result")
PURPOSES = ("tomcat", "ipsec")
SHORTEST_S = 60.0
SHORTEST_SETTLE_S = 3.0


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for. `folder` None means a new one among the temporary files."""

    speed: float
    seed: int
    keep: bool
    folder: Path | None


class DemoShape(RunShape, frozen=True, kw_only=True):
    """`demo --json`: the run, and how long everything took, in seconds, at which speed."""

    elapsed_s: float
    speed: float
    seed: int


async def demonstrate(wanted: Demonstration, printer: Printer) -> int:
    """Show the whole job; the exit code of the renewal. Raises LabTrouble UCM-DEMO-*, and what the commands raise."""
    clock, say = SystemClock(), speaker(printer.lang)
    began = clock.now()
    with _place(wanted) as place:
        printer.tell(line(Text(say("demo.starting", speed=f"{wanted.speed:g}"), "strong")))
        with demo_lab(place / "lab", speed=wanted.speed, seed=wanted.seed) as lab:
            config_file = _own_config(await until_ready(lab, clock), place)
            printer.tell(line(say("demo.ready", seconds=f"{clock.now() - began:.1f}")))
            done, plan = await _while_it_lives(lab, clock, _job(config_file, printer, wanted))
        elapsed_s = clock.now() - began
    _tell_time(printer, wanted, done, plan, elapsed_s)
    if wanted.keep:
        printer.show([paragraph(say("demo.kept", state=place / "lab"))])
    if isinstance(done.shape, RunShape):
        fields = msgspec.structs.asdict(done.shape)
        printer.result(DemoShape(**fields, elapsed_s=round(elapsed_s, 1), speed=wanted.speed, seed=wanted.seed))
    return done.exit_code


async def _while_it_lives(lab: DemoLab, clock: Clock, work: Coroutine[None, None, Result]) -> Result:
    """What `work` gives. Raises LabTrouble UCM-DEMO-002 at once when the lab dies under it, not after long patience."""
    job, death = asyncio.create_task(work), asyncio.create_task(until_dead(lab, clock))
    try:
        await asyncio.wait({job, death}, return_when=asyncio.FIRST_COMPLETED)
        if not job.done():
            raise lab.died()
        return job.result()
    finally:
        for task in (job, death):
            task.cancel()
        await asyncio.gather(job, death, return_exceptions=True)


def _own_config(of_the_lab: Path, place: Path) -> Path:
    """The lab's configuration, copied beside the lab: its state, that is ledger and evidence, then outlives the lab."""
    return Path(shutil.copy(of_the_lab, place / "ucmcert.toml"))


async def _job(config_file: Path, printer: Printer, wanted: Demonstration) -> tuple[Done, Plan]:
    """Inventory, pre-checks, plan, renewal. One look serves the first three, as it is the same moment."""
    async with open_session(config_file) as session:
        return await _renewal(session, printer, wanted)


async def _renewal(session: Session, printer: Printer, wanted: Demonstration) -> tuple[Done, Plan]:
    with writing(session.places) as ledger:
        cluster = await session.look(every_port=True)
        printer.show(inventory_blocks(inventory(cluster), printer.lang))
        judged = judged_now(session, cluster, Choice(purposes=PURPOSES))
        printer.show(findings_blocks(judged.findings, printer.lang))
        plan = make_plan(cluster, judged, now=session.clock.now())
        printer.show(plan_blocks(plan, printer.lang))
        must_be_fit(plan)
        by = "the demo approves its own plan"
        approved = Approved(plan=plan, cluster=cluster, by=by, limits=limits_at(wanted.speed))
        return await carry_approved(session, ledger, approved, printer, wait=False), plan


def limits_at(speed: float) -> Limits:
    """How long to wait for nodes that are `speed` times faster than real ones, but never less than a lab needs."""
    usual = Limits()
    return msgspec.structs.replace(
        usual,
        patience_s=max(SHORTEST_S, usual.patience_s / speed),
        settle_s=max(SHORTEST_SETTLE_S, usual.settle_s / speed),
        restart_s=max(SHORTEST_S, usual.restart_s / speed),
        poll_last_s=max(usual.poll_first_s, usual.poll_last_s / speed),
    )


def _tell_time(printer: Printer, wanted: Demonstration, done: Done, plan: Plan, elapsed_s: float) -> None:
    real = minutes(plan.forecast.critical_path_s)
    words = speaker(printer.lang)("demo.elapsed", seconds=f"{elapsed_s:.0f}", speed=f"{wanted.speed:g}", minutes=real)
    printer.show([paragraph(Text(words, "strong"))])
    if done.evidence:
        command = f"ucmcert report verify {shlex.quote(done.evidence)}"
        printer.show([paragraph(speaker(printer.lang)("demo.verify"), " ", Text(command, "code"))])


@contextmanager
def _place(wanted: Demonstration) -> Iterator[Path]:
    """A folder for the lab and the evidence. Without --keep the lab's part goes, unless something went wrong."""
    if wanted.folder is None:
        place = Path(tempfile.mkdtemp(prefix="ucmcert-demo-"))
    else:
        place = wanted.folder.absolute()
        _make(place)
    yield place
    if not wanted.keep:
        shutil.rmtree(place / "lab", ignore_errors=True)


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise UsageError(
            "UCM-DEMO-004",
            "the folder for the demo cannot be made",
            where=str(place),
            why=error.strerror or type(error).__name__,
            next="give a folder that does not exist yet",
        ) from error
