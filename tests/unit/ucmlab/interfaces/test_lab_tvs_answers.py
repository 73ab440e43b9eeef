"""Promise: a TVS answers a phone's question as the trace shows, from what its node knows, faults included."""

import pytest
from cryptography.hazmat.primitives import serialization

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.trust_lists.tlv import distinguished_name
from ucmlab.errors import DropConnection, NodeDown, Throttled
from ucmlab.faults import FaultRule
from ucmlab.interfaces.tvs import answer_tvs
from ucmlab.interfaces.tvs_wire import KNOWN, UNKNOWN, Command, NotTvs, Query, Verdict, Verify, decode, encode
from unit.ucmlab.lab_bench import in_lab

DEVICE = "CP-8851-SEP0077AA000001"


def leaf_der(cluster: Cluster, purpose: str) -> bytes:
    stored = cluster.publisher.certificates.identity(purpose)
    assert stored is not None
    return stored.certificate().public_bytes(serialization.Encoding.DER)


def question(cluster: Cluster, purpose: str = "CallManager", *, other: int = 0) -> Query:
    stored = cluster.publisher.certificates.identity(purpose)
    assert stored is not None
    certificate = stored.certificate()
    return Query(
        session=42,
        device=DEVICE,
        subject=distinguished_name(certificate.subject),
        issuer=distinguished_name(certificate.issuer),
        serial=certificate.serial_number + other,
    )


async def answered(cluster: Cluster, asked: Query | Verify | Verdict) -> object:
    return decode(await answer_tvs(cluster, cluster.publisher, encode(asked)))


def test_a_known_certificate_comes_back_with_its_roles_for_a_day() -> None:
    async def test(cluster: Cluster) -> None:
        expected = Verdict(
            session=42,
            answers=Command.QUERY_CERT_RES,
            status=KNOWN,
            certificate_der=leaf_der(cluster, "CallManager"),
            roles=(0, 3),
            ttl_s=86_400,
        )
        assert expected == await answered(cluster, question(cluster))

    in_lab(test)


def test_an_unknown_one_is_answered_with_its_status_alone() -> None:
    async def test(cluster: Cluster) -> None:
        raw = await answer_tvs(cluster, cluster.publisher, encode(question(cluster, other=1)))

        assert bytes.fromhex("570104000000002a000407000101") == raw
        assert ["refused: not known"] == [row.outcome for row in cluster.log.operations()]

    in_lab(test)


def test_a_certificate_can_be_asked_about_as_a_whole() -> None:
    async def test(cluster: Cluster) -> None:
        known = Verify(session=1, device=DEVICE, certificate_der=leaf_der(cluster, "ITLRecovery"))
        unknown = Verify(session=2, device=DEVICE, certificate_der=leaf_der(cluster, "ipsec"))

        assert Verdict(session=1, answers=Command.VERIFY_RES, roles=(0,)) == await answered(cluster, known)
        said = await answered(cluster, unknown)
        assert Verdict(session=2, answers=Command.VERIFY_RES, status=UNKNOWN, ttl_s=0) == said

    in_lab(test)


def test_an_answer_is_no_question() -> None:
    async def test(cluster: Cluster) -> None:
        with pytest.raises(NotTvs):
            await answered(cluster, Verdict(session=1, answers=Command.QUERY_CERT_RES))

    in_lab(test)


@pytest.mark.parametrize(
    ("kind", "error"), [("drop-before", DropConnection), ("throttle", Throttled), ("node-down", NodeDown)]
)
def test_injected_faults_strike(kind: str, error: type[Exception]) -> None:
    async def test(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind=kind, interface="" if kind == "node-down" else "tvs"))
        with pytest.raises(error):
            await answered(cluster, question(cluster))

    in_lab(test)


def test_a_wrong_answer_is_no_message_any_more() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.faults.add(FaultRule(kind="wrong-answer", interface="tvs"))
        with pytest.raises(NotTvs):
            await answered(cluster, question(cluster))

    in_lab(test)
