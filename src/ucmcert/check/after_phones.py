"""After a run: did every phone follow, and is everybody back who was there before?"""

from collections.abc import Iterator

from ucmcert.check.cases import After
from ucmcert.check.phone_rules import names_of
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity


@rule("UCM-AFTER-008", Severity.ERROR, "procedure.md 4.2 Q5; phones.md 2.4")
def phones_left_behind(case: After) -> Iterator[Objection]:
    """A phone that tells another list than its TFTP serves has not followed, unless a person signed for it."""
    phones = case.cluster.phones
    left = tuple(name for name in (phones.mismatched if phones else ()) if name not in case.signed)
    if left:
        yield objection(count=str(len(left)), names=names_of(left))


@rule("UCM-AFTER-009", Severity.WARNING, "procedure.md 4.2 Q5 (back to baseline); phones.md I13")
def fewer_phones(case: After) -> Iterator[Objection]:
    """Fewer registered phones than before proves nothing about trust, but somebody should know who is missing."""
    now, then = case.cluster.phones, case.before.phones if case.before else None
    if now is None or then is None or not (now.complete and then.complete):
        return
    gone = tuple(name for name in now.absent if name not in {*then.absent, *case.signed})
    if gone:
        yield objection(count=str(len(gone)), names=names_of(gone))
