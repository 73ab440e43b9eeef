"""Every pre-check with a state of the lab that trips it. One row a rule, in the order of their codes."""

from simulation.checks.deeds import (
    CTI,
    DRF,
    TFTP,
    TOMCAT,
    TVS,
    an_authority_expired,
    ctl_signed_by_the_other_key,
    issuers_deleted,
    itl_signed_by_the_other_key,
    moved,
    named_otherwise,
    regenerated,
    requested,
    sessions_taken,
)
from simulation.checks.trip import CLUSTER, IMP, PUB, SUB, Trip, callers
from simulation.phones.cells import RELEASES
from ucmlab.faults import FaultRule
from ucmlab.scenarios.schema import Drs, NodeSpec, PhonesSpec, Sso

CALLMANAGER, TOMCATS = ("CallManager",), ("tomcat",)
ALL = 0  # strikes of a fault: until it is removed
OLDER = {"version": "14.0.1.12900-161"}
BEFORE_14 = {"version": RELEASES["12.5"]}
BEFORE_14_MIXED = {"version": RELEASES["12.5"], "mixed": True}
MANY = 19
OLD_BACKUP = "UCM-CHECK-043"  # whatever is renewed by hand is newer than the backup of yesterday
LONG_NAME = "the-call-manager-of-a-company-that-likes-long-names"
LONG_DOMAIN = "telephony.example"
NO_INTERACTION = {"phone_interaction_values": "1-automatic"}

