"""The files of a removal plan: the exported certificates, then the plan; a plan without its export is never written."""

from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.errors import UsageError
from ucmcert.model.certificate import Certificate, read_certificates_pem
from ucmcert.trust.removal import VERSION, RemovalPlan, digest_of
from ucmcert.trust.since import Look

MOST_BYTES = 50_000_000
AGAIN = "make one with `ucmcert trust --removal-plan FILE --export FOLDER`"


class RemovalFile(msgspec.Struct, frozen=True, kw_only=True):
    """A removal plan as it lies on disk. `looks` are those of `--since`; the plan's digest leaves them out."""

    plan: RemovalPlan
    looks: tuple[Look, ...] = ()


def export(plan: RemovalPlan, certificates: dict[str, Certificate], folder: Path) -> RemovalPlan:
    """Write every certificate of `plan` to `folder` as PEM, read it back, and give the plan with the paths.

    `certificates` are by fingerprint. Raises UsageError UCM-TRUST-201.
    """
    removals = []
    for one in plan.removals:
        path = folder.absolute() / f"{one.store}-{one.serial}-{one.sha256[:16]}.pem"
        try:
            write_durably(path, certificates[one.sha256].pem.encode())
            kept = tuple(found.sha256 for found in read_certificates_pem(path.read_bytes()))
        except (OSError, ValueError) as error:
            raise _not_exported(path, getattr(error, "strerror", None) or str(error)) from error
        if kept != (one.sha256,):
            raise _not_exported(path, "what was read back is another certificate")
        removals.append(msgspec.structs.replace(one, file=str(path)))
    exported = msgspec.structs.replace(plan, removals=tuple(removals))
    return msgspec.structs.replace(exported, digest=digest_of(exported))


def write_removals(path: Path, plan: RemovalPlan, looks: tuple[Look, ...] = ()) -> None:
    """Write `plan` to `path`, whole or not at all. Raises UsageError UCM-TRUST-202."""
    content = msgspec.json.format(msgspec.json.encode(RemovalFile(plan=plan, looks=looks)), indent=2) + b"\n"
    try:
        write_durably(path.absolute(), content)
    except OSError as error:
        raise UsageError(
            "UCM-TRUST-202",
            "the removal plan cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours",
        ) from error


def read_removals(path: Path, cluster: str) -> RemovalFile:
    """The removal plan in `path`, made for `cluster`, with its looks.

    Raises UsageError UCM-TRUST-203 (unreadable), -204 (no removal plan, or changed), -205 (another cluster's).
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MOST_BYTES)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _bad("203", "the removal plan cannot be read", path, why, "give the path of its file") from error
    try:
        found = msgspec.json.decode(content, type=RemovalFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad("204", "the file is not a removal plan", path, str(error), AGAIN) from None
    plan = found.plan
    if plan.version != VERSION or plan.digest != digest_of(plan):
        why = "its content and its digest disagree, or another release wrote it"
        raise _bad("204", "the removal plan was changed after it was written", path, why, AGAIN)
    if plan.cluster != cluster:
        why = f"it was made for cluster {plan.cluster}, the configuration names {cluster}"
        raise _bad("205", "the removal plan belongs to another cluster", path, why, "give its configuration")
    return found


def _not_exported(path: Path, why: str) -> UsageError:
    return UsageError(
        "UCM-TRUST-201",
        "a certificate cannot be exported, so no removal plan is written",
        where=str(path),
        why=why,
        next="give a folder of yours with --export",
    )


def _bad(number: str, what: str, path: Path, why: str, next_step: str) -> UsageError:
    return UsageError(f"UCM-TRUST-{number}", what, where=str(path), why=why, next=next_step)
