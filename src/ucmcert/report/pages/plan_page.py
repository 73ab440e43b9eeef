"""The plan for people: what is renewed and why, how long and how loud it gets, who must do what, step by step."""

from ucmcert.model.finding import Severity
from ucmcert.model.plan import Item, Phase, Plan, Step, StepKind
from ucmcert.plan.critical_path import critical_path
from ucmcert.plan.forecast import minutes
from ucmcert.plan.reasons import sentence
from ucmcert.report.moments import day, duration, stamp
from ucmcert.report.names import step_words
from ucmcert.report.pages.csr_page import settings_blocks
from ucmcert.report.pages.errands import errand_blocks
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.pages.phone_fate import phones_blocks
from ucmcert.report.paper.blocks import Block, Column, Facts, Heading, Line, Table, Text, bullets, line, paragraph
from ucmcert.report.words import Say, recorded_words, speaker

CSR_BY_A_PERSON = "UCM-STEP-CSR-PERSON"


def plan_blocks(plan: Plan, lang: str) -> tuple[Block, ...]:
    """The whole plan with its digest: what a yes refers to."""
    say = speaker(lang)
    blocks: list[Block] = [
        Heading(say("plan.title", cluster=plan.cluster), 1),
        Facts(
            (
                (say("plan.digest"), line(Text(plan.digest, "code"))),
                (say("plan.made"), line(stamp(plan.made_at))),
                (say("plan.certificates"), line(f"{len(plan.items)}")),
                (say("plan.steps"), line(f"{len(plan.steps)}")),
            )
        ),
    ]
    if not plan.steps:
        blocks.append(paragraph(say("plan.unknown" if _errors(plan) else "plan.nothing")))
    else:
        if plan.items:
            blocks += [Heading(say("plan.what")), _items(plan, say, lang), *_left_out(plan, say, lang)]
            blocks += settings_blocks(plan, say)
        blocks += [Heading(say("plan.forecast")), *_forecast(plan, say, lang)]
        blocks += phones_blocks(plan, say)
        blocks += [Heading(say("plan.person")), *_person(plan, say, lang)]
        blocks += errand_blocks(plan, lang)
        blocks += _phases(plan, say, lang)
    blocks += [Heading(say("plan.findings")), *findings_blocks(plan.findings, lang)]
    return tuple(blocks)


def _errors(plan: Plan) -> bool:
    return any(one.severity is Severity.ERROR for one in plan.findings)


def reason_words(code: str, recorded: str, lang: str) -> str:
    """The sentence of a reason in `lang`; the recorded one when this release does not know its code."""
    try:
        return sentence(code, lang)
    except KeyError:
        return recorded


def _items(plan: Plan, say: Say, lang: str) -> Table:
    columns = ("word.purpose", "word.node", "inventory.expires", "plan.why", "plan.done_is")
    return Table(tuple(Column(say(key)) for key in columns), tuple(_item(one, say, lang) for one in plan.items))


def _item(item: Item, say: Say, lang: str) -> Line:
    return (
        Text(item.purpose, "strong"),
        Text(item.node),
        Text(day(item.not_after)),
        Text(reason_words(item.reason.code, item.reason.words, lang)),
        Text(_state(item.last_state, say)),
    )


def _left_out(plan: Plan, say: Say, lang: str) -> list[Block]:
    """States that some purposes have not, each reason once."""
    purposes: dict[tuple[str, str], list[str]] = {}
    for item in plan.items:
        for state, why in item.skipped.items():
            purposes.setdefault((state, why), []).append(item.purpose)
    told = [
        line(
            say(
                "plan.left_out_line",
                state=_state(state, say),
                purposes=", ".join(dict.fromkeys(names)),
                why=recorded_words(why, lang),
            )
        )
        for (state, why), names in purposes.items()
    ]
    return [paragraph(say("plan.left_out")), bullets(told)] if told else []


def _state(state: str, say: Say) -> str:
    try:
        return say(f"state.{state}")
    except KeyError:
        return state


def _forecast(plan: Plan, say: Say, lang: str) -> list[Block]:
    told, path = plan.forecast, critical_path(plan.steps)
    blocks: list[Block] = [
        Facts(
            (
                (say("plan.prepare"), line(say("plan.minutes", minutes=minutes(told.prepare_s)))),
                (say("plan.window"), line(say("plan.minutes", minutes=minutes(told.window_s)))),
                (
                    say("plan.critical"),
                    line(say("plan.critical_of", minutes=minutes(told.critical_path_s), steps=len(path))),
                ),
            )
        ),
        paragraph(Text(say("plan.not_counted"), "dim")),
    ]
    if told.impacts:
        columns = (
            Column(say("word.node"), tight=True),
            Column(say("plan.away"), right=True),
            Column(say("plan.who_notices")),
            Column(say("finding.source")),
        )
        rows = tuple(
            (
                Text(one.where),
                Text(say("plan.minutes", minutes=minutes(one.seconds))),
                Text(recorded_words(one.what, lang)),
                Text(one.source, "dim"),
            )
            for one in told.impacts
        )
        blocks.append(Table(columns, rows))
    return blocks


def _person(plan: Plan, say: Say, lang: str) -> list[Block]:
    asked = [one for one in plan.steps if one.kind is StepKind.PERSON or one.reason.code == CSR_BY_A_PERSON]
    todo = [line(say("plan.person_line", step=step_words(one, say), why=_reason(one, lang))) for one in asked]
    if any(one.kind is StepKind.CSR_SIGN for one in plan.steps):
        todo.insert(0, line(say("plan.sign")))
    return [bullets(todo) if todo else paragraph(say("plan.no_person"))]


def _phases(plan: Plan, say: Say, lang: str) -> list[Block]:
    """A table for each phase; the reasons stand once each at the end, numbered, because many steps share one."""
    path = frozenset(critical_path(plan.steps))
    reasons = list(dict.fromkeys((_reason(one, lang), one.reason.source) for one in plan.steps))
    blocks: list[Block] = []
    for phase in Phase:
        steps = [one for one in plan.steps if one.phase is phase]
        if steps:
            numbers = {one.id: reasons.index((_reason(one, lang), one.reason.source)) + 1 for one in steps}
            blocks += [Heading(say(f"phase.{phase}")), _steps(steps, numbers, path, say)]
    told = (line(words, Text(f"  {source}", "dim")) for words, source in reasons)
    return [*blocks, Heading(say("plan.reasons")), bullets(told, numbered=True)]


def _steps(steps: list[Step], numbers: dict[str, int], path: frozenset[str], say: Say) -> Table:
    columns = (
        Column(say("plan.id"), tight=True),
        Column(say("plan.step")),
        Column(say("plan.estimate"), right=True),
        Column(say("plan.on_path")),
        Column(say("plan.reason"), right=True),
    )
    rows = tuple(
        (
            Text(one.id),
            Text(step_words(one, say), "strong"),
            Text(duration(one.estimate_s, say)),
            Text(say("plan.yes") if one.id in path else ""),
            Text(f"{numbers[one.id]}", "dim"),
        )
        for one in steps
    )
    return Table(columns, rows)


def _reason(step: Step, lang: str) -> str:
    return reason_words(step.reason.code, step.reason.words, lang)
