"""`utils dbreplication status` and `utils dbreplication runtimestate`. Source: interfaces-cli.md 5.7."""

import msgspec

from ucmlab.cluster.node import Node
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.commands.system import booted_at
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import joined_date, unix_date
from ucmlab.interfaces.platform_cli.registry import Command

TABLES = 754
CHECK_S = 90.0
STATES = {0: "Initialization", 1: "Setup Started", 2: "Setup Completed", 3: "Mismatch", 4: "Setup Incomplete"}
SINGLE = "Runtime state cannot be performed on a cluster with a single active node; aborting operation"
HEADER = (
    "                                           PING      DB/RPC/   REPL.    Replication    REPLICATION SETUP",
    "SERVER-NAME              IP ADDRESS        (msec)    DbMon?    QUEUE    Group ID       (RTMT) & Details",
    "-----------              ----------        ------    -------   -----    -----------    ------------------",
)


async def start_check(talk: Conversation, _call: Call) -> None:
    """Begin the check of all tables; it goes on in the background for a minute and a half."""
    if not talk.node.is_publisher:
        raise Refusal("PUB-ONLY", "This command can only be run on the publisher.", invented=True)
    talk.node.platform = msgspec.structs.replace(talk.node.platform, replication_check_at=talk.node.now())
    file = _report_file(talk.node.now())
    talk.say(
        "",
        "Replication status check is now running in background.",
        "Use command 'utils dbreplication runtimestate' to check its progress",
        "",
        f"The final output will be in file {file}",
        "",
        f'Please use "file view activelog {file} " command to see the output',
    )


async def show_runtime_state(talk: Conversation, _call: Call) -> None:
    """The last check or synchronisation, and one row per server."""
    if not talk.node.services["A Cisco DB"].running:
        raise Refusal("DB-DOWN", "A Cisco DB is not running", invented=True)
    nodes = list(talk.cluster.nodes.values())
    if sum(not node.down for node in nodes) == 1:
        talk.say(SINGLE)
        return
    talk.say("", f"Server Time: {unix_date(talk.node.now())}", "")
    checked_at = talk.cluster.publisher.platform.replication_check_at
    talk.say(*(_never_checked(talk) if checked_at is None else _check_lines(talk, checked_at)))
    talk.say("", "", f"DB Version: ccm{talk.node.version.replace('.', '_').replace('-', '_')}", "")
    talk.say("Repltimeout set to: 300s", "PROCESS option set to: 1", "", "")
    talk.say(f"Cluster Detailed View from {talk.node.name} ({len(nodes)} Servers):", "", *HEADER)
    talk.say(*(_row(talk, node, number) for number, node in enumerate(nodes)), "")


def _never_checked(talk: Conversation) -> list[str]:
    others = len(talk.cluster.nodes) - 1
    at = joined_date(booted_at(talk.cluster.publisher), "-").rsplit("-", 1)[0]
    return [
        f"Cluster Replication State: BROADCAST SYNC Completed on {others} servers at: {at}",
        f"     Last Sync Result: SYNC COMPLETED {TABLES} tables sync'ed out of {TABLES}",
        "     Sync Errors: NO ERRORS",
    ]


def _check_lines(talk: Conversation, checked_at: float) -> list[str]:
    lines = ["Cluster Replication State: Replication status command started at: "]
    lines[0] += joined_date(checked_at, "-").rsplit("-", 1)[0]
    done = min(TABLES, int(TABLES * max(0.0, talk.cluster.publisher.now() - checked_at) / CHECK_S))
    if done < TABLES:
        return [*lines, f"     Replication status command in PROGRESS. Checked {done} tables out of {TABLES}"]
    wrong = any(node.replication == 3 for node in talk.cluster.nodes.values())
    return [
        *lines,
        f"     Replication status command COMPLETED. Checked {TABLES} tables out of {TABLES}",
        "     Last Completed Table: functionrole",
        "     Errors or Mismatches Were Found!!!" if wrong else "     No Errors or Mismatches found.",
        "",
        f"     Use 'file view activelog {_report_file(checked_at)}' to see the details",
    ]


def _row(talk: Conversation, node: Node, number: int) -> str:
    """A server as the node asked sees it: a silent one has no ping, no queue and state 0."""
    ping = f"{0.045 if node is talk.node else 0.211 + 0.1 * number:.3f}"
    flags = "/".join("Y" if runs else "N" for runs in _alive(node))
    queue, state = "0", node.replication
    if node.down:
        ping, queue, state = "-", "-", 0
    group = f"(g_{number + 2})"
    return f"{node.name:<25}{node.address:<18}{ping:<10}{flags:<10}{queue:<9}{group:<15}({state}) {STATES[state]}"


def _alive(node: Node) -> tuple[bool, bool, bool]:
    return node.runs("A Cisco DB"), node.reachable(), node.runs("Cisco Database Layer Monitor")


def _report_file(at: float) -> str:
    return f"cm/trace/dbl/sdi/ReplicationStatus.{joined_date(at, '_')}.out"


COMMANDS = (
    Command(
        words="utils dbreplication status",
        run=start_check,
        operation="replication",
        about="checks the tables of all servers in the background",
        takes_s=2.0,
    ),
    Command(
        words="utils dbreplication runtimestate",
        run=show_runtime_state,
        operation="replication",
        about="shows the state of replication",
        takes_s=3.0,
    ),
)
