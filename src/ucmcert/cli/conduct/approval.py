"""The yes to a plan: typed by a person who saw it, or given by an option that names its digest."""

import os
import pwd
import re

from ucmcert.check.node_rules import UNREADABLE
from ucmcert.cli.conduct.asking import ask
from ucmcert.cli.held import SafetyHold
from ucmcert.cli.planning.selection import errors
from ucmcert.cli.words import speaker
from ucmcert.errors import UcmcertError
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Plan
from ucmcert.plan.facts import changed

SHORTEST_DIGEST = 16
DIFFERENCES_TOLD = 3

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class NotApproved(UcmcertError):
    """A person looked at the plan and said no. Nothing was changed."""


def must_be_fit(plan: Plan) -> None:
    """Raises SafetyHold UCM-GATE-001 when an error finding stands in `plan`: no yes can open that gate."""
    standing = errors(plan.findings)
    if standing:
        # what could not be read is often the cause of the other findings: it is told first
        first = next((one for one in standing if one.code == UNREADABLE), standing[0])
        codes = ", ".join(dict.fromkeys(one.code for one in (first, *standing)))
        count = "an error stands" if len(standing) == 1 else f"{len(standing)} errors stand"
        raise SafetyHold(
            "UCM-GATE-001",
            f"{count} against this plan, so nothing was changed: {codes}",
            where=f"cluster {plan.cluster}, {first.where}",
            why=f"{first.what}. {first.why}".strip(),
            next=first.next or "look at `ucmcert check`, mend it, then run the same command again",
        )


def must_still_hold(plan: Plan, cluster: Cluster) -> None:
    """Raises SafetyHold UCM-GATE-002 when the fresh look `cluster` differs from what `plan` was made from."""
    differs = changed(plan, cluster)
    if differs:
        told = "; ".join(_difference(one) for one in differs[:DIFFERENCES_TOLD])
        if len(differs) > DIFFERENCES_TOLD:
            told += f"; and {len(differs) - DIFFERENCES_TOLD} more"
        raise SafetyHold(
            "UCM-GATE-002",
            "the cluster is no longer as it was when the plan was made",
            where=f"cluster {plan.cluster}",
            why=told,
            next="make a new plan with `ucmcert plan`, look at it, and run that one",
        )


def approve(plan: Plan, *, yes: bool, plan_hash: str, lang: str) -> str:
    """How the yes was given, for the ledger. The plan was shown before.

    Raises: SafetyHold UCM-GATE-003 when `plan_hash` is not this plan's; NotApproved UCM-GATE-004 for a no;
    UsageError UCM-ASK-001 when nobody can be asked.
    """
    user = this_user()
    if plan_hash:
        given = plan_hash.strip().lower()
        if len(given) < SHORTEST_DIGEST or not plan.digest.startswith(given):
            raise SafetyHold(
                "UCM-GATE-003",
                "the digest that was approved is not this plan's",
                where=f"cluster {plan.cluster}",
                why=f"approved: {given[:64]}; this plan: {plan.digest}",
                next="look at the plan again; what differs makes it another plan, which needs a yes of its own",
            )
        return f"digest given on the command line by {user}"
    if yes:
        return f"--yes given by {user}"
    question = speaker(lang)("ask.plan", digest=plan.digest[:SHORTEST_DIGEST])
    if not ask(question, instead="give --yes, or --approve with the plan's digest for automation"):
        raise NotApproved(
            "UCM-GATE-004",
            "the plan was not approved",
            where=f"cluster {plan.cluster}",
            why="a person said no",
            next="nothing was changed; run the same command again when it suits",
        )
    return f"yes typed by {user}"


def _difference(found: Finding) -> str:
    was, now = (value[:16] if FINGERPRINT.fullmatch(value) else value for value in _was_now(found))
    return f"{found.where}: {was} -> {now}"


def _was_now(found: Finding) -> tuple[str, str]:
    return found.values["was"], found.values["now"]


def this_user() -> str:
    """Who runs this process, by the system's own table; its number where the table does not know it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
