"""One phone of the crowd as the cluster and its user see it, and the rows that RIS has about it."""

from typing import Literal

import msgspec

from ucmlab.cluster.phones.memory import Config, Memory, Vouched

Status = Literal["Registered", "UnRegistered", "Rejected"]
Lists = Literal["ok", "failed", "unreached"]
CertificateStatus = Literal[
    "None", "Operation Pending", "Upgrade Success", "Upgrade Failed", "Delete Success", "Delete Failed"
]
REGISTERED: Status = "Registered"
UNREGISTERED: Status = "UnRegistered"
REJECTED: Status = "Rejected"
PENDING: CertificateStatus = "Operation Pending"
CERTIFICATE_STATUSES: tuple[CertificateStatus, ...] = (
    *("None", PENDING, "Upgrade Success", "Upgrade Failed"),
    *("Delete Success", "Delete Failed"),
)
# StatusReason of RIS. Source: interfaces-http.md 3.
NO_REASON, CONNECTIVITY, CALLMANAGER_RESET, DEVICE_UNREGISTERED = 0, 6, 9, 10
KEEPALIVE_TIMEOUT, CONFIGURATION_MISMATCH, CALLMANAGER_RESTART, DEVICE_RESET = 13, 14, 15, 8


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What the phones of one `[[phones]]` table have in common, with all defaults filled in."""

    pool: str
    model: str
    protocol: Literal["SIP", "SCCP"]
    secure: bool
    sbd: bool
    group: tuple[str, ...]
    tftp: tuple[str, ...]
    in_call_share: float


class Device(msgspec.Struct, kw_only=True):
    """One phone. `record`: the configuration CUCM has for it; `memory`: what the phone holds.

    `lsc`: SHA-256 hex of the CAPF certificate that issued its LSC, "" without one. `changed_at`: true time of the last
    change of status, epoch seconds. `before`: node, time and reason of the registration before this one. `lists`,
    `refusal`, `messages`: outcome of its last boot. `deleted_by_hand`: how often somebody had to go to the phone.
    `certificate_status`: what became of the last operation ordered of CAPF; `capf_tries`: how often it has been tried.
    `turn` grows with everything that makes earlier plans void.
    """

    name: str
    address: str
    line: Line
    record: Config
    memory: Memory
    lsc: str = ""
    cache: tuple[Vouched, ...] = ()
    cache_until: float = 0.0
    powered: bool = True
    slow: bool = False
    real: bool = False
    node: str | None = None
    status: Status = UNREGISTERED
    reason: int = NO_REASON
    changed_at: float = 0.0
    before: tuple[str, float, int] | None = None
    lists: Lists = "ok"
    refusal: str = ""
    messages: tuple[str, ...] = ()
    deleted_by_hand: int = 0
    certificate_status: CertificateStatus = "None"
    capf_tries: int = 0
    turn: int = 0
    attempts: int = 0

    @property
    def page(self) -> bool:
        """Whether its web page answers: power on, and the last configuration it accepted says so."""
        return self.powered and self.memory.config is not None and self.memory.config.page

    @property
    def registered(self) -> bool:
        """Whether CUCM has it as registered."""
        return self.status == REGISTERED

    @property
    def pool(self) -> str:
        """Device pool."""
        return self.line.pool

    @property
    def model(self) -> str:
        """Model, as in the scenario: `CP-8851`."""
        return self.line.model

    @property
    def protocol(self) -> Literal["SIP", "SCCP"]:
        """Signalling protocol."""
        return self.line.protocol


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What one node knows about one phone. `changed_at`: epoch seconds of the last change of status there."""

    name: str
    node: str
    status: Status
    status_reason: int
    changed_at: float
    page: bool
    address: str
    model: str
    protocol: str
    pool: str


def rows_of(device: Device) -> list[Registration]:
    """The rows of one phone: one at its present or last node, one at the node before."""
    rows = []
    if device.node is not None:
        rows.append(_row(device, device.node, device.status, device.reason, device.changed_at))
    if device.before is not None and device.before[0] != device.node:
        node, changed_at, reason = device.before
        rows.append(_row(device, node, UNREGISTERED, reason, changed_at))
    return rows


def _row(device: Device, node: str, status: Status, reason: int, changed_at: float) -> Registration:
    return Registration(
        name=device.name,
        node=node,
        status=status,
        status_reason=reason,
        changed_at=changed_at,
        page=device.page,
        address=device.address,
        model=device.model,
        protocol=device.protocol,
        pool=device.pool,
    )
