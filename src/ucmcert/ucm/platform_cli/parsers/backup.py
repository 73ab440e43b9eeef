"""`utils disaster_recovery status backup|restore` and `history backup`. Source: interfaces-cli.md 5.10.

Nobody has published what a job in progress looks like. So a job counts as running unless the text proves its end, and
text that proves neither is an error.
"""

import re

import msgspec

from ucmcert.model.cluster import Backup
from ucmcert.ucm.platform_cli.parsers.dates import CTIME, wall_clock
from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

FIELD = re.compile(r"\s*(Status|Tar Filename|Storage Location|Operation|Percentage Complete)\s*:\s*(.*)")
ENDED_BADLY = re.compile(r"\b(?:ERROR|FAILED|FAILURE|CANCELL?ED)\b", re.IGNORECASE)
GOES_ON = re.compile(r"\bPROGRESS\b|\bRUNNING\b|\bSTARTED\b", re.IGNORECASE)
NO_STATUS = re.compile(r"drfCliMsg:\s*No (?:backup|restore) status available\.?", re.IGNORECASE)
NO_HISTORY = re.compile(r"drfCliMsg:\s*No (?:history data is|backup history) available\.?", re.IGNORECASE)
HEADER = re.compile(r"\s*Tar Filename:\s+Backup Device:\s+Completed On:\s+Result:.*")
ROW = re.compile(
    rf"\s*(?P<file>\S.*?)\s+(?P<device>\S+)\s+(?P<date>{CTIME})\s+(?P<result>[A-Z_]+)\s+"
    r"(?P<kind>[A-Z_]+)(?:\s+(?P<features>\S.*))?"
)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """The job that the node remembers since its DRF services started. `result` and `file` are "" when there is none."""

    running: bool
    result: str = ""
    file: str = ""


class PastBackup(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history. `completed` is the node's wall clock, good for ordering only."""

    file: str
    device: str
    completed: str
    result: str
    kind: str


def parse_job(text: str | bytes) -> Job:
    """What `status backup` or `status restore` tells. Raises ValueError when it proves neither work nor its end."""
    lines = [line for line in lines_of(text) if line.strip()]
    if len(lines) == 1 and NO_STATUS.fullmatch(lines[0].strip()):
        return Job(running=False)
    fields = {found.group(1): found.group(2).strip() for line in lines if (found := FIELD.fullmatch(line))}
    percent = re.fullmatch(r"(\d{1,3})\s*%?", fields.get("Percentage Complete", ""))
    if "Status" not in fields or not percent:
        raise ValueError(f"no status of a job: {quoted(' / '.join(line.strip() for line in lines[:3]))}")
    status, done = fields["Status"], int(percent.group(1)) >= 100
    result = re.split(r"\s*:\s*", status, maxsplit=1)[0].upper()
    if ENDED_BADLY.search(status):
        running = False
    elif GOES_ON.search(status) or not done:
        running = True
    elif re.search(r"\b(?:SUCCESS|COMPLETED)\b", status, re.IGNORECASE):
        running = False
    else:
        raise ValueError(f"a status nobody has published: {quoted(status)}")
    return Job(running=running, result="" if running else result, file=fields.get("Tar Filename", ""))


def parse_history(text: str | bytes) -> tuple[PastBackup, ...]:
    """The backups the node remembers, oldest first. Raises ValueError for a line that is no row."""
    lines = [line for line in lines_of(text) if line.strip()]
    if len(lines) == 1 and NO_HISTORY.fullmatch(lines[0].strip()):
        return ()
    if len(lines) < 2 or not HEADER.fullmatch(lines[0]):
        raise ValueError("no history of backups")
    return tuple(sorted((_past(line) for line in lines[1:]), key=lambda row: wall_clock(row.completed)[0]))


def join(backup: Job, restore: Job, history: tuple[PastBackup, ...]) -> Backup:
    """One fact out of the three answers. The history outlives a restart of the DRF services, so it speaks last."""
    newest = history[-1] if history else None
    return Backup(
        running=backup.running or restore.running,
        last_result=newest.result if newest else backup.result,
        last_file=newest.file if newest else backup.file,
    )


def _past(line: str) -> PastBackup:
    found = ROW.fullmatch(line)
    if not found:
        raise ValueError(f"not a row of the history: {quoted(line)}")
    return PastBackup(
        file=found["file"],
        device=found["device"],
        completed=found["date"],
        result=found["result"],
        kind=found["kind"],
    )
