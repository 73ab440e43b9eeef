"""The in-memory cluster with phones: lists that TFTP makes when it starts, and phones that fetch them when they boot.

A phone behaves as its `habit` says: `obeys` (boots and takes the new list), `stuck` (boots and keeps the old one),
`dead` (never comes back), `deaf` (no reset reaches it), `off` (was off before, stays off). Pages are `on`, `off`, or
`mute` (answers, and tells no checksum).
"""

import asyncio
import hashlib
from collections.abc import Sequence

import msgspec
from fake_cluster import NOW, READ_S, FakeAuthority, FakeClient, FakeNode, VirtualClock, World

from factory.certificates import DAY, self_signed
from factory.clusters import cluster, node_facts
from ucmcert.errors import OutcomeUnknown
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Backup, Cluster, Identity, NodeFacts, Served
from ucmcert.model.event import ExceptionsSigned
from ucmcert.model.node import Node, Role
from ucmcert.model.phone import HeldLists, Phone, PhonesFacts, Picture, Sighting
from ucmcert.model.trust_list import ListKind, ListRecord, ListRole, TrustListFacts
from ucmcert.plan.options import Options
from ucmcert.run.context import Context
from ucmcert.run.history import History
from ucmcert.run.limits import Limits
from ucmcert.ucm.platform_cli.parsers.trust_list import ShownList

SERVICES = (
    "Cisco Tomcat",
    "Cisco DRF Local",
    "Cisco Tftp",
    "Cisco CallManager",
    "Cisco CTIManager",
    "Cisco Trust Verification Service",
)
CAPF_SERVICE = "Cisco Certificate Authority Proxy Function"
LOADS = {
    CAPF_SERVICE: "CAPF",
    "Cisco CallManager": "CallManager",
    "Cisco Trust Verification Service": "TVS",
    "Cisco Tomcat": "tomcat",
}
SHOWN = {5061: "CallManager", 2445: "TVS", 443: "tomcat", 8443: "tomcat", 3804: "CAPF"}
BOOT_S = 90.0
AUTOMATIC = "0"
PARAMETER = "PhoneInteractionOnCertificateUpdate"


class FakePhone(msgspec.Struct):
    """One phone's own state; `changed_at` is node time, `page_set` what the database has for its page."""

    phone: Phone
    habit: str = "obeys"
    page: str = "on"
    page_set: bool | None = None
    registered: bool = True
    changed_at: float = NOW - 30 * DAY
    itl: str = ""
    ctl: str = ""
    resets: int = 0
    back_at: float = 0.0


def leaf(name: str, purpose: str) -> Certificate:
    return self_signed(f"{purpose}.{name}", not_after=NOW + 20 * DAY, key_label=f"{purpose} {name}")


def phone_node(host: str, role: Role, *, tftp: bool = True) -> NodeFacts:
    """A node with CallManager and TVS; the publisher has CAPF's and ITLRecovery's certificates too."""
    names = [one for one in SERVICES if tftp or one != "Cisco Tftp"]
    names += ["Cisco DRF Master"] if role is Role.PUBLISHER else []
    facts = node_facts(host, role, services=tuple(names))
    purposes = ("CallManager", "TVS", *(("ITLRecovery",) if role is Role.PUBLISHER else ()))
    more = tuple(Identity(purpose=one, certificate=leaf(facts.node.name, one)) for one in purposes)
    holding = msgspec.structs.replace(facts.holding, identities=(*facts.holding.identities, *more))
    held = {one.purpose: one.certificate for one in holding.identities}
    served = tuple(Served(port=port, leaf=held[purpose]) for port, purpose in SHOWN.items() if purpose in held)
    return msgspec.structs.replace(facts, holding=holding, served=served)


def some_phones(**habits: str) -> tuple[FakePhone, ...]:
    """Eight phones in HQ and three in Branch; `habits` by number, as `p3="dead"` or `p3="obeys,off"` with its page."""
    found = []
    for number in range(11):
        habit, _, page = habits.get(f"p{number}", "obeys,on").partition(",")
        pool = "HQ" if number < 8 else "Branch"
        phone = Phone(
            name=f"SEP{number:012X}", model="Cisco 8861", pool=pool, protocol="SIP", group=("cucm-pub", "cucm-sub1")
        )
        found.append(FakePhone(phone=phone, habit=habit, page=page or "on", registered=habit != "off"))
    return tuple(found)


