"""What the operator chose, checked for names nobody knows, and turned into items, findings and a plan."""

from typing import Any

import msgspec

from ucmcert.check.before import check
from ucmcert.cli.planning.names import errors, known_name, known_purposes
from ucmcert.config.plan_options import plan_options
from ucmcert.config.schema import PhonesSection
from ucmcert.knowledge.restart_rows import RestartSet
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.cluster import Cluster
from ucmcert.model.csr_settings import CsrRules
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item, Plan
from ucmcert.plan.build import build
from ucmcert.plan.options import Options
from ucmcert.plan.select import refused, select

__all__ = ["Choice", "Judged", "chosen", "errors", "judge", "known_purposes", "make_plan"]

LEFTOVER_CSR = "UCM-CHECK-012"
PLAIN = PhonesSection()
NO_RULES = CsrRules()


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """`--purpose`, `--node`, `--force`, `--replace-csr`, `--regenerate-capf`. Nothing named means everything due.

    `restart_set` None follows the configuration.
    """

    purposes: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    force: bool = False
    replace_csr: bool = False
    regenerate_capf: bool = False
    restart_set: RestartSet | None = None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What would be renewed, and everything that stands against it; `left_out` is the part of the findings on that."""

    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[Finding, ...]
    options: Options


def chosen(cluster: Cluster, choice: Choice) -> Choice:
    """`choice` with node names as the cluster spells them. Raises UsageError UCM-ARG-002 with the nearest node."""
    full = {facts.node.host.lower(): facts.node.name for facts in cluster.nodes}
    known = tuple(facts.node.name for facts in cluster.nodes)
    hosts = tuple(facts.node.host for facts in cluster.nodes)
    names = (full.get(name.lower()) or known_name(name, known, "node", "UCM-ARG-002", hosts) for name in choice.nodes)
    return msgspec.structs.replace(choice, nodes=tuple(dict.fromkeys(names)))


def selected(
    cluster: Cluster, wanted: Choice, *, now: float, threshold_days: int, csr: CsrRules
) -> tuple[tuple[Item, ...], tuple[Finding, ...]]:
    """What would be renewed of `wanted` (see `chosen`), and what is left out and why. `now` is UTC epoch seconds."""
    how: dict[str, Any] = {
        "now": now,
        "threshold_days": threshold_days,
        "purposes": wanted.purposes,
        "nodes": wanted.nodes,
        "force": wanted.force,
        "capf_subscribers": wanted.regenerate_capf,
        "csr": csr,
    }
    return select(cluster, **how), refused(cluster, **how)


def judge(
    cluster: Cluster,
    choice: Choice,
    *,
    now: float,
    threshold_days: int,
    ours: frozenset[str],
    phones: PhonesSection = PLAIN,
    csr: CsrRules = NO_RULES,
    window_s: float | None = None,
    ca: CaProfile | None = None,
) -> Judged:
    """Select and pre-check. `now` is UTC epoch seconds, `ours` the keys of our own CSRs that are out for signature.

    `phones` is how the configuration wants phones to be treated, `csr` what it wants CSRs to ask for, `window_s` how
    long its longest window is, `ca` what its CA does to requests.
    """
    items, left_out = selected(cluster, chosen(cluster, choice), now=now, threshold_days=threshold_days, csr=csr)
    checked = check(cluster, items, now=now, ours=ours)
    if choice.replace_csr:
        checked = tuple(_allowed(one) for one in checked)
    options = plan_options(
        phones,
        csr=csr,
        replace_csr=choice.replace_csr,
        regenerate_capf=choice.regenerate_capf,
        window_s=window_s,
        ca=ca,
    )
    if choice.restart_set is not None:
        options = msgspec.structs.replace(options, restart_set=choice.restart_set)
    return Judged(items=items, findings=(*checked, *left_out), left_out=left_out, options=options)


def make_plan(cluster: Cluster, judged: Judged, *, now: float) -> Plan:
    """The plan for what was judged, its findings kept in it."""
    return build(cluster, judged.items, now=now, findings=judged.findings, options=judged.options)


def _allowed(found: Finding) -> Finding:
    """With --replace-csr a left-over CSR closes no gate any more, but it stays in sight."""
    return msgspec.structs.replace(found, severity=Severity.WARNING) if found.code == LEFTOVER_CSR else found
