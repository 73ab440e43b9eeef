"""The work of `trust`: look at everything once, judge it, show it; export and write a plan where one is asked for."""

import difflib
import shlex
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.planning.selection import Choice, chosen
from ucmcert.cli.printing import Printer
from ucmcert.cli.runs import entries_if_any
from ucmcert.cli.session import Session
from ucmcert.cli.trusting.files import export, read_removals, write_removals
from ucmcert.cli.trusting.knowing import known_of
from ucmcert.discover import look_at_lists
from ucmcert.errors import UcmcertError, UsageError
from ucmcert.model.cluster import Cluster
from ucmcert.report.pages.removal_page import removal_blocks, since_blocks
from ucmcert.report.pages.trust_page import trust_blocks
from ucmcert.report.paper.blocks import Text, line
from ucmcert.report.trust_shape import must_act, since_shape, trust_shape
from ucmcert.report.words import speaker
from ucmcert.trust import Audit, audit
from ucmcert.trust.audit import Judged
from ucmcert.trust.removal import RemovalPlan, removal_plan
from ucmcert.trust.since import look_of, since

TRUST = "-trust"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for: names as typed, and where plan and export go."""

    nodes: tuple[str, ...]
    stores: tuple[str, ...]
    plan: Path | None
    export: Path | None


async def tell(session: Session, asked: Asked, printer: Printer) -> int:
    """Look, judge, show; with a plan asked for, export first. Raises as discovery does, UsageError UCM-TRUST-2xx."""
    entries = entries_if_any(session.places)
    cluster = await look_at_lists(session.client, await session.look(every_port=True))
    known = known_of(session.places, cluster, entries, secure_phones=await _secure_phones(session, cluster))
    audited = audit(cluster, known, due_days=session.config.renew.threshold_days)
    shown = _narrowed(audited, cluster, asked)
    if asked.plan is None or asked.export is None:
        printer.show(trust_blocks(audited, shown, printer.lang))
        printer.result(trust_shape(audited, shown))
        return FINDINGS if must_act(audited, shown) else DONE
    plan = _write(removal_plan(cluster, audited, shown), shown, asked.plan, asked.export)
    say = speaker(printer.lang)
    again = f"ucmcert trust --since {shlex.quote(str(asked.plan.absolute()))}"
    again += f" --config {shlex.quote(str(session.places.config_file))}"
    printer.show(removal_blocks(plan, printer.lang, folder=str(asked.export), look_again=again))
    if plan.removals:
        printer.tell(line(say("removal.written"), " ", Text(str(asked.plan), "code")))
        printer.tell(line(say("removal.again"), " ", Text(again, "code")))
    written, folder = (str(asked.plan), str(asked.export)) if plan.removals else ("", "")
    printer.result(trust_shape(audited, shown, plan=written, export=folder, removals=plan.removals))
    return FINDINGS if must_act(audited, shown) else DONE


async def look_back(session: Session, file: Path, printer: Printer) -> int:
    """What became of the plan in `file`; this look is kept in it, so that the next one sees what came back."""
    kept = read_removals(file, session.config.cluster)
    found = since(kept.plan, await session.look(), kept.looks)
    write_removals(file, kept.plan, (*kept.looks, look_of(found)))
    printer.show(since_blocks(kept.plan, found, printer.lang))
    printer.result(since_shape(found, plan=str(file)))
    return DONE if found.done else FINDINGS


def _write(plan: RemovalPlan, shown: tuple[Judged, ...], file: Path, folder: Path) -> RemovalPlan:
    """The plan with its exported files; nothing is written where nothing may go."""
    if not plan.removals:
        return plan
    certificates = {one.entry.certificate.sha256: one.entry.certificate for one in shown}
    exported = export(plan, certificates, folder)
    write_removals(file, exported)
    return exported


async def _secure_phones(session: Session, cluster: Cluster) -> int | None:
    """How many phones have a secure profile; None when the database does not tell. It decides nothing."""
    try:
        return sum(one.secure for one in await session.client.phones(cluster.publisher.node))
    except UcmcertError:
        return None


def _narrowed(audited: Audit, cluster: Cluster, asked: Asked) -> tuple[Judged, ...]:
    """The entries of the named nodes and stores. Raises UsageError UCM-ARG-002, UCM-TRUST-206 with the nearest name."""
    nodes = chosen(cluster, Choice(nodes=asked.nodes)).nodes
    stores = {one.entry.store for one in audited.judged}
    wanted = {_store(name, stores) for name in asked.stores}
    return tuple(
        one
        for one in audited.judged
        if (not wanted or one.entry.store in wanted)
        and (not nodes or set(nodes) & {*one.entry.nodes, *one.entry.missing})
    )


def _store(name: str, stores: Iterable[str]) -> str:
    """The base name of the store called `name`, with or without -trust, whatever the case."""
    known = {one.lower(): one for one in stores}
    base = name.lower().removesuffix(TRUST)
    if base in known:
        return known[base]
    near = difflib.get_close_matches(base, known, n=1)
    raise UsageError(
        "UCM-TRUST-206",
        f"no node has a trust store called {name}",
        where="--store",
        why=f"there are: {', '.join(f'{one}{TRUST}' for one in sorted(known.values())) or 'none'}",
        next=f"did you mean {known[near[0]]}{TRUST}?" if near else "name one of those",
    )
