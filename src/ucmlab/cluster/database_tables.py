"""The tables of CUCM's database that administrators and tools ask, filled from a cluster.

Table names and the columns of processnode are recorded (interfaces-http.md 2.4, interfaces-cli.md 5.9); the other
columns are dictionary-like (interfaces-http.md 10). Booleans are `t` and `f`; serial numbers are hex. A table is one
function and one row of `TABLES`.
"""

from collections.abc import Callable, Iterable

import msgspec
from cryptography import x509

from ucmlab.cluster.certificates.records import fingerprint, to_pem
from ucmlab.cluster.certificates.trust import name_of
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.devices import devices_of, groups_of, pools_of
from ucmlab.cluster.node import Node
from ucmlab.cluster.phone_models import MODELS, phone_model
from ucmlab.cluster.phones.memory import OPERATIONS
from ucmlab.cluster.phones.rows.device import CERTIFICATE_STATUSES
from ucmlab.cluster.primary_keys import pkid

Row = tuple[str | int | None, ...]
NODE_USAGES = ("Publisher", "Subscriber")
NODE_ROLES = ("", "CUCM Voice/Video", "CUCM IM and Presence")
SECURITY_MODES = ("", "Non Secure", "Authenticated", "Encrypted")
DEVICE_PROTOCOLS = {"SCCP": 0, "SIP": 11}
PHONE_CLASS = 1
DEVICE = "device"
SERVICES = (  # interfaces-http.md 1.5, in the order of the AXL schema; IM&P names follow
    "Phone-trust",
    "Phone-VPN-trust",
    "CallManager",
    "CallManager-trust",
    "tomcat",
    "tomcat-trust",
    "ipsec",
    "ipsec-trust",
    "CAPF",
    "CAPF-trust",
    "TVS",
    "TVS-trust",
    "directory-trust",
    "Phone-SAST-trust",
    "Phone-CTL-trust",
    "userlicensing-trust",
    "ITLRecovery",
    "CallManager-ECDSA",
    "tomcat-ECDSA",
    "Phone-CTL-ASA-trust",
    "Phone-Edge-trust",
    "cup",
    "cup-ECDSA",
    "cup-trust",
    "cup-xmpp",
    "cup-xmpp-ECDSA",
    "cup-xmpp-trust",
    "cup-xmpp-s2s",
    "cup-xmpp-s2s-ECDSA",
)


