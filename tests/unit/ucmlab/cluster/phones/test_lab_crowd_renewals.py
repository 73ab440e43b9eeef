# Promise: renewals done rightly or wrongly in the lab have the price that phones.md names, on every phone of a crowd.
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.trust import TrustState
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import in_lab, scenario

TFTP, TVS, CALLMANAGER = "Cisco Tftp", "Cisco Trust Verification Service", "Cisco CallManager"
MANUAL = {"PhoneInteractionOnCertificateUpdate": "1"}
OLD, NEW = "11.5.1.12900-21", "14.0.1.13900-155"
SECURE = PhonesSpec(count=10, secure=True, slow_share=0.0, tftp=("cucm-pub",))
PLAIN = PhonesSpec(count=10, slow_share=0.0, tftp=("cucm-pub",))


def renewing(test: Callable[[Cluster], Coroutine[Any, Any, None]], version: str = OLD, **changes: Any) -> None:
    in_lab(test, scenario("pair", version=version, **{"phones": (PLAIN,), **changes}))


def cucm_renew(cluster: Cluster, *purposes: str) -> None:
    for purpose in purposes:
        for node in cluster.nodes.values():
            node.certificates.regenerate(purpose)


async def restart(cluster: Cluster, services: Sequence[str]) -> None:
    for service in services:
        for node in cluster.nodes.values():
            node.services[service].begin("restart")
        await cluster.clock.sleep(600 if service == CALLMANAGER else 120)  # a phone that is not back hears no reset


async def reset(cluster: Cluster) -> None:
    cluster.phones.reset_all()
    await cluster.clock.sleep(700)


def test_one_type_at_a_time_with_a_reset_between_keeps_every_phone() -> None:
    async def test(cluster: Cluster) -> None:
        for purpose in ("CallManager", "TVS"):
            cucm_renew(cluster, purpose)
            await restart(cluster, [TVS, TFTP, CALLMANAGER])
            await reset(cluster)
            assert {TrustState.TRUSTED: 10} == cluster.phones.counts()
        assert {"cucm-pub": 10} == cluster.phones.registered_at()

    renewing(test)


def test_callmanager_and_tvs_together_lock_every_phone_and_registrations_do_not_show_it() -> None:
    async def test(cluster: Cluster) -> None:
        cucm_renew(cluster, "CallManager", "TVS")
        await restart(cluster, [TVS, TFTP, CALLMANAGER])
        await reset(cluster)
        assert {TrustState.SOFT_LOCKED: 10} == cluster.phones.counts()
        assert {"cucm-pub": 10} == cluster.phones.registered_at()
        cluster.trust_lists.reset_itl_localkey()
        await reset(cluster)
        await restart(cluster, [TFTP])
        await reset(cluster)
        assert {TrustState.TRUSTED: 10} == cluster.phones.counts()
        assert 0 == sum(phone.deleted_by_hand for phone in cluster.phones.phones())

    renewing(test)


def test_an_absent_phone_that_misses_an_epoch_is_locked_when_it_returns() -> None:
    async def test(cluster: Cluster) -> None:
        away = cluster.phones.names()[0]
        cluster.phones.power(away, False)
        for purpose in ("TVS", "CallManager"):
            cucm_renew(cluster, purpose)
            await restart(cluster, [TVS, TFTP, CALLMANAGER])
            await reset(cluster)
        cluster.phones.power(away, True)
        await cluster.clock.sleep(700)
        assert {TrustState.SOFT_LOCKED: 1, TrustState.TRUSTED: 9} == cluster.phones.counts()
        assert TrustState.SOFT_LOCKED is cluster.phones.trust_state(away)

    renewing(test)


def test_secure_phones_that_boot_before_callmanager_restarts_wait_for_it() -> None:
    async def test(cluster: Cluster) -> None:
        cucm_renew(cluster, "CallManager")
        cluster.trust_lists.update_ctl()
        await restart(cluster, [TVS, TFTP])
        await reset(cluster)
        assert {} == cluster.phones.registered_at()
        assert {"peer"} == {phone.refusal for phone in cluster.phones.phones()}
        await restart(cluster, [CALLMANAGER])
        await cluster.clock.sleep(400)
        assert 10 == sum(cluster.phones.registered_at().values())

    renewing(test, NEW, mixed=True, phones=(SECURE,), parameters=MANUAL)


@pytest.mark.parametrize(("switch", "back"), [("replaces", 0), ("keeps", 10)])
def test_a_renewed_capf_breaks_lscs_where_it_replaces_its_elder_in_the_stores(switch: str, back: int) -> None:
    async def test(cluster: Cluster) -> None:
        await cluster.clock.sleep(10)
        cluster.publisher.certificates.regenerate("CAPF")
        cluster.trust_lists.update_ctl()
        await cluster.clock.sleep(900)
        await restart(cluster, [TVS, TFTP])
        await reset(cluster)
        assert back == sum(cluster.phones.registered_at().values())
        assert {"" if back else "phone-certificate"} == {phone.refusal for phone in cluster.phones.phones()}
        assert {TrustState.TRUSTED: 10} == cluster.phones.counts()

    renewing(test, NEW, mixed=True, phones=(SECURE,), parameters=MANUAL, switches={"capf_same_name": switch})


def test_a_plain_phone_in_a_mixed_cluster_does_not_care_for_lsc_and_ctl_leaf() -> None:
    async def test(cluster: Cluster) -> None:
        cucm_renew(cluster, "CallManager")
        cluster.publisher.certificates.regenerate("CAPF")
        await restart(cluster, [TVS, TFTP, CALLMANAGER])
        await reset(cluster)
        assert 10 == sum(cluster.phones.registered_at().values())

    renewing(test, NEW, mixed=True, parameters=MANUAL)


def test_a_cluster_that_leaves_mixed_mode_gets_its_secure_phones_back_after_a_reset() -> None:
    async def test(cluster: Cluster) -> None:
        cluster.trust_lists.set_mixed(False)
        await restart(cluster, [TFTP, CALLMANAGER])
        await reset(cluster)
        await cluster.clock.sleep(900)
        assert 10 == sum(cluster.phones.registered_at().values())
        assert {False} == {phone.memory.config.secure for phone in cluster.phones.phones() if phone.memory.config}

    renewing(test, NEW, mixed=True, phones=(SECURE,), parameters=MANUAL)


def test_from_14_on_an_upload_resets_the_phones_by_itself() -> None:
    async def test(cluster: Cluster) -> None:
        begun = cluster.clock.now()
        cluster.publisher.certificates.regenerate("TVS")
        await cluster.clock.sleep(700)
        assert all(row.changed_at > begun for row in cluster.phones.registrations())

    renewing(test, NEW)


RELEASES = (
    *("8.0.3.10000-8", "8.6.2.20000-2", "9.1.2.10000-28", "10.5.2.10000-5", "11.5.1.12900-21", "12.0.1.10000-10"),
    *("12.5.1.11900-146", "14.0.1.10000-20", "14.0.1.13900-155", "15.0.1.12900-234"),
)


@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
@pytest.mark.parametrize("version", RELEASES)
def test_phones_of_every_release_are_settled_and_come_back_from_a_reset(version: str, mixed: bool) -> None:
    async def test(cluster: Cluster) -> None:
        for _ in range(2):
            assert {TrustState.TRUSTED: 20} == cluster.phones.counts()
            assert {"cucm-pub": 20} == cluster.phones.registered_at()
            await reset(cluster)

    renewing(test, version, mixed=mixed, phones=(SECURE, PLAIN))
