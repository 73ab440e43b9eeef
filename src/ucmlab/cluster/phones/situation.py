"""The servers at one moment, real or imagined, as plain data, and how they answer a phone."""

from collections.abc import Callable, Mapping

import msgspec

from ucmlab.cluster.phones.asks import (
    UNREACHABLE,
    Answer,
    Ask,
    AskCapf,
    AskTvs,
    Enrolling,
    GetConfig,
    GetList,
    Pause,
    Register,
    Served,
    Vouching,
    Welcome,
)
from ucmlab.cluster.phones.memory import BY_LSC, BY_STRING, NOTHING_PENDING, Config
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


class Office(msgspec.Struct, frozen=True):
    """What one CAPF presents over TLS, and the CAPF certificates whose LSCs a phone may prove itself with.

    None for any. Which are taken is switch capf_takes_lsc.
    """

    leaf: str
    issuers: frozenset[str] | None = None


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All servers that answer, by host name. `mixed`: secure profiles are in force.

    `capf`: the node that configurations name as CAPF, "" without one.
    """

    mixed: bool
    desks: Mapping[str, Desk]
    opinions: Mapping[str, Opinion]
    callers: Mapping[str, Caller]
    offices: Mapping[str, Office] = {}
    capf: str = ""

    def answer(self, ask: Ask, visitor: Visitor) -> Answer:
        """What the node that is asked says; who is not here is unreachable."""
        match ask:
            case GetList():
                desk = self.desks.get(ask.node)
                return UNREACHABLE if desk is None else desk.ctl if ask.kind == "ctl" else desk.itl
            case GetConfig():
                desk = self.desks.get(ask.node)
                if desk is None:
                    return UNREACHABLE
                return Served(self._config(visitor), desk.signer if ask.signed else None)
            case AskTvs():
                opinion = self.opinions.get(ask.node)
                return UNREACHABLE if opinion is None else Vouching(opinion.presented, opinion.roles(ask.leaf))
            case AskCapf():
                office = self.offices.get(ask.node)
                return UNREACHABLE if office is None else Enrolling(office.leaf, _grants(office, visitor))
            case Register():
                caller = self.callers.get(ask.node)
                return UNREACHABLE if caller is None else self._welcome(caller, visitor, secure=ask.secure)
            case Pause():
                return None

    def _config(self, visitor: Visitor) -> Config:
        record = visitor.record
        return msgspec.structs.replace(record, secure=record.secure and self.mixed, capf=self.capf)

    def _welcome(self, caller: Caller, visitor: Visitor, *, secure: bool) -> Welcome:
        """A phone must come the way its record says, its LSC of an issuer still trusted. Source: phones.md I9."""
        fitting = secure == (visitor.record.secure and self.mixed)
        known = not secure or not visitor.lsc or visitor.lsc in caller.issuers
        return Welcome(caller.leaf if secure else None, fitting and known)


def _grants(office: Office, visitor: Visitor) -> bool:
    """Whether CAPF carries out what is ordered: it must be, and the phone must prove itself the way that was chosen."""
    record = visitor.record
    if record.operation == NOTHING_PENDING or record.mode == BY_STRING:
        return False
    by_lsc = record.mode == BY_LSC and visitor.lsc != ""
    return not by_lsc or office.issuers is None or visitor.lsc in office.issuers
