"""Is this node fit for a renewal? Its clock, its services, its sessions, what it holds and what it serves."""

from collections.abc import Iterator

import msgspec

from ucmcert.check.cases import BeforeNode
from ucmcert.knowledge.purposes import PURPOSES, Purpose, lives_on
from ucmcert.knowledge.services import SERVICES, restarts
from ucmcert.knowledge.versions import has
from ucmcert.lint.phone_world import moves_phones, reused
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.service_names import listed, shown_ports
from ucmcert.lint.shared_request import lacks
from ucmcert.lint.time_rules import utc_text
from ucmcert.model.cluster import ServiceStatus
from ucmcert.model.finding import Severity
from ucmcert.model.node import CUCM_ROLES

CLOCK_ERROR_S = 300
CLOCK_WARNING_S = 30
LONGEST_COMMON_NAME = 64
SESSIONS_WANTED = 2
ON_EVERY_NODE = ("tomcat", "ipsec")
NOT_ACTIVATED = "not activated"
UNREADABLE = "UCM-SCAN-001"
OUT_OF_SERVICE = ("commanded out of service", "command out of service")


@rule("UCM-CHECK-003", Severity.ERROR, "procedure.md 4.1 P2")
def time_not_synchronised(case: BeforeNode) -> Iterator[Objection]:
    """A node without NTP drifts, and a drifted node takes new certificates for not yet valid ones."""
    if case.facts.time_synchronised is False:
        yield objection()


@rule("UCM-CHECK-004", Severity.ERROR, "procedure.md 4.1 P2, P3, P4 (a gate nobody looked at is closed)")
def gate_unread(case: BeforeNode) -> Iterator[Objection]:
    """A fact a gate needs could not be read. What discovery told as an error already is not told twice."""
    facts = case.facts
    if _told(case, "release"):
        return
    unread = {
        "utils ntp status": facts.time_synchronised is None,
        "utils service list": not facts.services and not _told(case, "services"),
        "utils disaster_recovery status": facts.backup is None and facts is case.whole.cluster.publisher,
        "utils sso status": facts.sso_enabled is None
        and facts is case.whole.cluster.publisher
        and bool({"tomcat", "tomcat-ECDSA"} & _purposes_of_run(case)),
        "utils dbreplication runtimestate": facts.replication is None
        and facts.node.role in CUCM_ROLES
        and len(case.whole.cluster.nodes) > 1,
    }
    for command, missing in unread.items():
        if missing:
            yield objection(command=command)


@rule("UCM-CHECK-005", Severity.ERROR, "procedure.md 4.1 P3 [S D6]")
def replication_broken(case: BeforeNode) -> Iterator[Objection]:
    """Trust certificates travel by database replication; 2 is the only good state."""
    if case.facts.replication not in (None, 2):
        yield objection(state=str(case.facts.replication))


@rule("UCM-CHECK-008", Severity.ERROR, "procedure.md 4.1 P5")
def indispensable_service_down(case: BeforeNode) -> Iterator[Objection]:
    """Tomcat and DRF run on every node, DRF Master on the publisher, whatever reason the list gives."""
    for service in SERVICES.values():
        if case.facts.node.role in service.must_run and case.facts.services:
            status = listed(case.facts, service)
            if status is None or not status.runs:
                yield objection(service=service.names[0], state=status.state if status else "not listed")


@rule("UCM-CHECK-009", Severity.ERROR, "procedure.md 4.1 P5")
def activated_service_down(case: BeforeNode) -> Iterator[Objection]:
    """An activated service that is not started would miss its restart, or hides another trouble."""
    for status in _restart_set(case):
        reason = status.reason.lower()
        if not status.runs and NOT_ACTIVATED not in reason and not _commanded(reason):
            yield objection(service=status.name, state=status.state, reason=status.reason or "-")


@rule("UCM-CHECK-011", Severity.WARNING, "procedure.md 4.1 P5; interfaces-cli.md 3.1 reasons")
def service_stopped_by_hand(case: BeforeNode) -> Iterator[Objection]:
    """Somebody stopped it on purpose; it will read the new certificate whenever it is started."""
    for status in _restart_set(case):
        if not status.runs and _commanded(status.reason.lower()):
            yield objection(service=status.name)


