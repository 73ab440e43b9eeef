"""Carries a run from wherever its ledger stands to its next end: done, waiting, held, or stopped by a person."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version

import msgspec

from ucmcert.cli.conduct.accepting import Acceptance
from ucmcert.cli.conduct.approval import this_user
from ucmcert.cli.places import Places
from ucmcert.cli.session import Session
from ucmcert.config.schema import Config
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import AnyEvent, Entry
from ucmcert.model.plan import Plan, StepKind
from ucmcert.model.signing import Issued, Pending, Profile, Ticket
from ucmcert.run.history import History
from ucmcert.run.ledger import SqliteLedger, open_ledger
from ucmcert.run.limits import Limits, at_pace
from ucmcert.run.lock import cluster_lock
from ucmcert.run.outcome import Outcome
from ucmcert.run.renewal import Renewal, accept, carry_on, start, take_up

Listener = Callable[[AnyEvent], None]


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended this time. `entries` is the whole ledger; `stopped` means by Ctrl-C or a signal."""

    history: History
    outcome: Outcome
    entries: tuple[Entry, ...]
    stopped: bool = False


@contextmanager
def writing(places: Places) -> Iterator[SqliteLedger]:
    """The cluster's lock and its ledger, both until the block ends. Raises UsageError UCM-LOCK-*, UCM-LEDGER-*."""
    with cluster_lock(places.state, places.config.cluster):
        ledger = open_ledger(places.ledger, places.config.cluster)
        try:
            yield ledger
        finally:
            ledger.close()


def renewal_of(
    session: Session, ledger: SqliteLedger, plan: Plan, *, wait: bool, listener: Listener, limits: Limits | None = None
) -> Renewal:
    """The renewal of this session. `wait` sleeps until a window opens; no `limits` means the configured ones.

    Raises UsageError UCM-CA-004 when nobody is configured to sign and something in `plan` is to be signed.
    """
    return Renewal(
        client=session.client,
        clock=session.clock,
        random=session.random,
        ledger=ledger,
        authority=session.authority() if signs(plan) else Nobody(),
        limits=limits or configured_limits(session.config),
        windows=session.config.windows,
        wait_for_window=wait,
        tool=f"ucmcert {version('ucmcert')}",
        ca=session.ca_profile(),
        listener=listener,
    )


def signs(plan: Plan) -> bool:
    """Whether a CA has to sign anything of `plan`."""
    return any(one.kind is StepKind.CSR_SIGN for one in plan.steps)


class Nobody:
    """The authority of a plan without certificates: it is never asked."""

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """Raises AssertionError."""
        raise AssertionError(f"nobody signs {profile.purpose} of {profile.node} in this plan: {request.common_name}")

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """Raises AssertionError."""
        raise AssertionError(f"nobody signed in this plan: {ticket}")


def configured_limits(config: Config) -> Limits:
    """How long a run waits, as the configuration says it. What phones and acts take is shorter in a lab."""
    limits = Limits(
        patience_s=config.renew.patience_s, settle_s=config.renew.settle_s, phones_s=config.phones.patience_s
    )
    return limits if config.pace == 1 else at_pace(limits, config.pace)


async def begin(
    renewal: Renewal, plan: Plan, cluster: Cluster, approved_by: str, accepted: Acceptance | None = None
) -> Ending:
    """Start a run for the approved `plan` and carry it as far as it goes."""
    history = start(renewal, plan, cluster, approved_by)
    _accept(renewal, history, accepted)
    return await _carry(renewal, history, cluster)


async def go_on(renewal: Renewal, history: History, cluster: Cluster, accepted: Acceptance | None = None) -> Ending:
    """Take an unfinished run up again and carry it as far as it goes. Raises UsageError UCM-RESUME-002."""
    take_up(renewal, history, cluster)
    _accept(renewal, history, accepted)
    return await _carry(renewal, history, cluster)


def _accept(renewal: Renewal, history: History, accepted: Acceptance | None) -> None:
    if accepted is not None:
        accept(renewal, history, accepted.codes, by=this_user(), why=accepted.why)


async def _carry(renewal: Renewal, history: History, cluster: Cluster) -> Ending:
    stopped = False
    try:
        outcome = await carry_on(renewal, history, cluster)
    except asyncio.CancelledError:  # Ctrl-C or SIGTERM; the ledger says so already, what is left is to tell
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        outcome, stopped = Outcome.WAITING, True
    entries = tuple(renewal.ledger.entries())
    return Ending(history=history, outcome=outcome, entries=entries, stopped=stopped)
