# Promise: forty thousand phones fit into a small process, are reset and return, and RIS tells of each one asked for.
import tracemalloc

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.trust import TrustState
from unit.ucmlab.interfaces.web_bench import ris, texts
from unit.ucmlab.lab_bench import in_lab, scenario

PHONES = 40_000
NAMED = 900
MEMORY_MB = 120.0  # measured 30


def test_forty_thousand_phones_are_reset_and_return() -> None:
    async def test(cluster: Cluster) -> None:
        assert PHONES == len(cluster.phones)
        for _ in range(2):
            begun = cluster.clock.now()
            cluster.phones.reset_all()
            await cluster.clock.sleep(600)
            assert 0.3 * PHONES < sum(cluster.phones.registered_at().values()) < PHONES
            await cluster.clock.sleep(3600)
            assert PHONES == sum(cluster.phones.registered_at().values())
            assert all(row.changed_at > begun for row in cluster.phones.registrations() if row.status == "Registered")
        assert {TrustState.TRUSTED: PHONES} == cluster.phones.counts()

    in_lab(test, scenario("crowd"))


def test_an_answer_tells_of_all_nine_hundred_that_were_named() -> None:
    async def test(cluster: Cluster) -> None:
        names = cluster.phones.names()[:NAMED]
        items = "".join(f"<n:item><n:Item>{name}</n:Item></n:item>" for name in names)
        asking = f"<n:CmSelectionCriteria><n:SelectItems>{items}</n:SelectItems></n:CmSelectionCriteria>"
        answer = await ris(cluster, f"<n:selectCmDevice>{asking}</n:selectCmDevice>")
        assert [str(NAMED)] == texts(answer, "TotalDevicesFound")

    in_lab(test, scenario("crowd"))


def test_forty_thousand_phones_take_little_memory() -> None:
    async def test(cluster: Cluster) -> None:
        assert PHONES == len(cluster.phones)
        cluster.phones.reset_all()
        assert tracemalloc.get_traced_memory()[1] / 1e6 < MEMORY_MB

    tracemalloc.start()
    try:
        in_lab(test, scenario("crowd"))
    finally:
        tracemalloc.stop()
