"""`utils disaster_recovery device list`, and the answer to starting a backup. Source: interfaces-cli.md 5.10 [?].

Neither text is published, so a list needs its header, and a start that does not say it started is unknown.
"""

import re

import msgspec

from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

HEADER = re.compile(r"\s*device\s+name\b.*\bdevice\s+type\b.*", re.IGNORECASE)
RULE = re.compile(r"[\s=-]+")
NONE = re.compile(r"\s*drfCliMsg:\s*No (?:backup )?devices?\b.*", re.IGNORECASE)
ROW = re.compile(r"\s*(\S.*?)(?:\t+| {2,})(\S+)(?:\s+(\S.*))?")
PLAIN_ROW = re.compile(r"\s*(\S+) (NETWORK|TAPE|LOCAL)(?: (\S.*))?", re.IGNORECASE)
TROUBLE = re.compile(
    r"\bunable to\b|\berror occurred\b|\btimed out\b|\bfailed\b|\binvalid\b|\bnot found\b|\bdoes not exist\b",
    re.IGNORECASE,
)
BEGUN = re.compile(r"\bbackup\b.*\b(?:initiated|started|in progress)\b|\bstarted\b.*\bbackup\b", re.IGNORECASE)

A_STATUS = re.compile(r"\s*(?:Status|Tar Filename)\s*:")  # that is what another backup tells of itself


class BackupDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A place where disaster recovery can put a backup. `kind` is upper case: NETWORK, TAPE ..."""

    name: str
    kind: str
    path: str = ""


def parse_devices(text: str | bytes) -> tuple[BackupDevice, ...]:
    """The devices in their order. Raises ValueError without the header, and for a line that is no row."""
    lines = [line for line in lines_of(text) if line.strip()]
    if len(lines) == 1 and NONE.fullmatch(lines[0]):
        return ()
    start = next((at for at, line in enumerate(lines) if HEADER.fullmatch(line)), None)
    if start is None:
        raise ValueError("no list of backup devices")
    return tuple(_device(line) for line in lines[start + 1 :] if not RULE.fullmatch(line))


def check_begun(text: str | bytes) -> None:
    """Raises ValueError unless the node says that a backup began."""
    lines = lines_of(text)
    words = " ".join(line.strip() for line in lines)
    if TROUBLE.search(words) or not BEGUN.search(words) or any(A_STATUS.match(line) for line in lines):
        raise ValueError("it does not say that the backup began")


def tells_trouble(text: str) -> bool:
    """Whether the node says that it could not begin."""
    return bool(TROUBLE.search(text))


def _device(line: str) -> BackupDevice:
    found = ROW.fullmatch(line) or PLAIN_ROW.fullmatch(line)
    if found is None:
        raise ValueError(f"not a row of the list of devices: {quoted(line)}")
    return BackupDevice(name=found.group(1), kind=found.group(2).upper(), path=found.group(3) or "")
