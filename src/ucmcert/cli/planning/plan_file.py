"""The PLAN file: the plan as JSON, written in one step, and taken back only if not one byte of it was changed."""

import hashlib
from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.cli.held import SafetyHold
from ucmcert.errors import UsageError
from ucmcert.model.plan import Plan
from ucmcert.plan.build import PLAN_VERSION, plan_digest

MOST_BYTES = 50_000_000


class PlanFile(Plan, frozen=True, kw_only=True):
    """A plan as it lies on disk. `file_sha256` covers everything else, `made_at` and `digest` included."""

    file_sha256: str = ""


def write_plan(path: Path, plan: Plan) -> None:
    """Write `plan` to `path`, whole or not at all. Raises UsageError UCM-PLAN-FILE-001."""
    try:
        write_durably(path.absolute(), _encoded(plan))
    except OSError as error:
        raise UsageError(
            "UCM-PLAN-FILE-001",
            "the plan cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="give a path in a folder of yours with -o",
        ) from error


def read_plan(path: Path, cluster: str) -> Plan:
    """The plan in `path`, made for `cluster`, untouched.

    Raises: UsageError UCM-PLAN-FILE-002 (unreadable), -003 (no plan), -004 (another release's), -005 (another
    cluster's); SafetyHold UCM-PLAN-FILE-006 when it was changed after it was written.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MOST_BYTES)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        wanted = "give the path of a file that `ucmcert plan -o` wrote"
        raise _bad("002", "the plan file cannot be read", path, reason, wanted) from error
    try:
        found = msgspec.json.decode(content, type=PlanFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        again = "make one with `ucmcert plan -o FILE`"
        raise _bad("003", "the file is not a plan of ucmcert", path, str(error), again) from None
    plan = Plan(**{name: getattr(found, name) for name in Plan.__struct_fields__})
    if plan.version != PLAN_VERSION:
        why = f"it has version {plan.version}, this release reads version {PLAN_VERSION}"
        raise _bad("004", "another release of ucmcert wrote this plan", path, why, "make a new plan with this release")
    if _encoded(plan) != content.rstrip() + b"\n" or plan_digest(plan) != plan.digest:
        raise SafetyHold(
            "UCM-PLAN-FILE-006",
            "the plan file was changed after it was written",
            where=str(path),
            why="its content and its digest disagree: it is not what somebody looked at and approved",
            next="make a new plan with `ucmcert plan -o FILE`, look at it, and run that one",
        )
    if plan.cluster != cluster:
        why = f"it was made for cluster {plan.cluster}, the configuration names {cluster}"
        raise _bad("005", "the plan belongs to another cluster", path, why, "give the configuration it was made with")
    return plan


def _encoded(plan: Plan) -> bytes:
    facts = {name: getattr(plan, name) for name in Plan.__struct_fields__}
    facts["made_at"] = float(plan.made_at)  # a whole second given as int would come back as another spelling
    digest = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()
    whole = PlanFile(**facts, file_sha256=digest)
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _bad(number: str, what: str, path: Path, why: str, next_step: str) -> UsageError:
    return UsageError(f"UCM-PLAN-FILE-{number}", what, where=str(path), why=why, next=next_step)
