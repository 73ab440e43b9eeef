"""Steps only a person can do: SAML SSO off before tomcat, and on again after everything."""

from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Phase, Step, StepKind
from ucmcert.plan.reasons import reason
from ucmcert.plan.step_id import step_id


def sso_disable(cluster: Cluster, *, needs: tuple[str, ...]) -> Step:
    """Ask for SSO off, on every node. Source: procedure.md 3.1 TOM-0."""
    return Step(
        id=step_id("tomcat", None, StepKind.PERSON, "sso.disable"),
        kind=StepKind.PERSON,
        phase=Phase.CUT_OVER,
        node=cluster.publisher.node.name,
        purpose="tomcat",
        needs=needs,
        reason=reason("UCM-STEP-SSO-OFF"),
        detail={"ask": "sso.disable"},
    )


def sso_enable(cluster: Cluster, *, needs: tuple[str, ...]) -> Step:
    """Ask for SSO on again. Last of all, because enabling restarts Tomcat by itself (procedure.md 3.1 TOM-5)."""
    return Step(
        id=step_id("tomcat", None, StepKind.PERSON, "sso.enable"),
        kind=StepKind.PERSON,
        phase=Phase.CLOSE,
        node=cluster.publisher.node.name,
        purpose="tomcat",
        needs=needs,
        reason=reason("UCM-STEP-SSO-ON"),
        detail={"ask": "sso.enable"},
    )
