"""Look whether the certificate that was replaced is still trusted where it was: the old CAPF, for the LSCs it issued.

A trust store keeps one entry per name, so a new certificate of another name must not push the old one out.
Source: phones.md 1.6, I9, U11; procedure.md 3.3, 6.1.
"""

import msgspec

from ucmcert.model.plan import Step
from ucmcert.run.context import Context
from ucmcert.run.observation import Done, Observation
from ucmcert.run.surprises import surprise


class Old(msgspec.Struct, frozen=True, kw_only=True):
    """The replaced certificate, and the stores (base names) of the step's node that held it when the run began."""

    sha256: str
    name: str
    stores: tuple[str, ...]


async def observe(context: Context, step: Step) -> Observation:
    """Done when each store of this node that held the old certificate when the run began still holds it."""
    node, old = context.node(step), _old(context, step)
    if not old.stores:
        fact = f"the replaced certificate was in none of {step.detail['stores']} of this node when the run began"
        return Done(evidence=(context.evidence(fact, "inventory before the run"),))
    if _same_name(context, step, old.name):
        fact = f"the new {step.purpose} certificate is called {old.name} too: a store keeps one of that name"
        return Done(evidence=(context.evidence(fact, "the CA's answer"),))
    holding = await context.holding(node, step.purpose)
    gone = [store for store in old.stores if old.sha256 not in {one.sha256 for one in holding.trusts(store)}]
    if gone:
        values = {"purpose": step.purpose, "name": old.name, "stores": ", ".join(f"{one}-trust" for one in gone)}
        return surprise("UCM-RUN-046", node.name, **values)
    proof = tuple(
        context.evidence(f"{old.name} is still in {store}-trust", f"trust store of {node.name}", old.sha256)
        for store in old.stores
    )
    return Done(evidence=proof)


def _old(context: Context, step: Step) -> Old:
    """What the inventory before the run tells of it; without one it must be in every store, to be on the safe side."""
    item = context.history.item(step.detail["of"], step.purpose)
    sha256 = item.old_sha256 if item else ""
    stores = tuple(one.removesuffix("-trust") for one in step.detail["stores"].split(","))
    before = context.history.started.before
    if before is None:
        return Old(sha256=sha256, name=sha256[:16], stores=stores)
    held = before.facts(step.node).holding
    certificate = before.facts(step.detail["of"]).holding.identity(step.purpose)
    return Old(
        sha256=sha256,
        name=certificate.common_name if certificate else sha256[:16],
        stores=tuple(store for store in stores if any(one.sha256 == sha256 for one in held.trusts(store))),
    )


def _same_name(context: Context, step: Step, name: str) -> bool:
    new = context.history.new_sha256(step.detail["of"], step.purpose)
    names = {one.leaf.common_name.lower() for one in context.history.issued.values() if one.leaf.sha256 == new}
    return name.lower() in names
