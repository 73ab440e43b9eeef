"""The JSON that programs read: one object per command, versioned. docs/json.md documents every shape.

Rules of this room: a field never changes its meaning or its type; a new one may come at any time; a change that breaks
a reader raises `version`. Texts are English whatever `--lang` says: codes and `values` are what to translate from.
"""

import msgspec

from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Plan
from ucmcert.plan.critical_path import critical_path
from ucmcert.report.aftermath import reminders
from ucmcert.report.findings_shape import VERSION as VERSION  # noqa: PLC0414 - a shape like the others, for readers
from ucmcert.report.findings_shape import FindingsShape as FindingsShape  # noqa: PLC0414
from ucmcert.report.findings_shape import findings_shape as findings_shape  # noqa: PLC0414
from ucmcert.report.fingerprints import Pair, fingerprints
from ucmcert.report.inventory import Inventory, Row, TrustRow
from ucmcert.report.pages.status_page import outcome_of
from ucmcert.report.story import Pause, Story
from ucmcert.run.outcome import Outcome


class ScanShape(msgspec.Struct, frozen=True, kw_only=True):
    """`scan`. `outcome` is `findings` when something could not be read, else `done`."""

    version: int = VERSION
    outcome: str
    cluster: str
    observed_at: float
    certificates: tuple[Row, ...]
    trust: tuple[TrustRow, ...]
    problems: tuple[Finding, ...]


class PlanShape(msgspec.Struct, frozen=True, kw_only=True):
    """`plan`. `outcome` is `nothing` without items, `findings` with an error, else `done`. `file` "" if none."""

    version: int = VERSION
    outcome: str
    cluster: str
    digest: str
    file: str
    critical_path: tuple[str, ...]
    plan: Plan
    left_out: tuple[Finding, ...]


