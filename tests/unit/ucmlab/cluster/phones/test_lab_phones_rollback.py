# Promise: preparing the cluster for roll-back opens a phone to everything, if it still accepts the file that says so.
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.trust import TrustState
from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.cluster.phones.real_cluster import CALLMANAGER, TFTP, TVS, VERSIONS, RealPhone, pair
from unit.ucmlab.lab_bench import in_lab

ALL = (TVS, TFTP, CALLMANAGER)


async def restart(phone: RealPhone) -> None:
    for service in ALL:
        await phone.restart(service)


def test_a_phone_prepared_in_time_survives_what_would_lock_it() -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        cluster.set_parameter("RollBackToPreGrayback", "T")
        await restart(phone)
        assert "ok" == phone.boot().lists
        for name in model.BIT:
            phone.renew(name)
        cluster.set_parameter("RollBackToPreGrayback", "F")
        await restart(phone)
        assert ("ok", "applied") == (phone.boot().lists, phone.boot().config)
        assert TrustState.TRUSTED is phone.state()

    in_lab(test, pair(VERSIONS["12.0+"], mixed=False))


def test_a_locked_phone_takes_no_emptied_list_either() -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        for name in model.BIT:
            phone.renew(name)
        await restart(phone)
        assert TrustState.HARD_LOCKED is phone.state()
        cluster.set_parameter("RollBackToPreGrayback", "T")
        await restart(phone)
        assert "failed" == phone.boot().lists

    in_lab(test, pair(VERSIONS["12.0+"], mixed=False))
