"""Is the cluster as a whole fit for a renewal? Releases, backup, single sign-on."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ucmcert.check.cases import Before
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.lint.time_rules import utc_text
from ucmcert.model.finding import Severity
from ucmcert.model.node import CUCM_ROLES, Release, Role

ANY_TIME_ZONE_S = 14 * 3600.0  # the name of a backup file tells local time, which may be that far from UTC


@rule("UCM-CHECK-001", Severity.ERROR, "procedure.md 4.1 P1 [S UG]")
def releases_differ(case: Before) -> Iterator[Objection]:
    """CUCM nodes of two releases are in the middle of an upgrade."""
    texts = {f.node.release.text for f in case.cluster.nodes if f.node.role in CUCM_ROLES}
    if len(texts) > 1:
        yield objection(releases=", ".join(sorted(texts)))


@rule("UCM-CHECK-002", Severity.WARNING, "procedure.md 3.8 IMP-1 [S RN15SU3]")
def presence_release_differs(case: Before) -> Iterator[Objection]:
    """IM and Presence follows the release of CUCM; build numbers of the two products differ by nature."""
    ours = _family(case.cluster.publisher.node.release)
    for facts in case.cluster.nodes:
        if facts.node.role is Role.IM_PRESENCE and _family(facts.node.release) != ours:
            there, here = facts.node.release.text, case.cluster.publisher.node.release.text
            yield objection(where=facts.node.name, release=there, publisher=here)


@rule("UCM-CHECK-006", Severity.ERROR, "procedure.md 4.1 P4, 3.2 IPS-0")
def backup_running(case: Before) -> Iterator[Objection]:
    """A certificate change breaks a running backup or restore."""
    backup = case.cluster.publisher.backup
    if backup is not None and backup.running:
        yield objection(where=case.cluster.publisher.node.name)


@rule("UCM-CHECK-007", Severity.WARNING, "procedure.md 4.1 P4, 3.0 X7 (undo only by DRS restore)")
def no_good_backup(case: Before) -> Iterator[Objection]:
    """An uploaded identity can only be undone by a restore; without a good backup there is no way back."""
    backup = case.cluster.publisher.backup
    if backup is not None and not backup.running and "success" not in backup.last_result.lower():
        yield objection(where=case.cluster.publisher.node.name, result=backup.last_result or "-")


@rule(
    "UCM-CHECK-043",
    Severity.WARNING,
    "procedure.md 4.1 P4 (newer than the last renewal); interfaces-cli.md 5.10 (file name)",
)
def backup_before_last_renewal(case: Before) -> Iterator[Objection]:
    """A restore would bring back identities that were replaced since, and phones would refuse them."""
    backup = case.cluster.publisher.backup
    taken = _taken_at(backup.last_file) if backup is not None else None
    if taken is None:
        return
    held = [(one.certificate, one.purpose, facts) for facts in case.cluster.nodes for one in facts.holding.identities]
    newer = [row for row in held if row[0].not_before > taken + ANY_TIME_ZONE_S]
    if newer:
        newest, purpose, facts = max(newer, key=lambda row: row[0].not_before)
        values = {"purpose": purpose, "node": facts.node.name, "since": utc_text(newest.not_before)}
        yield objection(where=case.cluster.publisher.node.name, file=backup.last_file if backup else "", **values)


@rule("UCM-CHECK-014", Severity.NOTICE, "procedure.md 4.1 P14, 3.1 TOM-0")
def sso_is_on(case: Before) -> Iterator[Objection]:
    """SSO must go off before tomcat and on after it: two steps for a person, and an IdP administrator at hand."""
    on = [facts.node.host for facts in case.cluster.nodes if facts.sso_enabled]
    if on and any(item.purpose in ("tomcat", "tomcat-ECDSA") for item in case.items):
        yield objection(nodes=", ".join(on))


def _taken_at(file: str) -> float | None:
    """When the backup `file` was begun: the node's wall clock, read as UTC; None when the name does not tell."""
    try:
        return datetime.strptime(file, "%Y-%m-%d-%H-%M-%S.tar").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _family(release: Release) -> tuple[int, ...]:
    """Release and service update, without the product's own build: 14.0.1.13900-155 and 14.0.1.13901-8 are one."""
    return (release.major, release.minor, release.maintenance, release.engineering // 100)
