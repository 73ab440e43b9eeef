"""What `init` found out about a cluster: who its nodes are and what they showed of themselves."""

import msgspec

from ucmcert.model.certificate import Certificate
from ucmcert.model.node import Node


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One node and what it showed before anybody logged in. `trouble` says why nothing was shown, "" when it was."""

    node: Node
    leaf: Certificate | None = None
    ssh_host_key: str = ""
    trouble: str = ""

    @property
    def complete(self) -> bool:
        """Both fingerprints are there."""
        return self.leaf is not None and bool(self.ssh_host_key)

    def same_as(self, other: "Shown") -> bool:
        """Whether a second look showed the very same."""
        ours = self.leaf.sha256 if self.leaf else ""
        theirs = other.leaf.sha256 if other.leaf else ""
        return (ours, self.ssh_host_key) == (theirs, other.ssh_host_key)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user and where its password is: a reference, never the password."""

    user: str
    reference: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that goes into the file. The publisher comes first."""

    cluster: str
    os_admin: Account
    app_admin: Account
    nodes: tuple[Shown, ...]
