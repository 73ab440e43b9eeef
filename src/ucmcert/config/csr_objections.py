"""What the shape of the [csr] tables cannot say: does each value fit the purpose and the row it stands for?

Room rule: no sentence repeats a value of the file. What only the cluster can tell (its nodes, their releases) is asked
by the plan, see `plan.csr_findings`.
"""

import re
from collections.abc import Iterator

from ucmcert.config.schema import CsrFields, CsrRowSection, CsrSection
from ucmcert.knowledge.csr_limits import SUBJECT_MOST, WEAKEST_HASH
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.csr_settings import is_address

LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
FQDN = re.compile(rf"(\*\.)?({LABEL}\.)+{LABEL}")
FQDN_MOST = 253
COUNTRY = re.compile(r"[A-Za-z]{2}")
UNTYPABLE = re.compile(r'["\\\x00-\x1f\x7f]')
FOLLOWS = {"cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA"}


def csr_objections(csr: CsrSection) -> Iterator[tuple[str, str]]:
    """(item, what was expected there) of everything wrong in `csr`, in the order of the file."""
    yield from _in_general("csr", csr, wildcards=False)
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(csr.rows, start=1):
        item = f"csr, for, number {number}"
        selectors = (row.purpose.lower(), row.node.lower())
        if selectors == ("", ""):
            yield item, "expected `purpose`, `node` or both: what holds for all stands in [csr]"
        if selectors in seen:
            yield item, "another row is for the same purpose and node already"
        seen.add(selectors)
        yield from _in_general(item, row, wildcards=row.purpose in FOLLOWS)
        yield from _by_purpose(item, row)


def _in_general(item: str, fields: CsrFields, *, wildcards: bool) -> Iterator[tuple[str, str]]:
    for name in fields.names or ():
        if "*" in name and not wildcards:
            yield f"{item}, names", "a wildcard is not supported, except in a row for cup-xmpp-s2s"
        elif not is_address(name) and (not FQDN.fullmatch(name) or len(name) > FQDN_MOST):
            yield f"{item}, names", "expected full host names (host.domain) or IP addresses"
    if fields.distribution == "multi-server" and any(is_address(name) for name in fields.names or ()):
        yield f"{item}, names", "a multi-server certificate takes host names only, no IP address"
    if fields.ec_bits and fields.hash and fields.hash < WEAKEST_HASH[fields.ec_bits]:
        yield f"{item}, hash", f"expected {WEAKEST_HASH[fields.ec_bits]} or more: at least as strong as the key"
    for word, most in SUBJECT_MOST.items():
        value = getattr(fields, word)
        if value is not None and (len(value) > most or UNTYPABLE.search(value)):
            yield f"{item}, {word}", f"expected at most {most} characters, without quotes and backslashes"
    if fields.country and not COUNTRY.fullmatch(fields.country):
        yield f"{item}, country", "expected the two letters of the country"


def _by_purpose(item: str, row: CsrRowSection) -> Iterator[tuple[str, str]]:
    if row.node and row.distribution:
        yield f"{item}, distribution", "it is one for all nodes: expected in [csr] or in a row without `node`"
    if not row.purpose:
        return
    for word in SUBJECT_MOST:
        if getattr(row, word) is not None:
            yield f"{item}, {word}", "a node has one subject for all its CSRs: expected in [csr] or in a row of a node"
    known = PURPOSES.get(row.purpose)
    if known is None or not known.ca_signed:
        signed = ", ".join(one.name for one in PURPOSES.values() if one.ca_signed)
        yield f"{item}, purpose", f"expected one of {signed}"
        return
    if known.twin_of and row.rsa_bits:
        yield f"{item}, rsa_bits", "this purpose has an EC key: expected `ec_bits`"
    if not known.twin_of and row.ec_bits:
        yield f"{item}, ec_bits", "this purpose has an RSA key: expected `rsa_bits`; EC lengths are for -ECDSA only"
    if row.distribution == "multi-server" and not known.multi_server:
        yield f"{item}, distribution", "this purpose has a certificate of its own on every node: expected `this-server`"