def nodes() -> tuple[NodeFacts, ...]:
    return (
        phone_node("cucm-pub", Role.PUBLISHER),
        phone_node("cucm-sub1", Role.SUBSCRIBER),
        phone_node("cucm-sub2", Role.SUBSCRIBER, tftp=False),
    )


class PhoneClient(FakeClient):
    """The verbs of lists and phones. `fail` orders errors for the next calls of a verb, as `order` does for nodes."""

    def __init__(
        self, whole: Cluster, clock: VirtualClock, journal: list[object], phones: tuple[FakePhone, ...]
    ) -> None:
        super().__init__(whole, clock, journal)
        self.handsets = {one.phone.name: one for one in phones}
        self.publisher = whole.publisher.node
        self.built: dict[str, tuple[ListRecord, ...]] = {}
        self.ctl: tuple[ListRecord, ...] = ()
        self.settings = {PARAMETER: AUTOMATIC, "RollBackToPreGrayback": "F"}
        self.history: list[tuple[str, str]] = [("a.tar", "SUCCESS")]
        self.throttled = False
        self.asked: list[int] = []
        self.backup_result = "SUCCESS"
        for host, here in self.nodes.items():
            here.loaded = dict(here.identities)
            if "Cisco Tftp" in here.services:
                self.built[host] = self.records(host)
        for one in phones:
            one.itl = self.checksum("cucm-pub")

    def records(self, host: str) -> tuple[ListRecord, ...]:
        """The ITL that TFTP of `host` would make now, its signer first."""
        publisher = self.nodes["cucm-pub"].identities
        rows = [
            (ListRole.SAST, publisher["ITLRecovery"]),
            (ListRole.SAST, self.nodes[host].identities["CallManager"]),
            (ListRole.TFTP, self.nodes[host].identities["CallManager"]),
        ]
        rows += [(ListRole.TVS, here.identities["TVS"]) for here in self.nodes.values()]
        rows += [(ListRole.CAPF, publisher["CAPF"])] if "CAPF" in publisher else []
        return tuple(record(role, certificate) for role, certificate in rows)

    def checksum(self, host: str) -> str:
        return checksum(self.built[host])

    async def tftp_file(self, node: Node, name: str) -> bytes | None:
        raise OutcomeUnknown("UCM-NET-001", "connection refused", where=node.name, why="nothing listens", sent=False)

    async def show_list(self, node: Node, kind: ListKind) -> ShownList | None:
        await self._read("show_list", node)
        records = self.built.get(node.host, ()) if kind == "itl" else self.ctl
        if not records:
            return None
        return ShownList(
            kind=kind,
            md5="",
            sha1=checksum(records),
            length=1000,
            modified="",
            signer_subject=records[0].subject,
            signer_serial=records[0].serial,
            records=records,
            signer=0,
            verified=True,
        )

    async def served(self, node: Node, port: int) -> Served:
        await self._read("served", node)
        return Served(port=port, leaf=self.nodes[node.host].loaded.get(SHOWN[port]))

    async def restart_service(self, node: Node, name: str) -> str:
        words = await super().restart_service(node, name)
        here = self.nodes[node.host]
        if name in LOADS:
            here.loaded[LOADS[name]] = here.identities[LOADS[name]]
        if name == "Cisco Tftp":
            self.built[node.host] = self.records(node.host)
        return words

    async def phones(self, publisher: Node) -> tuple[Phone, ...]:
        await self._read("phones", publisher)
        return tuple(one.phone for one in self.handsets.values())

    async def sightings(self, publisher: Node, names: Sequence[str] | None = None) -> Picture:
        await self._read("sightings", publisher)
        if self.throttled:
            raise OutcomeUnknown("UCM-RIS-001", "asked too often", where=publisher.name, why="Exceeded allowed rate")
        wanted = self.handsets if names is None else [name for name in names if name in self.handsets]
        self.asked.append(len(wanted))
        found = tuple(
            Sighting(
                name=name,
                node="cucm-pub",
                registered=self.handsets[name].registered,
                changed_at=int(self.handsets[name].changed_at),
                page=self.handsets[name].page != "off",
                address="10.0.0.1",
            )
            for name in wanted
        )
        return Picture(observed_at=self.clock.now(), sightings=found, complete=True)

    async def held_lists(self, sighting: Sighting) -> HeldLists | None:
        await self.clock.sleep(READ_S)
        one = self.handsets[sighting.name]
        if one.page == "off":
            return None
        itl = "" if one.page == "mute" else one.itl
        return HeldLists(name=sighting.name, itl=itl, ctl="" if one.page == "mute" else one.ctl, told_by="page")

    async def parameters(self, publisher: Node) -> dict[str, str]:
        await self._read("parameters", publisher)
        return dict(self.settings)

    async def set_parameter(self, publisher: Node, name: str, value: str) -> str:
        return await self._act("set_parameter", publisher, f"{name}={value}", lambda here: self._set(name, value))

    def _set(self, name: str, value: str) -> None:
        self.settings[name] = value

    async def phone_page(self, publisher: Node, name: str) -> bool | None:
        await self._read("phone_page", publisher)
        return self.handsets[name].page_set

    async def set_phone_page(self, publisher: Node, name: str, on: bool) -> str:
        return await self._act("set_phone_page", publisher, f"{name} {on}", lambda here: self._set_page(name, on=on))

    def _set_page(self, name: str, *, on: bool) -> None:
        self.handsets[name].page_set = on

    async def reset_pool(self, publisher: Node, pool: str) -> str:
        return await self._act("reset_pool", publisher, pool, lambda here: self.reset(pool))

    def reset(self, pool: str) -> None:
        """Every phone of the pool that is on and listens reboots."""
        for one in self.handsets.values():
            if one.phone.pool == pool and one.registered and one.habit != "deaf":
                one.resets += 1
                self.move(one, registered=False)
                if one.habit in ("obeys", "stuck"):
                    one.back_at = self.clock.now() + BOOT_S
                    asyncio.get_running_loop().call_later(BOOT_S, self.come_back, one)

    def go_on(self) -> None:
        """A client process died and another one begins; phones that were booting go on with it."""
        for one in self.handsets.values():
            if one.back_at:
                left_s = max(0.0, one.back_at - self.clock.now())
                asyncio.get_running_loop().call_later(left_s, self.come_back, one)

    def come_back(self, one: FakePhone) -> None:
        one.back_at = 0.0
        self.move(one, registered=True)
        if one.habit == "obeys":
            one.itl, one.ctl = self.checksum("cucm-pub"), checksum(self.ctl) if self.ctl else ""

    def move(self, one: FakePhone, *, registered: bool) -> None:
        one.registered = registered
        one.changed_at = self.clock.now() + self.nodes["cucm-pub"].offset_s

    async def backup(self, node: Node, *, with_history: bool = True) -> Backup:
        await self._read("backup", node)
        file, result = self.history[-1]
        running = self.clock.now() < self.nodes[node.host].backup_until
        return Backup(running=running, last_result=result, last_file=file)

    async def start_backup(self, publisher: Node, device: str) -> str:
        def happen(here: FakeNode) -> None:
            here.backup_until = self.clock.now() + 300.0
            self.history.append((f"{len(self.history)}.tar", self.backup_result))

        return await self._act("start_backup", publisher, device, happen)

    async def update_ctl(self, publisher: Node) -> str:
        def happen(here: FakeNode) -> None:
            self.ctl = ctl_records(self)

        return await self._act("update_ctl", publisher, "", happen)

    async def reset_localkey(self, publisher: Node, kind: ListKind) -> str:
        def happen(here: FakeNode) -> None:
            for host in self.built:
                first, second, *rest = self.records(host)
                self.built[host] = (second, first, *rest)

        return await self._act("reset_localkey", publisher, kind, happen)

    async def regenerate(self, node: Node, purpose: str) -> str:
        def happen(here: FakeNode) -> None:
            label = f"{purpose} {node.name} made at {self.clock.now()}"
            here.identities[purpose] = self_signed(f"{purpose}.new", not_after=NOW + 700 * DAY, key_label=label)

        return await self._act("regenerate", node, purpose, happen)


