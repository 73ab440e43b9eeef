"""Phones as the configuration database has them: devices in device pools, pools with a CallManager group.

A device pool has one group: that of the first `[[phones]]` table that names the pool.
"""

from collections.abc import Iterator

import msgspec

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phone_models import PhoneModel, phone_model
from ucmlab.cluster.phones.memory import Mode, Operation
from ucmlab.cluster.phones.rows.device import CertificateStatus
from ucmlab.cluster.phones.rows.device import Device as Phone
from ucmlab.cluster.phones.rows.population import pools_of as pools_in
from ucmlab.cluster.primary_keys import pkid
from ucmlab.scenarios.consumers import DEFAULT_POOL
from ucmlab.scenarios.schema import Scenario

DEFAULT_GROUP = "Default"
Orders = tuple[tuple[Operation, CertificateStatus], ...]


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A phone's row. `page_wanted`: web access as configured, whatever the phone has accepted yet.

    `operation`, `mode`, `certificate_status`: what is ordered of CAPF, how the phone proves itself, what became of it.
    """

    uuid: str
    name: str
    description: str
    model: PhoneModel
    protocol: str
    pool: str
    security: str
    page_wanted: bool
    operation: Operation
    mode: Mode
    certificate_status: CertificateStatus


def devices_of(cluster: Cluster) -> Iterator[Device]:
    """All phones, in the order of the scenario."""
    return map(_device, cluster.phones.phones())


def orders_of(cluster: Cluster) -> Orders:
    """What is ordered of CAPF for each phone and what became of it: the only columns of a phone's row that change."""
    return tuple((phone.record.operation, phone.certificate_status) for phone in cluster.phones.phones())


def device_named(cluster: Cluster, name: str, *, uuid: str = "") -> Device | None:
    """The phone of a name, in any case, or of a primary key."""
    try:
        return _device(cluster.phones.phone(name))
    except KeyError:
        found = (phone for phone in cluster.phones.phones() if pkid("device", phone.name) == uuid)
        return next(map(_device, found if uuid else ()), None)


def pools_of(cluster: Cluster) -> dict[str, str]:
    """Device pools and the name of each one's CallManager group; there is always a Default."""
    return {pool: group for pool, group, _ in _pools(cluster.scenario)}


def groups_of(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """CallManager groups and the host names of their members, best first."""
    return {group: members for _, group, members in _pools(cluster.scenario)}


def description_of(name: str) -> str:
    """The description somebody typed for a phone."""
    return f"Phone {name[-6:]}"


def _pools(scenario: Scenario) -> list[tuple[str, str, tuple[str, ...]]]:
    """Pool, group and members; the group of the first three CUCM nodes is Default, others bear their members' names."""
    callers = tuple(node.name for node in scenario.nodes if node.role != "im-presence" and not node.product)[:3]
    rows = [(pool.name, pool.group) for pool in pools_in(scenario)]
    if DEFAULT_POOL not in [name for name, _ in rows]:
        rows.insert(0, (DEFAULT_POOL, callers))
    return [
        (name, DEFAULT_GROUP if members == callers else "CMG_" + "_".join(members), members) for name, members in rows
    ]


def _device(phone: Phone) -> Device:
    return Device(
        uuid=pkid("device", phone.name),
        name=phone.name,
        description=description_of(phone.name),
        model=phone_model(phone.model),
        protocol=phone.protocol,
        pool=phone.pool,
        security="Encrypted" if phone.line.secure else "Non Secure",
        page_wanted=phone.record.page,
        operation=phone.record.operation,
        mode=phone.record.mode,
        certificate_status=phone.certificate_status,
    )
