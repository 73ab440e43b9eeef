"""What passes between us and whoever signs: a ticket that may be open for weeks, and three possible answers."""

from typing import Protocol

import msgspec

from ucmcert.model.certificate import Certificate, CertificateRequest


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What we ask the CA for, beside what stands in the CSR."""

    node: str
    purpose: str
    lifetime_days: int = 397


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """Plain data, kept in the ledger: enough to ask again after any crash. `submitted_at` is UTC epoch seconds."""

    authority: str
    reference: str
    node: str
    purpose: str
    spki_sha256: str
    submitted_at: float
    next: str = ""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """The CA signed. `chain` goes from the issuer of the leaf up to the root."""

    leaf: Certificate
    chain: tuple[Certificate, ...]


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """Not yet. `waiting_for` is a plain sentence, `next` what a person can do."""

    waiting_for: str
    next: str


class Authority(Protocol):
    """A CA: two verbs, because signing may take weeks.

    Both may raise Refused (the CA said no, its words in `answer`), UsageError (a file or folder of ours is wrong) and
    OutcomeUnknown. `submit` is safe to repeat for the same CSR: it gives the same ticket reference.
    """

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """Hand the CSR over."""
        ...

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """Ask for the answer."""
        ...
