"""What `recover` found, as JSON and as the rows of a table: the fate of each phone, and what can be done for whom."""

import csv
import io
from collections import Counter
from collections.abc import Iterable

import msgspec

from ucmcert.model.finding import Finding
from ucmcert.plan.recovery import Verdict
from ucmcert.plan.recovery.fates import Fate
from ucmcert.plan.recovery.rows import ROWS, Way
from ucmcert.plan.recovery.verdict import Judged
from ucmcert.report.json_shapes import VERSION
from ucmcert.report.moments import stamp

COLUMNS = ("name", "pool", "model", "last_seen", "node", "registered", "fate", "way", "itl", "ctl", "description")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FateRow(msgspec.Struct, frozen=True, kw_only=True):
    """So many phones have this fate and are helped this way; `way` "" for those that need no help."""

    fate: str
    way: str
    count: int


class WayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A way a run can go: `open` when nothing stands against it, `helps` how many phones, `resets` how often."""

    way: str
    open: bool
    helps: int
    resets: int
    mark: str
    source: str


class PhoneRow(msgspec.Struct, frozen=True, kw_only=True):
    """One phone that is not fine. `seen_at` is the node's UTC epoch of its last change of status, 0 if untold."""

    name: str
    pool: str
    model: str
    description: str
    node: str
    registered: bool
    seen_at: int
    itl: str
    ctl: str
    fate: str
    way: str


class RestoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """A backup whose restore would bring back what so many lost phones still trust. `at` is UTC epoch seconds."""

    file: str
    at: float
    phones: int


class RecoverShape(msgspec.Struct, frozen=True, kw_only=True):
    """`recover` without `--run`. `outcome`: `done` nobody is lost, `findings`, or `waiting` for the run `resume` names.

    `best` is the way that `--run` would go, "" for none.
    """

    version: int = VERSION
    outcome: str
    cluster: str
    observed_at: float
    total: int
    counts: dict[str, int]
    fates: tuple[FateRow, ...]
    ways: tuple[WayRow, ...]
    best: str
    phones: tuple[PhoneRow, ...]
    restores: tuple[RestoreRow, ...]
    recovery_keys: tuple[str, ...]
    probes: tuple[str, ...]
    file: str
    resume: str
    findings: tuple[Finding, ...]


def recover_shape(verdict: Verdict, *, file: str = "", resume: str = "") -> RecoverShape:
    """The verdict as JSON. `file` is where the list was written, `resume` the command of an unfinished run."""
    return RecoverShape(
        outcome="waiting" if resume else "findings" if must_act(verdict) else "done",
        cluster=verdict.cluster,
        observed_at=verdict.observed_at,
        total=verdict.total,
        counts=verdict.counts,
        fates=fate_rows(verdict),
        ways=way_rows(verdict),
        best=verdict.best.way if verdict.best else "",
        phones=tuple(_phone(one) for one in verdict.phones),
        restores=tuple(RestoreRow(file=one.file, at=one.at, phones=len(one.phones)) for one in verdict.restores),
        recovery_keys=verdict.recovery_keys,
        probes=verdict.probes,
        file=file,
        resume=resume,
        findings=all_findings(verdict),
    )


def must_act(verdict: Verdict) -> bool:
    """Whether somebody has something to do: a phone is lost, something is half done, or not all could be seen."""
    return verdict.wrong or verdict.best is not None or bool(verdict.findings)


def all_findings(verdict: Verdict) -> tuple[Finding, ...]:
    """What stands against a verdict or one of its ways. A way that would help nobody needs no excuse."""
    told = (one for offer in verdict.offers if offer.helped or offer.open for one in offer.findings)
    return (*verdict.findings, *told)


def fate_rows(verdict: Verdict) -> tuple[FateRow, ...]:
    """Phones counted by fate and way, in the order of fates; the fine ones last."""
    counts = Counter((one.fate, one.way) for one in verdict.phones)
    order = {fate: at for at, fate in enumerate(Fate)}
    rows = [
        FateRow(fate=fate, way=way, count=count)
        for (fate, way), count in sorted(counts.items(), key=lambda pair: (order[pair[0][0]], pair[0][1]))
    ]
    fine = verdict.counts.get(Fate.FINE, 0)
    return (*rows, *([FateRow(fate=Fate.FINE, way="", count=fine)] if fine else []))


def way_rows(verdict: Verdict) -> tuple[WayRow, ...]:
    """The ways a run could go here."""
    return tuple(
        WayRow(
            way=one.way,
            open=one.open,
            helps=len(one.helped),
            resets=ROWS[one.way].resets,
            mark=ROWS[one.way].mark,
            source=ROWS[one.way].source,
        )
        for one in verdict.offers
    )


def to_visit(verdict: Verdict) -> tuple[Judged, ...]:
    """Those that no run can help."""
    return tuple(one for one in verdict.phones if one.way is Way.VISIT)


def csv_text(phones: Iterable[Judged]) -> str:
    """The phones as a CSV file with a heading. No cell can be taken for a formula by a spreadsheet."""
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in phones:
        holder = one.holder
        seen = stamp(holder.seen_at) if holder.seen_at else ""
        registered = "yes" if holder.registered else "no"
        told = (holder.name, holder.pool, holder.model, seen, holder.node, registered, one.fate, one.way)
        writer.writerow([_cell(word) for word in (*told, holder.itl, holder.ctl, holder.description)])
    return paper.getvalue()


def _cell(word: str) -> str:
    return f"'{word}" if word.startswith(FORMULA) else word


def _phone(one: Judged) -> PhoneRow:
    holder = one.holder
    return PhoneRow(
        name=holder.name,
        pool=holder.pool,
        model=holder.model,
        description=holder.description,
        node=holder.node,
        registered=holder.registered,
        seen_at=holder.seen_at,
        itl=holder.itl,
        ctl=holder.ctl,
        fate=one.fate,
        way=one.way,
    )
