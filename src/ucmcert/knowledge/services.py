"""The services that load certificates, with their spellings and means, and which of them restart for a purpose."""

from typing import Literal

import msgspec

from ucmcert.knowledge.purposes import PRODUCT_OF_ROLE
from ucmcert.knowledge.restart_rows import RESTARTS, Restart, RestartSet

SERVICE_MEANS = Literal["cli", "feature", "network"]


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service that loads a certificate. `names` are its spellings, the usual one first; nodes differ.

    `means` says where a person restarts it: platform CLI only, or a Serviceability page. `restart_s` is our estimate.
    `must_run` are the roles on which a stopped service is wrong, whatever the reason given.
    """

    key: str
    names: tuple[str, ...]
    means: SERVICE_MEANS
    restart_s: int
    source: str
    must_run: tuple[str, ...] = ()


EVERY_ROLE = tuple(PRODUCT_OF_ROLE)
_SERVICES: tuple[Service, ...] = (
    Service(
        key="tomcat",
        names=("Cisco Tomcat",),
        means="cli",
        restart_s=240,
        must_run=EVERY_ROLE,
        source="procedure.md 1.2 means; interfaces-cli.md 3.3 (minutes)",
    ),
    Service(
        key="uds",
        names=("Cisco UDS Tomcat",),
        means="cli",
        restart_s=90,
        source="procedure.md 1.2 banner literal [S D7], RN14",
    ),
    Service(
        key="axl",
        names=("Cisco AXL Tomcat",),
        means="cli",
        restart_s=90,
        source="procedure.md 1.2 banner literal [S D7], RN14",
    ),
    Service(
        key="ssosp",
        names=("Cisco SSOSP Tomcat",),
        means="cli",
        restart_s=90,
        source="procedure.md 1.2 [S D2], RN14",
    ),
    Service(
        key="drf-master",
        names=("Cisco DRF Master", "Cisco DRF Primary"),
        means="network",
        restart_s=40,
        must_run=("publisher",),
        source="procedure.md 1.2, 3.2; interfaces-cli.md 3.4 (both spellings)",
    ),
    Service(
        key="drf-local",
        names=("Cisco DRF Local",),
        means="network",
        restart_s=40,
        must_run=EVERY_ROLE,
        source="procedure.md 1.2, 3.2",
    ),
    Service(
        key="tftp",
        names=("Cisco Tftp",),
        means="feature",
        restart_s=60,
        source="procedure.md 1.2, U-P21; interfaces-cli.md 3.4 (CLI spells Tftp)",
    ),
    Service(
        key="intercluster-sync",
        names=("Cisco Intercluster Sync Agent",),
        means="network",
        restart_s=60,
        source="procedure.md 1.2 means, 3.8 IMP-2",
    ),
    Service(key="callmanager", names=("Cisco CallManager",), means="feature", restart_s=180, source="procedure.md 1.2"),
    Service(key="cti", names=("Cisco CTIManager",), means="feature", restart_s=90, source="procedure.md 1.2"),
    Service(
        key="tvs",
        names=("Cisco Trust Verification Service",),
        means="network",
        restart_s=40,
        source="procedure.md 1.2",
    ),
    Service(
        key="capf",
        names=("Cisco Certificate Authority Proxy Function",),
        means="feature",
        restart_s=40,
        source="procedure.md 1.2, 3.3",
    ),
    Service(key="haproxy", names=("Cisco HAProxy",), means="cli", restart_s=40, source="procedure.md 1.2, 3.4 CCM-7"),
    Service(
        key="sip-proxy",
        names=("Cisco SIP Proxy",),
        means="feature",
        restart_s=60,
        source="procedure.md 1.2, 3.8 IMP-7 [I]",
    ),
    Service(
        key="presence-engine",
        names=("Cisco Presence Engine",),
        means="feature",
        restart_s=90,
        source="procedure.md 1.2, 3.8 IMP-7 [I]",
    ),
    Service(key="xcp-router", names=("Cisco XCP Router",), means="network", restart_s=180, source="procedure.md 1.2"),
    Service(
        key="xcp-federation",
        names=("Cisco XCP XMPP Federation Connection Manager",),
        means="feature",
        restart_s=60,
        source="procedure.md 1.2, 3.8 IMP-6",
    ),
    Service(
        key="cuc-imap",
        names=("Connection IMAP Server",),
        means="cli",
        restart_s=60,
        source="procedure.md 1.2 [S CUC15]",
    ),
    Service(
        key="cuc-dirsync", names=("Cisco DirSync",), means="feature", restart_s=60, source="procedure.md 1.2 [S CUC15]"
    ),
    Service(
        key="cuc-jetty", names=("Connection Jetty",), means="cli", restart_s=60, source="procedure.md 1.2 [S CUC15]"
    ),
    Service(
        key="cuc-smtp",
        names=("Connection SMTP Server", "Connection SMTP"),
        means="cli",
        restart_s=60,
        source="procedure.md 1.2 [S CUC15]; spelling [I]",
    ),
    Service(
        key="cuc-conversation",
        names=("Connection Conversation Manager",),
        means="cli",
        restart_s=120,
        source="procedure.md 1.2 [S CUC15]; interfaces-cli.md CUC row",
    ),
)
SERVICES: dict[str, Service] = {row.key: row for row in _SERVICES}
BY_SPELLING: dict[str, Service] = {name.lower(): row for row in _SERVICES for name in row.names}


def restarts(
    purpose: str, role: str, release: tuple[int, ...], after: str = "identity", restart_set: RestartSet = "union"
) -> tuple[Restart, ...]:
    """The restarts `purpose` asks for on a node of `role` and `release`, in order, running or not.

    `restart_set` says whose list is followed; "union" is the safe one. Source: procedure.md 1.2, U-P10.
    """
    product = PRODUCT_OF_ROLE[role]
    return tuple(
        row
        for row in RESTARTS
        if row.purpose == purpose
        and row.after == after
        and restart_set in row.sets
        and product in row.products
        and release >= row.since
        and not (row.before and release >= row.before)
        and (role == "publisher" or not row.publisher_only)
    )


def service_called(name: str) -> Service | None:
    """The row of a service by any of its spellings, case apart; None for a service of no restart set.

    Source: interfaces-cli.md 3.4 (Cisco TFTP or Tftp, DRF Master or Primary).
    """
    return BY_SPELLING.get(name.lower())
