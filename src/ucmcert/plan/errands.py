"""The errands of a plan: who outside the cluster must be told, before or after the window. Source: procedure.md 7."""

from ucmcert.knowledge.consumers import CONSUMER_KINDS, ConsumerKind
from ucmcert.model.cluster import Cluster
from ucmcert.model.consumer import ConsumersFacts
from ucmcert.model.plan import Errand, Item
from ucmcert.model.states import State

IDP = "idp"


def errands(cluster: Cluster, items: tuple[Item, ...]) -> tuple[Errand, ...]:
    """One errand a kind of consumer that uses a renewed purpose, those before the window first.

    A kind that the database can tell of, and does not know, has none. () when nobody looked at consumers.
    """
    if cluster.consumers is None:
        return ()
    renewed = tuple(dict.fromkeys(item.purpose for item in items if item.last_state is not State.UPLOADED))
    found = [one for row in CONSUMER_KINDS if (one := _errand(row, cluster, cluster.consumers, renewed)) is not None]
    return tuple(sorted(found, key=lambda one: one.when != "before"))


def _errand(row: ConsumerKind, cluster: Cluster, known: ConsumersFacts, renewed: tuple[str, ...]) -> Errand | None:
    purposes = tuple(one for one in renewed if one in row.purposes)
    named = known.of(row.kind)
    if not purposes or not (named or _may_be_there(row, cluster, known)):
        return None
    told = any(one.how == "told" for one in named)
    return Errand(
        kind=row.kind,
        code=row.code,
        when=row.when,
        purposes=purposes,
        names=tuple(one.name for one in named),
        basis="told" if told else "found" if named else "asked",
        source=row.source,
    )


def _may_be_there(row: ConsumerKind, cluster: Cluster, known: ConsumersFacts) -> bool:
    """Whether a person has to say: the database does not tell of this kind, or did not answer. SSO tells of an IdP."""
    if row.kind == IDP:
        return any(facts.sso_enabled is not False for facts in cluster.nodes if facts.node.role.value != "im-presence")
    return not row.query or row.query in known.unread
