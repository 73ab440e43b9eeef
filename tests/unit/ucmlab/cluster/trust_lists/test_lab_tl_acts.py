# Promise: the acts on lists take what is stored, sign with the right key, and reach the TFTP servers they should.
import contextlib

import msgspec
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import CAPF, CCM_TFTP, SAST
from ucmlab.cluster.trust_lists.reading import parse_list, read_list
from ucmlab.errors import Refusal
from unit.ucmlab.cluster.trust_lists.dumps_bench import identity
from unit.ucmlab.lab_bench import in_lab, scenario

MIXED = scenario("pair", mixed=True)
OLDER = scenario("pair", mixed=True, version="11.5.1.12900-21")
TOKENS = scenario("pair", mixed=True, version="9.1.2.10000-28")


def stored(node: Node, purpose: str) -> str:
    found = node.certificates.identity(purpose)
    assert found is not None
    return found.sha256


async def restarted(node: Node) -> None:
    node.services["Cisco Tftp"].begin("restart")
    await node.clock.sleep(90)


def test_a_ctl_is_made_of_what_is_stored_and_copied_to_every_tftp_server() -> None:
    async def update(cluster: Cluster) -> None:
        publisher, subscriber = cluster.nodes.values()
        before = publisher.tftp.ctl
        new = [node.certificates.regenerate("CallManager").sha256 for node in (publisher, subscriber)]
        capf = publisher.certificates.regenerate("CAPF").sha256
        assert before is publisher.tftp.ctl
        cluster.trust_lists.update_ctl()
        for node in (publisher, subscriber):
            ctl = node.tftp.ctl
            assert ctl == read_list(ctl.data)
            assert set(new) <= ctl.holders(CCM_TFTP)
            assert {capf} == ctl.holders(CAPF)
            assert stored(publisher, "ITLRecovery") == ctl.signer

    in_lab(update, MIXED)


@pytest.mark.parametrize(("of", "same"), [(MIXED, True), (OLDER, False), (TOKENS, True)])
def test_a_callmanager_renewal_changes_the_signer_of_the_ctl_in_10_to_11_5_only(of, same: bool) -> None:
    async def update(cluster: Cluster) -> bool:
        before = cluster.publisher.tftp.ctl.signer
        cluster.publisher.certificates.regenerate("CallManager")
        cluster.trust_lists.update_ctl()
        return before == cluster.publisher.tftp.ctl.signer

    assert same is in_lab(update, of)


def test_a_tftp_server_that_was_down_has_the_old_ctl_until_its_service_starts_again() -> None:
    async def update(cluster: Cluster) -> list[bool]:
        publisher, subscriber = cluster.nodes.values()
        subscriber.down = True
        cluster.trust_lists.update_ctl()
        subscriber.down = False
        equal = [publisher.tftp.ctl == subscriber.tftp.ctl]
        await restarted(subscriber)
        return [*equal, publisher.tftp.ctl == subscriber.tftp.ctl]

    assert [False, True] == in_lab(update, MIXED)


def test_the_other_tftp_servers_may_take_the_ctl_at_their_next_start_only() -> None:
    async def update(cluster: Cluster) -> list[bool]:
        publisher, subscriber = cluster.nodes.values()
        await cluster.clock.sleep(100)
        cluster.trust_lists.update_ctl()
        equal = [publisher.tftp.ctl == subscriber.tftp.ctl]
        await restarted(subscriber)
        return [*equal, publisher.tftp.ctl == subscriber.tftp.ctl]

    assert [False, True] == in_lab(update, scenario("pair", mixed=True, switches={"ctl_copy": "at-restart"}))


def test_a_deleted_ctl_stays_away_until_another_one_is_made() -> None:
    async def delete(cluster: Cluster) -> list[bool]:
        node = cluster.publisher
        deleted = [node.tftp.delete_ctl(), node.tftp.delete_ctl()]
        await restarted(node)
        deleted.append(node.tftp.ctl is not None)
        cluster.trust_lists.update_ctl()
        return [*deleted, node.tftp.ctl is not None]

    assert [True, False, False, True] == in_lab(delete, MIXED)


