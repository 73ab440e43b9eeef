"""What happens on a known day: certificates end, limits come into force, clientAuth goes, a CA comes to its end."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from ucmcert.horizon.held import Held, latest_start
from ucmcert.horizon.windows import Window
from ucmcert.knowledge.lifetimes import (
    CLIENT_AUTH_CHROME,
    CLIENT_AUTH_STOPS,
    CLIENT_TOO,
    CLIENT_TOO_SOURCE,
    PUBLIC_LIMITS,
    SPLIT_RELEASE,
    can_split,
)
from ucmcert.model.finding import Finding, Severity, worded

Kind = Literal["expiry", "limit", "client-auth", "client-auth-lost", "release", "ca-end"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on one day. `cluster` is "" when it is about all; `nodes` are those it is about, () for all."""

    day: date
    kind: Kind
    cluster: str
    purpose: str
    nodes: tuple[str, ...]
    finding: Finding


def events(
    held: tuple[Held, ...],
    if_public: tuple[Window, ...],
    if_private: tuple[Window, ...],
    *,
    today: date,
    until: date,
    threshold_days: int,
) -> tuple[Event, ...]:
    """Everything dated from `today` to `until`, both included, by day.

    The windows are those where an unknown CA counts as public or private. What may break is told rather than left out:
    clientAuth as if it were public, the end of a CA in whichever of the two it comes earlier.
    """
    soon = today + timedelta(days=threshold_days)
    found = [*_expiries(held, today, threshold_days), *_limits(held), *_sunset(held)]
    found += [*_client_auth_lost(if_public, soon), *_ca_ends((*if_public, *if_private))]
    inside = [one for one in found if today <= one.day <= until]
    return tuple(sorted(inside, key=lambda one: (one.day, one.kind, one.cluster, one.purpose, one.nodes)))


def loses_client_auth(held: Held) -> bool:
    """Whether its next public certificate takes away what its node is a TLS client by."""
    return held.maybe_public and held.purpose in CLIENT_TOO and not can_split(held.release)


def _expiries(held: tuple[Held, ...], today: date, threshold_days: int) -> Iterator[Event]:
    for one in held:
        start = latest_start(one.not_after, one.life_days, threshold_days)
        values = {"purpose": one.purpose, "node": one.node, "end": f"{one.not_after}", "start": f"{start}"}
        due = start <= today
        finding = worded(
            "UCM-HORIZON-111" if due else "UCM-HORIZON-101",
            Severity.ERROR if due else Severity.NOTICE,
            f"{one.cluster}: {one.node}",
            "procedure.md 8 (Renewal moment: no figure of Cisco's)",
            values,
        )
        yield _event(one.not_after, "expiry", finding, one.cluster, one.purpose, nodes=(one.node,))


def _limits(held: tuple[Held, ...]) -> Iterator[Event]:
    public, unknown = (sum(one.signer == signer for one in held) for signer in ("public", "unknown"))
    if not public + unknown:
        return
    for before, row in pairwise(PUBLIC_LIMITS):
        values = {"days": f"{row.days}", "before": f"{before.days}", "validation": f"{row.validation_days}"}
        values |= {"public": f"{public}", "unknown": f"{unknown}"}
        severity = Severity.WARNING if public else Severity.UNKNOWN
        yield _event(row.since, "limit", worded("UCM-HORIZON-102", severity, "*", row.source, values))


def _sunset(held: tuple[Held, ...]) -> Iterator[Event]:
    hit = [one for one in held if loses_client_auth(one)]
    if not hit:
        return
    nodes = tuple(sorted({one.node for one in hit}))
    purposes = ", ".join(sorted({one.purpose for one in hit}))
    severity = Severity.WARNING if any(one.signer == "public" for one in hit) else Severity.UNKNOWN
    values = {"purposes": purposes, "nodes": f"{len(nodes)}"}
    chrome = worded("UCM-HORIZON-103", severity, "*", CLIENT_AUTH_CHROME.source, values)
    yield _event(CLIENT_AUTH_CHROME.day, "client-auth", chrome, nodes=nodes)
    split = worded("UCM-HORIZON-104", severity, "*", SPLIT_RELEASE.source, values)
    yield _event(SPLIT_RELEASE.day, "release", split, nodes=nodes)


def _client_auth_lost(windows: tuple[Window, ...], soon: date) -> Iterator[Event]:
    seen: set[tuple[str, str]] = set()
    for window in windows:
        hit = [one.held for one in window.renewed if loses_client_auth(one.held)]
        key = (window.cluster, window.purpose)
        if not hit or key in seen or window.day < CLIENT_AUTH_STOPS.day:
            continue
        seen.add(key)
        severity = Severity.ERROR if window.day <= soon else Severity.WARNING
        if all(one.signer == "unknown" for one in hit):
            severity = Severity.UNKNOWN
        nodes = tuple(sorted({one.node for one in hit}))
        values = {"purpose": window.purpose, "nodes": ", ".join(nodes), "cluster": window.cluster}
        finding = worded("UCM-HORIZON-105", severity, window.cluster, CLIENT_TOO_SOURCE, values)
        yield _event(window.day, "client-auth-lost", finding, window.cluster, window.purpose, nodes=nodes)


def _ca_ends(windows: tuple[Window, ...]) -> Iterator[Event]:
    seen: set[tuple[str, str]] = set()
    for window in sorted(windows, key=lambda one: one.day):
        for one in window.renewed:
            key = (window.cluster, one.held.issuer)
            if one.ca_until is None or key in seen:
                continue
            seen.add(key)
            values = {"issuer": one.held.issuer, "end": f"{one.ca_until}", "purpose": window.purpose}
            values |= {"cluster": window.cluster}
            source = "procedure.md 6 (a new CA goes to the trust stores first)"
            finding = worded("UCM-HORIZON-106", Severity.WARNING, window.cluster, source, values)
            yield _event(window.day, "ca-end", finding, window.cluster, window.purpose, nodes=(one.held.node,))


def _event(
    day: date, kind: Kind, finding: Finding, cluster: str = "", purpose: str = "", *, nodes: tuple[str, ...] = ()
) -> Event:
    return Event(day=day, kind=kind, cluster=cluster, purpose=purpose, nodes=nodes, finding=finding)
