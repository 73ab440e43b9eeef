"""What 14 and later do by themselves after a certificate change: services that restart, phones that are reset.

Services: TVS after TVS, CAPF after CAPF (its trust store included), TVS and TFTP after ITLRecovery. Phones: after CAPF,
TVS, CallManager and ITLRecovery, unless the enterprise parameter says manual; a parameter that is missing means
automatic. When the phones are reset is switch automatic_reset. Source: phones.md 2.5, procedure.md 1.2, 3.7, 9.
"""

from collections.abc import Callable, Mapping

from ucmlab.cluster.certificates.stores import Change
from ucmlab.cluster.node import Node
from ucmlab.cluster.releases import release_has

TVS, TFTP = "Cisco Trust Verification Service", "Cisco Tftp"
CAPF = "Cisco Certificate Authority Proxy Function"
RESTARTS: dict[tuple[Change, str], tuple[str, ...]] = {
    ("identity", "TVS"): (TVS,),
    ("identity", "CAPF"): (CAPF,),
    ("trust-added", "CAPF-trust"): (CAPF,),
    ("identity", "ITLRecovery"): (TVS, TFTP),
}
RESETTING = ("CAPF", "TVS", "CallManager", "ITLRecovery")


class Automatic:
    """The automatisms of one cluster. `waiting_since`: since when a reset waits for every Cisco Tftp, epoch seconds.

    `is_manual` reads the enterprise parameter; `reset_phones` resets them all.
    """

    def __init__(
        self,
        nodes: Mapping[str, Node],
        switches: Mapping[str, str],
        *,
        is_manual: Callable[[], bool],
        reset_phones: Callable[[], None],
        waiting_since: float | None = None,
    ) -> None:
        self._nodes = nodes
        self._switches = switches
        self._is_manual = is_manual
        self._reset_phones = reset_phones
        self.waiting_since = waiting_since

    def changed(self, node: Node, change: Change, subject: str) -> None:
        """A store of this node has changed, by an administrator's hand or by a multi-server certificate arriving."""
        if release_has(node.version, "services restart themselves"):
            for name in RESTARTS.get((change, subject), ()):
                _restart(node, name)

    def announced(self, node: Node, change: Change, subject: str) -> None:
        """An administrator has changed a store of this node: once for a change that spreads over many."""
        self.changed(node, change, subject)
        if change != "identity" or subject not in RESETTING or self._is_manual():
            return
        if not release_has(node.version, "phone interaction parameter"):
            return
        if self._switches["automatic_reset"] == "at-upload":
            self._reset_phones()
        else:
            self.waiting_since = node.clock.now()

    def look(self) -> bool:
        """Reset the phones once every Cisco Tftp that runs serves files younger than the change that asked for it.

        Returns whether it did.
        """
        if self.waiting_since is None:
            return False
        serving = [node for node in self._nodes.values() if node.runs(TFTP)]
        if serving and all(_built_since(node, self.waiting_since) for node in serving):
            self.waiting_since = None
            self._reset_phones()
            return True
        return False


def _restart(node: Node, name: str) -> None:
    service = node.services.get(name)
    if service is not None:
        service.restart_by_itself()


def _built_since(node: Node, moment: float) -> bool:
    files = node.tftp
    if files is None or files.itl is None or not files.serving:
        return False
    return files.rebuilt_at > moment
