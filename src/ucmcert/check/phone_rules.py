"""Is the phones' side fit for a renewal that phones notice? Settings, the phones themselves, and what they must know.

Every rule is silent when no phone notices the run. Source: procedure.md 4.1 P6-P10, P20-P22; phones.md 5.2.
"""

from collections.abc import Iterator

from ucmcert.check.cases import Before
from ucmcert.knowledge.phone_classes import read_class
from ucmcert.lint.phone_world import automatic, cucm_nodes, mixed, moves_phones, publisher_has, reused, tftp_nodes
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.service_names import runs
from ucmcert.model.finding import Severity
from ucmcert.model.phone import PhonesFacts

NAMED_AT_MOST = 20
SHARED_WITH_OTHERS = ("tomcat", "CallManager", "ITLRecovery")


def noticed(case: Before) -> bool:
    """Whether phones notice this run."""
    return any(moves_phones(case.cluster, item.purpose) for item in case.items)


def names_of(names: tuple[str, ...]) -> str:
    """The first names of a long list."""
    return ", ".join(names[:NAMED_AT_MOST]) + (", ..." if len(names) > NAMED_AT_MOST else "")


@rule("UCM-CHECK-025", Severity.ERROR, "procedure.md 4.1 P6")
def mode_unknown(case: Before) -> Iterator[Objection]:
    """Without the security mode nobody knows whether a CTL must be updated."""
    if noticed(case) and case.cluster.mixed_mode is None:
        yield objection()


@rule("UCM-CHECK-026", Severity.ERROR, "procedure.md 4.1 P10; phones.md I13 (throttled or failed is unknown)")
def phones_unread(case: Before) -> Iterator[Objection]:
    """The baseline is what everything is compared with afterwards."""
    phones = case.cluster.phones
    if noticed(case) and (phones is None or not phones.complete or phones.problem):
        yield objection(problem=phones.problem or "incomplete" if phones else "nobody looked")


@rule("UCM-CHECK-027", Severity.ERROR, "procedure.md 4.1 P8; phones.md 1.5, I10")
def prepared_for_rollback(case: Before) -> Iterator[Objection]:
    """With it phones get a list without anchors; not knowing it is no better."""
    phones = _known(case)
    if phones is not None and phones.total and phones.rollback is not False:
        yield objection(state="True" if phones.rollback else "unknown")


@rule("UCM-CHECK-028", Severity.WARNING, "procedure.md 4.1 P7; phones.md 2.5")
def interaction_unknown(case: Before) -> Iterator[Objection]:
    """What is not known is taken as automatic: slower, never less safe."""
    phones = _known(case)
    if phones is not None and phones.total and phones.interaction == "unknown" and automatic(case.cluster):
        yield objection()


@rule("UCM-CHECK-029", Severity.WARNING, "procedure.md 4.1 P9; phones.md 2.4 (baseline: they will be lost)")
def phones_mismatched(case: Before) -> Iterator[Objection]:
    """A phone that holds another list today is not believed to follow tomorrow."""
    phones = _known(case)
    if phones is not None and phones.mismatched:
        yield objection(count=str(len(phones.mismatched)), names=names_of(phones.mismatched))


@rule("UCM-CHECK-030", Severity.WARNING, "phones.md 2.4 (web access often disabled)")
def phones_silent(case: Before) -> Iterator[Objection]:
    """A phone without a page tells nobody what it holds; being registered proves nothing."""
    phones = _known(case)
    if phones is not None and phones.silent:
        yield objection(count=str(len(phones.silent)), names=names_of(phones.silent))


@rule("UCM-CHECK-031", Severity.ERROR, "phones.md 1.8, 0.6; procedure.md 4.1 P5")
def nobody_to_ask(case: Before) -> Iterator[Objection]:
    """TVS is the second opinion of every phone that registers with the node."""
    if not noticed(case):
        return
    for facts in cucm_nodes(case.cluster):
        if facts.services and runs(facts, "callmanager") and not runs(facts, "tvs"):
            yield objection(where=facts.node.name)


@rule("UCM-CHECK-032", Severity.ERROR, "phones.md 1.2; procedure.md 3.3 CAP-4")
def nobody_serves_lists(case: Before) -> Iterator[Objection]:
    """Without TFTP no phone ever hears of the new certificate."""
    if noticed(case) and not tftp_nodes(case.cluster):
        yield objection()


@rule("UCM-CHECK-033", Severity.WARNING, "procedure.md 4.1 P20, 3.3 CAP-0, CAP-7; phones.md 1.6")
def phones_with_own_certificates(case: Before) -> Iterator[Objection]:
    """LSCs stay valid only while the old CAPF is trusted; other servers must learn the new one."""
    if any(item.purpose == "CAPF" and item.last_state != "uploaded" for item in case.items):
        classes = case.cluster.phones.classes if case.cluster.phones else {}
        yield objection(count=str(sum(count for name, count in classes.items() if read_class(name).secure)))


@rule("UCM-CHECK-034", Severity.NOTICE, "procedure.md 4.1 P21, 3.10")
def tomcat_is_reused(case: Before) -> Iterator[Objection]:
    """A tomcat renewal is then a CallManager renewal too."""
    for web, call in reused(case.cluster).items():
        if any(item.purpose == web for item in case.items):
            yield objection(web=web, call=call)


@rule("UCM-CHECK-035", Severity.NOTICE, "procedure.md 4.1 P22, 3.4 CCM-9, 7 EMCC partners")
def others_share_trust(case: Before) -> Iterator[Objection]:
    """Whether other clusters hold these certificates was not read: a person knows."""
    shared = [name for name in SHARED_WITH_OTHERS if any(item.purpose == name for item in case.items)]
    if shared and noticed(case):
        yield objection(purposes=", ".join(shared))


@rule("UCM-CHECK-036", Severity.WARNING, "interfaces-cli.md 4.6 [S FN-70613]")
def stale_recovery_key(case: Before) -> Iterator[Objection]:
    """After an upgrade from below 12.5 the CTL may hold an ITLRecovery that nobody has any more."""
    calls = any(item.purpose in ("CallManager", "CallManager-ECDSA") for item in case.items)
    if calls and mixed(case.cluster) and publisher_has(case.cluster, "stale_recovery_key_in_ctl"):
        yield objection()


def _known(case: Before) -> PhonesFacts | None:
    """The phones' facts when phones notice the run and somebody looked."""
    return case.cluster.phones if noticed(case) else None
