# Promise: every release has its own anchors, signers and records, and every switch changes what it says and no more.
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.trust_lists import tlv
from ucmlab.cluster.trust_lists.model import Entry, TrustFile
from ucmlab.cluster.trust_lists.reading import parse_list, read_list
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import Scenario
from unit.ucmlab.lab_bench import in_lab, scenario

F8, F10, F11, F12, F125, F14 = (
    "9.1.2.10000-28",
    "10.5.2.10000-5",
    "11.5.1.12900-21",
    "12.0.1.10000-10",
    "12.5.1.11900-146",
    "14.0.1.13900-155",
)


def pair(version: str = F14, *, mixed: bool = False, **changes) -> Scenario:
    """A publisher and a subscriber."""
    return scenario("pair", version=version, mixed=mixed, **changes)


def leaf(node: Node, purpose: str) -> str:
    stored = node.certificates.identity(purpose)
    return "" if stored is None else stored.sha256


def named(cluster: Cluster, file: TrustFile) -> list[str]:
    """Entries in words: role, purpose, number of the node."""
    words = {
        leaf(node, purpose): f"{purpose}{number}"
        for number, node in reversed(list(enumerate(cluster.nodes.values())))
        for purpose in ("CallManager", "CallManager-ECDSA", "ITLRecovery", "TVS", "CAPF")
    }
    return [f"{entry.role} {words.get(entry.sha256, 'token' if entry.sha256 else '-')}" for entry in file.entries]


def lists(of: Scenario) -> tuple[list[str], list[str], list[str]]:
    """ITL of the publisher and of the subscriber, and the CTL, each with its signer last."""

    async def look(cluster: Cluster) -> tuple[list[str], list[str], list[str]]:
        publisher, subscriber = list(cluster.nodes.values())[:2]
        files = [publisher.tftp.itl, subscriber.tftp.itl, publisher.tftp.ctl_on_disk]
        for file in files:
            assert file is None or file == read_list(file.data)
        return tuple(
            []
            if file is None
            else [*named(cluster, file), *named(cluster, TrustFile("ctl", b"", (Entry(99, file.signer),), "", 0))]
            for file in files
        )

    return in_lab(look, of)


@pytest.mark.parametrize(
    ("version", "tokens", "signer"),
    [
        (F8, ["0 CallManager0"], "99 CallManager0"),
        (F10, ["0 CallManager0", "0 ITLRecovery0"], "99 CallManager0"),
        (F11, ["0 CallManager0", "0 ITLRecovery0"], "99 CallManager0"),
        (F12, ["0 ITLRecovery0", "0 CallManager0"], "99 ITLRecovery0"),
        (F125, ["0 ITLRecovery0", "0 CallManager0"], "99 ITLRecovery0"),
        (F14, ["0 ITLRecovery0", "0 CallManager0"], "99 ITLRecovery0"),
    ],
)
def test_an_itl_has_the_anchors_and_the_signer_of_its_release(version: str, tokens: list[str], signer: str) -> None:
    publisher, _, ctl = lists(pair(version))
    assert [*tokens, "3 CallManager0", "4 CAPF0", "21 TVS0", "21 TVS1", signer] == publisher
    assert [] == ctl


@pytest.mark.parametrize(("version", "recovery"), [(F12, "ITLRecovery1"), (F125, "ITLRecovery0")])
def test_an_itl_of_a_subscriber_is_its_own_signed_by_its_own_recovery_key_before_12_5(
    version: str, recovery: str
) -> None:
    _, subscriber, _ = lists(pair(version))
    expected = [f"0 {recovery}", "0 CallManager1", "3 CallManager1", "4 CAPF0", "21 TVS0", "21 TVS1", f"99 {recovery}"]
    assert expected == subscriber


def test_an_itl_of_a_mixed_cluster_has_callers_in_place_of_tftp_servers() -> None:
    publisher, _, _ = lists(pair(mixed=True))
    assert "2 CallManager0" in publisher
    assert "3 CallManager0" not in publisher


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (F8, ["0 token", "0 token", "2 CallManager0", "4 CAPF0", "2 CallManager1", "99 token"]),
        (F10, ["0 CallManager0", "2 CallManager0", "4 CAPF0", "2 CallManager1", "99 CallManager0"]),
        (
            F11,
            [
                "0 CallManager0",
                "0 ITLRecovery0",
                "2 CallManager0",
                "4 CAPF0",
                "2 CallManager1",
                "2 CallManager-ECDSA0",
                "2 CallManager-ECDSA1",
                "99 CallManager0",
            ],
        ),
        (
            F14,
            [
                "0 ITLRecovery0",
                "0 CallManager0",
                "2 CallManager0",
                "2 CallManager1",
                "4 CAPF0",
                "2 CallManager-ECDSA0",
                "2 CallManager-ECDSA1",
                "99 ITLRecovery0",
            ],
        ),
    ],
)
def test_a_ctl_has_the_anchors_order_and_signer_of_its_release(version: str, expected: list[str]) -> None:
    assert expected == lists(pair(version, mixed=True))[2]


