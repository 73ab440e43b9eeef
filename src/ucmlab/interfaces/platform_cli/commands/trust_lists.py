"""`show ctl` and `show itl` of a node whose TFTP has no such file. Source: interfaces-cli.md 4.1, 4.2."""

from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command


async def show_ctl(talk: Conversation, _call: Call) -> None:
    """No CTL file."""
    talk.say(
        "Length of CTL file: 0",
        "CTL File not found. Please run CTLClient plugin or run the CLI - utils ctl.. to generate the CTL file.",
        "Error parsing the CTL File.",
    )


async def show_itl(talk: Conversation, _call: Call) -> None:
    """No ITL file."""
    talk.say("Length of ITL file: 0", "ITL File not found.", "Error parsing the ITL File.")


COMMANDS = (
    Command(words="show ctl", run=show_ctl, operation="ctl-show", about="shows the CTL file", products=("cucm",)),
    Command(words="show itl", run=show_itl, operation="itl-show", about="shows the ITL file", products=("cucm",)),
)
