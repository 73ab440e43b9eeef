"""Disaster recovery as far as phones care: a restore brings back the identities of the day of the newest backup.

The lab makes backups but restores none, so this does to its stores what a restore does. Source: phones.md 1.5, I11.
"""

from simulation.world import World
from ucmcert.model.event import AnyEvent
from ucmlab.cluster.certificates.records import StoredCertificate

Identities = dict[str, tuple[StoredCertificate, ...]]


class Backups:
    """Keeps what each backup of the lab holds."""

    def __init__(self, world: World) -> None:
        self._lab = world.lab
        self._made = len(self._lab.drs.history)
        self._newest = self._identities()

    def hear(self, _event: AnyEvent) -> None:
        """Nothing changes while a backup runs, so what is stored when it shows is what it holds."""
        if len(self._lab.drs.history) > self._made:
            self._made = len(self._lab.drs.history)
            self._newest = self._identities()

    def restore(self) -> None:
        """Bring the newest back on every node."""
        for name, identities in self._newest.items():
            node = self._lab.nodes[name]
            for stored in identities:
                node.certificates.install_identity(stored)
            node.changed()

    def _identities(self) -> Identities:
        return {name: tuple(node.certificates.identities()) for name, node in self._lab.nodes.items()}