def test_tokens_sign_the_ctl_of_a_cluster_that_has_them() -> None:
    _, _, ctl = lists(pair(F12, mixed=True, etoken=True))
    assert ["0 token", "0 token", "0 ITLRecovery0", "2 CallManager0"] == ctl[:4]  # whom phones know the ITL by
    assert "99 token" == ctl[-1]


def test_a_token_record_carries_no_signature_of_its_certificate_and_no_name() -> None:
    async def look(cluster: Cluster) -> tuple[str, bytes, int]:
        record = parse_list(cluster.publisher.tftp.ctl.data).records[0]
        return record.text(tlv.DNS_NAME), record.value(tlv.RECORD_SIGNATURE), len(record.identity[1])

    assert ("", b"", 10) == in_lab(look, pair(F8, mixed=True))


def test_a_release_that_takes_no_tokens_says_so() -> None:
    with pytest.raises(ScenarioError, match="takes no USB tokens"):
        lists(pair(F14, mixed=True, etoken=True))


def test_capf_stands_in_a_list_only_if_its_service_is_activated() -> None:
    of = pair(mixed=True)
    off = ("Cisco Certificate Authority Proxy Function",)
    nodes = tuple(
        type(node)(name=node.name, role=node.role, deactivated=off if node.role == "publisher" else ())
        for node in of.nodes
    )
    publisher, _, ctl = lists(scenario("pair", mixed=True, nodes=nodes))
    assert [] == [row for row in publisher + ctl if "CAPF" in row]


def test_a_cluster_prepared_for_rollback_has_an_itl_without_tvs_and_tftp() -> None:
    publisher, _, _ = lists(pair(parameters={"RollBackToPreGrayback": "t"}))
    assert ["0 ITLRecovery0", "0 CallManager0", "4 CAPF0", "99 ITLRecovery0"] == publisher


@pytest.mark.parametrize(
    ("switch", "value", "gone", "come"),
    [
        ("itl_contents", "all-leaves", [], ["3 CallManager1"]),
        ("callmanager_sast_in_itl", "no", ["0 CallManager0"], []),
        ("ec_records", "both", [], ["3 CallManager-ECDSA0"]),
        ("tvs_records", "hash", [], []),
        ("trust_list_digest", "sha512", [], []),
        ("trust_list_detail", "signer-version", [], []),
    ],
)
def test_a_switch_changes_what_it_says_in_the_itl(switch: str, value: str, gone: list[str], come: list[str]) -> None:
    usual, _, _ = lists(pair())
    other, _, _ = lists(pair(switches={switch: value}))
    assert (gone, come) == ([row for row in usual if row not in other], [row for row in other if row not in usual])


def test_the_switches_of_the_format_reach_the_bytes() -> None:
    async def look(cluster: Cluster) -> tuple[int, bytes, bytes]:
        parsed = parse_list(cluster.publisher.tftp.itl.data)
        trusted = next(record for record in parsed.records if record.role == 21)
        return parsed.file.part(tlv.DIGEST_ALGORITHM).number, parsed.file.part(28).value, trusted.certificate_der

    switches = {"trust_list_digest": "sha512", "trust_list_detail": "signer-version", "tvs_records": "hash"}
    assert (3, b"\x01\x00", b"") == in_lab(look, pair(switches=switches))


@pytest.mark.parametrize(("value", "roles"), [("by-role", "0 0 2 2 4 2 2"), ("by-node", "0 0 2 4 2 2 2")])
def test_the_order_of_ctl_records_is_a_switch(value: str, roles: str) -> None:
    _, _, ctl = lists(pair(mixed=True, switches={"ctl_order": value}))
    assert roles == " ".join(row.split()[0] for row in ctl[:-1])


def test_a_ctl_may_leave_the_ec_twins_out() -> None:
    _, _, ctl = lists(pair(mixed=True, switches={"ec_records": "none"}))
    assert [] == [row for row in ctl if "ECDSA" in row]


def test_the_names_in_records_are_those_of_the_server_page() -> None:
    async def look(cluster: Cluster) -> set[str]:
        return {record.text(tlv.DNS_NAME) for record in parse_list(cluster.publisher.tftp.ctl.data).records}

    addresses = {node.name: node for node in scenario("pair").nodes}
    assert set(addresses) == in_lab(look, pair(mixed=True, switches={"processnode_names": "host"}))


def test_an_im_and_presence_node_has_no_lists() -> None:
    async def look(cluster: Cluster) -> bool:
        return cluster.node("imp-pub").tftp is None

    assert in_lab(look, scenario("five-mixed"))


def test_the_same_seed_gives_the_same_bytes() -> None:
    async def look(cluster: Cluster) -> list[str]:
        return [file.sha1 for node in cluster.nodes.values() for file in (node.tftp.itl, node.tftp.ctl)]

    of = pair(F8, mixed=True)
    assert in_lab(look, of, seed=3) == in_lab(look, of, seed=3)
