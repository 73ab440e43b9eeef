"""Can the CA that is configured sign what is to be renewed? Said before a CSR is made, from its description.

Source: procedure.md 2, 5; docs/ca-profiles.md.
"""

from collections.abc import Iterator

import msgspec

from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE, PURPOSES
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.authority_profile.usable import Verdict, usable_for
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item

ANSWERS = {"no": ("UCM-PLAN-014", Severity.ERROR), "hurts": ("UCM-PLAN-015", Severity.WARNING)}


def ca_findings(cluster: Cluster, items: tuple[Item, ...], profile: CaProfile | None) -> tuple[Finding, ...]:
    """The purposes that this CA cannot serve, or only with a drawback; () without a description of it."""
    if profile is None:
        return ()
    verdicts = usable_for(profile, msgspec.structs.astuple(cluster.publisher.node.release))
    return tuple(found for one in _signed(items) for found in _of_purpose(one, cluster, items, verdicts))


def _signed(items: tuple[Item, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.purpose for item in items if PURPOSES[item.purpose].ca_signed))


def _of_purpose(
    purpose: str, cluster: Cluster, items: tuple[Item, ...], verdicts: tuple[Verdict, ...]
) -> Iterator[Finding]:
    products = {PRODUCT_OF_ROLE[cluster.facts(one.node).node.role.value] for one in items if one.purpose == purpose}
    for verdict in verdicts:
        if verdict.purpose == purpose and products & set(verdict.products) and verdict.answer in ANSWERS:
            code, severity = ANSWERS[verdict.answer]
            bad = [one for one in verdict.findings if one.severity in (Severity.ERROR, Severity.WARNING)]
            told = "; ".join(f"{one.code} {one.what}" for one in bad)
            where = f"{purpose} {', '.join(verdict.products)}"
            yield finding(code, severity, where, "procedure.md 2, 5", purpose=purpose, reasons=told)
