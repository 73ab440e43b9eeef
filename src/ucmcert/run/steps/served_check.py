"""Look at what each TLS port shows, by a handshake like any client's. Nothing is done here but looking.

Source: procedure.md 3.0 X9, 4.2 Q1; interfaces-cli.md 3.3 (STARTED comes before the web answers).
"""

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation, Unclear


async def observe(context: Context, step: Step) -> Observation:
    """Done when every port of the purpose returns the fingerprint that was issued."""
    node = context.node(step)
    new = context.history.certificate(step).leaf
    evidence = []
    for port in (int(text) for text in step.detail["ports"].split(",") if text):
        shown = await context.client.served(node, port)
        if shown.leaf is None:
            return Unclear(code="UCM-RUN-011", what=f"port {port} shows no certificate", why=shown.problem)
        if shown.leaf.sha256 != new.sha256:
            return Unclear(
                code="UCM-RUN-012",
                what=f"port {port} still shows {shown.leaf.sha256[:16]}, not {new.sha256[:16]}",
                why="the service that listens there loaded another certificate when it started",
            )
        evidence.append(
            context.evidence(f"port {port} serves {new.sha256[:16]}", f"tls {node.name}:{port}", new.sha256)
        )
    await context.client.forget(node)
    return Done(evidence=tuple(evidence), facts={"sha256": new.sha256})
