"""The files of one node's Cisco Tftp: read when its process starts, rebuilt a while after, signed with what it read.

Rules of the room: nothing is served between the start and the end of the rebuild; a file on the disk outlives its
service; what happens is noticed by looking (`look`), whoever moved the service.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from ucmlab.clock import Clock, Timer
from ucmlab.cluster.certificates.records import ServedIdentity
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.services.service import Service
from ucmlab.cluster.trust_lists.building import build_itl
from ucmlab.cluster.trust_lists.contents import Gathered, itl_records, itl_signers, signer_of
from ucmlab.cluster.trust_lists.gathering import CTL_SERVICE, TFTP_SERVICE
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.cluster.trust_lists.writing import Digest, write_signed
from ucmlab.errors import LabError

TftpView = tuple[TrustFile | None, TrustFile | None, ServedIdentity | None, bool]


class TftpState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a Cisco Tftp survives a stop of the lab.

    `started_at`: the start that the rest belongs to, node clock. `pending`: what that start read, until the rebuild is
    done. `anchors`: who signs the ITL first, () for the release's order; `anchors_kept` over the next start too.
    `ctl_number`: the last CTL it was given. `rebuilt_at`: when the files were last built, true epoch seconds, whether
    the ITL came out anew or not.
    """

    itl: TrustFile | None = None
    ctl: TrustFile | None = None
    config_signer: ServedIdentity | None = None
    config_digest: Digest = "sha1"
    anchors: tuple[str, ...] = ()
    anchors_kept: bool = False
    started_at: float | None = None
    pending: Gathered | None = None
    ctl_number: int = 0
    rebuilt_at: float = 0.0


class TftpNode(Protocol):
    """What a Cisco Tftp needs of its node."""

    name: str
    version: str
    clock: Clock
    services: dict[str, Service]

    def reachable(self) -> bool:
        """Whether the node is up."""

    def changed(self) -> None:
        """Something that must survive has changed."""


class TftpCluster(Protocol):
    """What a Cisco Tftp needs of its cluster."""

    @property
    def switches(self) -> Mapping[str, str]:
        """The cluster's switches."""

    def gathered(self, host: str, *, stored: bool) -> Gathered:
        """What the lists of a node are made of now; `stored`: its own keys from the disk, not from the process."""

    def rebuild_s(self) -> float:
        """How long a rebuild takes, seconds of the cluster."""

    def latest_ctl(self) -> tuple[int, TrustFile | None]:
        """The CTL that was made last, with its number."""


