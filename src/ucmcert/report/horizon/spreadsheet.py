"""The horizon as CSV: one row per event and window, by day. No cell can be taken for a formula by a spreadsheet."""

import csv
import io

from ucmcert.horizon.build import Horizon
from ucmcert.horizon.events import Event
from ucmcert.report.horizon.shape import WindowShape, windows
from ucmcert.report.horizon.titles import event_title, window_about, window_title
from ucmcert.report.horizon.words import speaker
from ucmcert.report.paper.clean import clean
from ucmcert.report.recovery_shape import FORMULA
from ucmcert.report.words import Say, finding_words

COLUMNS = (
    *("day", "kind", "cluster", "purpose", "nodes", "when", "certificates", "until"),
    *("by_hand_min", "with_ucmcert_min", "code", "title", "about"),
)
Cells = tuple[str, ...]


def csv_text(seen: Horizon, lang: str) -> str:
    """The rows under a heading, whose names do not change with the language. `when` as in the JSON of a window."""
    tell = speaker(lang)
    rows = [_event(one, lang, tell) for one in seen.events] + [_window(one, tell) for one in windows(seen)]
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(word) for word in row] for row in sorted(rows, key=lambda row: row[:6]))
    return paper.getvalue()


def _event(event: Event, lang: str, tell: Say) -> Cells:
    what, _, _ = finding_words(event.finding, lang)
    kept = (f"{event.day}", event.kind, event.cluster, event.purpose, " ".join(event.nodes), "both")
    return (*kept, "", "", "", "", event.finding.code, event_title(event, tell), what)


def _window(window: WindowShape, tell: Say) -> Cells:
    kept = (f"{window.day}", "window", window.cluster, window.purpose, " ".join(window.nodes), window.when)
    figures = (f"{window.certificates}", f"{window.until}", f"{window.by_hand_min}", f"{window.with_ucmcert_min}")
    return (*kept, *figures, "", window_title(window, tell), window_about(window, tell))


def _cell(word: str) -> str:
    plain = clean(word)
    return f"'{plain}" if plain.startswith(FORMULA) else plain
