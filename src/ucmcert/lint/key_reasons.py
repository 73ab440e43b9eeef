"""Why the key is another one, as far as the caller's CSRs and the certificate in place tell (procedure.md 5 E3)."""

from collections.abc import Iterator

from ucmcert.lint.case import Upload
from ucmcert.lint.rule import Objection, objection, rule
from ucmcert.model.finding import Severity


@rule("UCM-KEY-006", Severity.NOTICE, "procedure.md 5 E3 (CSR regenerated meanwhile)")
def answers_older_request(case: Upload) -> Iterator[Objection]:
    """A CSR was made after the one that was signed; CUCM keeps the key of the last one only."""
    older = {one.spki_sha256 for one in case.known.older_requests}
    if case.leaf.spki_sha256 != case.request.spki_sha256 and case.leaf.spki_sha256 in older:
        yield objection(purpose=case.purpose)


@rule("UCM-KEY-007", Severity.NOTICE, "procedure.md 5 E3 (certificate of another node, made from another CSR)")
def answers_another_request(case: Upload) -> Iterator[Objection]:
    """The file belongs to another node or another purpose."""
    if case.leaf.spki_sha256 == case.request.spki_sha256:
        return
    for owner, one in case.known.other_requests:
        if one.spki_sha256 == case.leaf.spki_sha256:
            yield objection(owner=owner)


@rule("UCM-KEY-008", Severity.NOTICE, "procedure.md 5 E3, U-P5 (last year's file)")
def key_in_place(case: Upload) -> Iterator[Objection]:
    """The key of the certificate in place: the answer to the last renewal's CSR."""
    current = case.current
    if current and case.leaf.spki_sha256 == current.spki_sha256 != case.request.spki_sha256:
        yield objection(purpose=case.purpose)
