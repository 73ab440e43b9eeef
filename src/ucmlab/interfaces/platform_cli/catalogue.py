"""The whole table of commands: every subject's rows, and `help`, which reads them."""

from ucmlab.interfaces.platform_cli.commands import (
    diagnose,
    disaster_recovery,
    network,
    ntp,
    processes,
    replication,
    security_modes,
    session_settings,
    sql,
    sso,
    system,
)
from ucmlab.interfaces.platform_cli.commands.certificates import changing, showing, web_security
from ucmlab.interfaces.platform_cli.commands.services import moving
from ucmlab.interfaces.platform_cli.commands.trust_lists import ctl, itl
from ucmlab.interfaces.platform_cli.commands.trust_lists import showing as showing_lists
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command, NotUnderstood, available

UNKNOWN_HELP = "No help available for this command"


async def show_help(talk: Conversation, call: Call) -> None:
    """What a command does; without a name, or with the first words of several, their list.

    The example line carries the prompt in the middle of the output, as the product's does (interfaces-cli.md 1.4).
    """
    known = available(COMMANDS, talk.node, privilege=talk.session.account.privilege)
    asked = list(call.arguments)
    found = [command for command in known if command.words.split()[: len(asked)] == asked]
    if not found:
        raise NotUnderstood(UNKNOWN_HELP)
    if len(found) > 1:
        talk.say("", *(f"{command.words} {command.arguments}".rstrip() for command in found), "")
        return
    syntax = f"{found[0].words} {found[0].arguments}".rstrip()
    talk.say("", f"{found[0].words} help:", f"This command {found[0].about}", "", syntax, "", "Example:")
    talk.say(f"admin:{syntax}", "", "The command can be run on this server.", "")


COMMANDS: tuple[Command, ...] = (
    *showing.COMMANDS,
    *changing.COMMANDS,
    *web_security.COMMANDS,
    *moving.COMMANDS,
    *network.COMMANDS,
    *system.COMMANDS,
    *processes.COMMANDS,
    *replication.COMMANDS,
    *ntp.COMMANDS,
    *disaster_recovery.COMMANDS,
    *sso.COMMANDS,
    *sql.COMMANDS,
    *security_modes.COMMANDS,
    *diagnose.COMMANDS,
    *showing_lists.COMMANDS,
    *ctl.COMMANDS,
    *itl.COMMANDS,
    *session_settings.COMMANDS,
    Command(
        words="help",
        run=show_help,
        operation="help",
        about="explains the commands",
        arguments="[command]",
        free_text=True,
    ),
)
