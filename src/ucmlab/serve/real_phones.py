"""The phones of a scenario that are marked `real`: whenever one boots, it boots over the lab's own sockets."""

import asyncio
from collections.abc import Coroutine, Sequence

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.asks import Answer, AskCapf, Register
from ucmlab.cluster.phones.memory import Phone
from ucmlab.cluster.phones.rows.device import Device
from ucmlab.cluster.phones.rules import rules_of
from ucmlab.serve.door import Complain
from ucmlab.serve.phone_calls import Address
from ucmlab.serve.places import Place
from ucmlab.serve.sample_phone import Body, Network, SamplePhone


class RealPhones:
    """Boots real phones when the crowd says so, and tells it what became of them.

    A phone that is to boot again before it is done forgets the boot it was at.
    """

    def __init__(self, cluster: Cluster, places: Sequence[Place], *, complain: Complain) -> None:
        self._cluster = cluster
        self._complain = complain
        self._boots: dict[str, asyncio.Task[None]] = {}
        self._ports = {(place.node, port): real for place in places for port, real in place.ports.items()}
        self._addresses = {place.node: place.reached_at for place in places}
        self._network = Network(reach=self._reach, host_of=lambda name: cluster.node(name).name)

    def start(self) -> None:
        """Boot real phones from now on."""
        self._cluster.phones.drive_real(self._drive)

    async def close(self) -> None:
        """Boot none any more, and forget the boots under way."""
        self._cluster.phones.drive_real(None)
        boots = list(self._boots.values())
        for task in boots:
            task.cancel()
        await asyncio.gather(*boots, return_exceptions=True)

    def _drive(self, device: Device) -> None:
        if (before := self._boots.get(device.name)) is not None:
            before.cancel()
        self._boots[device.name] = asyncio.get_running_loop().create_task(self._guard(self._boot(device, device.turn)))

    async def _boot(self, device: Device, turn: int) -> None:
        line = device.line
        phone = Phone(name=device.name, tftp=line.tftp, sbd=line.sbd, memory=device.memory, cache=device.cache)
        body = Body(
            model=line.model,
            protocol=line.protocol,
            admits=lambda ask: self._admission(device, ask),
            wait=self._cluster.clock.sleep,
        )
        rules = rules_of(self._cluster.publisher.version, self._cluster.switches)
        booted = await SamplePhone(phone, body, self._network).boot(rules)
        if device.turn == turn:
            self._cluster.phones.booted(device.name, booted)

    def _admission(self, device: Device, ask: Register | AskCapf) -> Answer:
        """What CallManager and CAPF know of the phone: registration and enrolment are not spoken over the wire."""
        return self._cluster.phones.answer_to(device.name, ask)

    def _reach(self, node: str, port: int) -> Address:
        return self._addresses[node], self._ports[node, port]

    async def _guard(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - a mistake of the lab ends this boot, not the lab
            self._complain("a real phone stopped by a mistake of the lab", error)
