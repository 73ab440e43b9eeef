"""`utils disaster_recovery`: backups made, their state and history, the backup device. Source: interfaces-cli.md 5.10.

Every node asks the Master Agent on the publisher through its own Local Agent. How a backup is begun by command is not
in our sources (switch drs_backup_by_cli): its dialogue here is invented.
"""

from datetime import UTC, datetime

from ucmlab.cluster.drs import Backup
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation, Failed
from ucmlab.interfaces.platform_cli.dates import java_date
from ucmlab.interfaces.platform_cli.registry import UNKNOWN, Command, NotUnderstood

MASTER, LOCAL = "Cisco DRF Master", "Cisco DRF Local"
NO_MASTER = (
    "Unable to connect to Master Agent host: {host}, Port: 4040. This may be due to Master or Local Agent being down."
)
HISTORY_HEADER = "Tar Filename: Backup Device: Completed On: Result: Backup Type: Features Backed Up:"
DEVICE, NETWORK_PATH = "backup", "/backup/ucm"
FEATURES = ("UCM", "CDR_CAR", "IM_AND_PRESENCE")
BEGUN = "drfCliMsg: Backup initiated successfully. Please run status command for details."
NO_FEATURE = "drfCliMsg: Feature {name} is not registered with the Master Agent"
NO_DEVICE = "drfCliMsg: Backup device {name} does not exist"


async def show_backup(talk: Conversation, _call: Call) -> None:
    """The backup that runs, else the last one."""
    _judge_agents(talk)
    drs = talk.cluster.drs
    if drs.running is not None:
        share = (talk.cluster.clock.now() - drs.running.started_at) / max(drs.running.duration_s, 1.0)
        _say_backup(talk, drs.running, "IN PROGRESS :Backup in progress...", int(99 * min(1.0, max(0.0, share))))
    elif drs.history:
        result = drs.history[-1].result
        words = "SUCCESS :Backup Completed..." if result == "SUCCESS" else f"{result} :Backup Failed..."
        _say_backup(talk, drs.history[-1], words, 100)
    else:
        talk.say("drfCliMsg: No backup status available")


async def show_restore(talk: Conversation, _call: Call) -> None:
    """Nothing is ever restored in the lab."""
    _judge_agents(talk)
    talk.say("drfCliMsg: No restore status available")


async def show_history(talk: Conversation, _call: Call) -> None:
    """Finished backups, oldest first."""
    _judge_agents(talk)
    if not talk.cluster.drs.history:
        talk.say("drfCliMsg:  No history data is available")
        return
    talk.say(HISTORY_HEADER, *(_history_row(backup) for backup in talk.cluster.drs.history))


async def list_devices(talk: Conversation, _call: Call) -> None:
    """The one backup device."""
    _judge_agents(talk)
    talk.say(
        "Device Name   Device Type   Device Path",
        "---------------------------------------",
        f"{DEVICE:<14}{'NETWORK':<14}{NETWORK_PATH}",
    )


async def begin_backup(talk: Conversation, call: Call) -> None:
    """Begin a backup to the network device; it goes on when the session has ended. All words are invented."""
    if talk.switches["drs_backup_by_cli"] == "no":
        raise NotUnderstood(UNKNOWN)
    _judge_agents(talk)
    features = tuple(name.upper() for name in call.arguments[0].split(",") if name)
    for name in features:
        if name not in FEATURES:
            raise Refusal("DRS-FEATURE", NO_FEATURE.format(name=name), invented=True)
    if call.arguments[1] != DEVICE:
        raise Refusal("DRS-DEVICE", NO_DEVICE.format(name=call.arguments[1]), invented=True)
    begun = datetime.fromtimestamp(talk.cluster.publisher.now(), tz=UTC)
    tar = f"{begun:%Y-%m-%d-%H-%M-%S}.tar"
    talk.cluster.drs.start(tar, duration_s=talk.cluster.scenario.drs.duration_s, features=features)
    await talk.applied()
    talk.say(BEGUN)


def _judge_agents(talk: Conversation) -> None:
    publisher = talk.cluster.publisher
    if not (publisher.runs(MASTER) and talk.node.runs(LOCAL)):
        words = NO_MASTER.format(host=publisher.name)
        talk.say(words)
        raise Failed(words)


def _say_backup(talk: Conversation, backup: Backup, words: str, percent: int) -> None:
    state = "RUNNING" if backup.completed_at is None else backup.result
    at = java_date(backup.started_at if backup.completed_at is None else backup.completed_at)
    talk.say(
        "",
        f"Status: {words}",
        f"Tar Filename: {backup.tar}",
        f"Storage Location: {backup.device}",
        "Operation: backup",
        f"Percentage Complete: {percent}%",
    )
    for node in talk.cluster.nodes.values():
        for feature in backup.features if node.product != "imp" else ():
            log = f"{backup.tar.removesuffix('.tar')}_b_{node.name.lower()}_{feature.lower()}.log"
            talk.say(f"{feature} {node.name.upper()} CCMDB {state} {at} activelog/platform/drf/log/{log}")


def _history_row(backup: Backup) -> str:
    at = java_date(backup.completed_at or backup.started_at)
    kind = f"{backup.kind:<9}"
    return f"{backup.tar:<25} {backup.device:<9} {at}  {backup.result:<7}  {kind}  {','.join(backup.features)}"


COMMANDS = (
    Command(
        words="utils disaster_recovery backup network",
        run=begin_backup,
        operation="drs-backup",
        about="begins a backup to a network device",
        arguments="featurelist devicename",
        least=2,
        most=2,
        privilege=1,
        takes_s=4.0,
    ),
    Command(
        words="utils disaster_recovery status backup",
        run=show_backup,
        operation="drs-status",
        about="shows the state of the backup",
        takes_s=2.0,
    ),
    Command(
        words="utils disaster_recovery status restore",
        run=show_restore,
        operation="drs-status",
        about="shows the state of the restore",
        takes_s=2.0,
    ),
    Command(
        words="utils disaster_recovery history backup",
        run=show_history,
        operation="drs-history",
        about="lists the backups that were made",
        takes_s=2.0,
    ),
    Command(
        words="utils disaster_recovery device list",
        run=list_devices,
        operation="drs-devices",
        about="lists the backup devices",
        takes_s=2.0,
    ),
)
