"""Verdicts, evidence and reasons of `trust` in a few words each."""

from collections.abc import Iterable

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.report.words import Say
from ucmcert.trust.audit import LSC, Judged
from ucmcert.trust.entries import Entry
from ucmcert.trust.generations import CAPF
from ucmcert.trust.may_go import Kept
from ucmcert.trust.uses import ANCHOR, ISSUER, LISTED, RUN, SERVED, SHOWN, Use
from ucmcert.trust.verdict import Verdict

MOST_NAMES, MOST_USES = 3, 3
USE_KEYS = {
    ISSUER: "trust.use_issuer",
    SERVED: "trust.use_served_issuer",
    SHOWN: "trust.use_shown",
    LISTED: "trust.use_list",
    RUN: "trust.use_run",
    ANCHOR: "trust.use_anchor",
    LSC: "trust.use_lsc",
}
KEPT_KEYS = {
    Kept.STORE: "trust.kept_store",
    Kept.RUN: "trust.kept_run",
    Kept.UNREAD: "trust.kept_unread",
    Kept.RECOVERY: "trust.kept_recovery",
    Kept.UNSEEN: "trust.kept_unseen",
    Kept.PORTS: "trust.kept_ports",
    Kept.LISTS: "trust.kept_lists",
    Kept.FILES: "trust.kept_files",
}


def name_of(entry: Entry) -> str:
    """The common name, or the subject of a certificate without one."""
    return entry.certificate.common_name or entry.certificate.subject


def hosts(nodes: Iterable[str]) -> str:
    """Host names of a few nodes; more than a few are cut."""
    names = [name.partition(".")[0] for name in dict.fromkeys(nodes)]
    cut = ", …" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + cut


def nodes_words(one: Judged, every: tuple[str, ...], say: Say) -> str:
    """Which nodes hold it, and which should and do not."""
    held = one.entry.nodes
    whole = len(every) > MOST_NAMES and set(held) == set(every)
    named = say("trust.every_node", count=len(every)) if whole else ", ".join(name.partition(".")[0] for name in held)
    return say("trust.missing", nodes=named, missing=hosts(one.entry.missing)) if one.entry.missing else named


def why_words(one: Judged, say: Say) -> str:
    """The verdict with its evidence."""
    reasoned = one.reasoned
    owner = reasoned.owners[0] if reasoned.owners else None
    match reasoned.verdict:
        case Verdict.LSC_ISSUER:
            sure = owner is not None or reasoned.uses or one.entry.certificate.common_name.upper().startswith(CAPF)
            return say("trust.lsc") if sure else say("trust.lsc_possible")
        case Verdict.OWN:
            purposes = ", ".join(dict.fromkeys(held.purpose for held in reasoned.owners))
            return say("trust.own", purposes=purposes, nodes=hosts(held.node for held in reasoned.owners))
        case Verdict.DEFAULT:
            return say("trust.default")
        case Verdict.USED:
            return say("trust.used", uses=_uses(one, say))
        case Verdict.FORMER if owner is not None:
            told = "trust.former_told" if owner.told_by else "trust.former"
            return say(
                told, purpose=owner.purpose, node=hosts([owner.node]) or say("trust.somebody"), run=owner.told_by
            )
        case Verdict.DUPLICATE:
            return say("trust.duplicate", serial=reasoned.twin.serial if reasoned.twin else "")
        case Verdict.EXPIRED:
            return say("trust.over")
        case _:
            return say("trust.unknown")


def _uses(one: Judged, say: Say) -> str:
    """The uses grouped by kind and by whom, those of its own store first; more than a few are cut."""
    uses = one.reasoned.uses
    stored = any(use.kind == ISSUER for use in uses)
    grouped: dict[tuple[str, str], list[str]] = {}
    for use in sorted(uses, key=lambda use: one.entry.store not in _stores(use)):
        if not (stored and use.kind == SERVED):  # what is served is what is stored, or stands beside it
            grouped.setdefault((use.kind, use.by), []).append(use.where)
    told = [say(USE_KEYS[kind], by=by, where=_where(kind, where)) for (kind, by), where in grouped.items()]
    return ", ".join(told[:MOST_USES]) + (", …" if len(told) > MOST_USES else "")


def _stores(use: Use) -> tuple[str, ...]:
    return PURPOSES[use.by].stores if use.by in PURPOSES else ()


def _where(kind: str, where: list[str]) -> str:
    return ", ".join(dict.fromkeys(where)) if kind == RUN else hosts(where)
