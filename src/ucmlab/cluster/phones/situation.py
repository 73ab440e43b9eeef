"""The servers at one moment, real or imagined, as plain data, and how they answer a phone."""

from collections.abc import Callable, Mapping

import msgspec

from ucmlab.cluster.phones.asks import (
    UNREACHABLE,
    Answer,
    Ask,
    AskTvs,
    GetConfig,
    GetList,
    Served,
    Vouching,
    Welcome,
)
from ucmlab.cluster.phones.memory import Config
from ucmlab.cluster.trust_lists.model import TrustFile


class Visitor(msgspec.Struct, frozen=True):
    """What the servers know of a phone that asks: its configuration in the database, and who issued its LSC."""

    record: Config
    lsc: str = ""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What one Cisco Tftp serves. `signer`: SHA-256 hex of the certificate that signs configurations."""

    ctl: TrustFile | None = None
    itl: TrustFile | None = None
    signer: str | None = None


class Opinion(msgspec.Struct, frozen=True):
    """What one TVS presents, and the roles it answers for a leaf (none: unknown)."""

    presented: str
    roles: Callable[[str], frozenset[int]]


class Caller(msgspec.Struct, frozen=True):
    """What one CallManager presents over TLS, and the CAPF certificates whose LSCs it takes."""

    leaf: str | None
    issuers: frozenset[str] = frozenset()


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All servers that answer, by host name. `mixed`: secure profiles are in force."""

    mixed: bool
    desks: Mapping[str, Desk]
    opinions: Mapping[str, Opinion]
    callers: Mapping[str, Caller]

    def answer(self, ask: Ask, visitor: Visitor) -> Answer:
        """What the node that is asked says; who is not here is unreachable."""
        if isinstance(ask, GetList):
            desk = self.desks.get(ask.node)
            return UNREACHABLE if desk is None else desk.ctl if ask.kind == "ctl" else desk.itl
        if isinstance(ask, GetConfig):
            desk = self.desks.get(ask.node)
            if desk is None:
                return UNREACHABLE
            return Served(self._config(visitor), desk.signer if ask.signed else None)
        if isinstance(ask, AskTvs):
            opinion = self.opinions.get(ask.node)
            if opinion is None:
                return UNREACHABLE
            return Vouching(opinion.presented, opinion.roles(ask.leaf))
        caller = self.callers.get(ask.node)
        return UNREACHABLE if caller is None else self._welcome(caller, visitor, secure=ask.secure)

    def _config(self, visitor: Visitor) -> Config:
        record = visitor.record
        return record if self.mixed or not record.secure else msgspec.structs.replace(record, secure=False)

    def _welcome(self, caller: Caller, visitor: Visitor, *, secure: bool) -> Welcome:
        """A phone must come the way its record says, its LSC of an issuer still trusted. Source: phones.md I9."""
        fitting = secure == self._config(visitor).secure
        known = not secure or not visitor.lsc or visitor.lsc in caller.issuers
        return Welcome(caller.leaf if secure else None, fitting and known)
