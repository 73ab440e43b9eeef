"""Trust lists and other files that a TFTP node gives to anybody: HTTP 6970, and TFTP where that port is closed.

Bytes only; what they mean is for `trust_list` to say. Source: interfaces-http.md 6, phones.md 1.1.
"""

import re

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.node import Node
from ucmcert.model.ports import Connect
from ucmcert.ucm.tftp import LARGEST_FILE, too_large

PORT = 6970
HTTP_S = 20.0
TFTP_S = 10.0
BUSY = 503  # phones fetch it by TFTP then (phones.md 4.1)
NOT_THERE = 404
NOBODY_LISTENS = "UCM-NET-001"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


async def tftp_file(connect: Connect, node: Node, name: str) -> bytes | None:
    """The file `name` as the node serves it now; None when the node says that it has none.

    Raises OutcomeUnknown UCM-NET-*, UCM-TFTP-001 to -003; UsageError UCM-TFTP-004 for what is no name of a file.
    """
    where = f"http {node.name}:{PORT}"
    if not NAME.fullmatch(name):
        why = "a file of the TFTP service has a plain name without folders"
        raise UsageError("UCM-TFTP-004", f"no name of a file: {name!r}", where=where, why=why, next="correct the name")
    try:
        answer = await connect.plain_http(node.address, node.port(PORT), f"/{name}", HTTP_S)
    except OutcomeUnknown as error:
        if error.code != NOBODY_LISTENS:
            raise
        return await _by_tftp(connect, node, name, error)
    if answer.status == NOT_THERE:
        return None
    if answer.status == BUSY:
        return await _by_tftp(connect, node, name, _odd(where, name, answer.status))
    if answer.status != 200:
        raise _odd(where, name, answer.status)
    if len(answer.body) > LARGEST_FILE:
        raise too_large(where, name)
    return answer.body


async def _by_tftp(connect: Connect, node: Node, name: str, first: OutcomeUnknown) -> bytes | None:
    """By TFTP; where that is silent too, the first trouble says more."""
    try:
        return await connect.tftp(node, name, TFTP_S)
    except OutcomeUnknown as error:
        raise first from error


def _odd(where: str, name: str, status: int) -> OutcomeUnknown:
    why = f"it answered with HTTP status {status}"
    return OutcomeUnknown("UCM-TFTP-003", f"the node did not give the file {name}", where=where, why=why)
