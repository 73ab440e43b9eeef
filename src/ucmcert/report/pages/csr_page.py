"""The CSRs to come: one table each with the value of every field, its origin, and what only a person can change."""

from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.plan.csr_expected import SUBJECT
from ucmcert.plan.csr_preview import CsrPreview, PreviewField
from ucmcert.report.csr_shape import CsrShape
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Facts, Heading, Line, Table, Text, bullets, line, paragraph
from ucmcert.report.words import Say, speaker

COLUMNS = ("csr.field", "csr.value", "csr.origin", "csr.teller")
NAMES = {
    "common_name": "csr.common_name",
    "organisation": "csr.organisation",
    "unit": "csr.unit",
    "locality": "csr.locality",
    "state": "csr.state",
    "country": "csr.country",
    "name": "csr.name",
    "key": "csr.key",
    "hash": "csr.hash",
    "distribution": "csr.distribution",
    "key_usage": "csr.key_usage",
    "extended_key_usage": "csr.extended_key_usage",
}
ORIGINS = {
    "row": "csr.from_row",
    "today": "csr.from_today",
    "node": "csr.from_node",
    "cisco": "csr.from_cisco",
    "untold": "csr.from_nowhere",
}
TELLERS = {
    "rest": "csr.by_rest",
    "web-page": "csr.by_web_page",
    "web-security": "csr.by_web_security",
    "node": "csr.by_node",
}
SETTINGS = ("bits", "hash", "names", *SUBJECT)


def csr_blocks(shape: CsrShape, lang: str) -> tuple[Block, ...]:
    """The whole page."""
    say = speaker(lang)
    blocks: list[Block] = [Heading(say("csr.title", cluster=shape.cluster), 1)]
    if not shape.requests:
        blocks.append(paragraph(say("csr.nothing")))
    for one in shape.requests:
        blocks += _request(one, say)
    return (*blocks, Heading(say("plan.findings")), *findings_blocks(shape.findings, lang))


def settings_blocks(plan: Plan, say: Say) -> list[Block]:
    """What the configuration changes of the CSRs of `plan`; [] when nothing is configured."""
    steps = [one for one in plan.steps if one.kind is StepKind.CSR_GENERATE and _settings(one, say)]
    told = (line(Text(f"{one.purpose} {one.node}", "strong"), f": {_settings(one, say)}") for one in steps)
    return [Heading(say("csr.settings")), bullets(told)] if steps else []


def _settings(step: Step, say: Say) -> str:
    """`Key length 4096, Names a.example`, or "" for a CSR as it always was."""
    labels = {"bits": say("csr.bits"), "names": say("csr.names")}
    told = [
        f"{labels.get(key) or say(NAMES[key])} {step.detail[key].replace(',', ', ')}"
        for key in SETTINGS
        if key in step.detail
    ]
    if "spread" in step.detail:
        told.append(f"{say(NAMES['distribution'])} {step.detail.get('distribution', '')}")
    return "; ".join(told)


def _request(one: CsrPreview, say: Say) -> list[Block]:
    rows = tuple(_row(field, say) for field in one.fields)
    facts: list[tuple[str, Line]] = [(say("csr.release"), line(one.release))]
    if len(one.nodes) > 1:
        facts.append((say("csr.serves"), line(", ".join(one.nodes))))
    if one.command:
        facts.append((say("csr.first"), line(Text(one.command, "code"))))
    columns = tuple(Column(say(key)) for key in COLUMNS)
    return [Heading(say("csr.request", purpose=one.purpose, node=one.node)), Facts(tuple(facts)), Table(columns, rows)]


def _row(field: PreviewField, say: Say) -> Line:
    value = field.value or say("csr.untold")
    if field.wish:
        wished = say("csr.wish", wish=field.wish, value=value)
        value = wished if field.value else say("csr.wish_missing", wish=field.wish)
    return (
        Text(say(NAMES[field.field]), "strong"),
        Text(value, "warn" if field.wish else ""),
        Text(say(ORIGINS[field.origin], row=field.row)),
        Text(say(TELLERS[field.teller])),
    )
