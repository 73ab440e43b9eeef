"""`set web-security`: another subject and alternate host name for a node, and a new self-signed tomcat certificate.

Source: procedure.md 5 (E4: any domain and addresses; tomcat regenerated, served after the next restart of Cisco Tomcat;
the country stays), interfaces-cli.md 2.5 (the alternate name goes in all later CSRs).
"""

import re
from ipaddress import ip_address

import msgspec

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.records import StoredCertificate
from ucmlab.cluster.certificates.stores import NodeCertificates
from ucmlab.scenarios.schema import Organisation
from ucmlab.switches import Switches

TEXT_MAX = 64  # RFC 5280, ub-organization-name and ub-organizational-unit-name
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.ASCII)


class WebSecurity(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed; "" for a country or alternate host name that was left out."""

    unit: str
    organisation: str
    locality: str
    state: str
    country: str = ""
    alternate_host_name: str = ""


def judge_web_security(held: NodeCertificates, asked: WebSecurity, switches: Switches) -> None:
    """Raises Refusal BAD-SUBJECT, E9, or COUNTRY where switch web_security_country says refused."""
    texts = {
        "orgunit": asked.unit,
        "orgname": asked.organisation,
        "locality": asked.locality,
        "state": asked.state,
    }
    for what, text in texts.items():
        if not 0 < len(text) <= TEXT_MAX or not text.isprintable():
            raise refusals.bad_subject(what)
    if "*" in asked.alternate_host_name:
        raise refusals.wildcard()
    if asked.alternate_host_name and not _is_name_or_address(asked.alternate_host_name):
        raise refusals.bad_subject("alternatehostname")
    fixed = switches["web_security_country"] == "refused"
    if fixed and asked.country not in ("", held.site.organisation.country):
        raise refusals.country_is_fixed()


def set_web_security(held: NodeCertificates, asked: WebSecurity) -> StoredCertificate:
    """Keep the new subject and alternate host name, in place of those before, and regenerate tomcat self-signed.

    A pending CSR stays, and what Cisco Tomcat serves stays until its restart. Needs: judged before.
    """
    organisation = Organisation(
        country=held.site.organisation.country,
        state=asked.state,
        locality=asked.locality,
        organisation=asked.organisation,
        unit=asked.unit,
    )
    held.site = msgspec.structs.replace(
        held.site, organisation=organisation, alternate_host_name=asked.alternate_host_name
    )
    return held.regenerate("tomcat", unit=True)


def _is_name_or_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return _DNS_NAME.fullmatch(text) is not None and not text.replace(".", "").isdigit()
    return True
