"""`utils service list`, and the transcript of a restart. Source: interfaces-cli.md 3.1, 3.2."""

import re
from typing import Literal

import msgspec

from ucmcert.model.cluster import ServiceStatus
from ucmcert.ucm.platform_cli.parsers.text import lines_of, quoted

State = Literal["started", "stopped", "starting", "stopping", "unknown"]

ROW = re.compile(r"\s*(?P<name>[^\s\[][^\[]*?)\s*\[\s*(?P<state>[A-Z][A-Z _]*?)\s*\]\s*(?P<reason>[^\[\]]*?)\s*")
PRIMARY = re.compile(r"Primary Node\s*=\s*(true|false)", re.IGNORECASE)
RETURN_CODE = re.compile(r">> Return code = (\d+)")
FRAME = ("service manager is running", "getting list of all services", "command successful", "command successful.")
STATES: dict[str, State] = {
    "STARTED": "started",
    "STOPPED": "stopped",
    "STARTING": "starting",
    "STOPPING": "stopping",
}


class ServiceList(msgspec.Struct, frozen=True, kw_only=True):
    """All services of one node, in the order and spelling of the list, and whether the node is the primary one."""

    services: tuple[ServiceStatus, ...]
    primary: bool


def parse_services(text: str | bytes) -> ServiceList:
    """The whole list. Raises ValueError when it has no end (`Primary Node =`), or a line in it that is no row."""
    rows: list[ServiceStatus] = []
    primary: bool | None = None
    begun = False
    for line in (one for one in lines_of(text) if one.strip()):
        code = RETURN_CODE.fullmatch(line.strip())
        if code and int(code.group(1)[:9]):
            raise ValueError(f"the list was not made: {quoted(line)}")
        found = PRIMARY.fullmatch(line.strip())
        if found and primary is None:
            primary = found.group(1).lower() == "true"
        elif "[" in line and primary is None:
            rows.append(_status(line))
        elif code or line.strip().lower() in FRAME:
            begun = True
        elif begun or primary is not None:
            raise ValueError(f"not a row of utils service list: {quoted(line)}")
    if primary is None or not rows:
        raise ValueError("cut off: the line Primary Node = is missing")
    return ServiceList(services=_each_once(rows), primary=primary)


def parse_last_state(text: str | bytes, name: str) -> ServiceStatus:
    """What the last state line of a restart of `name` says: only that one counts. Raises ValueError without any."""
    last: ServiceStatus | None = None
    for line in lines_of(text):
        if "[" in line and ROW.fullmatch(line):
            status = _status(line)
            if status.name.lower() == name.lower():
                last = status
    if last is None:
        raise ValueError(f"no line {name}[...] in the answer")
    return last


def _status(line: str) -> ServiceStatus:
    found = ROW.fullmatch(line)
    if not found:
        raise ValueError(f"not a row of utils service list: {quoted(line)}")
    state = STATES.get(found["state"], "unknown")
    reason = found["reason"] if state != "unknown" else f"{found['state']} {found['reason']}".strip()
    return ServiceStatus(name=found["name"], state=state, reason=reason)


def _each_once(rows: list[ServiceStatus]) -> tuple[ServiceStatus, ...]:
    by_name: dict[str, ServiceStatus] = {}
    for row in rows:
        if by_name.setdefault(row.name.lower(), row) != row:
            raise ValueError(f"{row.name} stands twice in the list, with two states")
    return tuple(by_name.values())
