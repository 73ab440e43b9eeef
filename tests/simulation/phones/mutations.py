"""Every guard that keeps phones from harm, each with a scenario in which leaving it out hurts them.

Expected damage is that of phones.md 2.1 and 2.2. A plan that is spoiled on purpose (`trap`) is what a rule of order is
there for: as long as the planner makes no such plan, only the rule would notice one.
"""

from collections.abc import Iterable

from simulation.phones.cuts import left_out, moved, not_waiting, side_by_side, together, unasked
from simulation.phones.damage import Damage
from simulation.phones.dangers import Danger, Layer, once, phones
from simulation.world import World
from ucmcert.model.phone import HeldLists, Phone, PhoneState, Proof, Sighting
from ucmcert.model.plan import StepKind
from ucmcert.plan.options import Options
from ucmcert.run import phone_look
from ucmcert.run.phone_gate import Terms, is_back, judged

K = StepKind
HELD_STEP = "UCM-RUN-018"
TVS, TFTP = "Cisco Trust Verification Service", "Cisco Tftp"
CALLMANAGER, CTI = "Cisco CallManager", "Cisco CTIManager"
ANCHORS = ("CallManager", "TVS")
HOUR_S = 3600.0


def off_for(seconds: float, names: Iterable[int] = (2, 3)):
    """Some phones lose their power, and get it back after so many seconds."""

    def do(world: World) -> None:
        every = world.lab.phones.names()
        mine = [every[number] for number in names]
        for name in mine:
            world.lab.phones.power(name, False)

        def back() -> None:
            for name in mine:
                world.lab.phones.power(name, True)

        world.lab.clock.call_later(seconds, back)

    return do


def regenerated(purpose: str, *services: str):
    """Somebody renews `purpose` on every node by hand, and restarts these services."""

    def do(world: World) -> None:
        for node in world.lab.nodes.values():
            node.certificates.regenerate(purpose)
            for name in services:
                node.services[name].begin("restart")

    return do


def stopped(service: str, for_s: float):
    """Somebody stops a service on every node, and starts it again later."""

    def do(world: World) -> None:
        for node in world.lab.nodes.values():
            node.services[service].begin("stop")

        def back() -> None:
            for node in world.lab.nodes.values():
                node.services[service].begin("start")

        world.lab.clock.call_later(for_s, back)

    return do


def coming_back_is_enough(
    phone: Phone, seen: Sighting | None, held: HeldLists | None, terms: Terms, *, complete: bool
) -> PhoneState:
    """What a gate by registration alone would say of a phone (I13 left out)."""
    if is_back(phone, seen, terms):
        return PhoneState(name=phone.name, pool=phone.pool, proof=Proof.CHECKSUM)
    return judged(phone, seen, held, terms, complete=complete)


gates = left_out(K.PHONES_GATE, "CallManager")
TVS_SERVERS = together(
    left_out(K.BACKUP_IDLE, "TVS"),
    left_out(K.IDENTITY_UPLOAD, "TVS"),
    left_out(K.SERVICE_RESTART, "TVS"),
    left_out(K.SERVED_CHECK, "TVS"),
    left_out(K.LISTS_CHECK, "TVS"),
)
OLD = {"release": "11.5", "purposes": ANCHORS}

