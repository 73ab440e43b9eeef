"""`csr --json`: the CSRs that a renewal would make. docs/json.md documents it, under the rules of `json_shapes`."""

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.plan.csr_preview import CsrPreview

VERSION = 1


class CsrShape(msgspec.Struct, frozen=True, kw_only=True):
    """`outcome` is `findings` when a configured CSR cannot come out, `nothing` when none is made, else `done`."""

    version: int = VERSION
    outcome: str
    cluster: str
    observed_at: float
    requests: tuple[CsrPreview, ...]
    findings: tuple[Finding, ...]


def csr_shape(cluster: Cluster, previews: tuple[CsrPreview, ...], findings: tuple[Finding, ...]) -> CsrShape:
    """The previews as `csr` prints them."""
    wrong = any(one.severity is Severity.ERROR for one in findings)
    return CsrShape(
        outcome="findings" if wrong else ("done" if previews else "nothing"),
        cluster=cluster.name,
        observed_at=cluster.observed_at,
        requests=previews,
        findings=findings,
    )