@rule("UCM-CHECK-012", Severity.ERROR, "procedure.md 4.1 P12 (one CSR per purpose and server)")
def leftover_request(case: BeforeNode) -> Iterator[Objection]:
    """A CSR that is not ours waits for (node, purpose): a new one would destroy its key.

    Without the REST API a person makes the multi-server CSR, and the run takes it as its own.
    """
    for purpose in case.purposes:
        pending = case.facts.holding.request(purpose)
        if pending is not None and pending.spki_sha256 not in case.whole.ours and not _made_for_us(case, purpose):
            yield objection(purpose=purpose, found=pending.spki_sha256[:16])


def _made_for_us(case: BeforeNode, purpose: str) -> bool:
    node, pending = case.facts.node, case.facts.holding.request(purpose)
    sharing = [one.node for one in case.whole.items if (one.purpose, one.shared_from) == (purpose, node.name)]
    by_hand = not has("certificate_rest_api", msgspec.structs.astuple(node.release))
    return by_hand and bool(sharing) and pending is not None and not lacks(pending, sharing)


@rule("UCM-CHECK-013", Severity.WARNING, "procedure.md 4.1 P18")
def expired_trust_entry(case: BeforeNode) -> Iterator[Objection]:
    """Expired trust entries serve nobody and are dropped at upgrades."""
    for entry in case.facts.holding.trust:
        if entry.certificate.not_after <= case.whole.now:
            until = utc_text(entry.certificate.not_after)
            yield objection(entry=entry.filename or entry.certificate.common_name, store=entry.purpose, until=until)


@rule("UCM-CHECK-015", Severity.WARNING, "procedure.md 4.1 P15")
def identity_lacks_node_name(case: BeforeNode) -> Iterator[Objection]:
    """The identity of today does not name the node: the new CSR will ask for other names than clients know."""
    for purpose in case.purposes:
        if PURPOSES[purpose].must_be_ca or not PURPOSES[purpose].ca_signed:
            continue  # CAPF and ITLRecovery have names of their own
        held = case.facts.holding.identity(purpose)
        names = {held.common_name.lower(), *(san.partition(":")[2].lower() for san in held.sans)} if held else set()
        if held and case.facts.node.name.lower() not in names:
            yield objection(purpose=purpose, name=case.facts.node.name, names=", ".join(sorted(names)))


@rule("UCM-CHECK-024", Severity.WARNING, "procedure.md 4.1 P15 (CN <= 64) [I]")
def common_name_too_long(case: BeforeNode) -> Iterator[Objection]:
    """X.509 allows 64 characters in a CN; a CA cuts or refuses a longer one."""
    if len(case.facts.node.name) > LONGEST_COMMON_NAME:
        yield objection(name=case.facts.node.name, length=str(len(case.facts.node.name)))


@rule("UCM-CHECK-016", Severity.ERROR, "procedure.md 4.1 P2, 5 E5; 300 s is also what Kerberos and SAML allow [I]")
def clock_far_off(case: BeforeNode) -> Iterator[Objection]:
    """Restart times and validity are judged by the node's clock: minutes apart, nothing proves anything."""
    offset_s = case.facts.clock_offset_s
    if offset_s is not None and abs(offset_s) > CLOCK_ERROR_S:
        yield objection(offset=f"{offset_s:+.0f}")


@rule("UCM-CHECK-017", Severity.WARNING, "procedure.md 4.1 P2 [I]")
def clock_off(case: BeforeNode) -> Iterator[Objection]:
    """Not dangerous yet, but NTP should do better."""
    offset_s = case.facts.clock_offset_s
    if offset_s is not None and CLOCK_WARNING_S < abs(offset_s) <= CLOCK_ERROR_S:
        yield objection(offset=f"{offset_s:+.0f}")


@rule("UCM-CHECK-018", Severity.WARNING, "interfaces-cli.md 1; design.md 9 [I]")
def few_sessions(case: BeforeNode) -> Iterator[Objection]:
    """The run and a person who looks on need one command-line session each."""
    free = case.facts.sessions_free
    if free is not None and free < SESSIONS_WANTED:
        yield objection(free=str(free))


