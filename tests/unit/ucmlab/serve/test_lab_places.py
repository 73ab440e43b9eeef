"""Promise: every lab finds places of its own, comes back to them, and stays on this machine unless told otherwise."""

import socket
from pathlib import Path

import pytest

from ucmlab.cluster.services.table import services_of
from ucmlab.errors import ScenarioError
from ucmlab.serve.places import (
    BLOCK_WIDTH,
    SSH_PORT,
    Place,
    PlaceOptions,
    Wanted,
    read_places,
    take_places,
    write_places,
)
from ucmlab.serve.sockets import bind

TWO = (Wanted(node="a", ports=(22, 443, 8443)), Wanted(node="b", ports=(22, 443, 8443)))
BLOCK = PlaceOptions(mode="block")


def privileged_ports_allowed() -> bool:
    try:
        bind("127.77.254.250", 22).close()
    except OSError:
        return False
    return True


def test_a_block_gives_every_port_of_every_node_a_number_of_its_own() -> None:
    held = take_places(TWO, BLOCK)
    numbers = [real for place in held.places for real in place.ports.values()]
    held.release()

    assert len(numbers) == len(set(numbers)) == 6
    assert {"127.0.0.1"} == {place.address for place in held.places}
    assert held.places[0].ports[22] + BLOCK_WIDTH == held.places[1].ports[22]


def test_two_labs_never_share_a_number_even_while_nothing_listens() -> None:
    first, second = take_places(TWO, BLOCK), take_places(TWO, BLOCK)
    one = {real for place in first.places for real in place.ports.values()}
    other = {real for place in second.places for real in place.ports.values()}
    first.release()
    second.release()

    assert set() == one & other


def test_a_lab_comes_back_to_its_places() -> None:
    first = take_places(TWO, BLOCK)
    guard = take_places(TWO, BLOCK)
    guard.release()
    first.release()

    again = take_places(TWO, PlaceOptions(), guard.places)
    again.release()

    assert guard.places == again.places
    assert not again.lost


def test_a_lab_whose_places_are_taken_moves_and_says_so() -> None:
    first = take_places(TWO, BLOCK)

    moved = take_places(TWO, PlaceOptions(), first.places)
    moved.release()
    first.release()

    assert moved.lost
    assert first.places != moved.places


def test_a_port_that_somebody_listens_on_is_left_alone() -> None:
    free = take_places(TWO, BLOCK)
    free.release()
    start = free.places[0].ports[22]
    with socket.create_server(("127.0.0.1", start + 1)), pytest.raises(ScenarioError, match="no free place"):
        take_places(TWO, PlaceOptions(mode="block", port_base=start))


def test_the_real_ports_stand_on_an_address_per_node() -> None:
    if not privileged_ports_allowed():
        pytest.skip("this account may not listen on port 22")
    first, second = take_places(TWO, PlaceOptions(mode="real")), take_places(TWO, PlaceOptions(mode="real"))
    first.release()
    second.release()

    assert {22: 22, 443: 443, 8443: 8443} == first.places[0].ports
    assert {} == first.places[0].moved
    assert 4 == len({place.address for place in (*first.places, *second.places)})


def test_an_address_of_the_scenario_is_kept() -> None:
    if not privileged_ports_allowed():
        pytest.skip("this account may not listen on port 22")
    held = take_places((TWO[0], Wanted(node="b", address="127.77.253.99", ports=(22,))), PlaceOptions(mode="real"))
    held.release()

    assert "127.77.253.99" == held.places[1].address


def grown(places: tuple[Place, ...], *more: int) -> tuple[Wanted, ...]:
    return tuple(Wanted(node=place.node, ports=(*place.ports, *more)) for place in places)


def test_a_lab_that_has_more_ports_now_keeps_the_old_block() -> None:
    old = take_places(TWO, BLOCK)
    old.release()

    new = take_places(grown(old.places, 69, 6970), PlaceOptions(), old.places)
    new.release()

    numbers = [real for place in new.places for real in place.ports.values()]
    assert not new.lost
    assert 10 == len(numbers) == len(set(numbers))
    for before, after in zip(old.places, new.places, strict=True):
        assert before.ports.items() <= after.ports.items()


def test_a_lab_that_has_more_ports_now_keeps_its_real_ones() -> None:
    if not privileged_ports_allowed():
        pytest.skip("this account may not listen on port 22")
    old = take_places(TWO, PlaceOptions(mode="real"))
    old.release()

    new = take_places(grown(old.places, 69, 6970), PlaceOptions(), old.places)
    new.release()

    assert [place.address for place in old.places] == [place.address for place in new.places]
    assert {22: 22, 69: 69, 443: 443, 6970: 6970, 8443: 8443} == new.places[0].ports


def test_a_port_that_is_gone_is_forgotten() -> None:
    old = take_places(TWO, BLOCK)
    old.release()

    new = take_places((TWO[0], Wanted(node="b", ports=(22, 443))), PlaceOptions(), old.places)
    new.release()

    assert {22, 443} == set(new.places[1].ports)
    assert old.places[0] == new.places[0]


def test_places_of_other_nodes_are_not_taken_over() -> None:
    old = take_places(TWO, BLOCK)
    other = take_places((TWO[0], Wanted(node="c", ports=TWO[1].ports)), PlaceOptions(), old.places)
    old.release()
    other.release()

    assert ["a", "c"] == [place.node for place in other.places]
    assert not other.lost


def test_a_udp_port_that_somebody_holds_is_left_alone() -> None:
    wanted = (Wanted(node="a", ports=(22, 69)),)
    free = take_places(wanted, BLOCK)
    free.release()
    number = free.places[0].ports[69]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", number))
        with pytest.raises(ScenarioError, match="no free place"):
            take_places(wanted, PlaceOptions(mode="block", port_base=free.places[0].ports[22]))


@pytest.mark.parametrize("product", ["cucm", "imp"])
def test_every_port_of_a_node_fits_into_its_block(product: str) -> None:
    rows = services_of(product=product, role="publisher", version="15.0.1.13900-1")

    assert len({SSH_PORT, *(port for row in rows for port, _ in row.ports)}) <= BLOCK_WIDTH


@pytest.mark.parametrize("address", ["192.0.2.1", "0.0.0.0", "nonsense"])
def test_only_loopback_unless_told_otherwise(address: str) -> None:
    with pytest.raises(ScenarioError):
        take_places(TWO, PlaceOptions(mode="block", address_base=address))


def test_anywhere_is_dialled_by_loopback_from_here() -> None:
    held = take_places(TWO, PlaceOptions(mode="block", anywhere=True))
    held.release()

    assert "0.0.0.0" == held.places[0].address
    assert "127.0.0.1" == held.places[0].reached_at


def test_places_are_remembered(tmp_path: Path) -> None:
    place = Place(node="a", address="127.0.0.1", ports={22: 21000, 443: 443})
    assert () == read_places(tmp_path)

    write_places(tmp_path, [place])

    assert (place,) == read_places(tmp_path)
    assert {22: 21000} == place.moved