def ctl_records(client: PhoneClient) -> tuple[ListRecord, ...]:
    """The CTL of now: its signers, and CallManager of every node."""
    publisher = client.nodes["cucm-pub"].identities
    rows = [(ListRole.SAST, publisher["ITLRecovery"]), (ListRole.SAST, publisher["CallManager"])]
    rows += [(ListRole.CCM_TFTP, here.identities["CallManager"]) for here in client.nodes.values()]
    rows += [(ListRole.CAPF, publisher["CAPF"])] if "CAPF" in publisher else []
    return tuple(record(role, certificate) for role, certificate in rows)


def record(role: ListRole, certificate: Certificate) -> ListRecord:
    """A record as `show` prints it: SHA-1 only."""
    return ListRecord(
        role=role,
        subject=certificate.subject,
        issuer=certificate.issuer,
        serial=certificate.serial.upper(),
        sha256="",
        sha1=hashlib.sha1(certificate.der, usedforsecurity=False).hexdigest(),
    )


def checksum(records: tuple[ListRecord, ...]) -> str:
    return hashlib.sha1(msgspec.json.encode(records), usedforsecurity=False).hexdigest()


def phones_facts(phones: tuple[FakePhone, ...], **changes: object) -> PhonesFacts:
    """What planning would have seen of them."""
    pools: dict[str, int] = {}
    for one in phones:
        pools[one.phone.pool] = pools.get(one.phone.pool, 0) + 1
    facts = PhonesFacts(
        observed_at=NOW,
        total=len(phones),
        registered=sum(one.registered for one in phones),
        absent=tuple(one.phone.name for one in phones if not one.registered),
        silent=tuple(one.phone.name for one in phones if one.page == "off"),
        pools=pools,
        classes={"not secure, group of 2, lists, page": len(phones)},
        interaction="manual",
        interaction_parameter=PARAMETER,
        interaction_value=AUTOMATIC,
        manual_value="1",
        rollback=False,
    )
    return msgspec.structs.replace(facts, **changes)


