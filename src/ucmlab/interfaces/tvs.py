"""What the Trust Verification Service says to a message. Source: phones.md 1.4."""

import hashlib

from cryptography.hazmat.primitives import serialization

from ucmlab.cluster import tvs
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.interfaces.tvs_wire import UNKNOWN, Command, NotTvs, Query, Verdict, Verify, decode, encode

INTERFACE = "tvs"
SERVICE_PORT = tvs.PORT


async def answer_tvs(cluster: Cluster, node: Node, message: bytes) -> bytes:
    """The answer to one message, header included.

    Raises: NotTvs for what is no question; NodeDown, RefuseConnection, DropConnection, Throttled by injected faults.
    """
    question = decode(message)
    if not isinstance(question, Query | Verify):
        raise NotTvs("an answer was sent where a question was due")
    operation = "query" if isinstance(question, Query) else "verify"
    await cluster.faults.before(node.name, INTERFACE, operation)
    verdict = _looked_up(cluster, node, question) if isinstance(question, Query) else _judged(cluster, node, question)
    outcome = "ok" if verdict.roles else "refused: not known"
    now = cluster.clock.now()
    cluster.log.append(now, node.name, interface=INTERFACE, operation=operation, outcome=outcome)
    return await cluster.faults.after(node.name, INTERFACE, operation, answer=encode(verdict))


def _looked_up(cluster: Cluster, node: Node, question: Query) -> Verdict:
    answers = Command.QUERY_CERT_RES
    found = tvs.find(cluster, node, question.serial, question.issuer)
    if found is None:
        return Verdict(session=question.session, answers=answers, status=UNKNOWN)
    certificate, roles = found
    der = certificate.public_bytes(serialization.Encoding.DER)
    return Verdict(session=question.session, answers=answers, certificate_der=der, roles=tuple(sorted(roles)))


def _judged(cluster: Cluster, node: Node, question: Verify) -> Verdict:
    answers = Command.VERIFY_RES
    roles = tvs.roles_of(cluster, node, hashlib.sha256(question.certificate_der).hexdigest())
    if not roles:
        return Verdict(session=question.session, answers=answers, status=UNKNOWN)
    return Verdict(session=question.session, answers=answers, roles=tuple(sorted(roles)))
