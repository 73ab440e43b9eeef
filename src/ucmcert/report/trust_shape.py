"""What `trust` found, as JSON: every entry with its verdict and evidence, the removal plan, and what became of one."""

from collections.abc import Iterable

import msgspec

from ucmcert.model.finding import Finding, Severity
from ucmcert.report.json_shapes import VERSION
from ucmcert.trust.audit import Audit, Judged
from ucmcert.trust.generations import Owner
from ucmcert.trust.removal import Removal
from ucmcert.trust.since import Fate, Since
from ucmcert.trust.uses import Use


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate of one store. `files` are its files by node, `missing` the nodes that lack it.

    `kept` is why it stays out of a removal plan, "" when it may go; `twin` the serial that makes it needless, "" none;
    `replaced_by` who brings its successor, "" for nobody; `mails` how often the expiry monitor looks at it.
    """

    store: str
    nodes: tuple[str, ...]
    missing: tuple[str, ...]
    files: dict[str, tuple[str, ...]]
    subject: str
    common_name: str
    issuer: str
    serial: str
    sha256: str
    not_before: int
    not_after: int
    days_left: int
    expired: bool
    verdict: str
    uses: tuple[Use, ...]
    owners: tuple[Owner, ...]
    twin: str
    kept: str
    replaced_by: str
    mails: str
    ignorable: bool


class TrustShape(msgspec.Struct, frozen=True, kw_only=True):
    """`trust`. `outcome` is `findings` when something is expired, missing, about to break or unread, else `done`.

    `plan` and `export` are the file and the folder that were written, "" for none; `removals` what the plan holds.
    """

    version: int = VERSION
    outcome: str
    cluster: str
    observed_at: float
    secure_phones: int | None
    entries: tuple[EntryRow, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Finding, ...]
    plan: str
    export: str
    removals: tuple[Removal, ...]


class FateRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one certificate of the plan on one node: `gone`, `still-there`, `came-back`, `unread`."""

    number: int
    node: str
    store: str
    sha256: str
    fate: str


class LostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that went without being planned."""

    node: str
    store: str
    sha256: str


class SinceShape(msgspec.Struct, frozen=True, kw_only=True):
    """`trust --since`. `outcome` is `done` when all that was planned is gone everywhere and nothing else is."""

    version: int = VERSION
    outcome: str
    cluster: str
    observed_at: float
    plan: str
    counts: dict[str, int]
    certificates: tuple[FateRow, ...]
    lost: tuple[LostRow, ...]


def must_act(audited: Audit, shown: Iterable[Judged]) -> bool:
    """Whether something is expired, missing, about to break, or was not read: what the exit code tells."""
    told = any(one.severity in (Severity.ERROR, Severity.WARNING) for one in (*audited.findings, *audited.problems))
    return told or any(one.expired for one in shown)


def trust_shape(
    audited: Audit, shown: tuple[Judged, ...], *, plan: str = "", export: str = "", removals: tuple[Removal, ...] = ()
) -> TrustShape:
    """The audit as JSON, `shown` being the entries that were asked for."""
    return TrustShape(
        outcome="findings" if must_act(audited, shown) else "done",
        cluster=audited.cluster,
        observed_at=audited.observed_at,
        secure_phones=audited.secure_phones,
        entries=tuple(_row(one) for one in shown),
        findings=audited.findings,
        problems=audited.problems,
        plan=plan,
        export=export,
        removals=removals,
    )


def since_shape(found: Since, *, plan: str) -> SinceShape:
    """What became of the plan in the file `plan`."""
    fates = [one.fate for one in found.outcomes]
    return SinceShape(
        outcome="done" if found.done else "findings",
        cluster=found.cluster,
        observed_at=found.observed_at,
        plan=plan,
        counts={fate.value: fates.count(fate) for fate in Fate},
        certificates=tuple(
            FateRow(
                number=one.number,
                node=one.held.node,
                store=f"{one.held.store}-trust",
                sha256=one.held.sha256,
                fate=one.fate.value,
            )
            for one in found.outcomes
        ),
        lost=tuple(LostRow(node=one.node, store=f"{one.store}-trust", sha256=one.sha256) for one in found.lost),
    )


def _row(one: Judged) -> EntryRow:
    entry, certificate, reasoned = one.entry, one.entry.certificate, one.reasoned
    return EntryRow(
        store=f"{entry.store}-trust",
        nodes=entry.nodes,
        missing=entry.missing,
        files={holder.node: holder.files for holder in entry.holders},
        subject=certificate.subject,
        common_name=certificate.common_name,
        issuer=certificate.issuer,
        serial=certificate.serial,
        sha256=certificate.sha256,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        days_left=one.days_left,
        expired=one.expired,
        verdict=reasoned.verdict.value,
        uses=reasoned.uses,
        owners=reasoned.owners,
        twin=reasoned.twin.serial if reasoned.twin else "",
        kept=one.kept.value,
        replaced_by=one.replaced_by,
        mails=one.mails,
        ignorable=one.ignorable,
    )