class PhoneWorld(World):
    """A run that phones notice."""

    a_client: type[PhoneClient] = PhoneClient
    some_nodes = staticmethod(nodes)

    def __init__(
        self,
        *,
        phones: tuple[FakePhone, ...] | None = None,
        purposes: tuple[str, ...] = ("TVS",),
        options: Options | None = None,
        limits: Limits | None = None,
        devices: tuple[str, ...] = ("dev1",),
        mixed: bool = False,
        **facts: object,
    ) -> None:
        handsets = some_phones() if phones is None else phones
        whole = msgspec.structs.replace(
            cluster(*self.some_nodes()),
            phones=phones_facts(handsets, **facts),
            backup_devices=devices,
            mixed_mode=mixed,
        )
        clock = VirtualClock()
        first = self.a_client(whole, clock, [], handsets)
        if mixed:
            first.ctl = ctl_records(first)
            for one in handsets:
                one.ctl = checksum(first.ctl)
        whole = with_lists(whole, first)
        super().__init__(whole, purposes=purposes, options=options, limits=limits)
        self.client: PhoneClient = self.a_client(whole, self.clock, self.journal, handsets)
        self.client.ctl = first.ctl
        self.authority = FakeAuthority(self.client, self.clock)

    def phone(self, number: int) -> FakePhone:
        return self.client.handsets[f"SEP{number:012X}"]

    def step(self, kind: str, wave: str = "", number: str = "1") -> str:
        """The id of the first step of `kind`, of a wave and pass where it is given."""
        for one in self.plan.steps:
            if one.kind == kind and wave in ("", one.detail.get("wave")) and one.detail.get("pass", number) == number:
                return one.id
        raise KeyError(kind)

    def back(self, number: int) -> None:
        """A person makes this phone come back with the list of now."""
        self.phone(number).habit = "obeys"
        self.client.come_back(self.phone(number))

    def context(self, history: History | None = None) -> Context:
        self.client.go_on()
        return super().context(history)

    def sign(self, step: str, *names: str) -> None:
        """As `ucmcert approve` does."""
        event = ExceptionsSigned(at=self.clock.now(), run="r1", step=step, phones=names, by="ana", why="test")
        self.record(event)


def with_lists(whole: Cluster, client: PhoneClient) -> Cluster:
    """`whole` with the lists its nodes serve, as planning saw them."""
    sha256 = {
        hashlib.sha1(one.certificate.der, usedforsecurity=False).hexdigest(): one.certificate.sha256
        for facts in whole.nodes
        for one in facts.holding.identities
    }
    replaced = []
    for facts in whole.nodes:
        lists = [("itl", client.built[facts.node.host])] if facts.node.host in client.built else []
        lists += [("ctl", client.ctl)] if client.ctl and lists else []
        told = tuple(
            TrustListFacts(
                node=facts.node.name,
                kind=kind,
                present=True,
                told_by=f"show {kind}",
                sha1=checksum(records),
                signer_subject=records[0].subject,
                signer_serial=records[0].serial,
                verified=True,
                records=tuple(msgspec.structs.replace(one, sha256=sha256[one.sha1]) for one in records),
            )
            for kind, records in lists
        )
        replaced.append(msgspec.structs.replace(facts, lists=told))
    return msgspec.structs.replace(whole, nodes=tuple(replaced))
