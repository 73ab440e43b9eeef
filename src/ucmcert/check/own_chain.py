"""Could this node take today's certificates again? Its own trust stores, and the mode that decides what it accepts."""

from collections.abc import Iterator

from ucmcert.check.cases import BeforeNode
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.chain import order_chain
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.time_rules import utc_text
from ucmcert.model.finding import Severity


@rule("UCM-CHECK-044", Severity.WARNING, "procedure.md 4.1 P13, 5 E1, 6.7")
def chain_not_in_own_store(case: BeforeNode) -> Iterator[Objection]:
    """The issuers of the present certificate are gone from the store of its purpose, or expired there.

    Peers of this cluster verify by the same stores; the upload of a new certificate by the same CA would be refused.
    """
    holding = case.facts.holding
    for purpose in case.purposes:
        held, store = holding.identity(purpose), PURPOSES[purpose].trust
        if held is None or not store:
            continue
        try:
            issuers = order_chain(held, holding.trusts(store))
        except ValueError as error:
            yield objection(purpose=purpose, store=f"{store}-trust", reason=str(error))
            continue
        for one in issuers:
            if one.not_after <= case.whole.now:
                reason = f"{one.common_name or one.subject}, {utc_text(one.not_after)}"
                yield objection(purpose=purpose, store=f"{store}-trust", reason=reason)


@rule("UCM-CHECK-045", Severity.NOTICE, "procedure.md 4.1 P19, 2.3 [S SG14]")
def fips_is_on(case: BeforeNode) -> Iterator[Objection]:
    """A node in FIPS mode takes SHA-256 and stronger only."""
    if case.facts.fips:
        yield objection()
