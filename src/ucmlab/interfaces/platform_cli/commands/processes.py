"""`show process list` and `show process load`, drawn from the running services, and `show tech ccm_service`.

Source: interfaces-cli.md 5.6, 1.1.
"""

from ucmlab.cluster.node import Node
from ucmlab.cluster.services.service import Service
from ucmlab.interfaces.platform_cli.commands.services.names import listed_name
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import clock_time
from ucmlab.interfaces.platform_cli.registry import Command

FIRST_PID = 2310
GROUPS = {
    "cucm": "CM Services",
    "imp": "IM and Presence Services",
    "unity-connection": "Unity Connection Services",
}


async def list_processes(talk: Conversation, _call: Call) -> None:
    """One process per running service."""
    talk.say("  PID  STARTED  COMMAND")
    for pid, service in _processes(talk.node):
        talk.say(f"{pid:5}  {clock_time(service.started_at or 0.0)} {listed_name(talk, service)}")


async def show_load(talk: Conversation, _call: Call) -> None:
    """The head of `top`, and one process per service that is under way."""
    processes = _processes(talk.node)
    moving = [(pid, service) for pid, service in processes if not service.settled]
    load = f"load average: {0.21 + 0.4 * len(moving):.2f}"
    talk.say(
        f"top - {clock_time(talk.node.now())} {talk.node.open_sessions} user, {load}",
        f"Tasks: {len(processes)} total, {len(moving)} running, {len(processes) - len(moving)} sleeping",
        "  PID S  COMMAND",
        *(f"{pid:5} R  {listed_name(talk, service)}" for pid, service in moving),
    )


async def show_ccm_services(talk: Conversation, _call: Call) -> None:
    """Services in their groups; the first group tells the product."""
    talk.say("", " -------------------- show tech ccm_service --------------------", "")
    for kind, group in (("feature", GROUPS[talk.node.product]), ("network", "Performance and Monitoring Services")):
        talk.say(f"GroupName: {group}")
        rows = [service for service in talk.node.services.values() if service.kind == kind]
        talk.say(*(f"\t{listed_name(talk, service)} {'ON' if service.activated else 'OFF'}" for service in rows), "")


def _processes(node: Node) -> list[tuple[int, Service]]:
    """Numbered in the order of the services, so that a restart elsewhere moves nobody."""
    numbered = enumerate(node.services.values(), start=FIRST_PID)
    return [(pid, service) for pid, service in numbered if service.started_at is not None]


COMMANDS = (
    Command(words="show process list", run=list_processes, operation="process", about="lists the processes"),
    Command(words="show process load", run=show_load, operation="process", about="shows the load", takes_s=1.0),
    Command(
        words="show tech ccm_service",
        run=show_ccm_services,
        operation="tech",
        about="shows the services of this server by group",
        takes_s=1.0,
    ),
)
