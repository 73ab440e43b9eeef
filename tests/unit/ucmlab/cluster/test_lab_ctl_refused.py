# Promise: a CTL update that is refused by injection leaves the CTL as it was, and the next one works.
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.faults import FaultRule
from unit.ucmlab.lab_bench import in_lab, scenario


def test_a_refused_update_leaves_the_ctl() -> None:
    async def once(cluster: Cluster) -> None:
        before = cluster.trust_lists.latest_ctl()
        cluster.faults.add(FaultRule(kind="ctl-update-refused"))
        with pytest.raises(Refusal) as refused:
            cluster.trust_lists.update_ctl()
        assert ("CTL-FAILED", True) == (refused.value.code, refused.value.invented)
        assert before == cluster.trust_lists.latest_ctl()
        cluster.trust_lists.update_ctl()
        assert before[0] + 1 == cluster.trust_lists.latest_ctl()[0]

    in_lab(once, scenario("five-mixed", phones=()))
