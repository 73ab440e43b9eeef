"""`utils service list` and what moves a service. Source: interfaces-cli.md 3.1, 3.2.

A service moves on its own timers: whoever hangs up or presses Ctrl-C stops watching, not the service.
"""

from ucmlab.cluster.services.service import NOT_ACTIVATED, Service
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.commands.services.names import listed_name, service_named
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation, Failed, Run
from ucmlab.interfaces.platform_cli.registry import Command

MANAGER = "Service Manager"
RESTART_WARNING = (
    " Don't press Ctrl-c while the service is getting RESTARTED."
    "If Service has not Restarted Properly, execute the same Command Again"
)
TICK_S = 5.0


async def list_services(talk: Conversation, call: Call) -> None:
    """All services: platform rows, then the others, those not activated last (switch svc_order)."""
    talk.session.screen.always_paging = call.rest == "page"
    platform = [service for service in talk.node.services.values() if service.kind == "platform"]
    others = [service for service in talk.node.services.values() if service.kind != "platform"]
    apart = talk.switches["svc_order"] == "running-first"
    others.sort(key=lambda service: (apart and service.reason == NOT_ACTIVATED, listed_name(talk, service)))
    talk.say("Requesting service status, please wait...")
    talk.say(*(f"{listed_name(talk, row)} [{row.state}]{_reason(talk, row, ' ')}" for row in platform))
    if talk.node.services[MANAGER].running:
        talk.say("Service Manager is running")
    talk.say("Getting list of all services", ">> Return code = 0")
    talk.say(*(f"{listed_name(talk, row)}[{row.state}]{_reason(talk, row, '  ')}" for row in others))
    if talk.node.is_publisher or talk.switches["svc_primary_line"] == "printed":
        talk.say(f"Primary Node ={str(talk.node.is_publisher).lower()}")


def begin(action: str) -> Run:
    """The command that begins one of ACTIONS and prints the state until it settles."""

    async def move(talk: Conversation, call: Call) -> None:
        if action == "restart":
            talk.say(RESTART_WARNING)
        service = service_named(talk, call.rest)
        _judge_manager(talk, service)
        if action in ("activate", "deactivate") and service.kind != "feature":
            raise Refusal("SVC-NETWORK", f"Service {call.rest} cannot be {action}d", invented=True)
        try:
            service.begin(action)
        except Refusal as refusal:
            if refusal.code != "SVC-INACTIVE":
                raise
            talk.say(_state_line(talk, service))
            raise Failed(refusal.words) from refusal
        await talk.applied()
        await _follow(talk, service)

    return move


async def _follow(talk: Conversation, service: Service) -> None:
    """A state line at every tick; the settled state is printed twice, as in all recordings."""
    while not service.settled:
        talk.say(_state_line(talk, service))
        await talk.pause(_tick_s(talk))
    talk.say(_state_line(talk, service))
    await talk.pause(_tick_s(talk))
    talk.say(_state_line(talk, service))


def _judge_manager(talk: Conversation, service: Service) -> None:
    if talk.node.services[MANAGER].running:
        talk.say("Service Manager is running")
    elif service.name != MANAGER:
        raise Refusal("SVC-MANAGER", "Service Manager is not running", invented=True)


def _state_line(talk: Conversation, service: Service) -> str:
    return f"{listed_name(talk, service)}[{service.state}]  {_reason(talk, service, '')}"


def _reason(talk: Conversation, service: Service, blanks: str) -> str:
    if not service.reason:
        return ""
    return blanks + (talk.switches["svc_inactive_text"] if service.reason == NOT_ACTIVATED else service.reason)


def _tick_s(talk: Conversation) -> float:
    """Switch svc_tick, seconds of the cluster; what is no positive number counts as five."""
    try:
        tick_s = float(talk.switches["svc_tick"])
    except ValueError:
        return TICK_S
    return tick_s if 0.0 < tick_s < 3600.0 else TICK_S


def _name(call: Call) -> str:
    return call.rest


def _row(action: str, about: str) -> Command:
    return Command(
        words=f"utils service {action}",
        run=begin(action),
        operation=action,
        about=about,
        arguments="<service name>",
        least=1,
        free_text=True,
        purpose=_name,
        privilege=1,
    )


COMMANDS = (
    Command(
        words="utils service list",
        run=list_services,
        operation="service-list",
        about="lists all services and their states",
        arguments="[page]",
        most=1,
        takes_s=2.0,
    ),
    _row("start", "starts a service"),
    _row("stop", "stops a service"),
    _row("restart", "restarts a service"),
    _row("activate", "activates a feature service"),
    _row("deactivate", "deactivates a feature service"),
)
