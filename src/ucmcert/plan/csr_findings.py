"""What the plan says of configured CSR settings before a node is asked: what cannot be, and what people do."""

from collections.abc import Iterator

import msgspec

from ucmcert.knowledge.csr_limits import COMMON_NAME_MOST, RSA_BITS_EVERY_PHONE, hashes_for
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE, PURPOSES
from ucmcert.knowledge.versions import has
from ucmcert.lint.phone_world import reused
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster, NodeFacts
from ucmcert.model.csr_settings import CsrRules, WebSecurity, is_address
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.plan import Item
from ucmcert.plan.csr_choice import choice
from ucmcert.plan.csr_expected import MULTI_SERVER, csr_detail, default_name
from ucmcert.plan.csr_web_security import by_hand

TRAP = "procedure.md 5 E4 (fix trap); interfaces-cli.md 2.5"


def csr_findings(
    cluster: Cluster, items: tuple[Item, ...], rules: CsrRules, told: dict[str, WebSecurity] | None = None
) -> tuple[Finding, ...]:
    """Findings on the CSRs of `items`; () when nothing is configured. `told` is what nodes say of their own settings.

    An error where the configured CSR cannot come out, a warning where a person has to do something first.
    """
    if not rules.rows:
        return ()
    found = [*_unknown_nodes(cluster, rules)]
    made = made_here(items)
    for item in made:
        facts = cluster.facts(item.node)
        detail = full_detail(facts, item, rules)
        found += _impossible(cluster, facts, item, rules, detail)
        found += _by_web_page(facts, item.purpose, detail)
    for node in dict.fromkeys(item.node for item in made):
        found += _on_the_node(cluster.facts(node), details_of(cluster, made, node, rules), (told or {}).get(node))
    return tuple(found)


def made_here(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items whose CSR is made: what a CA signs, and of a multi-server certificate only the node that makes it."""
    signed = (one for one in items if PURPOSES[one.purpose].ca_signed and one.reason.code != "UCM-DUE-UNUSED")
    return tuple(one for one in signed if one.shared_from in ("", one.node))


def full_detail(facts: NodeFacts, item: Item, rules: CsrRules) -> dict[str, str]:
    """The detail of the csr.generate step of `item`, distribution included."""
    shared = {"distribution": MULTI_SERVER} if item.shared_from else {}
    return csr_detail(facts, item.purpose, rules) | shared


def typed_by_hand(detail: dict[str, str]) -> str:
    """What a person types on the web page beside the usual fields: names, key length and hash; "" for nothing."""
    names = detail.get("names", "").replace(",", ", ")
    return "; ".join(one for one in (names, spelled(detail)) if one)


def details_of(cluster: Cluster, made: tuple[Item, ...], node: str, rules: CsrRules) -> dict[str, dict[str, str]]:
    """The details of the CSRs that are made on `node`, by purpose."""
    facts = cluster.facts(node)
    return {item.purpose: full_detail(facts, item, rules) for item in made if item.node == node}


def _unknown_nodes(cluster: Cluster, rules: CsrRules) -> Iterator[Finding]:
    known = {name.lower() for facts in cluster.nodes for name in (facts.node.name, facts.node.host)}
    hosts = ", ".join(facts.node.host for facts in cluster.nodes)
    for row in rules.rows:
        if row.node and row.node.lower() not in known:
            source = "interfaces-cli.md 5.1"
            yield finding("UCM-CSR-001", Severity.ERROR, cluster.name, source, node=row.node, known=hosts)


def _impossible(
    cluster: Cluster, facts: NodeFacts, item: Item, rules: CsrRules, detail: dict[str, str]
) -> Iterator[Finding]:
    purpose, where = item.purpose, f"{item.purpose} {facts.node.name}"
    release = msgspec.structs.astuple(facts.node.release)
    name = default_name(facts, purpose, multi_server=bool(item.shared_from))
    if len(name) > COMMON_NAME_MOST:
        source = "procedure.md 4.1 P15 (CN <= 64)"
        yield finding("UCM-CSR-002", Severity.ERROR, where, source, name=name, most=str(COMMON_NAME_MOST))
    addresses = [one for one in detail.get("names", "").split(",") if one and is_address(one)]
    if item.shared_from and addresses:
        yield finding("UCM-CSR-003", Severity.ERROR, where, "procedure.md 5 E4", names=", ".join(addresses))
    wanted = choice(rules, purpose, facts.node).settings.hash
    strongest = hashes_for(PRODUCT_OF_ROLE[facts.node.role], None if not PURPOSES[purpose].twin_of else 256)[-1]
    if wanted and wanted > strongest:
        source = "procedure.md 2.3 [S CUC15]"
        yield finding("UCM-CSR-004", Severity.ERROR, where, source, hash=wanted, strongest=strongest)
    if item.shared_from and not has("multi_server_san", release):
        yield finding("UCM-CSR-005", Severity.ERROR, where, "procedure.md 9 [S D4]", purpose=purpose)
    call = reused(cluster).get(purpose)
    if call and detail.get("distribution") == "this-server":
        yield finding(
            "UCM-CSR-006", Severity.ERROR, where, "procedure.md 3.10 [S D5, SG14]", purpose=purpose, call=call
        )


def _by_web_page(facts: NodeFacts, purpose: str, detail: dict[str, str]) -> Iterator[Finding]:
    where = f"{purpose} {facts.node.name}"
    if purpose == "CallManager" and int(detail.get("bits", "0")) > RSA_BITS_EVERY_PHONE:
        source = "procedure.md 2.3 [S SG14]"
        yield finding("UCM-CSR-007", Severity.WARNING, where, source, bits=detail["bits"])
    if detail.get("by") == "person" and detail.get("distribution") != MULTI_SERVER:
        source = "interfaces-cli.md 2.3"
        yield finding("UCM-CSR-008", Severity.WARNING, where, source, purpose=purpose, settings=spelled(detail))


def _on_the_node(facts: NodeFacts, details: dict[str, dict[str, str]], told: WebSecurity | None) -> Iterator[Finding]:
    where = facts.node.name
    lacks = by_hand(facts, details, told)
    if len(lacks.names) > 1:
        yield finding("UCM-CSR-009", Severity.ERROR, where, "interfaces-cli.md 2.5", names=", ".join(lacks.names))
    if lacks.command:
        yield finding("UCM-CSR-010", Severity.WARNING, where, TRAP, command=lacks.command)
    if lacks.country:
        yield finding("UCM-CSR-011", Severity.WARNING, where, TRAP, country=lacks.country)
    unit = next((detail["unit"] for detail in details.values() if "unit" in detail), "")
    if unit and has("ou_may_be_missing", msgspec.structs.astuple(facts.node.release)):
        yield finding("UCM-CSR-012", Severity.NOTICE, where, "procedure.md 9 [S SG14]", unit=unit)


def spelled(detail: dict[str, str]) -> str:
    """The key settings of a detail in the words of the web page: `Key Length 4096, Hash Algorithm SHA384`."""
    words = {"bits": "Key Length", "hash": "Hash Algorithm"}
    return ", ".join(f"{said} {detail[key].upper()}" for key, said in words.items() if key in detail)