def test_entering_mixed_mode_makes_a_ctl_and_leaving_it_empties_its_callers() -> None:
    async def move(cluster: Cluster) -> None:
        node = cluster.publisher
        assert node.tftp.ctl is None
        cluster.trust_lists.set_mixed(False)
        assert node.tftp.ctl is None
        cluster.trust_lists.set_mixed(True)
        assert 1 == cluster.security_mode
        assert 4 == len(node.tftp.ctl.holders(CCM_TFTP))
        cluster.trust_lists.set_mixed(False)
        ctl = node.tftp.ctl
        assert 0 == cluster.security_mode
        assert frozenset() == ctl.holders(CCM_TFTP)
        rows = [record for record in parse_list(ctl.data).records if record.role == CCM_TFTP]
        assert [[1, 2, 4, 10]] * 2 == [[element.tag for element in row.elements] for row in rows]
        assert {stored(node, "CAPF")} == ctl.holders(CAPF)
        assert ctl == read_list(ctl.data)

    in_lab(move, scenario("pair"))


@pytest.mark.parametrize("act", ["update_ctl", "reset_ctl_localkey"])
def test_outside_mixed_mode_the_ctl_is_left_alone(act: str) -> None:
    async def update(cluster: Cluster) -> None:
        with pytest.raises(Refusal) as refusal:
            getattr(cluster.trust_lists, act)()
        assert "CTL-NONSECURE" == refusal.value.code
        assert cluster.publisher.tftp.ctl is None

    in_lab(update, scenario("pair"))


def test_mixed_mode_needs_its_licence_from_12() -> None:
    async def move(cluster: Cluster) -> int:
        with contextlib.suppress(Refusal):
            cluster.trust_lists.set_mixed(True)
        return cluster.security_mode

    switches = {"mixed_mode_licence": "missing"}
    assert 0 == in_lab(move, scenario("pair", switches=switches))
    assert 1 == in_lab(move, scenario("pair", switches=switches, version="11.5.1.12900-21"))


# --- localkey


@pytest.mark.parametrize(
    ("of", "usual", "other"), [(MIXED, "ITLRecovery", "CallManager"), (OLDER, "CallManager", "ITLRecovery")]
)
def test_an_itl_localkey_reset_signs_with_the_other_key_until_tftp_starts_again(of, usual: str, other: str) -> None:
    async def reset(cluster: Cluster) -> None:
        nodes = list(cluster.nodes.values())
        assert tuple(node.name for node in nodes) == cluster.trust_lists.reset_itl_localkey()
        for node in nodes:
            assert stored(node, other) == node.tftp.itl.signer
            assert {stored(node, usual), stored(node, other)} == node.tftp.itl.holders(SAST)
            assert node.tftp.itl == read_list(node.tftp.itl.data)
            await restarted(node)
            assert stored(node, usual) == node.tftp.itl.signer

    in_lab(reset, of)


def test_an_itl_localkey_reset_carries_the_recovery_certificate_that_is_stored_now() -> None:
    async def reset(cluster: Cluster) -> None:
        node = cluster.publisher
        old = node.tftp.itl.signer
        new = node.certificates.regenerate("ITLRecovery").sha256
        cluster.trust_lists.reset_itl_localkey()
        assert new in node.tftp.itl.holders(SAST)
        assert old not in node.tftp.itl.holders(SAST)
        assert stored(node, "CallManager") == node.tftp.itl.signer

    in_lab(reset, scenario("pair", version="12.5.1.11900-146"))


def test_the_reset_file_survives_one_start_in_the_form_of_10() -> None:
    async def reset(cluster: Cluster) -> list[bool]:
        node = cluster.publisher
        cluster.trust_lists.reset_itl_localkey(restart=True)
        await cluster.clock.sleep(90)
        signers = [node.tftp.itl.signer]
        await restarted(node)
        return [
            node.tftp.serving,
            *[signer == stored(node, "ITLRecovery") for signer in [*signers, node.tftp.itl.signer]],
        ]

    assert [True, True, False] == in_lab(reset, OLDER)


def test_only_active_tftp_servers_are_reset() -> None:
    async def reset(cluster: Cluster) -> tuple[str, ...]:
        cluster.publisher.services["Cisco Tftp"].begin("stop")
        await cluster.clock.sleep(60)
        return cluster.trust_lists.reset_itl_localkey()

    assert (scenario("pair").nodes[1].name,) == in_lab(reset, MIXED)


def test_a_recovery_key_shorter_than_callmanagers_cannot_sign() -> None:
    async def reset(cluster: Cluster) -> None:
        node = cluster.publisher
        short = identity("CN=ITLRECOVERY_pub", der_length=700)
        found = node.certificates.identity("ITLRecovery")
        node.certificates.install_identity(
            msgspec.structs.replace(found, certificate_pem=short.certificate_pem, key_pem=short.key_pem)
        )
        before = node.tftp.itl
        with pytest.raises(Refusal) as refusal:
            cluster.trust_lists.reset_itl_localkey()
        assert "ITL-KEY" == refusal.value.code
        assert before is node.tftp.itl

    in_lab(reset, scenario("pair", version="12.0.1.10000-10"))


