"""Promise: a phone with real bytes over real sockets ends where one of the crowd ends, and believes no broken file."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ucmlab.cluster.phones.boot import Booted, boot, play
from ucmlab.cluster.phones.memory import Memory, Phone
from ucmlab.cluster.phones.rules import rules_of
from ucmlab.faults import FaultRule
from ucmlab.scenarios.schema import PhonesSpec, PhoneTimes
from ucmlab.serve.real_phones import RealPhones
from ucmlab.serve.sample_phone import Body, Network, SamplePhone
from unit.ucmlab.lab_bench import a_ca, renewed
from unit.ucmlab.serve.door_scene import WebScene, in_web_scene

NAME = "SEP0077AA000001"
BEFORE_12 = "11.5.1.16900-16"
SECURE = {"phones": (PhonesSpec(count=1, secure=True, real=1),), "mixed": True}
PLAIN = {"phones": (PhonesSpec(count=1, real=1),)}
QUICK = PhoneTimes(boot_median_s=1.0, boot_p95_s=1.5, tftp_rebuild_s=1.0)


def phone_of(scene: WebScene, *, memory: Memory | None = None) -> Phone:
    device = scene.cluster.phones.phone(NAME)
    return Phone(
        name=NAME,
        tftp=device.line.tftp,
        sbd=device.line.sbd,
        memory=device.memory if memory is None else memory,
        cache=device.cache,
    )


async def booted(scene: WebScene, phone: Phone, waits: list[float] | None = None) -> Booted:
    """A boot over the sockets of the scene, which takes no time to wait."""
    cluster = scene.cluster

    async def wait(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    network = Network(
        reach=lambda node, port: (scene.places[0].address, scene.places[0].ports[port]),
        host_of=lambda name: cluster.node(name).name,
    )
    body = Body(
        model="CP-8851",
        protocol="SIP",
        admits=lambda ask: cluster.phones.answer_to(NAME, ask),
        wait=wait,
    )
    rules = rules_of(cluster.publisher.version, cluster.switches)
    return await SamplePhone(phone, body, network).boot(rules)


def imagined(scene: WebScene, phone: Phone) -> Booted:
    """The same boot in memory."""
    rules = rules_of(scene.cluster.publisher.version, scene.cluster.switches)
    return play(boot(phone, rules), lambda ask: scene.cluster.phones.answer_to(NAME, ask))


async def restarted(scene: WebScene, *names: str) -> None:
    """Restart services and wait until they run and the files are built."""
    node = scene.cluster.publisher
    await asyncio.sleep(0.02)
    for name in names:
        node.service(name).begin("restart")
        async for _ in node.service(name).follow(1.0):
            pass
    while node.tftp is not None and not node.tftp.serving:
        await asyncio.sleep(0.01)


TVS, TFTP, CALLMANAGER = "Cisco Trust Verification Service", "Cisco Tftp", "Cisco CallManager"
CAPF = "Cisco Certificate Authority Proxy Function"


@pytest.mark.parametrize("changes", [PLAIN, SECURE])
@pytest.mark.parametrize("blank", [True, False])
def test_it_boots_to_the_lists_served_and_registers(changes: dict[str, object], blank: bool, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene, memory=Memory() if blank else None)
        found = await booted(scene, phone)

        assert imagined(scene, phone) == found
        files = scene.cluster.publisher.tftp
        assert files is not None
        assert (files.ctl, files.itl) == (found.memory.ctl, found.memory.itl)
        assert ("ok", "applied", "cucm-pub") == (found.lists, found.config, found.node)
        assert ("mixed" in changes) == found.registered.secure
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, **changes)


@pytest.mark.parametrize("version", [BEFORE_12, "14.0.1.13900-155"])
def test_a_renewed_callmanager_is_believed_as_in_memory(version: str, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        renewed(scene.cluster.publisher, a_ca(), "CallManager")
        await restarted(scene, TVS, TFTP, CALLMANAGER)
        expected = imagined(scene, phone)
        found = await booted(scene, phone)

        assert expected == found
        assert ("ok", "applied") == (found.lists, found.config)
        assert phone.memory.itl != found.memory.itl
        assert (version == BEFORE_12) == bool(found.fetched.learned)

    in_web_scene(test, tmp_path, version=version, phone_times=QUICK, **PLAIN)


def test_a_locked_phone_keeps_its_lists_as_in_memory(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        for purpose in ("CallManager", "TVS"):
            renewed(scene.cluster.publisher, a_ca(), purpose)
        await restarted(scene, TVS, TFTP, CALLMANAGER)
        found = await booted(scene, phone)

        assert imagined(scene, phone) == found
        assert ("failed", "kept", "cucm-pub") == (found.lists, found.config, found.node)
        assert phone.memory == found.memory

    in_web_scene(test, tmp_path, version=BEFORE_12, phone_times=QUICK, **PLAIN)


def test_a_tvs_that_knows_a_signer_shows_its_certificate_to_a_phone_that_has_never_seen_it(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        new = renewed(scene.cluster.publisher, a_ca(), "CallManager")
        await restarted(scene, TVS, TFTP, CALLMANAGER)
        scene.cluster.faults.add(FaultRule(kind="wrong-answer", interface="tftp", operation=f"ITL{NAME}.tlv", times=0))
        found = await booted(scene, phone)

        assert phone.memory.itl == found.memory.itl
        assert "applied" == found.config
        assert [(new, frozenset({0, 3}))] == [(word.leaf, word.roles) for word in found.fetched.learned]

    in_web_scene(test, tmp_path, phone_times=QUICK, **PLAIN)


@pytest.mark.parametrize("file", [f"{NAME}.cnf.xml.sgn", f"ITL{NAME}.tlv"])
def test_a_broken_file_is_not_believed(file: str, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        scene.cluster.phones.apply_settings(NAME, page=not scene.cluster.phones.phone(NAME).page)
        scene.cluster.faults.add(FaultRule(kind="wrong-answer", interface="tftp", operation=file, times=0))
        found = await booted(scene, phone)

        assert phone.memory.itl == found.memory.itl
        assert (file.endswith("sgn")) == (phone.memory.config == found.memory.config)

    in_web_scene(test, tmp_path, **PLAIN)


def test_a_first_list_that_is_broken_is_not_taken(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        scene.cluster.faults.add(FaultRule(kind="wrong-answer", interface="tftp", times=0))
        found = await booted(scene, phone_of(scene, memory=Memory()))

        assert Memory() == found.memory
        assert found.node is None

    in_web_scene(test, tmp_path, **PLAIN)


@pytest.mark.parametrize("known", [True, False], ids=["in-the-list", "by-tvs"])
def test_an_ordered_lsc_comes_from_the_capf_that_answers_as_in_memory(known: bool, tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        if not known:
            scene.cluster.publisher.certificates.regenerate("CAPF")
            await restarted(scene, TVS, CAPF)
        phone = phone_of(scene)
        scene.cluster.phones.order_certificate(NAME, "Install/Upgrade", "By Null String")
        expected = imagined(scene, phone)
        found = await booted(scene, phone)

        running = scene.cluster.publisher.tls_certificate(3804)
        assert running is not None
        assert expected == found
        assert found.enrolled is not None
        assert ("done", running.sha256) == (found.enrolled.outcome, found.enrolled.issuer)
        assert known == (not found.enrolled.learned)

    in_web_scene(test, tmp_path, version="12.5.1.11900-146", **PLAIN)


def test_a_closed_port_of_capf_is_tried_three_times_as_in_memory(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        scene.cluster.phones.order_certificate(NAME, "Install/Upgrade", "By Null String")
        scene.cluster.publisher.services[CAPF].begin("stop")
        while scene.cluster.publisher.tls_certificate(3804) is not None:
            await asyncio.sleep(0.01)
        waits: list[float] = []
        found = await booted(scene, phone, waits)

        assert imagined(scene, phone) == found
        assert ("unreachable", [30.0, 30.0]) == (found.enrolled and found.enrolled.outcome, waits)
        assert "cucm-pub" == found.node

    in_web_scene(test, tmp_path, **PLAIN)


def test_http_that_is_away_costs_a_phone_nothing(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        scene.cluster.faults.add(FaultRule(kind="refuse", interface="tftp", operation=f"ITL{NAME}.tlv"))
        phone = phone_of(scene)

        assert imagined(scene, phone) == await booted(scene, phone)

    in_web_scene(test, tmp_path, **PLAIN)


def test_a_phone_that_reaches_nobody_keeps_everything(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        scene.cluster.publisher.down = True
        found = await booted(scene, phone)

        assert ("unreached", "kept", None) == (found.lists, found.config, found.node)
        assert phone.memory == found.memory

    in_web_scene(test, tmp_path, **PLAIN)


def test_a_phone_with_the_list_of_another_cluster_is_refused_as_in_memory(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        phone = phone_of(scene)
        found = await booted(scene, phone)

        assert imagined(scene, phone) == found
        assert "failed" == found.lists

    phones = (PhonesSpec(count=1, real=1, mismatched_share=1.0),)
    in_web_scene(test, tmp_path, phones=phones)


def test_the_crowd_lets_its_real_phones_boot_over_the_wire(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        real = RealPhones(scene.cluster, scene.places, complain=lambda what, _: scene.complaints.append(what))
        real.start()
        phones = scene.cluster.phones
        before = phones.phone(NAME).changed_at
        phones.reset_all()
        while phones.phone(NAME).registered and phones.phone(NAME).changed_at == before:
            await asyncio.sleep(0.01)
        while not phones.phone(NAME).registered:
            await asyncio.sleep(0.01)
        await real.close()

        fetched = [row.operation for row in scene.cluster.log.operations() if row.interface == "tftp"]
        assert [f"CTL{NAME}.tlv", f"ITL{NAME}.tlv", f"{NAME}.cnf.xml.sgn"] == fetched
        assert "TRUSTED" == phones.trust_state(NAME)
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, phone_times=QUICK, **SECURE)


def test_a_real_phone_gets_its_new_lsc_over_the_wire_and_the_cluster_hears_of_it(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        publisher, phones = scene.cluster.publisher, scene.cluster.phones
        publisher.certificates.regenerate("CAPF")
        scene.cluster.trust_lists.update_ctl()
        await restarted(scene, TVS, TFTP, CAPF)
        real = RealPhones(scene.cluster, scene.places, complain=lambda what, _: scene.complaints.append(what))
        real.start()
        phones.reset_all()
        while phones.phone(NAME).status != "Rejected":
            await asyncio.sleep(0.01)
        phones.order_certificate(NAME, "Install/Upgrade", "By Null String")
        while not phones.phone(NAME).registered:
            await asyncio.sleep(0.01)
        await real.close()

        running = publisher.tls_certificate(3804)
        assert running is not None
        device = phones.phone(NAME)
        assert (running.sha256, "Upgrade Success") == (device.lsc, device.certificate_status)
        assert "No Pending Operation" == device.record.operation
        assert [] == scene.complaints

    manual = {"PhoneInteractionOnCertificateUpdate": "1"}
    in_web_scene(test, tmp_path, phone_times=QUICK, parameters=manual, **SECURE)


def test_a_phone_that_loses_its_power_in_mid_boot_has_not_booted(tmp_path: Path) -> None:
    async def test(scene: WebScene) -> None:
        real = RealPhones(scene.cluster, scene.places, complain=lambda what, _: scene.complaints.append(what))
        device = scene.cluster.phones.phone(NAME)
        real.start()
        scene.cluster.phones.delete_trust(NAME)
        real._drive(device)
        scene.cluster.phones.power(NAME, on=False)
        await asyncio.gather(*real._boots.values())
        await real.close()

        assert device.memory.itl is None
        assert [] == scene.complaints

    in_web_scene(test, tmp_path, phone_times=msgspec.structs.replace(QUICK, boot_median_s=500.0), **PLAIN)
