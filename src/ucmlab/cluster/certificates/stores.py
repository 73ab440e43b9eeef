"""The certificate store of one node: its identities, its live CSRs, its trust stores, and every change made to them.

Rules of the room: a refusal leaves everything as it was; a change is announced once, after it is complete; nothing
here reaches another node (the cluster does, on an announcement) or a service (they read the store when they start).
"""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from cryptography import x509

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.files import leaf_of, read_file
from ucmlab.cluster.certificates.loading import as_loaded
from ucmlab.cluster.certificates.purposes import Purpose, lifetime_years
from ucmlab.cluster.certificates.records import (
    Csr,
    CsrRequest,
    ServedIdentity,
    StoredCertificate,
    TrustEntry,
    TrustOutcome,
    to_pem,
)
from ucmlab.cluster.certificates.requests import DEFAULT_LENGTH, make_csr
from ucmlab.cluster.certificates.self_signed import SELF_SIGNED, make_self_signed
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.trust import name_of
from ucmlab.cluster.certificates.trust_stores import TrustStores
from ucmlab.cluster.certificates.upload import Upload, judge
from ucmlab.cluster.releases import release_has
from ucmlab.cluster.world import World
from ucmlab.errors import Refusal

REUSED_BY = {"tomcat": "CallManager", "tomcat-ECDSA": "CallManager-ECDSA"}
CAPF_COPIES = ("CAPF-trust", "CallManager-trust")  # phones.md 1.6: where LSCs find their issuer
Change = Literal["csr", "identity", "trust-added", "trust-deleted"]


class CertificatesState(msgspec.Struct, frozen=True, kw_only=True):
    """What of a store survives a stop of the lab."""

    identities: dict[str, StoredCertificate] = {}
    csrs: dict[str, Csr] = {}
    trust: dict[str, tuple[TrustEntry, ...]] = {}


