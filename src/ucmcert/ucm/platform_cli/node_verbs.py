"""What the platform CLI can tell of a node, and the one thing it does to it: restart a service.

Every reading is `Told`: the value, and the words for evidence. Unreadable words are OutcomeUnknown UCM-CLI-003.
"""

from ucmcert.errors import OutcomeUnknown, Refused, UcmcertError
from ucmcert.model.cluster import Backup
from ucmcert.model.node import Release
from ucmcert.ucm.platform_cli.parsers.backup import PastBackup, join, parse_history, parse_job
from ucmcert.ucm.platform_cli.parsers.cluster_rows import ClusterRow, parse_cluster_rows
from ucmcert.ucm.platform_cli.parsers.fips import parse_fips
from ucmcert.ucm.platform_cli.parsers.ntp import parse_ntp_synchronised, parse_ntp_utc
from ucmcert.ucm.platform_cli.parsers.replication import Replication, parse_replication
from ucmcert.ucm.platform_cli.parsers.services import ServiceList, parse_last_state, parse_services
from ucmcert.ucm.platform_cli.parsers.sql_table import parse_sql_table
from ucmcert.ucm.platform_cli.parsers.sso import parse_sso_enabled
from ucmcert.ucm.platform_cli.parsers.status import NodeStatus, parse_status
from ucmcert.ucm.platform_cli.parsers.version import parse_version
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.platform_cli.told import Told, read

READ_S = 120.0
REPLICATION_S = 300.0
RESTART_S = 900.0  # "CUC Tomcat can be very slow": clients wait up to 600 s (interfaces-cli.md 3.3)
DATABASE_SAYS_NO = (
    "a syntax error has occurred",
    "is not in the database",
    "not found in any table in the query",
    "no select permission",
)


async def cluster_rows(shell: Shell) -> Told[tuple[ClusterRow, ...]]:
    """Every node of the cluster, as this one sees it."""
    command = "show network cluster"
    return read(parse_cluster_rows, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def release(shell: Shell) -> Told[Release]:
    """The release the node runs."""
    command = "show version active"
    return read(parse_version, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def status(shell: Shell) -> Told[NodeStatus]:
    """Host name, clock, and log-ins; `sessions_free` is an estimate of free command-line sessions."""
    command = "show status"
    return read(parse_status, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def node_clock(shell: Shell) -> Told[float]:
    """UTC epoch seconds by the node's own clock, to the second.

    Taken from the UTC line of `utils ntp status`, which needs no time zone; without that line from `show status`.
    Raises OutcomeUnknown UCM-CLI-003 when neither tells it.
    """
    command = "utils ntp status"
    try:
        return read(parse_ntp_utc, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)
    except (Refused, OutcomeUnknown):
        if shell.broken:
            raise
    told = await status(shell)
    return read(lambda _: _known_utc(told.value), told.raw, command="show status", where=shell.where)


async def services(shell: Shell) -> Told[ServiceList]:
    """All services with their states. This list never tells start times."""
    command = "utils service list"
    return read(parse_services, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def restart_service(shell: Shell, name: str) -> str:
    """Restart the service called `name`, in the spelling of the list; the node's whole transcript.

    The last state line decides, and it must say STARTED: the web answers of Tomcat come later. Never repeated here.
    Raises: Refused UCM-CLI-015 when it ends stopped, UCM-CLI-010 to -014; OutcomeUnknown when nothing final is said.
    Source: interfaces-cli.md 3.2.
    """
    command = f"utils service restart {name}"
    raw = await shell.ask(command, timeout_s=RESTART_S)
    last = read(lambda text: parse_last_state(text, name), raw, command=command, where=shell.where).value
    if last.state == "stopped":
        raise Refused(
            "UCM-CLI-015",
            f"{name} did not start again",
            where=shell.where,
            why=last.reason or "the node gives no reason",
            next="look at the service on the node, start it, and resume",
            answer=raw,
        )
    if last.state != "started":
        why = f"the transcript ends with {last.state} {last.reason}".rstrip()
        raise OutcomeUnknown("UCM-CLI-003", f"unfinished answer to: {command}", where=shell.where, why=why)
    return raw


async def replication(shell: Shell) -> Told[Replication]:
    """Database replication per server."""
    command = "utils dbreplication runtimestate"
    raw = await shell.ask(command, timeout_s=REPLICATION_S)
    return read(parse_replication, raw, command=command, where=shell.where)


async def ntp_synchronised(shell: Shell) -> Told[bool | None]:
    """Whether an NTP server steers the clock."""
    command = "utils ntp status"
    return read(parse_ntp_synchronised, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def backup(shell: Shell, *, with_history: bool = True) -> Told[Backup]:
    """Disaster recovery: is a backup or a restore running, and (with the history) how did the last backup end.

    The history only adds the words about the last one: where it cannot be read they stay as the status tells them.
    """
    commands = ("utils disaster_recovery status backup", "utils disaster_recovery status restore")
    saving, restoring = [
        read(parse_job, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)
        for command in commands
    ]
    past = await _history(shell) if with_history else Told(value=(), raw="")
    raw = "\n".join((saving.raw, restoring.raw, past.raw))
    return Told(value=join(saving.value, restoring.value, past.value), raw=raw)


async def sso_enabled(shell: Shell) -> Told[bool | None]:
    """Whether SAML SSO is on."""
    command = "utils sso status"
    return read(parse_sso_enabled, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def fips_on(shell: Shell) -> Told[bool | None]:
    """Whether FIPS mode is on; None when the node says something else, or does not know the command."""
    command = "utils fips status"
    try:
        raw = await shell.ask(command, timeout_s=READ_S)
    except Refused as error:
        return Told(value=None, raw=error.answer)
    return read(parse_fips, raw, command=command, where=shell.where)


async def sql(shell: Shell, statement: str) -> Told[tuple[dict[str, str], ...]]:
    """The rows of a `select`. Raises Refused UCM-CLI-016 when the database refuses the statement."""
    command = f"run sql {statement}"
    raw = await shell.ask(command, timeout_s=READ_S)
    try:
        return read(parse_sql_table, raw, command=command, where=shell.where)
    except OutcomeUnknown as error:
        if any(words in raw.lower() for words in DATABASE_SAYS_NO):
            raise Refused(
                "UCM-CLI-016",
                "the database refuses the statement",
                where=shell.where,
                why=f"it was asked: {statement}",
                next="this release has other tables or columns: report it",
                answer=raw,
            ) from error
        raise


async def _history(shell: Shell) -> Told[tuple[PastBackup, ...]]:
    command = "utils disaster_recovery history backup"
    try:
        return read(parse_history, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)
    except UcmcertError:
        if shell.broken:
            raise
        return Told(value=(), raw="")


def _known_utc(found: NodeStatus) -> float:
    if found.utc is None:
        raise ValueError(f"its time zone cannot be turned into UTC: {found.time_zone}")
    return found.utc