BEFORE: tuple[Trip, ...] = (
    Trip(code="UCM-CHECK-001", where=(CLUSTER,), nodes={SUB: OLDER}),
    Trip(code="UCM-CHECK-002", where=(IMP,), nodes={IMP: OLDER}),
    Trip(code="UCM-CHECK-003", where=(SUB,), nodes={SUB: {"ntp": "unsynchronised"}}),
    Trip(
        code="UCM-CHECK-004",
        where=(SUB,),
        faults=(FaultRule(kind="wrong-answer", node=SUB, interface="ssh", operation="ntp", times=ALL),),
        beside=("UCM-SCAN-001",),
    ),
    Trip(code="UCM-CHECK-005", where=(SUB,), nodes={SUB: {"replication": 3}}),
    Trip(code="UCM-CHECK-006", where=(PUB,), scenario={"drs": Drs(running=True)}),
    Trip(code="UCM-CHECK-007", where=(PUB,), scenario={"drs": Drs(last_backup_days=-1.0)}),
    Trip(code="UCM-CHECK-008", where=(SUB,), deed=moved(DRF, "stop", SUB)),
    Trip(
        code="UCM-CHECK-009",
        where=(SUB,),
        purposes=CALLMANAGER,
        faults=(FaultRule(kind="service-fails", node=SUB, operation=CTI),),
        deed=moved(CTI, "restart", SUB),
    ),
    Trip(code="UCM-CHECK-011", where=(SUB,), purposes=CALLMANAGER, deed=moved(CTI, "stop", SUB)),
    Trip(code="UCM-CHECK-012", where=(SUB,), deed=requested("ipsec", SUB)),
    Trip(code="UCM-CHECK-013", where=(SUB,), deed=an_authority_expired),
    Trip(code="UCM-CHECK-014", where=(CLUSTER,), purposes=TOMCATS, scenario={"sso": Sso(enabled=True)}),
    Trip(code="UCM-CHECK-015", where=(SUB,), deed=named_otherwise),
    Trip(code="UCM-CHECK-016", where=(SUB,), nodes={SUB: {"clock_offset_s": -400.0}}),
    Trip(code="UCM-CHECK-017", where=(SUB,), nodes={SUB: {"clock_offset_s": 60.0}}),
    Trip(code="UCM-CHECK-018", where=(SUB,), deed=sessions_taken),
    Trip(code="UCM-CHECK-019", where=(SUB,), nodes={SUB: {"lost": ("ipsec",)}}),
    Trip(code="UCM-CHECK-020", where=(SUB,), deed=regenerated("tomcat", SUB), beside=(OLD_BACKUP,)),
    Trip(
        code="UCM-CHECK-021",
        where=(IMP,),
        deed=moved(TOMCAT, "stop", IMP),
        beside=("UCM-CHECK-008", "UCM-SCAN-001"),
    ),
    Trip(code="UCM-CHECK-023", where=(PUB, SUB), purposes=TOMCATS, scenario=BEFORE_14),
    Trip(
        code="UCM-CHECK-024",
        where=(LONG_NAME,),
        scenario={"domain": LONG_DOMAIN, "nodes": (NodeSpec(name=LONG_NAME, role="publisher"),)},
    ),
    Trip(
        code="UCM-CHECK-025",
        where=(CLUSTER,),
        purposes=CALLMANAGER,
        faults=tuple(
            FaultRule(kind="wrong-answer", interface=interface, operation=operation, times=ALL)
            for interface, operation in (("axl", "executeSQLQuery"), ("ssh", "sql"))
        ),
        beside=("UCM-CHECK-026", "UCM-CHECK-048"),  # the same database tells of phones and consumers
    ),
    Trip(
        code="UCM-CHECK-026",
        where=(CLUSTER,),
        purposes=CALLMANAGER,
        faults=(FaultRule(kind="refuse", interface="ris", times=ALL),),
    ),
    Trip(
        code="UCM-CHECK-027",
        where=(CLUSTER,),
        purposes=CALLMANAGER,
        scenario={"parameters": {"RollBackToPreGrayback": "t"}},
        beside=("UCM-CHECK-040",),  # the list without anchors that such a cluster serves
    ),
    Trip(code="UCM-CHECK-028", where=(CLUSTER,), purposes=CALLMANAGER, scenario={"switches": NO_INTERACTION}),
    Trip(
        code="UCM-CHECK-029",
        where=(CLUSTER,),
        purposes=CALLMANAGER,
        scenario={"phones": (PhonesSpec(count=2, page_share=1.0, mismatched_share=1.0),)},
    ),
    Trip(
        code="UCM-CHECK-030",
        where=(CLUSTER,),
        purposes=CALLMANAGER,
        scenario={"phones": (PhonesSpec(count=2, page_share=0.0),)},
    ),
    Trip(
        code="UCM-CHECK-031",
        where=(SUB,),
        purposes=CALLMANAGER,
        deed=moved(TVS, "stop", SUB),
        beside=("UCM-CHECK-011",),
    ),
    Trip(code="UCM-CHECK-032", where=(CLUSTER,), purposes=CALLMANAGER, deed=moved(TFTP, "deactivate", PUB, SUB)),
    Trip(
        code="UCM-CHECK-033",
        where=(CLUSTER,),
        purposes=("CAPF",),
        scenario={"mixed": True, "phones": (PhonesSpec(count=2, page_share=1.0, secure=True),)},
    ),
    Trip(code="UCM-CHECK-034", where=(CLUSTER,), purposes=TOMCATS, scenario={"reuse_tomcat": True}),
    Trip(code="UCM-CHECK-035", where=(CLUSTER,), purposes=CALLMANAGER),
    Trip(code="UCM-CHECK-036", where=(CLUSTER,), purposes=CALLMANAGER, scenario=BEFORE_14_MIXED),
    Trip(
        code="UCM-CHECK-037",
        where=(SUB,),
        purposes=CALLMANAGER,
        faults=tuple(
            FaultRule(kind="wrong-answer", node=SUB, interface=interface, operation=operation, times=ALL)
            for interface, operation in (("tftp", "ITLFile.tlv"), ("ssh", "itl-show"))
        ),
        beside=("UCM-CHECK-040",),  # half a list lacks what is stored
    ),
    Trip(
        code="UCM-CHECK-038",
        where=(PUB, SUB),
        purposes=CALLMANAGER,
        deed=itl_signed_by_the_other_key,
        beside=("UCM-CHECK-029",),
    ),
    Trip(
        code="UCM-CHECK-039",
        where=(PUB, SUB),
        purposes=CALLMANAGER,
        scenario={"mixed": True},
        deed=ctl_signed_by_the_other_key,
        beside=("UCM-CHECK-029",),
    ),
    Trip(
        code="UCM-CHECK-040",
        where=(SUB,),
        purposes=("TVS",),
        deed=regenerated("CallManager", SUB),
        beside=(OLD_BACKUP,),
    ),
    Trip(code="UCM-CHECK-041", where=(SUB,), deed=regenerated("CallManager", SUB), beside=(OLD_BACKUP,)),
    Trip(
        code="UCM-CHECK-042",
        where=tuple(one.name for one in callers(MANY)),
        purposes=CALLMANAGER,
        scenario={"nodes": callers(MANY), "switches": {"itl_contents": "all-leaves"}},
    ),
    Trip(
        code=OLD_BACKUP,
        where=(PUB,),
        scenario={"drs": Drs(last_backup_days=3.0)},
        deed=regenerated("ipsec", SUB),
    ),
    Trip(code="UCM-CHECK-044", where=(SUB,), deed=issuers_deleted),
    Trip(code="UCM-CHECK-045", where=(SUB,), nodes={SUB: {"fips": True}}),
    Trip(code="UCM-CHECK-046", where=("cuc-pub",), purposes=TOMCATS, neighbour={"stopped": (TOMCAT,)}),
    Trip(code="UCM-CHECK-047", where=("cuc-pub",), purposes=TOMCATS, neighbour={}),
    Trip(code="UCM-CHECK-048", where=(CLUSTER,), scenario={"switches": {"consumer_tables": "missing"}}),
    Trip(
        code="UCM-CHECK-049",
        where=("cuc-pub",),
        purposes=TOMCATS,
        neighbour={},
        login="right",
        beside=("UCM-CHECK-047",),  # neither knows the other
    ),
    Trip(
        code="UCM-CHECK-050",
        where=("cuc-pub",),
        purposes=TOMCATS,
        neighbour={},
        login="wrong",
        beside=("UCM-CHECK-047",),
    ),
)