class NodeCertificates:
    """Certificates of one node. `announce(change, purpose or store, name)` tells the cluster what changed."""

    def __init__(
        self,
        site: Site,
        world: World,
        memory: CertificatesState,
        *,
        now: Callable[[], float],
        announce: Callable[[Change, str, str], None],
    ) -> None:
        self.site = site
        self._world = world
        self._now = now
        self._announce = announce
        self._identities = dict(memory.identities)
        self._csrs = dict(memory.csrs)
        self._trust = TrustStores(site, world.switches, memory.trust, now=now)

    def identity(self, purpose: str) -> StoredCertificate | None:
        """The stored identity of a purpose."""
        return self._identities.get(purpose)

    def identities(self) -> list[StoredCertificate]:
        """All stored identities, in the order of the product's listing."""
        names = [purpose.name for purpose in self.site.purposes()]
        return [self._identities[name] for name in names if name in self._identities]

    def csr(self, purpose: str) -> Csr | None:
        """The live CSR of a purpose."""
        return self._csrs.get(purpose)

    def csrs(self) -> list[Csr]:
        """All live CSRs."""
        return [self._csrs[name] for name in sorted(self._csrs)]

    def trust(self, store: str) -> list[TrustEntry]:
        """Entries of a trust store (`tomcat-trust`). Raises Refusal E7 when the node has no such store."""
        return self._trust.entries(store)

    def trust_stores(self) -> tuple[str, ...]:
        """Names of the node's trust stores."""
        return self._trust.names()

    def generate_csr(self, purpose: str, asked: CsrRequest) -> Csr:
        """Make a new key and CSR; the one before, if any, is lost with its key. The running identity is untouched.

        Raises: Refusal E8, E9, E10, or CSR-PENDING when the switch csr_while_pending says so.
        """
        if purpose in self._csrs and self._world.switches["csr_while_pending"] == "refuse":
            raise refusals.csr_pending()
        csr = make_csr(self.site, purpose, asked, keys=self._world.keys, switches=self._world.switches, now=self._now())
        self.install_csr(csr)
        self._announce("csr", purpose, csr.distribution)
        return csr

    def upload_identity(self, purpose: str, blobs: Sequence[bytes], *, by_cli: bool = False) -> StoredCertificate:
        """Take a signed certificate, alone or with its chain (PEM, DER or PKCS#7), in place of the stored identity.

        Running services keep what they loaded. The chain given never reaches the trust store unless the switch
        identity_fills_trust says so. Raises: Refusal E1..E5, E7..E12 of procedure.md 5.
        """
        row, switches = self._own_purpose(purpose), self._world.switches
        given = [certificate for blob in blobs for certificate in read_file(blob, switches).certificates]
        if not given:
            raise refusals.unreadable()
        csr = self._csrs.get(purpose)
        if csr is None:
            raise refusals.as_release_says(refusals.csr_missing(row), row, switches)
        if by_cli and csr.distribution == "multi-server" and release_has(self.site.version, "multi-server not by CLI"):
            raise refusals.multi_server_by_cli()
        leaf = leaf_of(given)
        filling = given if switches["identity_fills_trust"] == "yes" else []
        with self._trust.unchanged_when_refused():
            filled = [self._trust.take(row.trust_store, one, "Trust Certificate") for one in filling if one != leaf]
            self._judge_identity(row, leaf, csr)
        self._tell_trust(filled)
        stored = StoredCertificate(
            purpose=purpose,
            certificate_pem=to_pem(leaf),
            key_pem=csr.key_pem,
            description=f"Certificate Signed by {name_of(leaf.issuer)}",
            multi_server=csr.distribution == "multi-server",
        )
        reuses = self._reuses(purpose)
        self.install_identity(stored)
        self._announce("identity", purpose, csr.distribution)
        if reuses:
            self._announce("identity", REUSED_BY[purpose], csr.distribution)
        if purpose == "CAPF":
            self._copy_capf(stored.certificate())
        return stored

    def _judge_identity(self, row: Purpose, leaf: x509.Certificate, csr: Csr) -> None:
        current = self._identities.get(row.name)
        judge(
            Upload(
                site=self.site,
                purpose=row,
                leaf=leaf,
                csr=csr,
                trusted=self._trust.certificates(row.trust_store),
                current=None if current is None else current.certificate(),
                now=self._now(),
                switches=self._world.switches,
            )
        )

    def upload_trust(self, store: str, blob: bytes, description: str = "") -> TrustOutcome:
        """Put the CA or peer certificate of one file, or all of a PKCS#7 bundle, into a store.

        An older one of the same name is silently not stored (E6). Returns what became of the last one.
        Raises: Refusal E5, E7, E9, E10, E12.
        """
        return self._take_files([(store, blob)], description)[-1]

    def upload_trust_files(
        self, stores: Sequence[str], blobs: Sequence[bytes], description: str = "", *, refuse_older: bool = False
    ) -> dict[str, bool]:
        """Put several files into each of several stores: all or nothing, or one by one (switch trust_batch).

        Returns whether a store took all of them. Raises: as `upload_trust`, and E6 with `refuse_older`.
        """
        files = [(store, blob) for store in stores for blob in blobs]
        whole = self._world.switches["trust_batch"] == "all-or-nothing"
        taken = [
            outcome
            for batch in ([files] if whole else [[file] for file in files])
            for outcome in self._take_files(batch, description, refuse_older=refuse_older)
        ]
        missed = {outcome.store for outcome in taken if not outcome.stored}
        return {store: store not in missed for store in stores}

    def _take_files(
        self, files: Sequence[tuple[str, bytes]], description: str, *, refuse_older: bool = False
    ) -> list[TrustOutcome]:
        taken = self._trust.take_files(files, description, refuse_older=refuse_older)
        self._tell_trust(taken)
        if self._world.switches["capf_root_copied"] == "yes":
            copied = [outcome.entry for outcome in taken if outcome.stored and outcome.store == "CAPF-trust"]
            self._tell_trust([self.put_trust("CallManager-trust", e.certificate(), description) for e in copied if e])
        return taken

    def _tell_trust(self, taken: Sequence[TrustOutcome]) -> None:
        for outcome in taken:
            entry = outcome.entry
            if outcome.stored and entry is not None and self._trust.has(entry.store, entry.filename):
                self._announce("trust-added", entry.store, entry.filename)

    def delete_trust(self, store: str, filename: str) -> None:
        """Remove an entry; cannot be undone. Raises Refusal NO-CERT, E7."""
        self.drop_trust(store, filename)
        self._announce("trust-deleted", store, filename)

    def regenerate(self, purpose: str, *, unit: bool = False) -> StoredCertificate:
        """Replace an identity by a fresh self-signed one, with `unit` an OU in it; a pending CSR stays.

        Raises: Refusal E8, also for the ITLRecovery of a subscriber from 12.5 (invented words).
        """
        row = self._own_purpose(purpose, code="E8")
        if purpose == "ITLRecovery" and not self._makes_recovery():
            raise Refusal("E8", self._world.switches["ctl_sub_text"], invented=True)
        stored = make_self_signed(
            self.site,
            row,
            key=self._world.keys.for_csr(row.key_type, DEFAULT_LENGTH[row.key_type]),
            serial=self._world.serial(),
            now=self._now(),
            lifetime_days=lifetime_years(row) * 365.0,
            unit=unit,
        )
        reuses = self._reuses(purpose)
        self.install_identity(stored, keep_csr=True)
        if purpose == "CAPF":
            self._copy_capf(stored.certificate())
        elif row.trust_store:
            self.put_trust(row.trust_store, stored.certificate(), SELF_SIGNED)
        self._announce("identity", purpose, "this-server")
        if reuses:
            self._announce("identity", REUSED_BY[purpose], "this-server")
        return stored

    def _makes_recovery(self) -> bool:
        """From 12.5 the publisher makes the one ITLRecovery of the cluster. Source: procedure.md 1.1."""
        return self.site.role == "publisher" or not release_has(self.site.version, "one ITLRecovery")

    def load(self, purpose: str) -> ServedIdentity | None:
        """The identity as a starting service reads it: leaf, intermediates found in the trust store now, key."""
        stored = self._identities.get(purpose)
        if stored is None:
            return None
        store = self._own_purpose(purpose).trust_store
        return as_loaded(stored, self._trust.in_order(store))

    def install_csr(self, csr: Csr) -> None:
        """Keep a CSR as the live one of its purpose, without telling anybody."""
        self._csrs[csr.purpose] = csr

    def install_identity(self, stored: StoredCertificate, *, keep_csr: bool = False) -> None:
        """Keep an identity, without a check and without telling anybody; its CSR is gone.

        Who reuses it changes with it.
        """
        if self._reuses(stored.purpose):
            reuser = REUSED_BY[stored.purpose]
            self._identities[reuser] = msgspec.structs.replace(stored, purpose=reuser)
        self._identities[stored.purpose] = stored
        if not keep_csr:
            self._csrs.pop(stored.purpose, None)

    def _reuses(self, purpose: str) -> bool:
        """Whether a CallManager identity is the multi-server tomcat one used again (14+). Source: procedure.md 3.10."""
        own, reuser = self._identities.get(purpose), self._identities.get(REUSED_BY.get(purpose, ""))
        return own is not None and reuser is not None and own.certificate_pem == reuser.certificate_pem

    def _copy_capf(self, certificate: x509.Certificate) -> None:
        """A new CAPF certificate joins or replaces the trust copies of the old: switch capf_same_name."""
        words = f"CAPF certificate of {self.site.host}"
        self._tell_trust([self.put_trust(store, certificate, words) for store in CAPF_COPIES])

    def put_trust(self, store: str, certificate: x509.Certificate, description: str) -> TrustOutcome:
        """Apply the same-name test and store, without telling anybody: replication and installation come here."""
        return self._trust.put(store, certificate, description)

    def drop_trust(self, store: str, filename: str) -> None:
        """Remove an entry without telling anybody. Raises Refusal NO-CERT, E7."""
        self._trust.drop(store, filename)

    def memory(self) -> CertificatesState:
        """What must survive a stop of the lab."""
        return CertificatesState(identities=dict(self._identities), csrs=dict(self._csrs), trust=self._trust.memory())

    def _own_purpose(self, name: str, *, code: str = "E7") -> Purpose:
        try:
            return self.site.purpose(name)
        except Refusal as refusal:
            if code == "E8":
                raise
            raise refusals.wrong_type() from refusal
