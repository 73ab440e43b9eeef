"""Every post-check with what somebody does to the lab after a renewal that was carried to its end."""

from simulation.checks.deeds import (
    TFTP,
    TOMCAT,
    UDS,
    moved,
    phones_lose_power,
    regenerated,
    replication_breaks,
    requested,
)
from simulation.checks.trip import CLUSTER, PUB, SUB, Trip

CALLMANAGER = ("CallManager",)
BACKUP = "UCM-AFTER-006"

AFTER: tuple[Trip, ...] = (
    Trip(code="UCM-AFTER-001", where=(SUB,), deed=regenerated("ipsec", SUB), beside=(BACKUP,)),
    Trip(
        code="UCM-AFTER-002",
        where=(SUB,),
        purposes=("tomcat",),
        deed=moved(TOMCAT, "stop", SUB),
        beside=(
            "UCM-AFTER-001",
            "UCM-AFTER-004",
            BACKUP,
        ),  # without Tomcat nobody tells what is stored
    ),
    Trip(code="UCM-AFTER-003", where=(SUB,), deed=requested("ipsec", SUB), beside=(BACKUP,)),
    Trip(
        code="UCM-AFTER-004",
        where=(SUB,),
        purposes=("tomcat",),
        deed=moved(UDS, "restart", SUB, wait_s=0.0),
        beside=(BACKUP,),
    ),
    Trip(code="UCM-AFTER-005", where=(SUB,), deed=replication_breaks, beside=(BACKUP,)),
    Trip(code=BACKUP, where=(PUB,)),
    Trip(
        code="UCM-AFTER-007",
        where=(SUB,),
        purposes=CALLMANAGER,
        deed=regenerated("CallManager", SUB),
        beside=("UCM-AFTER-001",),
    ),
    Trip(code="UCM-AFTER-008", where=(CLUSTER,), purposes=CALLMANAGER, deed=moved(TFTP, "restart", PUB)),
    Trip(code="UCM-AFTER-009", where=(CLUSTER,), purposes=CALLMANAGER, deed=phones_lose_power),
)