def test_a_ctl_localkey_reset_signs_with_callmanager_and_holds_the_new_recovery_until_an_update() -> None:
    async def reset(cluster: Cluster) -> None:
        node = cluster.publisher
        new = node.certificates.regenerate("ITLRecovery").sha256
        cluster.trust_lists.reset_ctl_localkey()
        assert stored(node, "CallManager") == node.tftp.ctl.signer
        assert new in node.tftp.ctl.holders(SAST)
        first = parse_list(node.tftp.ctl.data).records[0]
        assert stored(node, "CallManager") == first.sha256
        cluster.trust_lists.update_ctl()
        assert new == node.tftp.ctl.signer

    in_lab(reset, MIXED)


@pytest.mark.parametrize("of", [TOKENS, scenario("pair", mixed=True, version="10.5.2.10000-5")])
def test_a_ctl_of_tokens_or_of_one_anchor_has_no_local_key(of) -> None:
    async def reset(cluster: Cluster) -> None:
        with pytest.raises(Refusal) as refusal:
            cluster.trust_lists.reset_ctl_localkey()
        assert "CTL-TOKENS" == refusal.value.code

    in_lab(reset, of)


# --- what they are made of


@pytest.mark.parametrize("purpose", ["CAPF", "ITLRecovery", "CallManager", "TVS"])
def test_every_anchor_can_be_regenerated(purpose: str) -> None:
    async def regenerate(cluster: Cluster) -> tuple[bool, bool]:
        before = stored(cluster.publisher, purpose)
        made = cluster.publisher.certificates.regenerate(purpose).sha256
        return made == stored(cluster.publisher, purpose), before != made

    assert (True, True) == in_lab(regenerate, scenario("pair"))


@pytest.mark.parametrize(("version", "shared"), [("12.0.1.10000-10", False), ("12.5.1.11900-146", True)])
@pytest.mark.parametrize("spread", ["seconds", "never"])
def test_from_12_5_the_recovery_certificate_of_the_publisher_reaches_every_node(
    version: str, shared: bool, spread: str
) -> None:
    async def regenerate(cluster: Cluster) -> bool:
        publisher, subscriber = cluster.nodes.values()
        publisher.certificates.regenerate("ITLRecovery")
        await cluster.clock.sleep(60)
        return stored(publisher, "ITLRecovery") == stored(subscriber, "ITLRecovery")

    assert shared is in_lab(regenerate, scenario("pair", version=version, switches={"multi_server_spread": spread}))


def test_a_node_that_was_down_gets_the_recovery_certificate_with_the_next_round() -> None:
    async def regenerate(cluster: Cluster) -> list[bool]:
        publisher, subscriber = cluster.nodes.values()
        subscriber.down = True
        publisher.certificates.regenerate("ITLRecovery")
        await cluster.clock.sleep(30)
        subscriber.down = False
        equal = [stored(publisher, "ITLRecovery") == stored(subscriber, "ITLRecovery")]
        await cluster.clock.sleep(1900)
        return [*equal, stored(publisher, "ITLRecovery") == stored(subscriber, "ITLRecovery")]

    assert [False, True] == in_lab(regenerate, scenario("pair", version="12.5.1.11900-146"))


@pytest.mark.parametrize(("version", "refused"), [("12.0.1.10000-10", False), ("12.5.1.11900-146", True)])
def test_from_12_5_a_subscriber_makes_no_recovery_certificate(version: str, refused: bool) -> None:
    async def regenerate(cluster: Cluster) -> bool:
        subscriber = list(cluster.nodes.values())[1]
        before = stored(subscriber, "ITLRecovery")
        with contextlib.suppress(Refusal):
            subscriber.certificates.regenerate("ITLRecovery")
        return before == stored(subscriber, "ITLRecovery")

    assert refused is in_lab(regenerate, scenario("pair", version=version))


def test_a_multi_server_callmanager_stands_once_in_the_ctl() -> None:
    async def update(cluster: Cluster) -> list[str]:
        publisher, subscriber = cluster.nodes.values()
        subscriber.certificates.install_identity(publisher.certificates.identity("CallManager"))
        cluster.trust_lists.update_ctl()
        rows = parse_list(publisher.tftp.ctl.data).records
        return [
            row.text(tlv.DNS_NAME)
            for row in rows
            if row.sha256 == stored(publisher, "CallManager") and row.role == CCM_TFTP
        ]

    assert 1 == len(in_lab(update, MIXED))
