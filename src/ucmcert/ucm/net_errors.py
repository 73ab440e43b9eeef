"""What can go wrong on the way to a node, told once for every protocol: refused, lost, timed out, no such host."""

import errno
import socket
import ssl
from collections.abc import Iterator

from ucmcert.errors import OutcomeUnknown, UcmcertError, UsageError

UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def refused(where: str, why: str = "nothing listens on that port at this moment") -> OutcomeUnknown:
    """UCM-NET-001: there was no connection, so nothing can have arrived."""
    return OutcomeUnknown("UCM-NET-001", "the node did not accept the connection", where=where, why=why, sent=False)


def lost(where: str, *, sent: bool, why: str = "the other end closed it without an answer") -> OutcomeUnknown:
    """UCM-NET-002: the line broke. `sent` is False only when nothing of the request can have left."""
    return OutcomeUnknown("UCM-NET-002", "the connection was lost", where=where, why=why, sent=sent)


def timed_out(where: str, seconds: float, *, sent: bool) -> OutcomeUnknown:
    """UCM-NET-003: no answer, or no end of it, in time."""
    what = "the node did not answer in time" if sent else "no connection could be made in time"
    return OutcomeUnknown("UCM-NET-003", what, where=where, why=f"nothing came within {seconds:g} s", sent=sent)


def unresolvable(where: str, host: str) -> UsageError:
    """UCM-NET-004: the name has no address; looking again will not help."""
    return UsageError(
        "UCM-NET-004",
        f"the address of {host} cannot be found",
        where=where,
        why="the name is wrong, or this machine's DNS does not know it",
        next="correct the name, or give the node an `address` in the configuration",
    )


def unusable(where: str, error: ValueError) -> UsageError:
    """UCM-NET-006: no host can have that name or address, whatever the network says."""
    return UsageError(
        "UCM-NET-006",
        "the name or address of the node cannot be used",
        where=where,
        why=str(error),
        next="correct `name` or `address` of the node in the configuration",
    )


def not_tls(where: str, error: BaseException) -> OutcomeUnknown:
    """UCM-TLS-002: connected, but no TLS session came about. Nothing was sent."""
    return OutcomeUnknown("UCM-TLS-002", "the TLS handshake failed", where=where, why=_reason(error), sent=False)


def from_connecting(error: BaseException, where: str, host: str) -> UcmcertError:
    """The trouble behind `error`, which a library raised while it connected: nothing has been sent yet."""
    for cause in causes(error):
        if isinstance(cause, socket.gaierror):
            return unresolvable(where, host)
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return not_tls(where, cause)
        if isinstance(cause, ValueError) and not isinstance(cause, OSError):
            return unusable(where, cause)
        if isinstance(cause, ConnectionRefusedError):
            return refused(where)
        if isinstance(cause, OSError) and cause.errno in UNREACHABLE:
            return refused(where, "there is no way to that address from here")
    return lost(where, sent=False, why="the other end closed it before anything was sent")


def causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and everything it came from, nearest first, the members of groups included."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting.extend(cause for cause in (one.__cause__, one.__context__) if cause is not None)


def _reason(error: BaseException) -> str:
    return getattr(error, "reason", None) or str(error) or type(error).__name__
