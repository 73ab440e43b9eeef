"""Which services a node has, what they load at their start, and how long they take. Source: interfaces-cli.md 3.1, 6.2.

Durations are seconds of the cluster; no source prints them, they are chosen inside the clients' time-outs of
interfaces-cli.md 3.3. Loads follow the "safe" column of procedure.md 1.2.
"""

import msgspec

from ucmlab.cluster.releases import release_has


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One service.

    `publisher_runs`: on other nodes it is listed `[STOPPED]  Commanded Out of Service`. `publisher_only`: it is not
    even listed elsewhere. `activated`: state of a feature service after installation. `follows`: restarts with it.
    `ports`: where it listens, with the purpose whose certificate it shows there, "" where it speaks in clear.
    """

    name: str
    kind: str = "network"
    products: tuple[str, ...] = ("cucm", "imp", "unity-connection")
    publisher_runs: bool = False
    publisher_only: bool = False
    activated: bool = True
    needs: str = ""
    loads: tuple[str, ...] = ()
    ports: tuple[tuple[int, str], ...] = ()
    follows: str = ""
    stop_s: float = 3.0
    start_s: float = 8.0


_CUCM, _IMP, _UNITY = ("cucm",), ("imp",), ("unity-connection",)
_WITH_UNITY = (*_CUCM, *_UNITY)
_TOMCAT = ("tomcat", "tomcat-ECDSA")
_CALL = ("CallManager", "CallManager-ECDSA")


def _platform(name: str, **more: object) -> ServiceRow:
    return msgspec.convert({"name": name, "kind": "platform", **more}, ServiceRow)


def _cucm(name: str, *, kind: str = "network", **more: object) -> ServiceRow:
    return msgspec.convert({"name": name, "kind": kind, "products": _CUCM} | more, ServiceRow)


def _imp(name: str, *, kind: str = "network", **more: object) -> ServiceRow:
    return msgspec.convert({"name": name, "kind": kind, "products": _IMP, **more}, ServiceRow)


def _unity(name: str, *, kind: str = "feature", **more: object) -> ServiceRow:
    return msgspec.convert({"name": name, "kind": kind, "products": _UNITY, **more}, ServiceRow)


PLATFORM = (
    _platform("System SSH"),
    _platform("Name Service Cache", activated=False),
    _platform("Entropy Monitoring Daemon"),
    _platform("Cisco SCSI Watchdog"),
    _platform("Service Manager"),
)
SHARED = (
    ServiceRow(name="A Cisco DB", start_s=40.0),
    ServiceRow(name="A Cisco DB Replicator", start_s=20.0),
    ServiceRow(name="Cisco AMC Service"),
    ServiceRow(name="Cisco Audit Event Service"),
    ServiceRow(name="Cisco CDP"),
    ServiceRow(name="Cisco CDP Agent"),
    ServiceRow(name="Cisco Certificate Change Notification"),
    ServiceRow(name="Cisco Certificate Expiry Monitor"),
    ServiceRow(name="Cisco DRF Local", loads=("ipsec",)),
    ServiceRow(name="Cisco Database Layer Monitor", start_s=15.0),
    ServiceRow(name="Cisco HAProxy", needs="HAProxy", loads=_TOMCAT, follows="Cisco Tomcat"),
    ServiceRow(name="Cisco Log Partition Monitoring Tool"),
    ServiceRow(name="Cisco RIS Data Collector", start_s=12.0),
    ServiceRow(name="Cisco RTMT Reporter Servlet"),
    ServiceRow(name="Cisco SSOSP Tomcat", needs="Tomcat containers", loads=_TOMCAT, stop_s=8.0, start_s=25.0),
    ServiceRow(name="Cisco Syslog Agent"),
    ServiceRow(
        name="Cisco Tomcat",
        loads=_TOMCAT,
        ports=((443, "tomcat"), (8443, "tomcat")),
        stop_s=15.0,
        start_s=45.0,
    ),
    ServiceRow(name="Cisco Tomcat Stats Servlet"),
    ServiceRow(name="Cisco Trace Collection Service"),
    ServiceRow(name="Cisco Trace Collection Servlet"),
    ServiceRow(name="Host Resources Agent"),
    ServiceRow(name="MIB2 Agent"),
    ServiceRow(name="Platform Administrative Web Service", start_s=15.0),
    ServiceRow(name="Platform Communication Web Service", start_s=15.0),
    ServiceRow(name="SNMP Master Agent"),
    ServiceRow(name="SOAP -Log Collection APIs"),
    ServiceRow(name="SOAP -Performance Monitoring APIs"),
    ServiceRow(name="SOAP -Real-Time Service APIs"),
    ServiceRow(name="System Application Agent"),
    ServiceRow(name="Cisco Serviceability Reporter", kind="feature", activated=False),
)
CUCM = (
    _cucm("Cisco DRF Master", products=_WITH_UNITY, publisher_runs=True, loads=("ipsec",), start_s=10.0),
    _cucm("Cisco AXL Web Service", kind="feature"),
    _cucm("Cisco AXL Tomcat", needs="Tomcat containers", loads=_TOMCAT, stop_s=8.0, start_s=25.0),
    _cucm("Cisco UDS Tomcat", needs="Tomcat containers", loads=_TOMCAT, stop_s=8.0, start_s=25.0),
    _cucm("Cisco Bulk Provisioning Service", kind="feature", publisher_only=True),
    _cucm("Cisco CAR Scheduler", publisher_runs=True),
    _cucm("Cisco CAR DB", publisher_runs=True),
    _cucm("Cisco CDR Agent"),
    _cucm("Cisco CDR Repository Manager", publisher_runs=True),
    _cucm("Cisco CTIManager", kind="feature", loads=_CALL, stop_s=5.0, start_s=15.0),
    _cucm("Cisco CTL Provider", kind="feature"),
    _cucm(
        "Cisco CallManager",
        kind="feature",
        loads=_CALL,
        ports=((5061, "CallManager"), (2443, "CallManager")),
        stop_s=10.0,
        start_s=40.0,
    ),
    _cucm(
        "Cisco Certificate Authority Proxy Function",
        kind="feature",
        publisher_only=True,
        loads=("CAPF",),
        ports=((3804, "CAPF"),),
    ),
    _cucm("Cisco DirSync", products=_WITH_UNITY, kind="feature", publisher_only=True),
    _cucm("Cisco Extension Mobility", kind="feature"),
    _cucm("Cisco IP Voice Media Streaming App", kind="feature", start_s=12.0),
    _cucm("Cisco Intercluster Lookup Service", publisher_runs=True, loads=("tomcat",)),
    _cucm("Cisco License Manager", publisher_runs=True),
    _cucm("Cisco Location Bandwidth Manager", kind="feature", loads=("tomcat",)),
    _cucm("Cisco SOAP - CallRecord Service", publisher_runs=True),
    _cucm(
        "Cisco Tftp",
        kind="feature",
        loads=("CallManager", "CAPF", "TVS", "ITLRecovery", "tomcat"),
        ports=((69, ""), (6970, ""), (6971, "CallManager")),
        start_s=12.0,
    ),
    _cucm(
        "Cisco Trust Verification Service",
        loads=("TVS",),
        ports=((2445, "TVS"),),
        start_s=6.0,
    ),
    _cucm("Cisco WebDialer Web Service", kind="feature", activated=False),
)
IMP = (
    _imp("Cisco Client Profile Agent", kind="feature"),
    _imp("Cisco Config Agent"),
    _imp("Cisco Intercluster Sync Agent", start_s=15.0),
    _imp("Cisco Presence Datastore"),
    _imp("Cisco Presence Engine", kind="feature", loads=("cup", "cup-ECDSA"), stop_s=8.0, start_s=30.0),
    _imp("Cisco Route Datastore"),
    _imp(
        "Cisco SIP Proxy",
        kind="feature",
        loads=("cup", "cup-ECDSA"),
        ports=((5061, "cup"), (5062, "cup")),
        start_s=15.0,
    ),
    _imp("Cisco Sync Agent", start_s=15.0),
    _imp("Cisco XCP Authentication Service", kind="feature", follows="Cisco XCP Router"),
    _imp("Cisco XCP Config Manager"),
    _imp(
        "Cisco XCP Connection Manager",
        kind="feature",
        follows="Cisco XCP Router",
        loads=("cup-xmpp", "cup-xmpp-ECDSA"),
        ports=((5222, "cup-xmpp"),),
    ),
    _imp("Cisco XCP Router", loads=("cup-xmpp", "cup-xmpp-ECDSA"), stop_s=10.0, start_s=30.0),
    _imp(
        "Cisco XCP XMPP Federation Connection Manager",
        kind="feature",
        activated=False,
        loads=("cup-xmpp-s2s", "cup-xmpp-s2s-ECDSA"),
        ports=((5269, "cup-xmpp-s2s"),),
    ),
)
UNITY = (  # procedure.md 1.2, row CUC tomcat; interfaces-cli.md 6.2. Which ports show the certificate is not published
    _unity("Connection Conversation Manager", loads=_TOMCAT, stop_s=8.0, start_s=30.0),
    _unity("Connection IMAP Server", loads=_TOMCAT),
    _unity("Connection Jetty", loads=_TOMCAT, start_s=15.0),
    _unity("Connection Mixer", start_s=15.0),
    _unity("Connection SMTP Server", loads=_TOMCAT),
)


def services_of(*, product: str, role: str, version: str) -> tuple[ServiceRow, ...]:
    """The services a node lists: platform rows first, then all others by name."""
    rows = [row for row in (*SHARED, *CUCM, *IMP, *UNITY) if product in row.products]
    rows = [row for row in rows if not row.needs or release_has(version, row.needs)]
    rows = [row for row in rows if role == "publisher" or not row.publisher_only]
    return PLATFORM + tuple(sorted(rows, key=lambda row: row.name))
