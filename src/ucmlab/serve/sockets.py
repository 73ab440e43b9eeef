"""Sockets bound to a port: the numbers that a lab holds, whether anybody listens there or not."""

import socket


def bind(address: str, port: int, *, device: bytes = b"") -> socket.socket:
    """A TCP socket bound to a port and not listening yet: whoever dials it is refused. Raises OSError.

    `device`: the only interface it hears, b"" for all.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if device:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
        bound.setblocking(False)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def bind_datagrams(address: str, port: int, *, deaf: bool = False) -> socket.socket:
    """A UDP socket on a port; `deaf` refuses whoever sends to it. Raises OSError."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.bind((address, port))
        if deaf:
            bound.connect(bound.getsockname())
    except OSError:
        bound.close()
        raise
    return bound
