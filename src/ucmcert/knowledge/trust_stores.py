"""What is known of each trust store: where its entries travel to, what a deletion asks for, what Cisco put into it.

Facts only. Source: procedure.md 6.4 (replication), 6.5 (deletion, MIC roots), 6.9 (expiry monitor).
"""

from typing import Literal

import msgspec

Role = Literal["publisher", "subscriber", "im-presence", "unity-connection"]
CUCM: tuple[Role, ...] = ("publisher", "subscriber")
WAIT_S = 1_800  # CN_SYNC_TIMER: what is changed on one node is on the others after that (procedure.md 6.4)
DAY_S = 86_400
HOURLY_DAYS, DAILY_DAYS = 1, 7  # the expiry monitor looks once a day, hourly from one day left on (procedure.md 6.9)


class TrustStore(msgspec.Struct, frozen=True, kw_only=True):
    """One store by its base name (`tomcat` for tomcat-trust).

    `spreads_to` are the roles whose nodes all hold what one of them holds, () when nothing travels by itself.
    `restarts` are rows of the service table to restart after a deletion; None where nobody has published what a
    deletion asks for, so that none is planned. `disturbs_phones`: a deletion is felt by endpoints.
    """

    name: str
    spreads_to: tuple[Role, ...] = ()
    restarts: tuple[str, ...] | None = None
    disturbs_phones: bool = False
    source: str


_STORES: tuple[TrustStore, ...] = (
    TrustStore(
        name="tomcat",
        spreads_to=(*CUCM, "im-presence"),
        restarts=("tomcat",),
        source="procedure.md 6.4 [S AG125, IMP125], 6.5 [S D2]",
    ),
    TrustStore(
        name="CallManager",
        spreads_to=CUCM,
        restarts=(),
        disturbs_phones=True,
        source="procedure.md 6.4 [S AG125], 6.5 [S D2] (impacts endpoints and causes restarts)",
    ),
    TrustStore(name="Phone-SAST", spreads_to=CUCM, source="procedure.md 6.4 [S AG125]"),
    TrustStore(name="directory", spreads_to=CUCM, source="procedure.md 6.4 [S D6]"),
    TrustStore(name="CAPF", restarts=("capf",), source="procedure.md 6.4 [S SG14], 6.5 [S D2]"),
    TrustStore(name="ipsec", restarts=("drf-master", "drf-local"), source="procedure.md 6.4 [I], 6.5 [S D2]"),
    TrustStore(name="TVS", source="procedure.md 6.4 [I]"),
)
TRUST_STORES: dict[str, TrustStore] = {row.name: row for row in _STORES}

# The manufacturing roots and CAs that Cisco installs, as their common names go (procedure.md 6.5 [S SG14]).
CISCO_DEFAULTS: tuple[str, ...] = (
    "CAP-RTP-001",
    "CAP-RTP-002",
    "Cisco Manufacturing CA",
    "Cisco Manufacturing CA SHA2",
    "Cisco Root CA 2048",
    "Cisco Root CA M2",
    "ACT2 SUDI CA",
)
DEFAULT_STORES: tuple[str, ...] = ("CAPF", "CallManager")
CAPF_NAME = "CAPF-"  # how CUCM begins the common name of every CAPF it makes (interfaces-cli.md 2.1)
RECOVERY_NAME = "ITLRECOVERY"  # and that of its recovery key


def is_cisco_default(common_name: str) -> bool:
    """Whether Cisco installs a CA of that name; blanks, underscores and case are told alike."""
    return _plain(common_name) in {_plain(one) for one in CISCO_DEFAULTS}


def _plain(name: str) -> str:
    return name.replace("_", " ").strip().lower()
