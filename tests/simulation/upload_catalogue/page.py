"""The page of the catalogue: what was predicted, what the lab answered, one table for each error."""

from collections import Counter
from collections.abc import Iterable

from simulation.upload_catalogue.catalogue import ACCEPTED
from simulation.upload_catalogue.playing import Row
from simulation.upload_catalogue.predicting import OPEN
from simulation.upload_catalogue.stricter_cases import STRICTER

COMMAND = "PYTHONPATH=src:tests python -m simulation.upload_catalogue docs"
WORDS_MAX = 90
TITLES = {
    "E1": "an issuer is missing in the trust store",
    "E2": "no CSR waits",
    "E3": "the key is not that of the CSR",
    "E4": "the names are not those of the CSR",
    "E5": "expired",
    "E6": "silently not stored",
    "E7": "not a certificate CUCM can use",
    "E8": "no CSR for this purpose",
    "E9": "wildcard",
    "E10": "key or signature",
    "E11": "multi-server by the command line",
    "E12": "revoked, or nobody knows",
    ACCEPTED: "what CUCM takes",
    STRICTER: "ucmcert holds what the lab takes",
}
HEAD = f"""# Predicted and answered

Every error of the catalogue (`procedure.md` 5), case by case: what `ucmcert` says before anything is written, and what
the embedded cluster then answers to the same upload. A refusal left every store of every node as it was, byte by byte.
*CUCM decides* means that `ucmcert` says so and foretells nothing: whether the CA has revoked a certificate is known to
its responder alone, and a few rules of CUCM are published nowhere. The last table is where `ucmcert` is stricter than
the lab: CUCM may store such a certificate, and then peers refuse it, or the reference asks for the careful answer. Its
last two rows are false alarms: what came is judged without what the trust store holds.

Made by `{COMMAND}`; a test keeps it true.
"""


def section(error: str, rows: Iterable[Row]) -> str:
    """The heading and the table of one error."""
    heading = f"## {error.capitalize()}: {TITLES[error]}"
    lines = [
        heading,
        "",
        "| case | release | predicted | by | answered | its words | agree |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        agree = "left to CUCM" if row.predicted == OPEN else "yes" if row.agreed else "**no**"
        cells = (row.name, row.release, row.predicted, ", ".join(row.codes) or "-", row.answered, _words(row), agree)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join((*lines, ""))


def page(sections: Iterable[str]) -> str:
    """The whole page."""
    return "\n".join((HEAD, *sections))


def told(error: str, rows: tuple[Row, ...]) -> str:
    """One line: cases, how many were refused, how many came as predicted."""
    answers = Counter(row.answered for row in rows)
    left = sum(row.predicted == OPEN for row in rows)
    agreed = sum(row.agreed for row in rows) - left
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(answers.items()))
    return f"{error:>8}: {len(rows)} cases, {counts}; {agreed} as predicted" + (
        f", {left} left to CUCM" if left else ""
    )


def _words(row: Row) -> str:
    said = row.words if len(row.words) <= WORDS_MAX else f"{row.words[:WORDS_MAX]}..."
    return said.replace("|", "\\|")
