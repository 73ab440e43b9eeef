"""The CSR that did come out beside the one that was foretold: what differs, and whether that is what was approved."""

from collections.abc import Iterator

import msgspec

from ucmcert.knowledge.key_usage import EKU_NAMES
from ucmcert.knowledge.key_usage import expected as usage_of
from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE
from ucmcert.lint.name_rules import plain_san
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.cluster import NodeFacts
from ucmcert.model.subject import subject_parts
from ucmcert.plan.csr_expected import Expected

HOLDING = frozenset({"key", "names", "distribution"})


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One field that came out otherwise. `holds` when somebody chose it and the certificate would be another one."""

    field: str
    wanted: str
    got: str
    holds: bool = False

    @property
    def spelled(self) -> str:
        """`key RSA 2048 instead of RSA 4096`."""
        return f"{self.field} {self.got or '-'} instead of {self.wanted or '-'}"


def differences(
    wanted: Expected, request: CertificateRequest, facts: NodeFacts, purpose: str, others: tuple[str, ...] = ()
) -> tuple[Difference, ...]:
    """Field by field, in the order of a CSR; () when it came out as foretold.

    Names that CUCM adds by itself are no difference, but a name of `others` (host names of the rest of the cluster)
    means that a certificate of its own became one of several nodes. Only what was chosen (`wanted.chosen`) can hold a
    run. Source: procedure.md 4.1 P15, 5 E4; 2.1 for the usages.
    """
    found = (*_key(wanted, request), *_names(wanted, request, others), *_usages(request, facts, purpose))
    return tuple(
        msgspec.structs.replace(one, holds=one.field in wanted.chosen and one.field in HOLDING)
        for one in (*_subject(wanted, request), *found)
    )


def _subject(wanted: Expected, request: CertificateRequest) -> Iterator[Difference]:
    if request.common_name.lower() != wanted.common_name.lower():
        yield Difference(field="common_name", wanted=wanted.common_name, got=request.common_name)
    got = subject_parts(request.subject)
    for word, value in wanted.subject.items():
        if got.get(word, "") != value:
            yield Difference(field=word, wanted=value, got=got.get(word, ""))


def _key(wanted: Expected, request: CertificateRequest) -> Iterator[Difference]:
    if wanted.key and request.key != wanted.key:
        yield Difference(field="key", wanted=wanted.key, got=request.key)
    if wanted.key and request.signature_hash and request.signature_hash != wanted.hash:
        yield Difference(field="hash", wanted=wanted.hash, got=request.signature_hash)


def _names(wanted: Expected, request: CertificateRequest, others: tuple[str, ...]) -> Iterator[Difference]:
    got = {plain_san(san) for san in request.sans}
    lacking = [name for name in wanted.names if name not in got]
    if lacking:
        yield Difference(field="names", wanted=", ".join(wanted.names), got=_listed(request))
    strangers = {f"dns:{name.lower()}" for name in others} & got
    if any(name not in got for name in wanted.nodes):
        yield Difference(field="distribution", wanted=", ".join(wanted.nodes), got=_listed(request))
    elif not wanted.multi_server and strangers:
        yield Difference(field="distribution", wanted="this-server", got=_listed(request))
    gone = [san for san in wanted.today if plain_san(san) not in got and san not in (*wanted.names, *wanted.nodes)]
    if gone:
        yield Difference(field="names_of_today", wanted=", ".join(gone), got=_listed(request))


def _usages(request: CertificateRequest, facts: NodeFacts, purpose: str) -> Iterator[Difference]:
    release = msgspec.structs.astuple(facts.node.release)
    row = usage_of(purpose, PRODUCT_OF_ROLE[facts.node.role], release)
    if row is None:
        return
    if set(row.usage) != set(request.key_usage):
        yield Difference(field="key_usage", wanted=", ".join(row.usage), got=", ".join(request.key_usage))
    if set(row.extended) != set(request.extended_key_usage):
        told = [
            ", ".join(EKU_NAMES.get(one, one) for one in each) for each in (row.extended, request.extended_key_usage)
        ]
        yield Difference(field="extended_key_usage", wanted=told[0], got=told[1])


def _listed(request: CertificateRequest) -> str:
    return ", ".join(request.sans)