@rule("UCM-CHECK-019", Severity.ERROR, "procedure.md 1.1 (every node has one)")
def identity_missing(case: BeforeNode) -> Iterator[Objection]:
    """A certificate that is not there is never fine; whether it is there is not known where nothing could be read."""
    if _told(case, "release") or _told(case, "certificates"):
        return
    hidden = set(reused(case.whole.cluster).values())
    for purpose in PURPOSES.values():
        if not lives_on(purpose, case.facts.node.role) or purpose.twin_of or purpose.name in hidden:
            continue
        if _needed(case, purpose) and case.facts.holding.identity(purpose.name) is None:
            yield objection(purpose=purpose.name)


@rule("UCM-CHECK-020", Severity.WARNING, "procedure.md 3.0 X9")
def served_is_not_stored(case: BeforeNode) -> Iterator[Objection]:
    """A certificate was uploaded and Tomcat not restarted since: somebody is at work, or forgot."""
    stored = case.facts.holding.identity("tomcat")
    for served in case.facts.served:
        if stored is None or served.leaf is None or served.port not in PURPOSES["tomcat"].ports:
            continue
        if served.leaf.sha256 != stored.sha256 and not _ecdsa(case, served.leaf.sha256):
            yield objection(port=str(served.port), served=served.leaf.sha256[:16], stored=stored.sha256[:16])


@rule("UCM-CHECK-021", Severity.ERROR, "procedure.md 4.1 P1, P5")
def port_is_silent(case: BeforeNode) -> Iterator[Objection]:
    """What does not answer before the renewal cannot prove anything after it."""
    purposes = [one for one in PURPOSES.values() if lives_on(one, case.facts.node.role) and _needed(case, one)]
    needed = {port for purpose in purposes for port in shown_ports(case.facts, purpose.name)}
    for served in case.facts.served:
        if served.leaf is None and served.port in needed:
            yield objection(port=str(served.port), problem=served.problem or "-")


@rule("UCM-CHECK-023", Severity.WARNING, "procedure.md 1.2 (CallManager only if < 14 and SIP OAuth)")
def sip_oauth_unknown(case: BeforeNode) -> Iterator[Objection]:
    """Below 14, CallManager reads tomcat for SIP OAuth; whether that is in use is not read here: a person decides."""
    status = case.facts.service("Cisco CallManager")
    numbers = msgspec.structs.astuple(case.facts.node.release)
    if "tomcat" in case.purposes and status and status.runs and not has("container_tomcats", numbers):
        yield objection()


def _restart_set(case: BeforeNode) -> Iterator[ServiceStatus]:
    """The listed services of this node's restart sets that `must_run` does not already judge, each once."""
    role, numbers = case.facts.node.role, msgspec.structs.astuple(case.facts.node.release)
    seen: set[str] = set()
    for purpose in case.purposes:
        for row in (*restarts(purpose, role, numbers, "trust"), *restarts(purpose, role, numbers)):
            service = SERVICES[row.service]
            status = listed(case.facts, service)
            if status and role not in service.must_run and service.key not in seen:
                seen.add(service.key)
                yield status


def _commanded(reason: str) -> bool:
    return any(words in reason for words in OUT_OF_SERVICE)


def _told(case: BeforeNode, fact: str) -> bool:
    """Whether discovery says with an error of its own that `fact` of this node could not be read."""
    return any(
        one.code == UNREADABLE and one.severity is Severity.ERROR and one.values.get("fact") == fact
        for one in case.facts.problems
    )


def _needed(case: BeforeNode, purpose: Purpose) -> bool:
    """Whether every node of its kind must have `purpose` for this run: those of every node, those that are renewed
    anywhere, and the other anchors of phones when one of them is.
    """
    noticed = any(moves_phones(case.whole.cluster, item.purpose) for item in case.whole.items)
    return (
        purpose.name in ON_EVERY_NODE
        or (purpose.name in _purposes_of_run(case) and not purpose.only_named)
        or (noticed and bool(purpose.anchor) and not purpose.only_named)
    )


def _purposes_of_run(case: BeforeNode) -> set[str]:
    return {item.purpose for item in case.whole.items}


def _ecdsa(case: BeforeNode, sha256: str) -> bool:
    held = case.facts.holding.identity("tomcat-ECDSA")
    return held is not None and held.sha256 == sha256
