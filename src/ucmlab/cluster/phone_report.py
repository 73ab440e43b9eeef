"""What the lab knows of each phone: what it holds, whether it is locked, and how often somebody had to go to it."""

from collections.abc import Callable

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.rows.device import Device
from ucmlab.cluster.trust_lists.model import TrustFile


class PhoneReport(msgspec.Struct, frozen=True, kw_only=True):
    """One phone. `registered_on`: host name or None. Checksums of the lists held: lower-case hex, None without one.

    `page`: its web page answers, while it has power. `status_messages`: of its last boot, newest last. `group`, `tftp`:
    host names of the configuration it holds. `status`, `status_reason`: as RIS has them. `secure`: a secure profile.
    `lsc_issuer`: SHA-256 hex of the CAPF certificate that issued its LSC, "" without one. `certificate_operation`,
    `certificate_status`: what is ordered of CAPF, and what became of the last operation.
    """

    name: str
    pool: str
    model: str
    protocol: str
    address: str
    powered: bool
    registered_on: str | None
    trust_state: str
    itl_sha1: str | None
    itl_md5: str | None
    ctl_sha1: str | None
    ctl_md5: str | None
    page: bool
    deleted_by_hand: int
    last_status_message: str | None
    status_messages: tuple[str, ...]
    group: tuple[str, ...]
    tftp: tuple[str, ...]
    secure: bool
    lsc_issuer: str
    certificate_operation: str
    certificate_status: str
    status: str
    status_reason: int


def report_phone(cluster: Cluster, name: str) -> PhoneReport:
    """One phone. Raises KeyError."""
    return _report(cluster, cluster.phones.phone(name), _checksums)


def report_phones(cluster: Cluster) -> list[PhoneReport]:
    """All phones; the lists they share are read once."""
    known: dict[int, tuple[str | None, str | None]] = {}

    def checksums(file: TrustFile | None) -> tuple[str | None, str | None]:
        if id(file) not in known:
            known[id(file)] = _checksums(file)
        return known[id(file)]

    return [_report(cluster, phone, checksums) for phone in cluster.phones.phones()]


def _checksums(file: TrustFile | None) -> tuple[str | None, str | None]:
    return (None, None) if file is None else (file.sha1, file.md5)


def _report(
    cluster: Cluster, phone: Device, checksums: Callable[[TrustFile | None], tuple[str | None, str | None]]
) -> PhoneReport:
    memory = phone.memory
    (itl_sha1, itl_md5), (ctl_sha1, ctl_md5) = checksums(memory.itl), checksums(memory.ctl)
    return PhoneReport(
        name=phone.name,
        pool=phone.pool,
        model=phone.model,
        protocol=phone.protocol,
        address=phone.address,
        powered=phone.powered,
        registered_on=phone.node if phone.registered else None,
        trust_state=str(cluster.phones.trust_state(phone.name)),
        itl_sha1=itl_sha1,
        itl_md5=itl_md5,
        ctl_sha1=ctl_sha1,
        ctl_md5=ctl_md5,
        page=phone.page,
        deleted_by_hand=phone.deleted_by_hand,
        last_status_message=phone.messages[-1] if phone.messages else None,
        status_messages=phone.messages,
        group=memory.config.group if memory.config is not None else (),
        tftp=phone.line.tftp,
        secure=phone.record.secure,
        lsc_issuer=phone.lsc,
        certificate_operation=phone.record.operation,
        certificate_status=phone.certificate_status,
        status=phone.status,
        status_reason=phone.reason,
    )
