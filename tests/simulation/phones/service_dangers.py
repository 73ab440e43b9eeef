"""Dangers to what phones use: registration, HTTPS services, LSCs. Expected damage: phones.md 2.2, 1.6, 2.5."""

from simulation.phones.cuts import left_out, moved, not_waiting, side_by_side, together, unasked
from simulation.phones.damage import Damage
from simulation.phones.dangers import Danger, Layer, once, phones
from simulation.phones.outsiders import CALLMANAGER, CTI, HOUR_S, TFTP, TVS, restarted, stopped
from ucmcert.model.plan import StepKind as K
from ucmcert.plan.options import Options

HELD_STEP = "UCM-RUN-018"

SERVICE_DANGERS: tuple[Danger, ...] = (
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
        patience_s=250.0,
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
        rules="I2",
        release="14SU3",
        purposes=("CallManager",),
        mixed=True,
        says="phones reset by themselves at each upload",
        damage=Damage.UNREGISTERED,
        layers={"phones.quiet": Layer(gone=left_out(K.PHONES_QUIET))},
        patience_s=300.0,
        source="phones.md 2.5",
    ),
    Danger(
        rules="I2",
        release="14SU3",
        purposes=("CallManager",),
        mixed=True,
        says="the same, and nobody waits until phones are quiet",
        damage=Damage.UNREGISTERED,
        trap=not_waiting(
            together(left_out(K.IDENTITY_UPLOAD), left_out(K.CTL_UPDATE)), awaited=left_out(K.PHONES_QUIET)
        ),
        layers={"UCM-RULE-023": Layer(gone=unasked("UCM-RULE-023"), stops="UCM-RULE-023")},
        patience_s=300.0,
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
        manual_value="1",
        layers={"phones.interaction": Layer(gone=left_out(K.PHONES_INTERACTION))},
        patience_s=300.0,
        source="phones.md 2.5",
    ),
    Danger(
        rules="I5",
        release="11.5",
        purposes=("CallManager",),
        says="CallManager restarts on all nodes at once",
        damage=Damage.UNREGISTERED,
        trap=side_by_side(left_out(K.SERVICE_RESTART, service=CALLMANAGER)),
        layers={"UCM-RULE-013": Layer(gone=unasked("UCM-RULE-013"), stops="UCM-RULE-013")},
        phones=phones()[1:],
        patience_s=60.0,
        before_resets=True,
        source="phones.md 5.2 I5",
    ),
    Danger(
        rules="I5",
        release="11.5",
        purposes=("CallManager",),
        says="somebody restarts CallManager of another node when ours is next",
        damage=Damage.UNREGISTERED,
        trouble=once(K.SERVICE_RESTART, restarted("cucm-sub1", CALLMANAGER), service=TFTP),
        layers={
            "UCM-RULE-011": Layer(gone=unasked("UCM-RULE-011")),
            "UCM-RULE-014": Layer(gone=unasked("UCM-RULE-014")),
        },
        phones=phones()[1:],
        patience_s=60.0,
        before_resets=True,
        source="phones.md 5.2 I5",
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
