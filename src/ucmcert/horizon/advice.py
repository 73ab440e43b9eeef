"""What to decide before the days come: which certificates want a private CA or a split, and what nobody has told us."""

from collections.abc import Iterator
from datetime import date

from ucmcert.horizon.held import Held
from ucmcert.horizon.windows import Window
from ucmcert.knowledge.lifetimes import (
    CLIENT_TOO,
    CLIENT_TOO_SOURCE,
    PRIVATE_ADVISED,
    PRIVATE_ADVISED_SOURCE,
    PRIVATE_ONLY_SOURCE,
    can_split,
    private_only,
)
from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.model.finding import Finding, Severity, worded


def advice(held: tuple[Held, ...], windows: tuple[Window, ...], *, today: date) -> tuple[Finding, ...]:
    """The advice about `held`, hardest first. `windows` are those where an unknown CA counts as public."""
    found = [*_expired(held, today), *_unknown_issuers(held), *_unknown_releases(held)]
    for cluster in sorted({one.cluster for one in held}):
        own = tuple(one for one in held if one.cluster == cluster and one.maybe_public)
        played = tuple(one for one in windows if one.cluster == cluster)
        found += [*_private_only(cluster, own), *_private_advised(cluster, own, played), *_split(cluster, own)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def incomplete(cluster: str, count: int) -> Finding:
    """That `count` things of `cluster` could not be read, and so are in no calendar."""
    values = {"count": f"{count}", "cluster": cluster}
    return worded("UCM-HORIZON-125", Severity.ERROR, cluster, "what could not be read is never fine", values)


def _expired(held: tuple[Held, ...], today: date) -> Iterator[Finding]:
    for one in held:
        if one.not_after < today:
            values = {"purpose": one.purpose, "node": one.node, "end": f"{one.not_after}"}
            where = f"{one.cluster}: {one.node}"
            yield worded("UCM-HORIZON-120", Severity.ERROR, where, "procedure.md 1.3 (while expired)", values)


def _unknown_issuers(held: tuple[Held, ...]) -> Iterator[Finding]:
    unknown = [one for one in held if one.signer == "unknown"]
    for issuer in sorted({one.issuer for one in unknown}):
        count = sum(one.issuer == issuer for one in unknown)
        values = {"issuer": issuer, "count": f"{count}"}
        yield worded("UCM-HORIZON-121", Severity.UNKNOWN, issuer, "no document lists who is public", values)


def _unknown_releases(held: tuple[Held, ...]) -> Iterator[Finding]:
    for cluster in sorted({one.cluster for one in held}):
        nodes = sorted({one.node for one in held if one.cluster == cluster and not one.release})
        if nodes:
            values = {"nodes": ", ".join(nodes)}
            yield worded("UCM-HORIZON-122", Severity.UNKNOWN, cluster, "procedure.md 2.2 (Affected)", values)


def _private_only(cluster: str, held: tuple[Held, ...]) -> Iterator[Finding]:
    hit = [one for one in held if private_only(one.purpose)]
    for purpose in sorted({one.purpose for one in hit}):
        own = [one for one in hit if one.purpose == purpose]
        values = {"purpose": purpose, "nodes": ", ".join(sorted({one.node for one in own}))}
        yield worded("UCM-HORIZON-123", _severity(own), cluster, PRIVATE_ONLY_SOURCE, values)


def _private_advised(cluster: str, held: tuple[Held, ...], windows: tuple[Window, ...]) -> Iterator[Finding]:
    """Windows and phone resets are those of the year that has most of them."""
    hit = [one for one in held if one.purpose in PRIVATE_ADVISED and not private_only(one.purpose)]
    for purpose in sorted({one.purpose for one in hit}):
        own = [one for one in hit if one.purpose == purpose]
        days = [one.day.year for one in windows if one.purpose == purpose]
        year = max(sorted(set(days)), key=days.count, default=0)
        if not year:
            continue
        code = "UCM-HORIZON-124" if noticed_by_phones(purpose) else "UCM-HORIZON-126"
        values = {"purpose": purpose, "year": f"{year}", "count": f"{days.count(year)}"}
        yield worded(code, _severity(own), cluster, PRIVATE_ADVISED_SOURCE, values)


def _split(cluster: str, held: tuple[Held, ...]) -> Iterator[Finding]:
    hit = [one for one in held if one.purpose in CLIENT_TOO - PRIVATE_ADVISED]
    for able, code in ((True, "UCM-HORIZON-127"), (False, "UCM-HORIZON-128")):
        own = [one for one in hit if can_split(one.release) is able]
        if own:
            purposes = ", ".join(sorted({one.purpose for one in own}))
            values = {"purposes": purposes, "nodes": ", ".join(sorted({one.node for one in own}))}
            yield worded(code, _severity(own), cluster, CLIENT_TOO_SOURCE, values)


def _severity(held: list[Held]) -> Severity:
    """A warning where a public CA is known to sign; unknown where nobody said who signs."""
    return Severity.WARNING if any(one.signer == "public" for one in held) else Severity.UNKNOWN
