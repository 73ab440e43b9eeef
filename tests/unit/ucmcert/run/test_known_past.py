"""Promise: what the ledger saw or proved of lists and backups is known again when a phone tells a checksum."""

from factory.certificates import NOW
from factory.phone_clusters import RELEASE_125, caller, phone_cluster, with_lists
from ucmcert.model.cluster import Cluster
from ucmcert.model.event import CertificateIssued, Event, Finished, RunStarted, Verified
from ucmcert.model.node import Role
from ucmcert.model.plan import Plan, Step, StepKind
from ucmcert.model.signing import Issued
from ucmcert.model.trust_list import ListRole
from ucmcert.plan.build import build
from ucmcert.plan.select import select
from ucmcert.run.known_past import Past, past_of
from ucmcert.run.ledger import open_ledger

PAIR = (caller("cucm-pub", Role.PUBLISHER, release=RELEASE_125), caller("cucm-sub1", release=RELEASE_125))
BEFORE = with_lists(phone_cluster(*PAIR, release=RELEASE_125))
NEW = caller("cucm-pub", Role.PUBLISHER, release=RELEASE_125, label="new").holding.identity("TVS")
PUB, SUB = "cucm-pub.lab.example", "cucm-sub1.lab.example"
SHA1 = "5a" * 20


def plan() -> Plan:
    return build(BEFORE, select(BEFORE, now=NOW, threshold_days=30, purposes=("TVS",), force=True), now=NOW)


def step(made: Plan, kind: StepKind, node: str) -> Step:
    return next(one for one in made.steps if one.kind is kind and one.node == node)


def past(*events: Event) -> Past:
    ledger = open_ledger(None, "demo")
    for one in events:
        ledger.append(one)
    return past_of(ledger.entries())


def started(made: Plan, before: Cluster | None = BEFORE) -> RunStarted:
    return RunStarted(at=NOW, run="r", plan=made, tool="test", approved_by="a test", before=before)


def verified(one: Step, **facts: str) -> Verified:
    return Verified(at=NOW + 5.0, run="r", step=one.id, evidence=(), facts=facts)


def identity(node: str, purpose: str) -> str:
    held = BEFORE.facts(node).holding.identity(purpose)
    assert held is not None
    return held.sha256


def test_whole_lists_of_both_looks_are_known() -> None:
    seen = past(started(plan()), Finished(at=NOW, run="r", after=BEFORE))
    served = [one.sha1 for facts in BEFORE.nodes for one in facts.lists]
    assert served * 2 == [one.sha1 for one in seen.lists]


def test_a_list_that_a_check_proved_is_known_with_the_certificates_of_that_moment() -> None:
    made = plan()
    assert NEW is not None
    sign, upload = step(made, StepKind.CSR_SIGN, PUB), step(made, StepKind.IDENTITY_UPLOAD, PUB)
    check = step(made, StepKind.LISTS_CHECK, PUB)
    seen = past(
        started(made),
        CertificateIssued(at=NOW, run="r", step=sign.id, issued=Issued(leaf=NEW, chain=())),
        verified(upload, node_utc="1.0"),
        verified(check, **{f"itl/{PUB}": SHA1}),
    )
    told = seen.lists[-1]
    assert (SHA1, PUB, "itl") == (told.sha1, told.node, told.kind)
    signers = {one.sha256 for one in told.records if one.role == ListRole.SAST}
    assert {identity(PUB, "CallManager"), identity(PUB, "ITLRecovery")} == signers
    assert {NEW.sha256, identity(SUB, "TVS")} == {one.sha256 for one in told.records if one.role == ListRole.TVS}
    assert identity(PUB, "ITLRecovery") == told.signer_sha256


def test_a_backup_is_known_with_what_was_stored_then() -> None:
    made = plan()
    seen = past(started(made), verified(step(made, StepKind.BACKUP_FRESH, PUB), file="day.tar"))
    assert [("day.tar", NOW + 5.0)] == [(one.file, one.at) for one in seen.backups]
    assert identity(SUB, "CallManager") in seen.backups[0].identities


def test_a_run_without_a_look_before_it_tells_nothing() -> None:
    made = plan()
    seen = past(started(made, None), verified(step(made, StepKind.LISTS_CHECK, PUB), **{f"itl/{PUB}": SHA1}))
    assert Past(lists=(), backups=()) == seen
