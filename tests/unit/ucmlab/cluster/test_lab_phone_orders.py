# Promise: what somebody orders for phones through the state folder is done once, in order, by the lab that runs there.
import asyncio

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phone_orders import Order, leave_order, obey_orders
from unit.ucmlab.lab_bench import in_lab
from unit.ucmlab.phone_bench import BOOTED_S, reset_since, with_phones


def test_orders_are_numbered_and_gone_once_obeyed(tmp_path) -> None:
    async def once(cluster: Cluster) -> None:
        first, second = cluster.phones.names()[:2]
        paths = [
            leave_order(tmp_path, Order(act="power-off", names=(first, second))),
            leave_order(tmp_path, Order(act="power-on", names=(second,))),
        ]
        assert ["1.json", "2.json"] == [path.name for path in paths]
        assert (2, 0) == (obey_orders(tmp_path, cluster.phones), obey_orders(tmp_path, cluster.phones))
        assert [False, True] == [cluster.phones.phone(name).powered for name in (first, second)]
        assert not any(path.exists() for path in paths)

    in_lab(once, with_phones())


def test_deleting_trust_lists_is_counted_and_the_phone_starts_afresh(tmp_path) -> None:
    async def once(cluster: Cluster) -> None:
        name = cluster.phones.names()[2]
        leave_order(tmp_path, Order(act="delete-trust", names=(name,)))
        obey_orders(tmp_path, cluster.phones)
        assert 1 == cluster.phones.phone(name).deleted_by_hand
        assert "BLANK" == cluster.phones.trust_state(name)
        await asyncio.sleep(BOOTED_S)
        assert "TRUSTED" == cluster.phones.trust_state(name)

    in_lab(once, with_phones())


@pytest.mark.parametrize(("named", "count"), [(2, 2), (0, 6)])
def test_a_reset_without_names_is_one_of_all(tmp_path, named: int, count: int) -> None:
    async def once(cluster: Cluster) -> int:
        await asyncio.sleep(BOOTED_S)
        moment = cluster.clock.now()
        leave_order(tmp_path, Order(act="reset", names=cluster.phones.names()[:named]))
        obey_orders(tmp_path, cluster.phones)
        await asyncio.sleep(BOOTED_S)
        return len(reset_since(cluster, moment))

    assert count == in_lab(once, with_phones())


def test_a_folder_without_orders_asks_for_nothing(tmp_path) -> None:
    async def once(cluster: Cluster) -> int:
        return obey_orders(tmp_path, cluster.phones)

    assert 0 == in_lab(once, with_phones())
