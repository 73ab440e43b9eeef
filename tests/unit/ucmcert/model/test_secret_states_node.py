"""Promise: a secret cannot slip out, a state never goes back, and a node's ports are found by their real numbers."""

import copy
import json
import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.clusters import cluster
from ucmcert.model.cluster import ServiceStatus
from ucmcert.model.node import Credential, Node, Release, Role
from ucmcert.model.secret import Secret
from ucmcert.model.states import ORDER, State, later

CANARY = "tr0ub4dor&3-canary"
SECRET = Secret(CANARY)


def node(**ports: int) -> Node:
    release = Release(14, 0, 1, 13900, 155)
    return Node(name="a.example", host="a", address="127.0.0.1", role=Role.PUBLISHER, release=release, ports=ports)


def test_only_reveal_tells_a_secret() -> None:
    assert CANARY == SECRET.reveal()
    shown = [
        str(SECRET),
        repr(SECRET),
        f"{SECRET}",
        f"{SECRET!r:>20}",
        f"{SECRET:>20}",
        "%s %r" % (SECRET, SECRET),  # noqa: UP031
        f"{[SECRET]} { ({'password': SECRET}) }",
        repr(Credential(user="admin", password=SECRET)),
        repr(ValueError(SECRET)),
    ]
    assert [] == [text for text in shown if CANARY in text]
    assert all("***" in text for text in shown)


@pytest.mark.parametrize(
    "write",
    [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        json.dumps,
        lambda one: msgspec.json.encode(Credential(user="admin", password=one)),
        lambda one: pickle.dumps(Credential(user="admin", password=one)),
    ],
)
def test_a_secret_is_written_by_nothing(write: object) -> None:
    with pytest.raises(TypeError) as caught:
        write(SECRET)
    assert CANARY not in str(caught.value)


def test_a_secret_has_no_open_dictionary() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)


@given(st.sampled_from(ORDER), st.sampled_from(ORDER))
def test_the_later_of_two_states_is_one_of_them_and_never_the_earlier(one: State, other: State) -> None:
    assert later(one, other) is later(other, one)
    assert max(ORDER.index(one), ORDER.index(other)) == ORDER.index(later(one, other))


def test_states_stand_in_the_order_of_a_renewal() -> None:
    assert ["planned", "issued", "uploaded", "active", "served", "trusted"] == [one.value for one in ORDER]


def test_ports_that_are_not_given_are_the_real_ones() -> None:
    assert [443, 8443, 22, 5061] == [node().port(real) for real in (443, 8443, 22, 5061)]


def test_named_ports_stand_for_the_real_numbers() -> None:
    mapped = node(https=10443, https_alt=18443, ssh=10022, **{"5061": 15061})
    assert [10443, 18443, 10022, 15061, 2445] == [mapped.port(real) for real in (443, 8443, 22, 5061, 2445)]


def test_the_ports_of_files_and_phones_have_names_too_and_numbers_still_work() -> None:
    real = (6970, 69, 2445, 3804, 5061)
    named = node(tftp_http=16970, tftp=10069, tvs=12445, capf=13804, sip_tls=15061)
    numbered = node(**{"6970": 16970, "69": 10069, "2445": 12445, "3804": 13804, "5061": 15061})
    assert [16970, 10069, 12445, 13804, 15061] == [named.port(one) for one in real]
    assert [16970, 10069, 12445, 13804, 15061] == [numbered.port(one) for one in real]
    assert 1 == node(tvs=1, **{"2445": 2}).port(2445)


def test_releases_compare_as_numbers() -> None:
    assert Release(12, 5, 1, 18900, 40) < Release(14, 0, 1, 10000, 20) < Release(14, 0, 1, 13900, 155)
    assert Release(14, 0, 1, 9900) < Release(14, 0, 1, 13900)
    assert "14.0.1.13900-155" == Release(14, 0, 1, 13900, 155).text


def test_a_cluster_finds_its_nodes_and_their_services() -> None:
    whole = cluster()
    assert "cucm-pub" == whole.publisher.node.host
    assert "imp-pub" == whole.facts("imp-pub.lab.example").node.host
    with pytest.raises(KeyError, match="nobody"):
        whole.facts("nobody")
    status = whole.publisher.service("CISCO TFTP")
    assert status is not None
    assert "Cisco Tftp" == status.name
    assert whole.publisher.service("Cisco Teleport") is None


@pytest.mark.parametrize("state", ["stopped", "starting", "stopping", "unknown"])
def test_only_started_runs(state: str) -> None:
    assert not ServiceStatus(name="x", state=state).runs
    assert ServiceStatus(name="x", state="started").runs