DANGERS: tuple[Danger, ...] = (
    Danger(
        **OLD,
        rules="I3",
        says="CallManager and TVS in one epoch, one reset for both",
        damage=Damage.SOFT,
        trap=moved(TVS_SERVERS, behind=left_out(K.LISTS_CHECK, "CallManager")),
        layers={
            "UCM-RULE-003": Layer(gone=unasked("UCM-RULE-003"), stops="UCM-RULE-003"),
            "UCM-RULE-017": Layer(gone=unasked("UCM-RULE-017"), stops="UCM-RULE-017"),
            "UCM-RULE-022": Layer(gone=unasked("UCM-RULE-022"), stops="UCM-RULE-022"),
        },
        source="phones.md 2.1",
    ),
    Danger(
        **(OLD | {"release": "9.1"}),
        rules="I3",
        says="the same before 10.0",
        damage=Damage.HARD,
        trap=moved(TVS_SERVERS, behind=left_out(K.LISTS_CHECK, "CallManager")),
        layers={
            "UCM-RULE-003": Layer(gone=unasked("UCM-RULE-003"), stops="UCM-RULE-003"),
            "UCM-RULE-017": Layer(gone=unasked("UCM-RULE-017"), stops="UCM-RULE-017"),
            "UCM-RULE-022": Layer(gone=unasked("UCM-RULE-022"), stops="UCM-RULE-022"),
        },
        source="phones.md 2.1",
    ),
    Danger(
        **OLD,
        rules="I3",
        says="phones were off at the reset of CallManager and come back after TVS",
        damage=Damage.SOFT,
        trouble=once(K.LISTS_CHECK, off_for(HOUR_S), "CallManager"),
        layers={
            "phones.gate": Layer(gone=gates),
            "UCM-RULE-017": Layer(gone=unasked("UCM-RULE-017"), stops="UCM-RULE-017"),
        },
        source="phones.md 1.8, 5.3 server-only",
    ),
    Danger(
        **OLD,
        rules="I3",
        says="TVS begins while the gate of CallManager is open",
        damage=Damage.SOFT,
        trap=not_waiting(
            left_out(K.BACKUP_FRESH, "CallManager"), awaited=left_out(K.PHONES_GATE, "CallManager", wave="all")
        ),
        trouble=once(K.LISTS_CHECK, off_for(HOUR_S), "CallManager"),
        layers={
            "UCM-RULE-003": Layer(gone=unasked("UCM-RULE-003"), stops="UCM-RULE-003"),
            "UCM-RULE-017": Layer(gone=unasked("UCM-RULE-017"), stops="UCM-RULE-017"),
            "UCM-RULE-025": Layer(gone=unasked("UCM-RULE-025"), stops="UCM-RULE-025"),
        },
        source="phones.md 2.3",
    ),
    Danger(
        **OLD,
        rules="I13",
        says="phones could ask no TVS at their reset and came back with the old list",
        damage=Damage.SOFT,
        trouble=once(K.LISTS_CHECK, stopped(TVS, 900.0), "CallManager"),
        layers={
            "proof of a gate": Layer(patch=(phone_look, "judged", coming_back_is_enough), stops="UCM-RUN-023"),
        },
        source="phones.md 1.8, 2.4",
    ),
    Danger(
        **OLD,
        rules="I8",
        says="Cisco Tftp is not restarted after CallManager",
        damage=Damage.SOFT,
        trap=left_out(K.SERVICE_RESTART, "CallManager", service=TFTP),
        layers={
            "lists.check": Layer(gone=left_out(K.LISTS_CHECK, "CallManager"), stops=HELD_STEP),
            "UCM-RULE-019": Layer(gone=unasked("UCM-RULE-019"), stops="UCM-RULE-019"),
            "UCM-RULE-024": Layer(gone=unasked("UCM-RULE-024"), stops="UCM-RULE-024"),
        },
        source="phones.md 2.2, 1.8",
    ),
    Danger(
        rules="I3",
        release="11.5",
        purposes=("TVS",),
        says="somebody renews CallManager by hand before our TVS",
        damage=Damage.SOFT,
        trouble=once(K.PHONES_BASELINE, regenerated("CallManager")),
        layers={"UCM-RULE-024": Layer(gone=unasked("UCM-RULE-024"), stops="UCM-RULE-024")},
        source="phones.md 5.2 I3",
    ),
    Danger(
        rules="I10",
        release="11.5",
        purposes=("TVS",),
        says="somebody renewed CallManager by hand and restarted all but the phones",
        damage=Damage.SOFT,
        trouble=once(K.CSR_GENERATE, regenerated("CallManager", TVS, TFTP, CALLMANAGER)),
        layers={
            "phones.baseline": Layer(gone=left_out(K.PHONES_BASELINE), stops="waits for person"),
            "UCM-RULE-018": Layer(gone=unasked("UCM-RULE-018"), stops="UCM-RULE-018"),
        },
        source="phones.md 2.4",
    ),
    Danger(
        rules="I2",
        release="11.5",
        purposes=("TVS",),
        says="TVS is not restarted after its renewal",
        damage=Damage.BLIND,
        trap=left_out(K.SERVICE_RESTART, "TVS", service=TVS),
        layers={"served.check": Layer(gone=left_out(K.SERVED_CHECK, "TVS"), stops=HELD_STEP)},
        source="phones.md 2.2",
    ),
    Danger(
        rules="I7",
        release="12.5",
        purposes=("CallManager",),
        mixed=True,
        says="the CTL is updated after the restarts",
        damage=Damage.UNREGISTERED,
        trap=moved(
            together(left_out(K.CTL_UPDATE), left_out(K.LISTS_CHECK, lists="ctl")), behind=left_out(K.SERVED_CHECK)
        ),
        layers={"UCM-RULE-015": Layer(gone=unasked("UCM-RULE-015"), stops="UCM-RULE-015")},
        patience_s=400.0,
        source="phones.md 1.6, 2.2",
    ),
    Danger(
        rules="I7",
        release="12.5",
        purposes=("CallManager",),
        mixed=True,
        says="the CTL is not updated at all",
        damage=Damage.UNREGISTERED,
        trap=left_out(K.CTL_UPDATE),
        layers={
            "lists.check ctl": Layer(gone=left_out(K.LISTS_CHECK, lists="ctl"), stops=HELD_STEP),
        },
        source="phones.md 2.2",
    ),
    Danger(
        rules="I7",
        release="12.5",
        purposes=("CallManager",),
        mixed=True,
        says="phones are reset before CallManager restarts",
        damage=Damage.UNREGISTERED,
        trap=moved(
            together(
                left_out(K.SERVICE_RESTART, service=CALLMANAGER),
                left_out(K.SERVICE_RESTART, service=CTI),
                left_out(K.SERVED_CHECK),
            ),
            behind=left_out(K.PHONES_GATE),
        ),
        layers={"UCM-RULE-020": Layer(gone=unasked("UCM-RULE-020"), stops="UCM-RULE-020")},
        source="phones.md 1.6, 2.2",
    ),
    Danger(
        rules="canary",
        release="11.5",
        purposes=("CallManager",),
        switches={"locked_phone_registers": "no"},
        says="no TVS answers at the reset, and phones that fail stay away",
        damage=Damage.UNREGISTERED,
        trouble=once(K.LISTS_CHECK, stopped(TVS, 3 * HOUR_S), "CallManager"),
        layers={
            "phones.gate canary": Layer(gone=left_out(K.PHONES_GATE, wave="canary"), stops="UCM-RUN-023"),
        },
        spared="Few",
        source="phones.md 2.3",
    ),
    Danger(
        rules="canary",
        release="11.5",
        purposes=("CallManager",),
        switches={"locked_phone_registers": "no"},
        says="the same, and the others do not wait for the canary",
        damage=Damage.UNREGISTERED,
        trouble=once(K.LISTS_CHECK, stopped(TVS, 3 * HOUR_S), "CallManager"),
        trap=not_waiting(left_out(K.PHONES_RESET, wave="rest"), awaited=left_out(K.PHONES_GATE, wave="canary")),
        layers={"UCM-RULE-021": Layer(gone=unasked("UCM-RULE-021"), stops="UCM-RULE-021")},
        spared="Few",
        source="phones.md 2.3",
    ),
    Danger(
        **OLD,
        rules="I11",
        says="disaster recovery brings back the newest backup",
        damage=Damage.SOFT,
        layers={"backup.fresh": Layer(gone=left_out(K.BACKUP_FRESH))},
        source="phones.md 5.2 I11",
    ),
    Danger(
        rules="ITLRecovery",
        release="14SU3",
        purposes=("ITLRecovery",),
        mixed=True,
        says="ITLRecovery without its first pass",
        damage=Damage.SOFT,
        trap=together(
            left_out(K.LIST_RESET),
            left_out(K.LISTS_CHECK, lists="ctl"),
            *(left_out(kind, **{"pass": "1"}) for kind in (K.PHONES_RESET, K.PHONES_GATE)),
        ),
        layers={"UCM-RULE-028": Layer(gone=unasked("UCM-RULE-028"), stops="UCM-RULE-028")},
        source="phones.md 2.1",
    ),
    Danger(
        rules="I2",
        release="14SU3",
        purposes=("CallManager",),
        mixed=True,
        says="phones reset by themselves at each upload",
        damage=Damage.UNREGISTERED,
        layers={"phones.quiet": Layer(gone=left_out(K.PHONES_QUIET))},
        patience_s=400.0,
        source="phones.md 2.5",
    ),
    Danger(
        rules="I2",
        release="14SU3",
        purposes=("CallManager",),
        mixed=True,
        options=Options(interaction="manual-for-the-run"),
        says="phones reset by themselves although the plan thinks they do not",
        damage=Damage.UNREGISTERED,
        layers={"phones.interaction": Layer(gone=left_out(K.PHONES_INTERACTION))},
        patience_s=400.0,
        source="phones.md 2.5",
    ),
    Danger(
        rules="I5",
        release="11.5",
        purposes=("CallManager",),
        says="CallManager restarts on all nodes at once",
        damage=Damage.UNREGISTERED,
        trap=side_by_side(left_out(K.SERVICE_RESTART, service=CALLMANAGER)),
        layers={
            "UCM-RULE-011": Layer(gone=unasked("UCM-RULE-011")),
            "UCM-RULE-013": Layer(gone=unasked("UCM-RULE-013"), stops="UCM-RULE-013"),
            "UCM-RULE-014": Layer(gone=unasked("UCM-RULE-014")),
        },
        phones=phones()[1:],
        patience_s=100.0,
        source="phones.md 5.2 I5",
    ),
    Danger(
        rules="I10",
        release="11.5",
        purposes=("CallManager",),
        says="somebody prepares the cluster for a rollback to pre 8.0",
        damage=Damage.BLIND,
        trouble=once(K.PHONES_BASELINE, lambda world: world.lab.set_parameter("RollBackToPreGrayback", "t")),
        layers={"UCM-RULE-026": Layer(gone=unasked("UCM-RULE-026"), stops="UCM-RULE-026")},
        source="phones.md 1.5",
    ),
    Danger(
        rules="I9",
        release="12.5",
        purposes=("CAPF",),
        mixed=True,
        ca_signed=("CAPF",),
        says="the new CAPF has the name of the old one",
        damage=Damage.REFUSED,
        layers={"UCM-RULE-016": Layer(gone=unasked("UCM-RULE-016"), stops="UCM-RULE-016")},
        source="phones.md 1.6, U11",
    ),
)
