"""Would the certificate carry exactly the names of the request? CAs add the CN or www, and drop what they please."""

import ipaddress
from collections.abc import Iterator

from ucmcert.lint.authority_profile.ask import Ask
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity

NEVER_PUBLIC = (".local", ".localhost", ".internal", ".test", ".example", ".invalid", ".home.arpa")


@rule("UCM-CA-001", Severity.ERROR, "procedure.md 5 E4")
def names_will_differ(ask: Ask) -> Iterator[Objection]:
    """The set of SANs must be that of the CSR."""
    profile = ask.profile
    added = [*(profile.adds_names or ())]
    if profile.adds_common_name and ask.common_name_san:
        added.append(ask.common_name_san)
    if profile.adds_www:
        added.append("dns:www.*")
    missing = [kind for kind in ask.san_kinds if kind in profile.drops_sans]
    if added or missing:
        yield objection(added=_list(added), missing=_list(missing))


@rule("UCM-CA-024", Severity.WARNING, "procedure.md 1.1 (default CN of a multi-server CSR), 5 E4")
def common_name_of_multi_server(ask: Ask) -> Iterator[Objection]:
    """The CN of a multi-server CSR is no host of its own, so a CA that adds it to the SANs breaks just these."""
    if ask.typical and ask.row.multi_server and ask.profile.adds_common_name:
        yield objection(purpose=ask.purpose)


@rule("UCM-CA-010", Severity.UNKNOWN, "procedure.md 4.1 P15 (equal to plan); 7 (trunks name their peer by CN)")
def common_name_will_differ(ask: Ask) -> Iterator[Objection]:
    """Peers may name this node by its CN; what the upload does about another one is not published."""
    if ask.profile.common_name in ("replaced", "dropped"):
        yield objection()


@rule("UCM-CA-015", Severity.ERROR, "procedure.md 3.0, 5 E9; 3.8 exempts cup-xmpp-s2s")
def wildcard_asked(ask: Ask) -> Iterator[Objection]:
    """No wildcard, in no name, except for XMPP federation."""
    names = _wildcards(ask)
    if names and not ask.row.wildcard_allowed and ask.profile.wildcard is not False:
        yield objection(names=_list(names))


@rule("UCM-CA-025", Severity.ERROR, "procedure.md 3.8 (cup-xmpp-s2s may need one)")
def wildcard_refused(ask: Ask) -> Iterator[Objection]:
    """The CA signs no wildcard, so it signs nothing or something else."""
    names = _wildcards(ask)
    if names and ask.profile.wildcard is False:
        yield objection(names=_list(names))


@rule("UCM-CA-018", Severity.ERROR, "CA/Browser Forum Baseline Requirements 4.2.2 and 7.1.2.7 (no internal names)")
def not_for_public(ask: Ask) -> Iterator[Objection]:
    """Names that exist only inside a company are never signed by a public CA."""
    names = [name for name in (*ask.sans, f"dns:{ask.common_name}") if ask.profile.public and _internal(name)]
    if names and not ask.typical:
        yield objection(names=_list(list(dict.fromkeys(names))))


@rule(
    "UCM-CA-023", Severity.ERROR, "Vault PKI API, role parameters allowed_domains, allow_bare_domains, allow_subdomains"
)
def not_allowed(ask: Ask) -> Iterator[Objection]:
    """The CA signs names of some domains only, and refuses the whole request for one other."""
    rule_of_names = ask.profile.allowed
    if rule_of_names is None or ask.typical:
        return
    hosts = [san.removeprefix("dns:") for san in ask.sans if san.startswith("dns:")]
    names = [name for name in dict.fromkeys((ask.common_name, *hosts)) if name and not rule_of_names.allows(name)]
    if names:
        yield objection(names=_list(names), domains=_list(list(rule_of_names.domains)))


def _wildcards(ask: Ask) -> list[str]:
    return [name for name in (ask.common_name, *ask.sans) if "*" in name]


def _internal(san: str) -> bool:
    kind, _, value = san.partition(":")
    if kind == "ip":
        return not ipaddress.ip_address(value).is_global
    host = value.lower().rstrip(".")
    return kind == "dns" and bool(host) and ("." not in host or host.endswith(NEVER_PUBLIC))


def _list(names: list[str]) -> str:
    return ", ".join(names) or "-"
