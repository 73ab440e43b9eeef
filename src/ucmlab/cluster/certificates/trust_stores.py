"""The trust stores of one node: their entries, the same-name test at every entry, and a way to take all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from cryptography import x509

from ucmlab.cluster.certificates import refusals
from ucmlab.cluster.certificates.files import read_one
from ucmlab.cluster.certificates.purposes import TRUST_STORES
from ucmlab.cluster.certificates.records import TrustEntry, TrustOutcome, to_pem
from ucmlab.cluster.certificates.site import Site
from ucmlab.cluster.certificates.trust import judge_same_name, trust_filename
from ucmlab.cluster.certificates.upload import judge_trust
from ucmlab.errors import Refusal
from ucmlab.switches import Switches

Stored = Mapping[str, Sequence[TrustEntry]]


class TrustStores:
    """Tells nobody of a change. `now`: the node's clock, epoch seconds."""

    def __init__(self, site: Site, switches: Switches, stored: Stored, *, now: Callable[[], float]) -> None:
        self._site = site
        self._switches = switches
        self._now = now
        self._entries = {store: list(stored.get(store, ())) for store in TRUST_STORES[site.product]}

    def names(self) -> tuple[str, ...]:
        """Names of the stores."""
        return tuple(self._entries)

    def entries(self, store: str) -> list[TrustEntry]:
        """Entries of a store (`tomcat-trust`), by file name. Raises Refusal E7 when the node has no such store."""
        if store not in self._entries:
            raise refusals.wrong_type()
        return sorted(self._entries[store], key=lambda entry: entry.filename)

    def in_order(self, store: str) -> list[TrustEntry]:
        """Entries of a store in the order they came; none for a store the node does not have."""
        return list(self._entries.get(store, ()))

    def certificates(self, store: str) -> list[x509.Certificate]:
        """The certificates of a store in the order they came; none for a store the node does not have."""
        return [entry.certificate() for entry in self.in_order(store)]

    def has(self, store: str, filename: str) -> bool:
        """Whether an entry of this file name stands in a store."""
        return filename in [entry.filename for entry in self._entries[store]]

    def take_files(
        self, files: Sequence[tuple[str, bytes]], description: str, *, refuse_older: bool = False
    ) -> list[TrustOutcome]:
        """Judge and put the certificates of (store, file) pairs, all or nothing.

        Raises: Refusal E5, E7, E9, E10, E12; with `refuse_older` also E6 instead of passing over an older one.
        """
        with self.unchanged_when_refused():
            taken: list[TrustOutcome] = []
            for store, blob in files:
                self.entries(store)  # E7 where the node has no such store
                found = read_one(blob, self._switches)
                taken += [self.take(store, certificate, description) for certificate in found]
            if refuse_older and not all(outcome.stored for outcome in taken):
                raise refusals.older_trust()
        return taken

    def take(self, store: str, certificate: x509.Certificate, description: str) -> TrustOutcome:
        """Judge and put one certificate. Raises: Refusal E5, E9, E10, E12."""
        judge_trust(certificate, self._site, now=self._now(), switches=self._switches)
        return self.put(store, certificate, description)

    def put(self, store: str, certificate: x509.Certificate, description: str) -> TrustOutcome:
        """Apply the same-name test and store."""
        entries = self._entries[store]
        verdict = judge_same_name(certificate, entries, self._switches)
        if not verdict.stored or verdict.winner is not None:
            return TrustOutcome(store=store, stored=verdict.stored, entry=verdict.winner)
        entries[:] = [entry for entry in entries if entry not in verdict.displaced]
        taken = [entry.filename for entry in entries]
        entry = TrustEntry(
            store=store,
            filename=trust_filename(certificate, version=self._site.version, taken=taken),
            certificate_pem=to_pem(certificate),
            description=description,
            uploaded_at=self._now(),
        )
        entries.append(entry)
        replaced = verdict.displaced[0].filename if verdict.displaced else None
        return TrustOutcome(store=store, stored=True, entry=entry, replaced=replaced)

    def drop(self, store: str, filename: str) -> None:
        """Remove an entry. Raises Refusal NO-CERT, E7."""
        if filename not in [entry.filename for entry in self.entries(store)]:
            raise refusals.no_such_certificate(f"{store}/{filename}")
        self._entries[store] = [entry for entry in self._entries[store] if entry.filename != filename]

    def memory(self) -> dict[str, tuple[TrustEntry, ...]]:
        """What must survive a stop of the lab."""
        return {store: tuple(entries) for store, entries in self._entries.items()}

    @contextmanager
    def unchanged_when_refused(self) -> Iterator[None]:
        """Whatever a Refusal cuts short inside leaves every store as it was before."""
        before = self.memory()
        try:
            yield
        except Refusal:
            self._entries = {store: list(entries) for store, entries in before.items()}
            raise
