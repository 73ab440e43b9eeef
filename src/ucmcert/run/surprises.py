"""Findings the run itself makes: codes and sources here, words in knowledge/texts/*/run.toml."""

from ucmcert.errors import Refused, UcmcertError
from ucmcert.model.finding import Finding, Severity, worded
from ucmcert.run.observation import Surprise

SOURCES = {
    "UCM-CSR-020": "procedure.md 4.1 P15, 3.0 X3",
    "UCM-CSR-021": "interfaces-cli.md 2.3; procedure.md 2.3",
    "UCM-CSR-022": "interfaces-cli.md 2.3; procedure.md 3.7 multi-SAN",
    "UCM-RUN-001": "procedure.md 4.1 P12; D1 step 2",
    "UCM-RUN-003": "design.md 4",
    "UCM-RUN-004": "procedure.md 5 E2",
    "UCM-RUN-005": "procedure.md 5 E3",
    "UCM-RUN-006": "procedure.md 1.2",
    "UCM-RUN-007": "interfaces-http.md 4; D1: only if the service runs and is active",
    "UCM-RUN-014": "procedure.md 3.1 TOM-0",
    "UCM-RUN-015": "procedure.md 3.1 TOM-4",
    "UCM-RUN-016": "procedure.md 5 E6, 6.2",
    "UCM-RUN-017": "design.md 4: only evidence moves a certificate on",
    "UCM-RUN-018": "design.md 4",
    "UCM-RUN-019": "design.md 4",
    "UCM-RUN-022": "phones.md 2.4, I3, I13",
    "UCM-RUN-023": "phones.md 2.3, I3",
    "UCM-RUN-024": "phones.md 2.4 (baseline), I10",
    "UCM-RUN-025": "phones.md 2.5; procedure.md 3.7",
    "UCM-RUN-026": "procedure.md 3.7 (mixed, eToken CTL); phones.md 1.6",
    "UCM-RUN-027": "phones.md I11; procedure.md 3.4 CCM-10, 4.2 Q8",
    "UCM-RUN-028": "phones.md I11; procedure.md 4.1 P4",
    "UCM-RUN-043": "procedure.md 3.3 CAP-7; interfaces-http.md 2.4",
    "UCM-RUN-044": "procedure.md 3.3 CAP-7",
    "UCM-RUN-045": "procedure.md 3.3 CAP-7; phones.md 1.6, I9",
    "UCM-RUN-046": "phones.md 1.6, I9, U11; procedure.md 6.1",
    "UCM-RUN-047": "interfaces-cli.md 2.3; procedure.md 3.7 multi-SAN",
    "UCM-RUN-048": "procedure.md 3.7 multi-SAN, 4.1 P12",
    "UCM-RUN-049": "phones.md 2.4 (baseline); procedure.md 3.6 rule 4",
}


def surprise(code: str, where: str, *, answer: str = "", **values: str) -> Surprise:
    """A surprise with the words of `code`; `values` fill their placeholders."""
    return Surprise(finding=finding(code, where, **values), answer=answer)


def finding(code: str, where: str, **values: str) -> Finding:
    """An error finding of the run with the words of `code`."""
    return worded(code, Severity.ERROR, where, SOURCES[code], values)


def from_error(error: UcmcertError) -> Surprise:
    """A refusal or a usage error met in the middle of a run, as something a person must look at."""
    answer = error.answer if isinstance(error, Refused) else ""
    return Surprise(
        finding=Finding(
            code=error.code,
            severity=Severity.ERROR,
            where=error.where,
            what=error.what,
            why=error.why,
            next=error.next,
            source="the node's own answer" if answer else "ucmcert",
        ),
        answer=answer,
    )
