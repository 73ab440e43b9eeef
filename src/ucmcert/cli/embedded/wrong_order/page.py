"""What a person reads of the mistakes: per case how many phones they cost, then what our plan would have done."""

from collections.abc import Sequence

from ucmcert.cli.embedded.wrong_order.shapes import CaseShape
from ucmcert.cli.words import speaker
from ucmcert.plan.forecast import minutes
from ucmcert.report.paper.blocks import Block, Heading, Text, paragraph


def case_blocks(case: CaseShape, number: int, lang: str) -> tuple[Block, ...]:
    """One night and its price."""
    say, plan = speaker(lang), case.plan
    mode = say("demo.wrong_mixed" if case.mixed else "demo.wrong_plain")
    figures = {"locked": case.locked, "phones": case.phones, "soft": case.soft, "hard": case.hard}
    must = say("demo.wrong_must", soft=case.must_soft, hard=case.must_hard)
    own = (" ", say("demo.wrong_own_resets")) if case.own_resets else ()
    blocks: list[Block] = [
        Heading(say("demo.wrong_title", number=number, release=case.release, mode=mode)),
        paragraph(say("demo.wrong_what", purposes=", ".join(case.renewed)), *own),
        paragraph(Text(say("demo.wrong_locked", **figures), "bad" if case.locked else "good")),
        paragraph(Text(must, "dim")),
    ]
    if not case.as_foretold:
        states = ", ".join(f"{count} {name}" for name, count in case.states.items())
        blocks.append(paragraph(Text(say("demo.wrong_not_so", states=states), "warn")))
    told = {
        "steps": plan.steps,
        "epochs": len(plan.epochs),
        "names": ", ".join(plan.epochs),
        "resets": plan.resets,
        "gates": plan.gates,
        "minutes": minutes(plan.window_s),
    }
    lost = say("demo.wrong_plan_lost", lost=plan.lost, phones=plan.phones)
    blocks.append(paragraph(say("demo.wrong_plan", **told), " ", Text(lost, "bad" if plan.lost else "good")))
    return tuple(blocks)


def last_blocks(cases: Sequence[CaseShape], elapsed_s: float, speed: float, lang: str) -> tuple[Block, ...]:
    """Whether it went as it had to, how long it took, and where the right way is shown."""
    say = speaker(lang)
    as_foretold = all(one.as_foretold for one in cases)
    words = say("demo.wrong_proved" if as_foretold else "demo.wrong_failed")
    return (
        paragraph(Text(words, "strong" if as_foretold else "bad")),
        paragraph(
            say("demo.wrong_elapsed", seconds=f"{elapsed_s:.0f}", speed=f"{speed:g}"), " ", Text("ucmcert demo", "code")
        ),
    )
