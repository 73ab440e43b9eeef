"""The same plan as a procedure for a person: menus, commands and this cluster's names, from the same tables."""

from collections.abc import Callable, Iterator

from ucmcert.knowledge.impact import EXPIRY_IMPACTS, PHONES_AWAY_CODE, SERVICE_IMPACTS, SSO_OFF_CODE
from ucmcert.knowledge.services import service_called
from ucmcert.knowledge.words import catalogue, words
from ucmcert.lint.time_rules import utc_text
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Impact, Item, Phase, Plan, Step, StepKind
from ucmcert.plan.csr_findings import typed_by_hand
from ucmcert.plan.forecast import minutes
from ucmcert.plan.phone_forecast import ABSENT
from ucmcert.plan.reasons import sentence

Say = Callable[..., str]
STEP_CODES = {
    StepKind.CSR_GENERATE: "UCM-BOOK-CSR",
    StepKind.CSR_SIGN: "UCM-BOOK-SIGN",
    StepKind.TRUST_UPLOAD: "UCM-BOOK-TRUST",
    StepKind.BACKUP_IDLE: "UCM-BOOK-BACKUP",
    StepKind.IDENTITY_UPLOAD: "UCM-BOOK-IDENTITY",
    StepKind.SERVED_CHECK: "UCM-BOOK-SERVED",
    StepKind.IDENTITY_SPREAD: "UCM-BOOK-SPREAD",
    StepKind.IDENTITY_REGENERATE: "UCM-BOOK-REGENERATE",
    StepKind.CTL_UPDATE: "UCM-BOOK-CTL",
    StepKind.LIST_RESET: "UCM-BOOK-LIST-RESET",
    StepKind.LISTS_CHECK: "UCM-BOOK-LISTS",
    StepKind.PHONES_BASELINE: "UCM-BOOK-BASELINE",
    StepKind.PHONES_INTERACTION: "UCM-BOOK-INTERACTION",
    StepKind.PHONES_PAGES: "UCM-BOOK-PAGES",
    StepKind.PHONES_QUIET: "UCM-BOOK-QUIET",
    StepKind.PHONES_RESET: "UCM-BOOK-PHONES-RESET",
    StepKind.PHONES_GATE: "UCM-BOOK-PHONES-GATE",
    StepKind.TRUST_KEPT: "UCM-BOOK-TRUST-KEPT",
    StepKind.PHONES_LSC: "UCM-BOOK-PHONES-LSC",
    StepKind.BACKUP_FRESH: "UCM-BOOK-FRESH-BACKUP",
}
BY_DETAIL: dict[tuple[StepKind, str, str], str] = {
    (StepKind.CSR_GENERATE, "distribution", "multi-server"): "UCM-BOOK-CSR-MULTI",
    (StepKind.PHONES_RESET, "wave", "all"): "UCM-BOOK-PHONES-RESET-ALL",
    (StepKind.PHONES_RESET, "wave", "rest"): "UCM-BOOK-PHONES-RESET-REST",
    (StepKind.PHONES_GATE, "pools", "*"): "UCM-BOOK-PHONES-GATE-ALL",
}
PERSON_CODES = {
    "sso.disable": "UCM-BOOK-SSO-OFF",
    "sso.enable": "UCM-BOOK-SSO-ON",
    "etoken.ctl": "UCM-BOOK-ETOKEN",
}
UNSHOWN = "-"
SHOWN = (
    "store",
    "stores",
    "authentication",
    "ports",
    "of",
    "list",
    "lists",
    "signer",
    "pools",
    "parameter",
    "to",
    "device",
)
RESTART_CODES = {
    "cli": "UCM-BOOK-RESTART-CLI",
    "feature": "UCM-BOOK-RESTART-FEATURE",
    "network": "UCM-BOOK-RESTART-NETWORK",
}
PHASE_CODES = {Phase.PREPARE: "UCM-BOOK-PREPARE", Phase.CUT_OVER: "UCM-BOOK-WINDOW"}


def runbook(plan: Plan, cluster: Cluster, lang: str) -> str:
    """Markdown in `lang` ("en", "fr"). Steps are numbered through; a page of its own can be printed for the window.

    Raises KeyError for a language we do not speak. Source: procedure.md 3.0-3.2, 3.8, 4.2.
    """

    def say(code: str, **values: str) -> str:
        return words(code, lang, values).what

    publisher = cluster.publisher.node.name
    made, digest = utc_text(plan.made_at), plan.digest[:16]
    prepare_min, window_min = minutes(plan.forecast.prepare_s), minutes(plan.forecast.window_s)
    lines = [
        f"# {say('UCM-BOOK-TITLE', cluster=plan.cluster)}",
        "",
        say("UCM-BOOK-INTRO", digest=digest, made=made, prepare=str(prepare_min), window=str(window_min)),
        *_table(plan, say, lang),
        *_hits(plan, say, lang),
        *_fates(plan, say),
        *_findings(plan.findings, say, lang),
        *_section(say("UCM-BOOK-BEFORE")),
        "1. " + say("UCM-BOOK-BEFORE-TIME"),
        "2. " + say("UCM-BOOK-BEFORE-REPLICATION", publisher=publisher),
        "3. " + say("UCM-BOOK-BEFORE-SERVICES"),
        "4. " + say("UCM-BOOK-BEFORE-BACKUP", publisher=publisher),
        *_errands(plan, "before", say, lang),
        *_steps(plan, say),
        *_afterwards(plan, say, publisher),
        *_errands(plan, "after", say, lang),
    ]
    return "\n".join(lines) + "\n"


