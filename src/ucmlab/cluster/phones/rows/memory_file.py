"""The phones in the state folder: `phones.json`, tables of what many share and one short row a phone.

Written at most once a second, of the cluster and of the wall, and less often the more phones there are: a lab that is
killed loses the last moments of its phones.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.clock import Clock, Timer
from ucmlab.cluster.phones.memory import Config, Memory
from ucmlab.cluster.phones.rows.device import CertificateStatus, Device, Lists, Status
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.errors import ScenarioError

FILE = "phones.json"
PHONES_PER_S = 2000


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One phone. `memory`: places of CTL, ITL and configuration in the tables, -1 for none; `record` likewise."""

    name: str
    memory: tuple[int, int, int]
    record: int
    lsc: str
    powered: bool
    node: str | None
    status: Status
    reason: int
    changed_at: float
    before: tuple[str, float, int] | None
    lists: Lists
    refusal: str
    messages: tuple[str, ...]
    deleted_by_hand: int
    certificate_status: CertificateStatus = "None"


class CrowdState(msgspec.Struct, frozen=True, kw_only=True):
    """What of the phones survives a stop of the lab, beside the scenario."""

    format: Literal[1] = 1
    files: tuple[TrustFile, ...]
    configs: tuple[Config, ...]
    rows: tuple[Row, ...]


def remember(devices: Iterable[Device]) -> CrowdState:
    """The phones as they are."""
    files: dict[int, tuple[int, TrustFile]] = {}
    configs: dict[Config, int] = {}

    def place(file: TrustFile | None) -> int:
        return -1 if file is None else files.setdefault(id(file), (len(files), file))[0]

    def config_place(config: Config | None) -> int:
        return -1 if config is None else configs.setdefault(config, len(configs))

    rows = tuple(
        Row(
            device.name,
            (place(device.memory.ctl), place(device.memory.itl), config_place(device.memory.config)),
            config_place(device.record),
            device.lsc,
            device.powered,
            device.node,
            device.status,
            device.reason,
            device.changed_at,
            device.before,
            device.lists,
            device.refusal,
            device.messages,
            device.deleted_by_hand,
            device.certificate_status,
        )
        for device in devices
    )
    return CrowdState(files=tuple(file for _, file in files.values()), configs=tuple(configs), rows=rows)


def recall(state: CrowdState, devices: Iterable[Device]) -> None:
    """Bring phones fresh from the scenario to what they were. Answers of TVS have expired with the old clock."""
    rows = {row.name: row for row in state.rows}
    memories: dict[tuple[int, int, int], Memory] = {}
    for device in devices:
        row = rows.get(device.name)
        if row is None:
            continue
        memory = memories.get(row.memory)
        if memory is None:
            memory = memories[row.memory] = _memory(state, row.memory)
        device.memory, device.record = memory, state.configs[row.record]
        device.lsc, device.powered, device.node, device.status = row.lsc, row.powered, row.node, row.status
        device.reason, device.changed_at, device.before = row.reason, row.changed_at, row.before
        device.lists, device.refusal, device.messages = row.lists, row.refusal, row.messages
        device.deleted_by_hand, device.certificate_status = row.deleted_by_hand, row.certificate_status


def _memory(state: CrowdState, places: tuple[int, int, int]) -> Memory:
    ctl, itl, config = places
    return Memory(
        None if ctl < 0 else state.files[ctl],
        None if itl < 0 else state.files[itl],
        None if config < 0 else state.configs[config],
    )


def read_phones(folder: Path) -> CrowdState | None:
    """What a stopped lab left of its phones; None when it never had any. Raises ScenarioError."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=CrowdState)
    except msgspec.DecodeError as error:
        next_step = "Start the lab in an empty folder."
        raise ScenarioError(f"the phones cannot be restored: {error}", where=str(path), next_step=next_step) from error


class PhonesFile:
    """Keeps `phones.json` of a state folder up to date."""

    def __init__(self, folder: Path, clock: Clock, *, count: int, state: Callable[[], CrowdState]) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._pause_s = max(1.0, count / PHONES_PER_S) * max(1.0, clock.speed)
        self._state = state
        self._timer: Timer | None = None
        self._open = False

    def start(self) -> None:
        """Write now, and after changes from now on; needs a running loop."""
        self._open = True
        self.write()

    def note(self) -> None:
        """Something has changed."""
        if self._open and self._timer is None:
            self._timer = self._clock.call_later(self._pause_s, self._due)

    def close(self) -> None:
        """Write once more, and stop."""
        if self._open:
            self._open = False
            self.write()

    def write(self) -> None:
        """Write now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        write_atomically(self._path, msgspec.json.encode(self._state()))

    def _due(self) -> None:
        self._timer = None
        self.write()