class CertificateShape(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of a run. `old` and `new` are SHA-256 fingerprints, `new` "" before it is issued."""

    node: str
    purpose: str
    state: str
    done_state: str
    done: bool
    old: str
    new: str


class OpenPhoneShape(msgspec.Struct, frozen=True, kw_only=True):
    """One phone that a run waits for. `proof` is what is known; `changed_at` the node's UTC epoch, 0 if untold.

    `lsc` is what the cluster says of its LSC, "" unless that is what it is open for.
    """

    name: str
    pool: str
    proof: str
    node: str
    changed_at: int
    lsc: str = ""


class PhonesShape(msgspec.Struct, frozen=True, kw_only=True):
    """One step that looked at phones: `counts` by proof as of `seen_at`, and everybody still open and not signed for.

    `since` is its first look, `closed_at` 0 while it is open; times are our UTC epoch. `signed` are names.
    """

    step: str
    purpose: str
    since: float
    seen_at: float
    closed_at: float
    counts: dict[str, int]
    open: tuple[OpenPhoneShape, ...]
    signed: tuple[str, ...]


class ApproveShape(msgspec.Struct, frozen=True, kw_only=True):
    """`approve`. `signed` are the phones taken out by this call (none with --list), `phones` where each gate stands."""

    version: int = VERSION
    outcome: str
    run: str
    ledger: str
    signed: tuple[str, ...]
    phones: tuple[PhonesShape, ...]
    resume: str


class RunShape(msgspec.Struct, frozen=True, kw_only=True):
    """`renew`, `resume` and `status`: the contract of design.md 8 and what extends it.

    `outcome` is `done`, `waiting`, `held` or `failed`; `status` may also say `running`. `pauses` are those still open.
    """

    version: int = VERSION
    outcome: str
    run: str
    cluster: str
    ledger: str
    evidence: str
    plan_digest: str
    approved_by: str
    started_at: float
    last_at: float
    steps: dict[str, int]
    certificates: tuple[CertificateShape, ...]
    served: tuple[Pair, ...]
    pauses: tuple[Pause, ...]
    reminders: tuple[str, ...]
    entries: int
    last_digest: str
    resume: str
    abandoned: str = ""
    phones: tuple[PhonesShape, ...] = ()


class TakenShape(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that `submit` took in."""

    node: str
    purpose: str
    file: str
    sha256: str


class SubmitShape(msgspec.Struct, frozen=True, kw_only=True):
    """`submit`. `outcome`: `done` when all CSRs have one, `waiting` while some lack it, `findings` on errors."""

    version: int = VERSION
    outcome: str
    taken: tuple[TakenShape, ...]
    missing: tuple[dict[str, str], ...]
    findings: tuple[Finding, ...]


def one_line(shape: msgspec.Struct) -> str:
    """`shape` as one line of JSON, keys in the order documented."""
    return msgspec.json.encode(shape).decode()


def scan_shape(listed: Inventory) -> ScanShape:
    """The inventory as `scan --json` prints it."""
    return ScanShape(
        outcome="findings" if listed.problems else "done",
        cluster=listed.cluster,
        observed_at=listed.observed_at,
        certificates=listed.certificates,
        trust=listed.trust,
        problems=listed.problems,
    )


def plan_shape(plan: Plan, *, file: str = "", left_out: tuple[Finding, ...] = ()) -> PlanShape:
    """A plan as `plan --json` prints it; `left_out` says why something named or due is not in it."""
    outcome = "nothing" if not plan.items else "done"
    return PlanShape(
        outcome="findings" if _errors((*plan.findings, *left_out)) else outcome,
        cluster=plan.cluster,
        digest=plan.digest,
        file=file,
        critical_path=critical_path(plan.steps),
        plan=plan,
        left_out=left_out,
    )


def run_shape(story: Story, *, ledger: str, evidence: str, working: bool = False) -> RunShape:
    """A run as `renew`, `resume` and `status` print it. `working` is whether a process carries it on now."""
    ends = {(one.node, one.purpose): one.last_state for one in story.plan.items}
    outcome = outcome_of(story, working=working)
    standings = [one.standing for one in story.steps]
    return RunShape(
        outcome=outcome,
        run=story.run,
        cluster=story.plan.cluster,
        ledger=ledger,
        evidence=evidence,
        plan_digest=story.plan.digest,
        approved_by=story.approved_by,
        started_at=story.started_at,
        last_at=story.last_at,
        steps={one: standings.count(one) for one in dict.fromkeys(standings)},
        certificates=tuple(
            CertificateShape(
                node=one.node,
                purpose=one.purpose,
                state=one.state.value,
                done_state=ends[(one.node, one.purpose)],
                done=one.done,
                old=one.old,
                new=one.new,
            )
            for one in story.certificates
        ),
        served=fingerprints(story),
        pauses=story.open_pauses,
        reminders=reminders(story, "en") if outcome == Outcome.DONE else (),
        entries=story.entries,
        last_digest=story.last_digest,
        resume="" if outcome == Outcome.DONE or story.abandoned else f"ucmcert resume {story.run}",
        abandoned=story.abandoned.why if story.abandoned else "",
        phones=phones_shapes(story),
    )


def phones_shapes(story: Story) -> tuple[PhonesShape, ...]:
    """Where each gate of the run stands, in the order of the plan."""
    return tuple(
        PhonesShape(
            step=one.step.id,
            purpose=one.step.purpose,
            since=one.since,
            seen_at=one.seen_at,
            closed_at=one.closed_at or 0.0,
            counts=one.counts,
            open=tuple(
                OpenPhoneShape(
                    name=phone.name,
                    pool=phone.pool,
                    proof=phone.proof.value,
                    node=phone.node,
                    changed_at=phone.changed_at,
                    lsc=phone.lsc,
                )
                for phone in one.open
            ),
            signed=tuple(sorted({name for signed in one.signed for name in signed.phones})),
        )
        for one in story.phones
    )


def approve_shape(story: Story, *, ledger: str, signed: tuple[str, ...], resume: str) -> ApproveShape:
    """What `approve` did, or with nobody `signed` what it would take."""
    return ApproveShape(
        outcome="done", run=story.run, ledger=ledger, signed=signed, phones=phones_shapes(story), resume=resume
    )


def submit_shape(
    taken: tuple[TakenShape, ...], missing: tuple[tuple[str, str], ...], findings: tuple[Finding, ...]
) -> SubmitShape:
    """What `submit` took in; `missing` are (node, purpose) whose CSR still lacks an answer."""
    outcome = "waiting" if missing else "done"
    return SubmitShape(
        outcome="findings" if _errors(findings) else outcome,
        taken=taken,
        missing=tuple({"node": node, "purpose": purpose} for node, purpose in missing),
        findings=findings,
    )


def _errors(findings: tuple[Finding, ...]) -> bool:
    return any(one.severity is Severity.ERROR for one in findings)