def _table(plan: Plan, say: Say, lang: str) -> Iterator[str]:
    yield from _section(say("UCM-BOOK-WHAT"))
    yield f"| {say('UCM-BOOK-WHAT-HEAD')} |"
    yield "|---|---|---|---|"
    for item in plan.items:
        yield f"| {item.node} | {item.purpose} | {utc_text(item.not_after)} | {_why(item, lang)} |"


def _why(item: Item, lang: str) -> str:
    said = sentence(item.reason.code, lang)
    breaks = [row.code for row in EXPIRY_IMPACTS if row.purpose == item.purpose]
    if item.reason.code == "UCM-DUE-EXPIRED" and breaks:
        return f"{said}. {sentence(breaks[0], lang)}"
    return said


def _hits(plan: Plan, say: Say, lang: str) -> Iterator[str]:
    if plan.forecast.impacts:
        yield from _section(say("UCM-BOOK-HITS"))
    for impact in plan.forecast.impacts:
        hit = sentence(_hit_code(impact), lang)
        yield "- " + say("UCM-BOOK-HIT", node=impact.where, minutes=str(minutes(impact.seconds)), hit=hit)


def _hit_code(impact: Impact) -> str:
    codes = (*(row.code for row in SERVICE_IMPACTS), SSO_OFF_CODE, PHONES_AWAY_CODE)
    return next(code for code in codes if sentence(code) == impact.what)


def _fates(plan: Plan, say: Say) -> Iterator[str]:
    """Which phones this order keeps and which the naive one would lose (phones.md 2.1)."""
    present = [one for one in plan.forecast.phones if one.phone_class != ABSENT]
    naive = [one for one in present if one.order == "naive"]
    if not naive:
        return
    yield from _section(say("UCM-BOOK-PHONES"))
    kept = sum(one.phones for one in present if one.order == "plan" and not one.lost)
    lost = sum(one.lost for one in naive)
    yield "- " + say("UCM-BOOK-PHONES-KEPT", kept=str(kept), total=str(sum(one.phones for one in naive)))
    yield "- " + say("UCM-BOOK-PHONES-NAIVE", lost=str(lost))


def _findings(findings: tuple[Finding, ...], say: Say, lang: str) -> Iterator[str]:
    if findings:
        yield from _section(say("UCM-BOOK-FINDINGS"))
    for found in findings:
        known = found.code in catalogue(lang)
        said = words(found.code, lang, found.values) if known else found
        yield f"- **{found.code}** ({found.severity.value}), {found.where}: {said.what}. {said.next}"


def _errands(plan: Plan, when: str, say: Say, lang: str) -> Iterator[str]:
    """Who outside the cluster must be told, with a box to tick."""
    mine = [one for one in plan.errands if one.when == when]
    if mine:
        yield from _section(say("UCM-BOOK-ERRANDS-BEFORE" if when == "before" else "UCM-BOOK-ERRANDS-AFTER"))
    for one in mine:
        said = words(one.code, lang, {})
        names = ", ".join(one.names) or say("UCM-BOOK-ERRAND-ASKED")
        yield f"- [ ] {said.what} ({', '.join(one.purposes)}; {names}). {said.next}"


def _steps(plan: Plan, say: Say) -> Iterator[str]:
    """Numbered through from the first CSR to the last proof, under one heading per phase and purpose."""
    heading: tuple[Phase, str] | None = None
    for number, step in enumerate(_grouped(plan), 1):
        if (step.phase, step.purpose) != heading:
            heading = (step.phase, step.purpose)
            yield from _section(say(PHASE_CODES[step.phase], purpose=step.purpose))
        yield f"{number}. {_line(step, say)}"


def _grouped(plan: Plan) -> list[Step]:
    """Preparation kind by kind, as a person works; the window in the order of the plan."""
    kinds = list(StepKind)
    prepare = [step for step in plan.steps if step.phase is Phase.PREPARE]
    purposes = list(dict.fromkeys(step.purpose for step in prepare))
    prepare.sort(key=lambda step: (purposes.index(step.purpose), kinds.index(step.kind)))
    return prepare + [step for step in plan.steps if step.phase is Phase.CUT_OVER]


def _line(step: Step, say: Say) -> str:
    if step.kind is StepKind.PERSON:
        return say(PERSON_CODES[step.detail["ask"]])
    if step.kind is StepKind.SERVICE_RESTART:
        name = step.detail["service"]
        service = service_called(name)
        code = RESTART_CODES[service.means if service else "cli"]
        return say(code, node=step.node, service=name)
    code = next((found for (kind, key, value), found in BY_DETAIL.items() if _is(step, kind, key, value)), "")
    detail = {key: step.detail.get(key) or UNSHOWN for key in SHOWN}
    told = say(code or STEP_CODES[step.kind], node=step.node, purpose=step.purpose, **detail)
    settings = typed_by_hand(step.detail) if step.kind is StepKind.CSR_GENERATE else ""
    return f"{told} {say('UCM-BOOK-CSR-SETTINGS', settings=settings)}" if settings else told


def _is(step: Step, kind: StepKind, key: str, value: str) -> bool:
    return step.kind is kind and step.detail.get(key) == value


def _afterwards(plan: Plan, say: Say, publisher: str) -> Iterator[str]:
    yield from _section(say("UCM-BOOK-AFTER"))
    purposes = ", ".join(dict.fromkeys(item.purpose for item in plan.items))
    lines = [_line(step, say) for step in plan.steps if step.phase is Phase.CLOSE]
    lines += [
        say("UCM-BOOK-AFTER-CSR", purposes=purposes),
        say("UCM-BOOK-AFTER-REPLICATION", publisher=publisher),
        say("UCM-BOOK-AFTER-BACKUP", publisher=publisher),
    ]
    for number, line in enumerate(lines, 1):
        yield f"{number}. {line}"


def _section(title: str) -> tuple[str, str, str]:
    return ("", f"## {title}", "")
