"""`run sql`: a table cut by the positions of its `=` runs, never by blanks. Source: interfaces-cli.md 5.9."""

import re

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

RULE = re.compile(r"=+(?: +=+)*")
NOTHING = re.compile(r"No records found\.?", re.IGNORECASE)


def parse_sql_table(text: str | bytes) -> tuple[dict[str, str], ...]:
    """The rows, column name to cell without its padding; SQL null is the word `NULL`.

    Raises ValueError without the rule line (an error of the database, or not a table), for two columns of one name, and
    for a row that does not fit the columns (a value with a line break breaks the layout).
    """
    lines = lines_of(text)
    if len(lines) == 1 and NOTHING.fullmatch(lines[0].strip()):
        return ()
    if len(lines) < 2 or not RULE.fullmatch(lines[1]):
        raise ValueError(f"no table: {quoted(' / '.join(line.strip() for line in lines[:3]))}")
    runs = [found.span() for found in re.finditer(r"=+", lines[1])]
    names = _cells(lines[0], runs)
    if len(set(names)) != len(names) or not all(names):
        raise ValueError("two columns have one name, or one has none: name them in the statement")
    return tuple(dict(zip(names, _cells(line, runs), strict=True)) for line in lines[2:])


def _cells(line: str, runs: list[tuple[int, int]]) -> list[str]:
    gaps = [(end, start) for (_, end), (start, _) in zip(runs, [*runs[1:], (len(line), 0)], strict=True)]
    if any(line[start:end].strip() for start, end in gaps):
        raise ValueError(f"a row that does not fit its columns: {quoted(line)}")
    if not line and len(runs) > 1:
        raise ValueError("an empty line in the table")
    return [line[start:end].strip() for start, end in runs]
