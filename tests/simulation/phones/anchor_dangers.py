"""Dangers to what phones trust: two anchors changed at once, lists not rebuilt, phones not proven, keys not backed up.

Expected damage: phones.md 2.1. A plan that is spoiled on purpose (`trap`) is what a rule of order is there for: as long
as the planner makes no such plan, only the rule would notice one.
"""

from simulation.phones.cuts import left_out, moved, not_waiting, together, unasked
from simulation.phones.damage import Damage
from simulation.phones.dangers import Danger, Layer, once, phones
from simulation.phones.outsiders import CALLMANAGER, HOUR_S, TFTP, TVS, off_for, regenerated, stopped
from ucmcert.model.phone import HeldLists, Phone, PhoneState, Proof, Sighting
from ucmcert.model.plan import StepKind as K
from ucmcert.run import phone_look
from ucmcert.run.phone_gate import Terms, is_back, judged
from ucmlab.scenarios.schema import PhonesSpec

ANCHORS = ("CallManager", "TVS")
HELD_STEP = "UCM-RUN-018"


def coming_back_is_enough(
    phone: Phone, seen: Sighting | None, held: HeldLists | None, terms: Terms, *, complete: bool
) -> PhoneState:
    """What a gate by registration alone would say of a phone (I13 left out)."""
    if is_back(phone, seen, terms):
        return PhoneState(name=phone.name, pool=phone.pool, proof=Proof.CHECKSUM)
    return judged(phone, seen, held, terms, complete=complete)


TVS_SERVERS = together(
    left_out(K.BACKUP_IDLE, "TVS"),
    left_out(K.IDENTITY_UPLOAD, "TVS"),
    left_out(K.SERVICE_RESTART, "TVS"),
    left_out(K.SERVED_CHECK, "TVS"),
    left_out(K.LISTS_CHECK, "TVS"),
)
ANCHOR_DANGERS: tuple[Danger, ...] = (
    Danger(
        release="11.5",
        purposes=ANCHORS,
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
        release="9.1",
        purposes=ANCHORS,
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
        release="11.5",
        purposes=ANCHORS,
        rules="I3",
        says="phones were off at the reset of CallManager and come back after TVS",
        damage=Damage.SOFT,
        trouble=once(K.LISTS_CHECK, off_for(HOUR_S), "CallManager"),
        layers={
            "phones.gate": Layer(gone=left_out(K.PHONES_GATE, "CallManager")),
            "UCM-RULE-017": Layer(gone=unasked("UCM-RULE-017"), stops="UCM-RULE-017"),
        },
        source="phones.md 1.8, 5.3 server-only",
    ),
    Danger(
        release="11.5",
        purposes=ANCHORS,
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
        release="11.5",
        purposes=ANCHORS,
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
        release="11.5",
        purposes=ANCHORS,
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
        layers={
            "UCM-RULE-024": Layer(gone=unasked("UCM-RULE-024"), stops="UCM-RULE-024"),
            "UCM-RULE-029": Layer(gone=unasked("UCM-RULE-029"), stops="UCM-RULE-029"),
        },
        source="phones.md 5.2 I3",
    ),
    Danger(
        rules="I10",
        release="11.5",
        purposes=("tomcat", "TVS"),
        says="somebody renewed CallManager by hand and restarted all but the phones",
        damage=Damage.SOFT,
        trouble=once(K.CSR_GENERATE, regenerated("CallManager", TVS, TFTP, CALLMANAGER)),
        layers={
            "phones.baseline": Layer(gone=left_out(K.PHONES_BASELINE), stops="waits at phones.baseline"),
            "UCM-RULE-018": Layer(gone=unasked("UCM-RULE-018"), stops="UCM-RULE-018"),
        },
        source="phones.md 2.4",
    ),
    Danger(
        release="11.5",
        purposes=ANCHORS,
        rules="I11",
        says="disaster recovery brings back the newest backup",
        damage=Damage.SOFT,
        restores=True,
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
        phones=(*phones(secure=True), PhonesSpec(count=1, pool="Many", sbd=False, model="CP-7940", protocol="SCCP")),
        at_the_end=True,
        planned=True,
        source="phones.md 2.1",
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
)
