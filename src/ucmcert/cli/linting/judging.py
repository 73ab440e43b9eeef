"""Judges what was paired: each certificate with its CSR and its chain, or alone as far as that goes."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ucmcert.authority.pair_finding import pair_finding
from ucmcert.cli.linting.pairing import Pair, Paired, pair_up
from ucmcert.cli.linting.purpose import likely_purpose, told_purpose
from ucmcert.cli.linting.reading import Read
from ucmcert.cli.linting.unasked import unasked
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.case import NOTHING_KNOWN, Known
from ucmcert.lint.upload import lint_answer
from ucmcert.model.finding import Finding
from ucmcert.report.lint_shape import LintJudgement, Located, Missing, pair_shape

HOW_PURPOSE_WAS_FOUND = {"UCM-PAIR-005", "UCM-PAIR-006"}
NOTHING = "UCM-PAIR-007"
ISSUER_GONE = {"UCM-CHAIN-001", "UCM-CHAIN-002", "UCM-TRUST-001"}


def judge_files(read: Read, purpose: str | None, *, now: float) -> LintJudgement:
    """Everything `lint` says of files alone. `purpose` None: what the CSR tells. `now` is UTC epoch seconds."""
    paired = pair_up(read, ca_wanted=bool(purpose) and PURPOSES[purpose or ""].must_be_ca)
    several = len(paired.pairs) > 1
    known = Known(other_requests=tuple((one.file, one.request) for one in read.asked))
    judged = tuple(judge_pair(pair, purpose, now=now, several=several, known=known) for pair in paired.pairs)
    return put_together(read, paired, judged)


def judge_pair(
    pair: Pair, purpose: str | None, *, now: float, several: bool = False, known: Known = NOTHING_KNOWN
) -> LintJudgement:
    """One pair by itself. With `several` pairs each finding begins with its file."""
    asked, leaf = pair.asked, pair.leaf
    if asked is None:
        name = purpose or likely_purpose(leaf.certificate)
        said: tuple[Finding, ...] = (pair_finding("UCM-PAIR-004", leaf.file, file=leaf.file, purpose=name),)
    elif purpose:
        name, said = purpose, ()
    else:
        name, notice = told_purpose(asked.request, leaf.file)
        said = (notice,)
    request = asked.request if asked else unasked(leaf.certificate, name)
    chain = tuple(one.certificate for one in pair.chain)
    by_rules = lint_answer(request, leaf.certificate, chain, purpose=name, now=now, known=known)
    if several:
        by_rules = tuple(replace(one, where=f"{leaf.file}, {one.where}") for one in by_rules)
    return told(pair, name, (*said, *by_rules))


def put_together(read: Read, paired: Paired, judged: tuple[LintJudgement, ...]) -> LintJudgement:
    """What was said of the pairs beside what was said of the files; at least one finding when nothing was judged."""
    findings = (*read.findings, *paired.findings)
    said = (one for part in judged for one in part.said)
    if not judged and not findings:
        findings = (pair_finding(NOTHING, read.given, file=read.given),)
    return LintJudgement(
        pairs=tuple(one for part in judged for one in part.pairs),
        missing=(
            *(Missing(what="certificate", file=one.file, name=one.request.subject) for one in paired.unanswered),
            *(one for part in judged for one in part.missing),
        ),
        said=(
            *(Located(finding=one, file="" if one.code == NOTHING else one.where) for one in findings),
            *_once(said),
        ),
    )


def _once(said: Iterable[Located]) -> Iterator[Located]:
    """How the purpose was found is told for the first of several pairs, not for each."""
    known: list[tuple[str, dict[str, str]]] = []
    for one in said:
        how = (one.finding.code, one.finding.values)
        if one.finding.code not in HOW_PURPOSE_WAS_FOUND or how not in known:
            known.append(how)
            yield one


def told(pair: Pair, purpose: str, findings: tuple[Finding, ...]) -> LintJudgement:
    """One judged pair as the report tells it; a gap in its chain is something missing."""
    leaf = pair.leaf.certificate
    gaps = [one for one in findings if one.code in ISSUER_GONE]
    return LintJudgement(
        pairs=(
            pair_shape(
                leaf,
                csr=pair.asked.file if pair.asked else "",
                file=pair.leaf.file,
                chain=tuple(one.file for one in pair.chain),
                purpose=purpose,
                findings=findings,
            ),
        ),
        missing=tuple(Missing(what="issuer", file=pair.leaf.file, name=_gap(one, leaf.issuer)) for one in gaps[:1]),
        said=tuple(Located(finding=one, file=pair.leaf.file) for one in findings),
    )


def _gap(finding: Finding, issuer: str) -> str:
    return finding.values.get("missing") or finding.values.get("reason") or issuer
