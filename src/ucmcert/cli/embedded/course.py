"""The course of the demo: the functions of scan, check, plan and renew, one after the other, on a lab of its own."""

import shlex
from pathlib import Path

import msgspec

from ucmcert.cli.conduct.approval import must_be_fit
from ucmcert.cli.conduct.carry import writing
from ucmcert.cli.conduct.renewing import Approved, Done, carry_approved
from ucmcert.cli.embedded.beside import Beside, GateShape, gates_blocks
from ucmcert.cli.embedded.lab import DemoLab, demo_lab, until_ready, while_it_lives
from ucmcert.cli.embedded.pace import limits_at
from ucmcert.cli.embedded.place import LAB, own_config, own_place
from ucmcert.cli.planning.looking import judged_now, with_phones
from ucmcert.cli.planning.selection import Choice, make_plan
from ucmcert.cli.ports import SystemClock
from ucmcert.cli.printing import Printer
from ucmcert.cli.session import Session, open_session
from ucmcert.cli.words import speaker
from ucmcert.model.plan import Plan
from ucmcert.plan.forecast import minutes
from ucmcert.report.inventory import inventory
from ucmcert.report.json_shapes import RunShape
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.inventory_page import inventory_blocks
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.paper.blocks import Block, Text, line, paragraph

SCENARIO = "five-mixed"
PURPOSES = ("tomcat", "ipsec", "CAPF", "CallManager", "TVS")


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for. `folder` None means a new one among the temporary files."""

    speed: float
    seed: int
    keep: bool
    folder: Path | None


class DemoShape(RunShape, frozen=True, kw_only=True):
    """`demo --json`: the run, how long everything took in seconds at which speed, and what was true at each gate."""

    elapsed_s: float
    speed: float
    seed: int
    gates: tuple[GateShape, ...]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo has to tell at its end."""

    done: Done
    plan: Plan
    gates: tuple[GateShape, ...]


async def demonstrate(wanted: Demonstration, printer: Printer) -> int:
    """Show the whole job; the exit code of the renewal. Raises LabTrouble UCM-DEMO-*, and what the commands raise."""
    clock, say = SystemClock(), speaker(printer.lang)
    began = clock.now()
    with own_place(wanted.folder, keep=wanted.keep) as place:
        printer.tell(line(Text(say("demo.starting", speed=f"{wanted.speed:g}", scenario=SCENARIO), "strong")))
        with demo_lab(place / LAB, scenario=SCENARIO, speed=wanted.speed, seed=wanted.seed) as lab:
            config_file = own_config(await until_ready(lab, clock), place)
            printer.tell(line(say("demo.ready", seconds=f"{clock.now() - began:.1f}")))
            shown = await while_it_lives(lab, clock, _job(config_file, lab, printer, wanted))
        elapsed_s = clock.now() - began
        _tell_end(printer, wanted, shown, elapsed_s)
        if wanted.keep:
            printer.show([paragraph(say("demo.kept", state=place / LAB))])
    if isinstance(shown.done.shape, RunShape):
        fields = msgspec.structs.asdict(shown.done.shape)
        took_s = round(elapsed_s, 1)
        shape = DemoShape(**fields, elapsed_s=took_s, speed=wanted.speed, seed=wanted.seed, gates=shown.gates)
        printer.result(shape)
    return shown.done.exit_code


async def _job(config_file: Path, lab: DemoLab, printer: Printer, wanted: Demonstration) -> Shown:
    """Inventory, pre-checks, plan, renewal. One look serves the first three, as it is the same moment."""
    async with open_session(config_file) as session:
        return await _renewal(session, lab, printer, wanted)


async def _renewal(session: Session, lab: DemoLab, printer: Printer, wanted: Demonstration) -> Shown:
    with writing(session.places) as ledger:
        cluster = await with_phones(session, await session.look(every_port=True), PURPOSES)
        printer.show(inventory_blocks(inventory(cluster), printer.lang))
        judged = judged_now(session, cluster, Choice(purposes=PURPOSES, force=True))
        options = msgspec.structs.replace(judged.options, pages="open-for-the-run")
        judged = msgspec.structs.replace(judged, options=options)
        printer.show(findings_blocks(judged.findings, printer.lang))
        plan = make_plan(cluster, judged, now=session.clock.now())
        printer.show(plan_blocks(plan, printer.lang))
        printer.show(_about(plan, printer.lang))
        must_be_fit(plan)
        by = "the demo approves its own plan"
        approved = Approved(plan=plan, cluster=cluster, by=by, limits=limits_at(wanted.speed))
        beside = Beside(plan, lab.state, printer, session.clock)
        done = await carry_approved(session, ledger, approved, printer, wait=False, beside=beside.hear)
        gates = await beside.gates()
        printer.show(gates_blocks(gates, plan, printer.lang))
        return Shown(done=done, plan=plan, gates=gates)


def _about(plan: Plan, lang: str) -> tuple[Block, ...]:
    """What the plan costs in phones, what the naive order would cost, and why pages are opened."""
    say, rows = speaker(lang), plan.forecast.phones
    lost = {order: sum(one.lost for one in rows if one.order == order) for order in ("plan", "naive")}
    phones = sum(one.phones for one in rows if one.order == "plan")
    forecast = say("demo.forecast", lost=lost["plan"], naive=lost["naive"], phones=phones)
    told = paragraph(Text(forecast, "strong"), *(() if lost["naive"] else (" ", say("demo.naive_none"))))
    return told, paragraph(say("demo.pages"))


def _tell_end(printer: Printer, wanted: Demonstration, shown: Shown, elapsed_s: float) -> None:
    real = minutes(shown.plan.forecast.critical_path_s)
    words = speaker(printer.lang)("demo.elapsed", seconds=f"{elapsed_s:.0f}", speed=f"{wanted.speed:g}", minutes=real)
    printer.show([paragraph(Text(words, "strong"))])
    if shown.done.evidence:
        command = f"ucmcert report verify {shlex.quote(shown.done.evidence)}"
        printer.show([paragraph(speaker(printer.lang)("demo.verify"), " ", Text(command, "code"))])
