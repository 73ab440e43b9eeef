"""Plays one case: prepare, predict, ask the lab, compare. One row comes out."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from simulation.upload_catalogue.answering import answer
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Ask, Case, Identity
from simulation.upload_catalogue.predicting import ACCEPTED, OPEN, REFUSED, predict
from simulation.world import World, in_world
from ucmcert.knowledge.upload_errors import recognise

PUBLISHED = ("E1", "E2", "E2/E3", "E3", "E4", "E7", "E8")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `named` is the error that ucmcert recognises in the words, "" for none."""

    error: str
    name: str
    release: str
    predicted: str
    codes: tuple[str, ...]
    answered: str
    words: str
    named: str

    @property
    def agreed(self) -> bool:
        """Whether the prediction came true. One that leaves it to CUCM cannot be wrong, and is counted apart."""
        return self.predicted in (self.answered, OPEN)


def play(case: Case) -> Row:
    """The row of one case, played on a lab of its own under a virtual clock."""

    async def run(world: World) -> Row:
        bench = Bench(world)
        try:
            attempt = case.prepare(bench)
            door = attempt.door if isinstance(attempt, Identity) else ""
            node = bench.node(attempt.host) if isinstance(attempt, Ask) else bench.node(door=door)
            foreseen = predict(bench, attempt, await bench.client.holding(node))
            came = await answer(bench, attempt)
        finally:
            await bench.close()
        known = recognise(came.words) if came.verdict == REFUSED else None
        return Row(
            error=case.error,
            name=case.name,
            release=case.scenario.title.split(",")[0],
            predicted=foreseen.verdict,
            codes=foreseen.codes,
            answered=came.verdict,
            words=came.words,
            named=known.id if known else "",
        )

    with tempfile.TemporaryDirectory() as folder:
        return in_world(run, Path(folder), of=case.scenario)


def objections(case: Case, row: Row) -> tuple[str, ...]:
    """What is not as the case wants it; () when prediction, answer and words are."""
    where = f"{case.error}, {case.name}"
    wanted = case.error if case.words is None else case.words
    published = row.answered == REFUSED and wanted in PUBLISHED
    wrong: Iterable[tuple[bool, str]] = (
        (row.agreed, f"predicted {row.predicted} {row.codes}, answered {row.answered}: {row.words}"),
        ((row.predicted == OPEN) == case.left_open, f"predicted {row.predicted} {row.codes}"),
        (row.answered != ACCEPTED or case.error == "accepted" or case.left_open, f"the lab took it: {row.words}"),
        (row.predicted == ACCEPTED or row.codes == case.codes, f"decided by {row.codes}, not by {case.codes}"),
        (not published or row.named == wanted, f"its words are taken for {row.named or 'nothing known'}: {row.words}"),
        (published or row.answered != REFUSED or row.named == "", f"unpublished words are taken for {row.named}"),
    )
    return tuple(f"{where}: {said}" for good, said in wrong if not good)
