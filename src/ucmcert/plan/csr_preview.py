"""The CSR that will come out, field by field: its value, where that comes from, and who tells the node.

A preview never promises what the node's interface cannot be told: what is configured beyond that stands as a wish
beside the value that comes out without a person, and the person's work stands in the findings.
"""

from typing import Literal

import msgspec

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.knowledge.key_usage import expected as usage_of
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import CsrRules, WebSecurity, as_san, is_address
from ucmcert.model.finding import Finding
from ucmcert.model.plan import Item
from ucmcert.plan.csr_choice import choice
from ucmcert.plan.csr_expected import MULTI_SERVER, SUBJECT, Expected, expected, offers_rest
from ucmcert.plan.csr_findings import csr_findings, details_of, full_detail, made_here
from ucmcert.plan.csr_web_security import by_hand, subject_of_node

Origin = Literal["row", "today", "node", "cisco", "untold"]
Teller = Literal["rest", "web-page", "web-security", "node"]
SETTING = {"key": ("rsa_bits", "ec_bits"), "hash": ("hash",), "distribution": ("distribution",)}


class PreviewField(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `value` is what will come out, "" when it cannot be foretold.

    `origin`: a `row` of the configuration (named in `row`), the certificate of `today`, the `node`'s own words, what
    `cisco` does where nobody chose, or `untold`. `teller`: who brings it in: our `rest` request, a person on the
    `web-page` or with `web-security`, or the `node` by itself. `wish` is what is configured and does not come out yet.
    """

    field: str
    value: str
    origin: Origin
    teller: Teller
    row: str = ""
    wish: str = ""


class CsrPreview(msgspec.Struct, frozen=True, kw_only=True):
    """One CSR to come. `nodes` are those the certificate will serve.

    `command` is what a person must type on the node first, for all its CSRs at once; "" for nothing.
    """

    node: str
    purpose: str
    release: str
    nodes: tuple[str, ...]
    fields: tuple[PreviewField, ...]
    command: str
    findings: tuple[Finding, ...]


def previews(
    cluster: Cluster, items: tuple[Item, ...], rules: CsrRules, told: dict[str, WebSecurity]
) -> tuple[CsrPreview, ...]:
    """The CSRs that a renewal of `items` makes, in their order; `told` is what nodes say of their own settings.

    Source: procedure.md 1.1, 2.1, 2.3, 5 E4; interfaces-http.md 1.2; interfaces-cli.md 2.3, 2.5.
    """
    return tuple(_preview(cluster, items, one, rules, told.get(one.node)) for one in made_here(items))


def _preview(
    cluster: Cluster, items: tuple[Item, ...], item: Item, rules: CsrRules, told: WebSecurity | None
) -> CsrPreview:
    facts = cluster.facts(item.node)
    detail = full_detail(facts, item, rules)
    sharing = tuple(one.node for one in items if (one.purpose, one.shared_from) == (item.purpose, item.node))
    wanted = expected(facts, item.purpose, detail, sharing)
    rows = choice(rules, item.purpose, facts.node).rows
    return CsrPreview(
        node=item.node,
        purpose=item.purpose,
        release=facts.node.release.text,
        nodes=tuple(dict.fromkeys((item.node, *sharing))),
        fields=(
            _own(facts, wanted, "common_name", wanted.common_name),
            *_subject(facts, item.purpose, detail, rows, told),
            *_names(facts, item, wanted, detail=detail, row=rows.get("names", ""), told=told),
            _key(facts, wanted, detail, rows),
            _hash(facts, wanted, detail, rows),
            _own(facts, wanted, "distribution", MULTI_SERVER if wanted.multi_server else "this-server", rows),
            *_usages(facts, item.purpose),
        ),
        command=by_hand(facts, details_of(cluster, made_here(items), item.node, rules), told).command,
        findings=csr_findings(cluster, (item,), rules, {item.node: told} if told else {}),
    )


def _own(
    facts: NodeFacts, wanted: Expected, field: str, value: str, rows: dict[str, str] | None = None
) -> PreviewField:
    """A name or a distribution: asked for by REST, typed on the web page of a multi-server CSR, else the node's own."""
    row = (rows or {}).get(field, "")
    today: Origin = "today" if field == "distribution" else "cisco"
    teller: Teller = "rest" if offers_rest(facts) else ("web-page" if wanted.multi_server else "node")
    return PreviewField(field=field, value=value, origin="row" if row else today, teller=teller, row=row)


def _subject(
    facts: NodeFacts, purpose: str, detail: dict[str, str], rows: dict[str, str], told: WebSecurity | None
) -> tuple[PreviewField, ...]:
    have = subject_of_node(facts, purpose, told)
    source: Origin = "node" if told else "today"
    return tuple(
        PreviewField(
            field=word,
            value=have.get(word, ""),
            origin=source if word in have or told else "untold",
            teller="web-security" if detail.get(word, have.get(word)) != have.get(word) else "node",
            row=rows.get(word, ""),
            wish=detail[word] if detail.get(word, have.get(word)) != have.get(word) else "",
        )
        for word in SUBJECT
    )


def _names(
    facts: NodeFacts, item: Item, wanted: Expected, *, detail: dict[str, str], row: str, told: WebSecurity | None
) -> tuple[PreviewField, ...]:
    """One field a name: the node's own, the chosen ones, and what today's certificate has beside those."""
    lacks = {as_san(name) for name in by_hand(facts, {item.purpose: detail}, told).names}
    fields = {name: PreviewField(field="name", value=name, origin="cisco", teller="node") for name in wanted.nodes}
    for name in wanted.names:
        by_rest = offers_rest(facts) and not is_address(name.partition(":")[2])
        teller: Teller = "rest" if by_rest else ("web-page" if wanted.multi_server else "web-security")
        missing = name in lacks
        fields[name] = PreviewField(
            field="name",
            value="" if missing else name,
            origin="row",
            teller=teller if missing or teller != "web-security" else "node",
            row=row,
            wish=name if missing else "",
        )
    known: tuple[tuple[Origin, tuple[str, ...]], ...] = (("node", told.names if told else ()), ("today", wanted.today))
    for origin, names in known:
        for name in names:
            spelled = name.lower() if name.startswith("dns:") else name
            fields.setdefault(spelled, PreviewField(field="name", value=spelled, origin=origin, teller="node"))
    return tuple(fields.values())


def _key(facts: NodeFacts, wanted: Expected, detail: dict[str, str], rows: dict[str, str]) -> PreviewField:
    row = next((rows[one] for one in SETTING["key"] if one in rows), "")
    return _of_key(facts, wanted, detail, ("key", wanted.key, row))


def _hash(facts: NodeFacts, wanted: Expected, detail: dict[str, str], rows: dict[str, str]) -> PreviewField:
    value = wanted.hash if wanted.key_told or "hash" in detail else ""
    return _of_key(facts, wanted, detail, ("hash", value, rows.get("hash", "")))


def _of_key(facts: NodeFacts, wanted: Expected, detail: dict[str, str], said: tuple[str, str, str]) -> PreviewField:
    field, value, row = said
    by_page = detail.get("by") == "person" or wanted.multi_server
    teller: Teller = "rest" if offers_rest(facts) else ("web-page" if by_page else "node")
    usual: Origin = ("today" if field == "key" else "cisco") if teller != "node" else "cisco"
    origin: Origin = "row" if row else (usual if value else "untold")
    return PreviewField(field=field, value=value, origin=origin, teller=teller, row=row)


def _usages(facts: NodeFacts, purpose: str) -> tuple[PreviewField, ...]:
    release = msgspec.structs.astuple(facts.node.release)
    row = usage_of(purpose, PRODUCT_OF_ROLE[facts.node.role], release)
    if row is None:
        return ()
    values = {
        "key_usage": ", ".join(row.usage),
        "extended_key_usage": ", ".join(EKU_NAMES.get(one, one) for one in row.extended),
    }
    return tuple(
        PreviewField(field=field, value=value, origin="cisco", teller="node") for field, value in values.items()
    )