class Table(msgspec.Struct, frozen=True):
    """A table: its columns, and the rows it has in a cluster. `of_consumers`: there by switch consumer_tables only."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Cluster], Iterable[Row]]
    of_consumers: bool = False


def tables_of(cluster: Cluster) -> tuple["Table", ...]:
    """The tables that this cluster's database has."""
    with_consumers = cluster.switches["consumer_tables"] == "empty"
    return tuple(one for one in TABLES if with_consumers or not one.of_consumers)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that a node holds, and what it holds it for (`tomcat`, `tomcat-trust`)."""

    node: Node
    service: str
    certificate: x509.Certificate


def processnode_name(cluster: Cluster, node: Node) -> str:
    """The name a node was given on the Server page (switch processnode_names)."""
    style = cluster.switches["processnode_names"]
    return {"fqdn": node.fqdn, "host": node.name, "address": node.address}[style]


def _processnodes(cluster: Cluster) -> Iterable[Row]:
    yield pkid("enterprise"), "EnterpriseWideData", "", "t", "", "t", 1, 1, "", None, 1, 0
    for number, node in enumerate(cluster.nodes.values(), start=2):
        usage, role = int(not node.is_publisher), 2 if node.product == "imp" else 1
        name = processnode_name(cluster, node)
        yield pkid("node", node.name), name, "", "f", node.name, "t", number, usage, "", None, role, 0


def _parameters(cluster: Cluster) -> Iterable[Row]:
    for name, value in cluster.parameters.items():
        yield pkid("parameter", name), name, value, pkid("enterprise"), 11


def _held(cluster: Cluster) -> Iterable[Held]:
    for node in cluster.nodes.values():
        for stored in node.certificates.identities():
            yield Held(node=node, service=stored.purpose, certificate=stored.certificate())
        for store in node.certificates.trust_stores():
            for entry in node.certificates.trust(store):
                yield Held(node=node, service=store, certificate=entry.certificate())


def _certificates(cluster: Cluster) -> Iterable[Row]:
    seen: set[str] = set()
    for held in _held(cluster):
        certificate = held.certificate
        key = pkid("certificate", fingerprint(certificate))
        if key not in seen:
            seen.add(key)
            names = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
            yield (
                key,
                *names,
                f"{certificate.serial_number:x}",
                to_pem(certificate),
                held.node.address,
                "",
                0,
                held.node.fqdn,
            )


def _service_map(cluster: Cluster) -> Iterable[Row]:
    seen: set[str] = set()
    for held in _held(cluster):
        sha256 = fingerprint(held.certificate)
        key = pkid("service map", held.service, sha256)
        if key not in seen:
            seen.add(key)
            enum = SERVICES.index(held.service) + 1
            yield key, pkid("certificate", sha256), enum, name_of(held.certificate.subject)


def _node_map(cluster: Cluster) -> Iterable[Row]:
    seen: set[str] = set()
    for held in _held(cluster):
        sha256 = fingerprint(held.certificate)
        key = pkid("node map", held.node.name, sha256)
        if key not in seen:
            seen.add(key)
            yield key, pkid("certificate", sha256), pkid("node", held.node.name), held.node.fqdn


def _enumeration(values: Iterable[str], *, first: int = 0) -> Callable[[Cluster], Iterable[Row]]:
    rows = [(number, value, value.upper().replace(" ", "_")) for number, value in enumerate(values, first) if value]
    return lambda _cluster: rows


def _protocols(_cluster: Cluster) -> Iterable[Row]:
    for name, number in DEVICE_PROTOCOLS.items():
        yield number, name, f"DEVICE_PROTOCOL_{name}"


def _nothing(_cluster: Cluster) -> Iterable[Row]:
    return ()


def _callmanagers(cluster: Cluster) -> Iterable[Row]:
    for node in cluster.nodes.values():
        if node.product == "cucm":
            yield pkid("callmanager", node.name), f"CM_{node.name}", "", pkid("node", node.name)


def _devices(cluster: Cluster) -> Iterable[Row]:
    pools = {name: pkid("pool", name) for name in pools_of(cluster)}
    for device in devices_of(cluster):
        yield (
            *(device.uuid, device.name, device.description, device.model.number, PHONE_CLASS),
            *(DEVICE_PROTOCOLS[device.protocol], pools[device.pool], SECURITY_MODES.index(device.security)),
            pkid("security profile", device.security),
            OPERATIONS.index(device.operation) + 1,
            CERTIFICATE_STATUSES.index(device.certificate_status) + 1,
        )


def _security_profiles(_cluster: Cluster) -> Iterable[Row]:
    for number, mode in enumerate(SECURITY_MODES):
        if mode:
            yield pkid("security profile", mode), f"Universal {mode} Profile", number


def _pools(cluster: Cluster) -> Iterable[Row]:
    for name, group in pools_of(cluster).items():
        yield pkid("pool", name), name, pkid("group", group)


def _groups(cluster: Cluster) -> Iterable[Row]:
    for name in groups_of(cluster):
        yield pkid("group", name), name, "t" if name == "Default" else "f"


def _members(cluster: Cluster) -> Iterable[Row]:
    for name, members in groups_of(cluster).items():
        for priority, host in enumerate(members):
            yield pkid("member", name, host), pkid("group", name), pkid("callmanager", host), priority


def _models(cluster: Cluster) -> Iterable[Row]:
    known = {model.number: model for model in MODELS.values()}
    known |= {model.number: model for model in {phone_model(spec.model) for spec in cluster.scenario.phones}}
    for number, model in sorted(known.items()):
        yield number, model.name, f"MODEL_{model.name.upper().replace(' ', '_')}"


def _systables(cluster: Cluster) -> Iterable[Row]:
    for number, table in enumerate(tables_of(cluster), start=100):
        yield table.name, number, "T", len(table.columns)


_ENUM = ("enum", "name", "moniker")
TABLES = (
    Table(
        "processnode",
        (
            *("pkid", "name", "mac", "systemnode", "description", "isactive", "nodeid", "tknodeusage", "ipv6name"),
            *("fklbmhubgroup", "tkprocessnoderole", "tkssomode"),
        ),
        _processnodes,
    ),
    Table("processconfig", ("pkid", "paramname", "paramvalue", "fkprocessnode", "tkservice"), _parameters),
    Table(
        "certificate",
        (
            *("pkid", "subjectname", "issuername", "serialnumber", "certificate", "ipv4address", "ipv6address"),
            *("timetolive", "servername"),
        ),
        _certificates,
    ),
    Table(
        "certificateservicecertificatemap", ("pkid", "fkcertificate", "tkcertificateservice", "certname"), _service_map
    ),
    Table("certificateprocessnodemap", ("pkid", "fkcertificate", "fkprocessnode", "servername"), _node_map),
    Table("certificatehashmap", ("pkid", "fkcertificate", "hash"), _nothing),
    Table("certificatetrustrolemap", ("pkid", "fkcertificate", "tktrustrole"), _nothing),
    Table("typecertificateservice", _ENUM, _enumeration(SERVICES, first=1)),
    Table("typenodeusage", _ENUM, _enumeration(NODE_USAGES)),
    Table("typeprocessnoderole", _ENUM, _enumeration(NODE_ROLES)),
    Table("typesecuritymode", _ENUM, _enumeration(SECURITY_MODES)),
    Table("typecertificateoperation", _ENUM, _enumeration(OPERATIONS, first=1)),
    Table("typecertificatestatus", _ENUM, _enumeration(CERTIFICATE_STATUSES, first=1)),
    Table("typemodel", _ENUM, _models),
    Table("typeclass", _ENUM, _enumeration(("", "Phone"))),
    Table("typedeviceprotocol", _ENUM, _protocols),
    Table(
        DEVICE,
        (
            *("pkid", "name", "description", "tkmodel", "tkclass", "tkdeviceprotocol", "fkdevicepool"),
            *("tksecuritymode", "fksecurityprofile", "tkcertificateoperation", "tkcertificatestatus"),
        ),
        _devices,
    ),
    Table("securityprofile", ("pkid", "name", "tkdevicesecuritymode"), _security_profiles),
    Table("devicepool", ("pkid", "name", "fkcallmanagergroup"), _pools),
    Table("callmanager", ("pkid", "name", "description", "fkprocessnode"), _callmanagers),
    Table("callmanagergroup", ("pkid", "name", "tftpdefault"), _groups),
    Table("callmanagergroupmember", ("pkid", "fkcallmanagergroup", "fkcallmanager", "priority"), _members),
    Table("directorypluginhost", ("pkid", "hostname", "ldapportnumber"), _nothing, of_consumers=True),
    Table("remotecluster", ("pkid", "clusterid", "description"), _nothing, of_consumers=True),
    Table("appserver", ("pkid", "name", "ipaddr"), _nothing, of_consumers=True),
    Table("systables", ("tabname", "tabid", "tabtype", "ncols"), _systables),
)
