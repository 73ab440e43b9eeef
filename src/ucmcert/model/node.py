"""A node of the cluster: who it is, what it runs and where its interfaces answer."""

from enum import StrEnum
from typing import Literal

import msgspec

from ucmcert.model.secret import Secret


class Role(StrEnum):
    """What a node is in its cluster (interfaces-cli.md 5.1)."""

    PUBLISHER = "publisher"
    SUBSCRIBER = "subscriber"
    IM_PRESENCE = "im-presence"
    UNITY_CONNECTION = "unity-connection"


CUCM_ROLES = (Role.PUBLISHER, Role.SUBSCRIBER)
SSO_ROLES = (*CUCM_ROLES, Role.UNITY_CONNECTION)  # whose `utils sso status` is asked


class Release(msgspec.Struct, frozen=True, order=True):
    """A release as numbers that compare: 14.0.1.13900-155 is (14, 0, 1, 13900, 155), marketed as 14SU3."""

    major: int
    minor: int
    maintenance: int
    engineering: int
    build: int = 0

    @property
    def text(self) -> str:
        """The dotted form that nodes print."""
        return f"{self.major}.{self.minor}.{self.maintenance}.{self.engineering}-{self.build}"


Interface = Literal["https", "https_alt", "ssh", "tftp_http", "tftp", "tvs", "capf", "sip_tls"]
REAL_PORTS: dict[Interface, int] = {
    "https": 443,
    "https_alt": 8443,
    "ssh": 22,
    "tftp_http": 6970,
    "tftp": 69,
    "tvs": 2445,
    "capf": 3804,
    "sip_tls": 5061,
}


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One node. `name` is the FQDN its certificates are checked against, `address` is where we connect.

    `ports` holds only what differs from the real ports; `ssh_host_key` is the pinned OpenSSH fingerprint, "" if none.
    """

    name: str
    host: str
    address: str
    role: Role
    release: Release
    ports: dict[str, int] = {}
    ssh_host_key: str = ""

    def port(self, real: int) -> int:
        """The port to connect to for the real port number `real` (443, 8443, 22 ...), by its name or its number."""
        name = next((name for name, number in REAL_PORTS.items() if number == real), "")
        return self.ports.get(name, self.ports.get(str(real), real))


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """An account of the cluster. The password is a Secret and is sent only to a verified peer."""

    user: str
    password: Secret
