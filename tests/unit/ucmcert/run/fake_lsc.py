"""The in-memory cluster with CAPF and secure phones: an LSC operation waits in the database until a phone boots.

What becomes of it then is a phone's `lsc_habits`: `renews` (unless it says otherwise), `fails`, `leaves` (it stays).
"""

from collections.abc import Sequence

import msgspec
from fake_cluster import CA
from fake_phones import CAPF_SERVICE, FakePhone, PhoneClient, PhoneWorld, leaf, nodes, some_phones

from factory.certificates import Requested, request, sign
from ucmcert.model.cluster import Identity, NodeFacts, Served, ServiceStatus, TrustEntry
from ucmcert.model.event import AnyEvent, RunStarted
from ucmcert.model.node import Node, Role
from ucmcert.model.phone import INSTALL, NO_OPERATION, Lsc
from ucmcert.model.signing import Issued, Profile
from ucmcert.plan.options import Options

PUB = "cucm-pub.lab.example"
OLD = leaf(PUB, "CAPF")
STORES = ("CAPF", "CallManager")
SECURE = tuple(f"SEP{number:012X}" for number in range(11) if number % 2)


def secure_phones(**habits: str) -> tuple[FakePhone, ...]:
    """As `some_phones`; those with an odd number are secure."""
    found = some_phones(**habits)
    for one in found:
        one.phone = msgspec.structs.replace(one.phone, secure=one.phone.name in SECURE)
    return found


def capf_nodes() -> tuple[NodeFacts, ...]:
    """The publisher has CAPF; its own store and everybody's CallManager-trust hold it."""
    return tuple(_with_capf(facts) for facts in nodes())


def _with_capf(facts: NodeFacts) -> NodeFacts:
    first = facts.node.role is Role.PUBLISHER
    trust = tuple(
        TrustEntry(purpose=store, filename="CAPF.pem", certificate=OLD) for store in (STORES if first else STORES[1:])
    )
    held = msgspec.structs.replace(facts.holding, trust=trust)
    if not first:
        return msgspec.structs.replace(facts, holding=held)
    held = msgspec.structs.replace(held, identities=(*held.identities, Identity(purpose="CAPF", certificate=OLD)))
    service = ServiceStatus(name=CAPF_SERVICE, state="started", started_at=facts.services[0].started_at)
    shown = Served(port=3804, leaf=OLD)
    return msgspec.structs.replace(
        facts, holding=held, services=(*facts.services, service), served=(*facts.served, shown)
    )


class LscClient(PhoneClient):
    """The verbs of LSCs. A CSR has the name it was asked for, unless `same_name`: then that of the old CAPF."""

    def __init__(self, *about: object) -> None:
        super().__init__(*about)  # type: ignore[arg-type]
        self.lscs = dict.fromkeys(self.handsets, Lsc(operation=NO_OPERATION, status="Upgrade Success"))
        self.lsc_habits: dict[str, str] = {}
        self.same_name = False
        self.unreadable: set[str] = set()
        for host, here in self.nodes.items():
            for store in STORES if host == "cucm-pub" else STORES[1:]:
                here.trust[store].append(OLD)

    async def generate_csr(self, node: Node, purpose: str, spec: object) -> str:
        def happen(here: object) -> None:
            name = OLD.common_name if self.same_name else spec.common_name  # type: ignore[attr-defined]
            usage = ("digital_signature", "key_cert_sign")
            asked = request(name, (f"dns:{node.name}",), key_usage=usage, key_label=f"{purpose} {len(self.made)}")
            self.made[asked.request.spki_sha256] = asked
            here.requests[purpose] = asked  # type: ignore[attr-defined]

        return await self._act("generate_csr", node, purpose, happen)

    async def lsc_states(self, publisher: Node, names: Sequence[str]) -> dict[str, Lsc]:
        await self._read("lsc_states", publisher)
        return {name: self.lscs[name] for name in names if name not in self.unreadable}

    async def renew_lsc(self, publisher: Node, name: str, authentication: str) -> str:
        def happen(here: object) -> None:
            self.lscs[name] = Lsc(operation=INSTALL, status="Operation Pending")

        return await self._act("renew_lsc", publisher, f"{name} {authentication}", happen)

    def come_back(self, one: FakePhone) -> None:
        super().come_back(one)
        name = one.phone.name
        habit = self.lsc_habits.get(name, "renews")
        if self.lscs[name].waiting and habit != "leaves":
            told = "Upgrade Success" if habit == "renews" else "Upgrade Failed"
            self.lscs[name] = Lsc(operation=NO_OPERATION, status=told)


class LscWorld(PhoneWorld):
    """A CAPF renewal on a cluster with secure phones."""

    a_client = LscClient
    some_nodes = staticmethod(capf_nodes)
    client: LscClient
    with_inventory = True

    def __init__(self, lsc: str = "reissue", *, same_name: bool = False, **about: object) -> None:
        about = {"phones": secure_phones(), "mixed": True, "purposes": ("CAPF",), "options": Options(lsc=lsc)} | about  # type: ignore[arg-type]
        super().__init__(**about)  # type: ignore[arg-type]
        self.client.same_name = same_name
        self.authority.spoil = _as_capf

    def record(self, event: AnyEvent) -> None:
        """As the product does, with the inventory from before the run."""
        started = isinstance(event, RunStarted) and self.with_inventory
        super().record(msgspec.structs.replace(event, before=self.whole) if started else event)


def _as_capf(asked: Requested, profile: Profile) -> Issued | None:
    if profile.purpose != "CAPF":
        return None
    return Issued(leaf=sign(asked, CA.intermediate, ca=True, serial_label=asked.request.spki_sha256), chain=CA.chain)
