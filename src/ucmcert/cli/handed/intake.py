"""What `submit` makes of returned files: answers paired by key, chains put in order, judged, and only then kept."""

from collections.abc import Iterable, Iterator
from itertools import chain as joined
from pathlib import Path

import msgspec

from ucmcert.authority.file_finding import file_finding
from ucmcert.authority.files import OpenRequest, open_requests, write_answer
from ucmcert.authority.intake import Answer, take_in
from ucmcert.authority.returned import read_returned
from ucmcert.cli.exit_codes import DONE, FINDINGS, WAITING
from ucmcert.cli.places import Places
from ucmcert.cli.planning.selection import errors
from ucmcert.cli.words import speaker
from ucmcert.config.schema import Config
from ucmcert.errors import UsageError
from ucmcert.lint.chain import order_chain
from ucmcert.lint.upload import lint_answer
from ucmcert.model.certificate import Certificate, read_certificates_pem
from ucmcert.model.event import Entry
from ucmcert.model.finding import Finding
from ucmcert.report.json_shapes import RunShape, SubmitShape, TakenShape, submit_shape
from ucmcert.report.names import head
from ucmcert.report.pages.findings import findings_blocks
from ucmcert.report.paper.blocks import Block, Column, Table, Text, bullets, line, paragraph
from ucmcert.run.history import runs


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that was kept."""

    asked: OpenRequest
    leaf: Certificate
    file: str


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it all. `missing` are the CSRs that still have no answer."""

    accepted: tuple[Accepted, ...]
    missing: tuple[OpenRequest, ...]
    findings: tuple[Finding, ...]


class SubmitRunShape(SubmitShape, frozen=True, kw_only=True):
    """`submit --json`. `run` is how the run went that was taken up again, None when none was."""

    run: RunShape | None = None


def hand_over_folder(places: Places) -> Path:
    """The folder of the `files` authority. Raises UsageError UCM-SUBMIT-001 when somebody else signs."""
    authority = places.config.authority
    if authority is None or authority.kind != "files":
        raise UsageError(
            "UCM-SUBMIT-001",
            "nothing is handed over by files here",
            where=f"{places.config_file}, authority",
            why="submit answers CSRs that the `files` authority handed out; here "
            + ("nobody is configured to sign" if authority is None else f"`{authority.kind}` signs by itself"),
            next='set kind = "files" in [authority], or go on with `ucmcert resume`',
        )
    return Path(authority.folder)


def hand_in(
    folder: Path, given: tuple[Path, ...], config: Config, entries: tuple[Entry, ...], *, now: float
) -> Submitted:
    """Sort `given` by content, judge each answer and keep the good ones in `folder`. `now` is UTC epoch seconds.

    Raises: UsageError UCM-SUBMIT-002 when no CSR was handed over, UCM-FILE-000, UCM-CA-003.
    """
    requests = open_requests(folder)
    if not requests:
        raise UsageError(
            "UCM-SUBMIT-002",
            "no CSR was handed over yet",
            where=str(folder / "outgoing"),
            why="there is nothing that the files could answer",
            next="start a renewal with `ucmcert renew`: it writes the CSRs there",
        )
    came = tuple(joined.from_iterable(read_returned(one) for one in given))
    if not came:
        raise UsageError(
            "UCM-FILE-000",
            "there is no file in it",
            where=", ".join(map(str, given)),
            why="submit reads the files that the CA sent back",
            next="put the CA's files there, then run the same command again",
        )
    intake = take_in(came, requests)
    known = tuple(_known_issuers(config, entries))
    findings = list(intake.findings)
    accepted: list[Accepted] = []
    for answer in intake.answers:
        chain, trouble = _judged(answer, known, now)
        findings += trouble
        if not errors(trouble):
            write_answer(folder, answer.leaf, chain)
            accepted.append(Accepted(asked=answer.asked, leaf=answer.leaf, file=answer.file))
    now_answered = {one.asked.listed.spki_sha256 for one in accepted}
    missing = tuple(one for one in requests if not one.answered and one.listed.spki_sha256 not in now_answered)
    return Submitted(accepted=tuple(accepted), missing=missing, findings=tuple(findings))


