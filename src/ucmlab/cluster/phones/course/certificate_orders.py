"""What the database orders CAPF to do with a phone's LSC, and what stands there once the phone has been to CAPF."""

from collections.abc import Callable

import msgspec

from ucmlab.cluster.phones.enrolment import Enrolled
from ucmlab.cluster.phones.memory import DELETE, NOTHING_PENDING, Config, Mode, Operation
from ucmlab.cluster.phones.rows.device import PENDING, CertificateStatus, Device

# By (it was a deletion, it was done).
STATUS_AFTER: dict[tuple[bool, bool], CertificateStatus] = {
    (False, True): "Upgrade Success",
    (False, False): "Upgrade Failed",
    (True, True): "Delete Success",
    (True, False): "Delete Failed",
}
Share = Callable[[Config], Config]


def place_order(device: Device, operation: Operation | None, mode: Mode | None, share: Share) -> None:
    """Order an operation, and how the phone proves itself; None leaves what is there. `share`: the one equal record."""
    before = device.record
    device.record = share(
        msgspec.structs.replace(before, operation=operation or before.operation, mode=mode or before.mode)
    )
    if operation is None or (operation, before.operation) == (NOTHING_PENDING, NOTHING_PENDING):
        return
    device.certificate_status = "None" if operation == NOTHING_PENDING else PENDING


def settle_order(device: Device, enrolled: Enrolled, share: Share) -> None:
    """The phone has been to CAPF, well or in vain: nothing is ordered any more, unless something else meanwhile."""
    if enrolled.done:
        device.lsc = enrolled.issuer
    device.messages = (*device.messages, enrolled.message)
    if device.record.operation == enrolled.operation:
        device.record = share(msgspec.structs.replace(device.record, operation=NOTHING_PENDING))
        device.certificate_status = STATUS_AFTER[enrolled.operation == DELETE, enrolled.done]
