"""`demo --wrong-order`: two nights by hand on labs of their own, their price, and what our plan would have done."""

from pathlib import Path

from ucmcert.cli.embedded.course import Demonstration
from ucmcert.cli.embedded.lab import DemoLab, LabTrouble, demo_lab, until_ready, while_it_lives
from ucmcert.cli.embedded.place import LAB, own_place
from ucmcert.cli.embedded.truth import Truth, lab_truth
from ucmcert.cli.embedded.wrong_order.by_hand import one_night
from ucmcert.cli.embedded.wrong_order.cases import CASES, Case, scenario
from ucmcert.cli.embedded.wrong_order.page import case_blocks, last_blocks
from ucmcert.cli.embedded.wrong_order.shapes import CaseShape, WrongOrderShape, as_foretold, must_lock, plan_shape
from ucmcert.cli.planning.looking import judged_now, with_phones
from ucmcert.cli.planning.selection import Choice, make_plan
from ucmcert.cli.ports import SystemClock
from ucmcert.cli.printing import Printer
from ucmcert.cli.session import open_session
from ucmcert.cli.words import speaker
from ucmcert.model.plan import Plan
from ucmcert.model.ports import Clock
from ucmcert.report.paper.blocks import Text, line, paragraph

BOOT_S = 1200.0  # no phone of the lab boots longer (seconds of the cluster)
SHORTEST_S = 3.0
LOOK_S = 1.5  # a running lab writes its phones down every two seconds
LOOKS = 3
PATIENCE_S = 120.0


async def go_wrong(wanted: Demonstration, phones: int, printer: Printer) -> int:
    """Play every case. 0 when each locked the phones it had to, else 1. Raises LabTrouble UCM-DEMO-*, as verbs do."""
    clock, say = SystemClock(), speaker(printer.lang)
    began = clock.now()
    told: list[CaseShape] = []
    with own_place(wanted.folder, keep=wanted.keep) as place:
        for number, case in enumerate(CASES, start=1):
            values = {"number": number, "release": case.told, "phones": phones, "purposes": ", ".join(case.purposes)}
            printer.tell(line(Text(say("demo.wrong_starting", **values), "strong")))
            file = place / f"{case.key}.toml"
            file.write_text(scenario(case, phones), "utf-8")
            told.append(await _play(case, file, wanted, printer))
            printer.show(case_blocks(told[-1], number, printer.lang))
        if wanted.keep:
            printer.show([paragraph(say("demo.kept_all", folder=place))])
    elapsed_s = clock.now() - began
    good = all(one.as_foretold for one in told)
    printer.show(last_blocks(told, elapsed_s, wanted.speed, printer.lang))
    printer.result(
        WrongOrderShape(
            outcome="done" if good else "failed",
            cases=tuple(told),
            elapsed_s=round(elapsed_s, 1),
            speed=wanted.speed,
            seed=wanted.seed,
        )
    )
    return 0 if good else 1


async def _play(case: Case, file: Path, wanted: Demonstration, printer: Printer) -> CaseShape:
    """One night on a lab of its own, whose scenario is `file`."""
    clock, state = SystemClock(), file.parent / f"{LAB}-{case.key}"
    with demo_lab(state, scenario=str(file), speed=wanted.speed, seed=wanted.seed) as lab:
        config_file = await until_ready(lab, clock)
        return await while_it_lives(lab, clock, _night(config_file, lab, case, wanted, printer))


async def _night(config_file: Path, lab: DemoLab, case: Case, wanted: Demonstration, printer: Printer) -> CaseShape:
    """The plan nobody asked for, then the night, then the truth."""
    say = speaker(printer.lang)

    def tell(key: str, what: str) -> None:
        printer.tell(line(f"  {say(key)}: ", Text(what, "strong")))

    async with open_session(config_file) as session:
        cluster = await with_phones(session, await session.look(), case.purposes)
        judged = judged_now(session, cluster, Choice(purposes=case.purposes, force=True))
        plan = make_plan(cluster, judged, now=session.clock.now())
        await one_night(session.client, cluster, case, session.authority(), tell)
        tell("demo.wrong_settling", lab.state.name)
        truth = await _settled(session.clock, lab, wanted.speed)
        own_resets = cluster.phones is not None and cluster.phones.interaction == "automatic"
        return _shape(case, plan, truth, own_resets=own_resets)


async def _settled(clock: Clock, lab: DemoLab, speed: float) -> Truth:
    """The truth once no phone moves any more. Raises LabTrouble UCM-DEMO-006 when they never come to rest."""
    await clock.sleep(max(SHORTEST_S, BOOT_S / speed))
    began = clock.now()
    seen = [await lab_truth(lab.state)]
    while len(seen) < LOOKS or not _at_rest(seen[-LOOKS:]):
        if clock.now() - began > PATIENCE_S:
            raise LabTrouble(
                "UCM-DEMO-006",
                "the phones of the lab do not come to rest",
                where=str(lab.state),
                why=f"after {PATIENCE_S:g} s: {seen[-1].registered} of {seen[-1].total} registered, {seen[-1].states}",
                next="look into lab.log there; a busy machine may need a second try",
            )
        await clock.sleep(LOOK_S)
        seen.append(await lab_truth(lab.state))
    return seen[-1]


def _at_rest(looks: list[Truth]) -> bool:
    return all(one == looks[0] for one in looks)


def _shape(case: Case, plan: Plan, truth: Truth, *, own_resets: bool) -> CaseShape:
    return CaseShape(
        case=case.key,
        release=case.told,
        mixed=case.mixed,
        renewed=case.purposes,
        own_resets=own_resets,
        phones=truth.total,
        locked=truth.locked,
        soft=truth.soft,
        hard=truth.hard,
        must_soft=must_lock(plan, "soft"),
        must_hard=must_lock(plan, "hard"),
        states=truth.states,
        as_foretold=as_foretold(truth, plan),
        plan=plan_shape(plan),
    )