class NodeTftp:
    """ITL, CTL and signed files of one node."""

    def __init__(self, node: TftpNode, cluster: TftpCluster, memory: TftpState | None) -> None:
        self._node = node
        self._cluster = cluster
        self._state = memory or TftpState()
        self._timer: Timer | None = None
        self._generation = 0
        self._seen: TftpView | None = None

    @property
    def activated(self) -> bool:
        """Whether Cisco Tftp is activated here: without it there is no file."""
        return self._service.activated

    @property
    def itl(self) -> TrustFile | None:
        """The ITL file that stands here."""
        return self._state.itl if self.activated else None

    @property
    def ctl(self) -> TrustFile | None:
        """The CTL file that phones are offered; from 14SU3 only while Cisco CTL Provider runs."""
        if not self.activated:
            return None
        provider = self._node.services[CTL_SERVICE]
        needs_provider = release_has(self._node.version, "no CTL tokens")
        return None if needs_provider and not provider.running else self._state.ctl

    @property
    def ctl_on_disk(self) -> TrustFile | None:
        """The CTL file that `show ctl` reads, offered or not."""
        return self._state.ctl

    @property
    def config_signer(self) -> ServedIdentity | None:
        """The CallManager identity that Cisco Tftp has loaded: it signs every .sgn."""
        return self._state.config_signer

    @property
    def rebuilt_at(self) -> float:
        """When the files were last built, true epoch seconds; 0 before the first start."""
        return max(self._state.rebuilt_at, 0.0 if self._state.itl is None else self._state.itl.built_at)

    @property
    def serving(self) -> bool:
        """Whether requests are answered: the service runs, its files are built and the node is up."""
        return self._service.running and self._state.pending is None and self._node.reachable()

    @property
    def generation(self) -> int:
        """A number that grows whenever what is served here has changed since the last look at it."""
        view = (self.itl, self.ctl, self.config_signer, self.serving)
        if view != self._seen:
            self._seen = view
            self._generation += 1
        return self._generation

    def signed(self, filename: str, payload: bytes) -> bytes:
        """A signed file (.sgn); the same bytes until the files are rebuilt. Raises LabError: nothing loaded."""
        signer, built = self._state.config_signer, self._state.itl
        if signer is None or built is None:
            raise LabError(f"Cisco Tftp of {self._node.name} has not loaded anything")
        digest = self._state.config_digest
        return write_signed(filename, payload, signer_of(signer), at=built.built_at, digest=digest)

    def look(self) -> None:
        """Notice a start of the service: read what is stored, and rebuild once it runs. Needs a clock that goes."""
        service = self._service
        if service.started_at is None:
            self._cancel()
            return
        if service.started_at != self._state.started_at:
            self._cancel()
            gathered = self._cluster.gathered(self._node.name, stored=False)
            self._set(started_at=service.started_at, pending=gathered)
        if service.running and self._state.pending is not None and self._timer is None:
            self._timer = self._node.clock.call_later(self._cluster.rebuild_s(), self._finish)

    def look_for_news(self) -> bool:
        """Rebuild in the running service when what the ITL is made of has changed: switch tftp_rebuild `hot`.

        Returns whether this could be judged now; while a rebuild is under way it cannot.
        """
        if self._timer is not None or not self.serving or self._state.itl is None:
            return not self._service.running
        fresh = self._cluster.gathered(self._node.name, stored=True)
        version, switches = self._node.version, self._cluster.switches
        anchors = [name for name in self._state.anchors or itl_signers(version) if name in fresh.own]
        rows = itl_records(fresh, anchors, version=version, switches=switches)
        if tuple(row.entry() for row in rows) != self._state.itl.entries:
            self._timer = self._node.clock.call_later(self._cluster.rebuild_s(), self._refresh)
        return True

    def reset_itl(self, anchors: tuple[str, ...], *, keep: bool = False) -> None:
        """Take an ITL of what is stored now, signed by the first of `anchors`; the next start is back in order, or with
        `keep` the one after it. The signer of configurations is read anew with it."""
        self._set(anchors=anchors, anchors_kept=keep)
        self._build(self._cluster.gathered(self._node.name, stored=True), self._node.clock.now())
        self._node.changed()

    def take_ctl(self, number: int, ctl: TrustFile | None) -> None:
        """Take the cluster's CTL file."""
        self._set(ctl=ctl, ctl_number=number)
        self._node.changed()

    def delete_ctl(self) -> bool:
        """Delete the CTL file; whether there was one."""
        found = self._state.ctl is not None
        self._set(ctl=None)
        self._node.changed()
        return found

    def memory(self) -> TftpState:
        """What must survive a stop of the lab."""
        return self._state

    def close(self) -> None:
        """Cancel a rebuild, for a lab that stops; the next start of the lab begins it again."""
        self._cancel()

    @property
    def _service(self) -> Service:
        return self._node.services[TFTP_SERVICE]

    def _finish(self) -> None:
        self._timer = None
        pending = self._state.pending
        if pending is None or not self._service.running:
            return
        kept = self._state.anchors if self._state.anchors_kept else ()
        self._set(pending=None, anchors=kept, anchors_kept=False)
        number, ctl = self._cluster.latest_ctl()
        if number > self._state.ctl_number:
            self._set(ctl=ctl, ctl_number=number)
        self._build(pending, self._node.clock.now(), rewrite=self._cluster.switches["list_rewritten"] == "always")
        self._node.changed()

    def _refresh(self) -> None:
        self._timer = None
        if self.serving:
            self._build(self._cluster.gathered(self._node.name, stored=True), self._node.clock.now())
            self._node.changed()

    def _build(self, gathered: Gathered, at: float, *, rewrite: bool = True) -> None:
        """Build the files; without `rewrite` an ITL stays that would differ in its time stamp only."""
        held = self._state.itl
        itl = None if rewrite or held is None else self._itl_of(gathered, held.built_at)
        if itl is None or itl != held:
            itl = self._itl_of(gathered, at)
        self._set(
            itl=itl, rebuilt_at=at, config_signer=gathered.own["CallManager"], config_digest=gathered.config_digest
        )

    def _itl_of(self, gathered: Gathered, at: float) -> TrustFile:
        return build_itl(
            gathered,
            version=self._node.version,
            switches=self._cluster.switches,
            at=at,
            anchors=self._state.anchors,
        )

    def _set(self, **changes: object) -> None:
        self._state = msgspec.structs.replace(self._state, **changes)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
