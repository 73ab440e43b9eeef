"""Disaster recovery by the platform CLI: where backups can go, and starting one. Source: interfaces-cli.md 5.10."""

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.ucm.platform_cli.certificate_verbs import word
from ucmcert.ucm.platform_cli.parsers.backup_devices import BackupDevice, check_begun, parse_devices, tells_trouble
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.platform_cli.told import Told, read

READ_S = 120.0
NETWORK = "NETWORK"  # the only kind that the command of a start can name


async def devices(shell: Shell) -> Told[tuple[BackupDevice, ...]]:
    """The devices of disaster recovery."""
    command = "utils disaster_recovery device list"
    return read(parse_devices, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def start_backup(shell: Shell, device: str) -> str:
    """Begin a backup of the UCM feature to a network device; the node's words. It runs on by itself.

    Raises: Refused UCM-CLI-017 when the node says that it could not, UCM-CLI-010 to -014; OutcomeUnknown UCM-CLI-003
    when it does not say that the backup began; UsageError UCM-CLI-020.
    """
    command = f"utils disaster_recovery backup network UCM {word(shell, device)}"
    raw = await shell.ask(command, timeout_s=READ_S)
    try:
        return read(check_begun, raw, command=command, where=shell.where).raw
    except OutcomeUnknown as error:
        if not tells_trouble(raw):
            raise
        raise Refused(
            "UCM-CLI-017",
            "the node did not begin the backup",
            where=shell.where,
            why=f"it was asked: {command}",
            next="put right what its words name, and resume",
            answer=raw,
        ) from error
