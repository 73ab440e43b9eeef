"""`utils diagnose test` and `utils diagnose module`. Source: interfaces-cli.md 5.8.

Rows are in the order of the recording; those that can fail look at the node, the others pass.
"""

from collections.abc import Callable

import msgspec

from ucmlab.cluster.node import Node
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command

OFF_HOURS = "This module must be run directly and off hours"
TRACES = "Please collect all of the Tomcat logs for root cause analysis: file get activelog tomcat/logs/*"
NO_PORTS = f"Failed - The HTTP and HTTPS ports are not responding to local requests. {TRACES}"
STEP_S = 5.0


class Module(msgspec.Struct, frozen=True):
    """One diagnostic: its verdict about a node; a `skip` module is only run by name."""

    name: str
    verdict: Callable[[Node], str] = lambda _node: "Passed"
    skip: bool = False


def _tomcat_runs(node: Node) -> str:
    return "Passed" if node.services["Cisco Tomcat"].running else "Failed - Cisco Tomcat is not running"


def _connectors(node: Node) -> str:
    return "Passed" if node.web_ready() else NO_PORTS


def _keystore(node: Node) -> str:
    stored = node.certificates.identity("tomcat")
    if stored is None or stored.certificate().not_valid_after_utc.timestamp() <= node.now():
        return "Failed - The Tomcat certificate is missing or has expired"
    return "Passed"


def _manager(node: Node) -> str:
    return "Passed" if node.services["Service Manager"].running else "Failed - Service Manager is not running"


def _ntp(node: Node) -> str:
    return "Passed" if node.ntp == "synchronised" else "Failed - The NTP service is not synchronised"


MODULES = (
    Module("disk_space", lambda _node: "Passed (available: 9040 MB, used: 12407 MB)"),
    Module("disk_files", skip=True),
    Module("service_manager", _manager),
    Module("tomcat", _tomcat_runs),
    Module("tomcat_deadlocks"),
    Module("tomcat_keystore", _keystore),
    Module("tomcat_connectors", _connectors),
    Module("tomcat_threads"),
    Module("tomcat_memory"),
    Module("tomcat_sessions"),
    Module("tomcat_heapdump", skip=True),
    Module("validate_network"),
    Module("raid"),
    Module("system_info", lambda _node: "Passed (Collected system information in diagnostic log)"),
    Module("ntp_reachability", _ntp),
    Module("ntp_clock_drift", _ntp),
    Module("ntp_stratum", _ntp),
    Module("sdl_fragmentation", skip=True),
    Module("sdi_fragmentation", skip=True),
)


async def run_all(talk: Conversation, _call: Call) -> None:
    """All modules but those for off hours, one after the other."""
    log = _begin(talk)
    for module in MODULES:
        if module.skip:
            talk.say(f"skip - {module.name:<20}: {OFF_HOURS}")
        else:
            await talk.pause(STEP_S)
            talk.say(f"test - {module.name:<20}: {module.verdict(talk.node)}")
    _end(talk, log)


async def run_one(talk: Conversation, call: Call) -> None:
    """One module by name."""
    module = next((module for module in MODULES if module.name == call.rest), None)
    if module is None:
        raise Refusal("NO-MODULE", f"Module {call.rest} does not exist", invented=True)
    log = _begin(talk)
    await talk.pause(STEP_S)
    talk.say(f"test - {module.name:<20}: {module.verdict(talk.node):<28}")
    _end(talk, log)


def _begin(talk: Conversation) -> str:
    number = talk.node.platform.diagnostics + 1
    talk.node.platform = msgspec.structs.replace(talk.node.platform, diagnostics=number)
    log = f"platform/log/diag{number}.log"
    talk.say("", f"Log file: {log}", "", "Starting diagnostic test(s)", "===========================")
    return log


def _end(talk: Conversation, log: str) -> None:
    talk.say("", "Diagnostics Completed", "", "", f" The final output will be in Log file: {log}", "", "")
    talk.say(f" Please use 'file view activelog {log}' command to see the output", "")


COMMANDS = (
    Command(words="utils diagnose test", run=run_all, operation="diagnose", about="tests the system"),
    Command(
        words="utils diagnose module",
        run=run_one,
        operation="diagnose",
        about="runs one diagnostic module",
        arguments="<module>",
        least=1,
        most=1,
    ),
)