def exit_code(taken: Submitted) -> int:
    """Without a run to go on with: 3 nothing usable came, 4 something is missing, 0 everything is there."""
    if not taken.accepted and errors(taken.findings):
        return FINDINGS
    return WAITING if taken.missing else DONE


def shape(taken: Submitted) -> SubmitRunShape:
    """The JSON of it, before any run goes on. Its outcome agrees with `exit_code`."""
    known = submit_shape(
        tuple(
            TakenShape(
                node=one.asked.listed.node, purpose=one.asked.listed.purpose, file=one.file, sha256=one.leaf.sha256
            )
            for one in taken.accepted
        ),
        tuple((one.listed.node, one.listed.purpose) for one in taken.missing),
        taken.findings,
    )
    outcome = {DONE: "done", WAITING: "waiting", FINDINGS: "findings"}[exit_code(taken)]
    fields = {name: getattr(known, name) for name in SubmitShape.__struct_fields__}
    return SubmitRunShape(**{**fields, "outcome": outcome})


def submitted_blocks(taken: Submitted, lang: str) -> Iterator[Block]:
    """What was taken in, what is wrong with the rest, and what is still missing."""
    say = speaker(lang)
    if taken.accepted:
        columns = (Column(say("submit.file")), Column(say("submit.answers")), Column("SHA-256", code=True))
        rows = tuple(
            (
                Text(one.file),
                Text(f"{one.asked.listed.purpose} {one.asked.listed.node}", "strong"),
                Text(head(one.leaf.sha256)),
            )
            for one in taken.accepted
        )
        yield Table(columns, rows)
    else:
        yield paragraph(Text(say("submit.nothing"), "bad"))
    if taken.findings:
        yield from findings_blocks(taken.findings, lang)
    if taken.missing:
        yield paragraph(Text(say("submit.missing"), "warn"))
        yield bullets(line(f"{one.listed.purpose} {one.listed.node}  ({one.listed.file})") for one in taken.missing)


def _judged(
    answer: Answer, known: tuple[Certificate, ...], now: float
) -> tuple[tuple[Certificate, ...], tuple[Finding, ...]]:
    """The chain of `answer`, issuer first, and what speaks against it. What came is preferred to what was known."""
    try:
        chain = _chain(answer, known)
    except ValueError as error:
        missing = file_finding("UCM-FILE-013", answer.file, subject=answer.leaf.subject, missing=str(error))
        return (), (missing,)
    listed = answer.asked.listed
    findings = lint_answer(answer.asked.request, answer.leaf, chain, purpose=listed.purpose, now=now)
    asked = f"{listed.purpose} {listed.node}"
    return chain, tuple(msgspec.structs.replace(one, where=f"{answer.file}, for {asked}") for one in findings)


def _chain(answer: Answer, known: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    try:
        return order_chain(answer.leaf, answer.candidates)
    except ValueError:
        return order_chain(answer.leaf, (*answer.candidates, *known))


def _known_issuers(config: Config, entries: Iterable[Entry]) -> Iterator[Certificate]:
    """CA certificates from before: the anchors of the configuration and the trust stores of the newest run's start.

    CAs often leave the root out. Only a verified signature puts one of these into a chain.
    """
    for name in config.trust.anchors:
        try:
            yield from read_certificates_pem(Path(name).read_bytes())
        except (OSError, ValueError):
            continue  # a command that trusts this anchor complains; here it is only one more candidate
    for history in list(runs(entries).values())[-1:]:
        for facts in history.started.before.nodes if history.started.before else ():
            yield from (entry.certificate for entry in facts.holding.trust if entry.certificate.is_ca)
