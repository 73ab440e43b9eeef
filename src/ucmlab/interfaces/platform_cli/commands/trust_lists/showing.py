"""`show itl` and `show ctl`: the files of this node. Source: interfaces-cli.md 4.1, 4.2."""

from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.interfaces.platform_cli.commands.trust_lists.dump import dump_list
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command

NO_CTL = (
    "Length of CTL file: 0",
    "CTL File not found. Please run CTLClient plugin or run the CLI - utils ctl.. to generate the CTL file.",
    "Error parsing the CTL File.",
)


async def show_ctl(talk: Conversation, _call: Call) -> None:
    """The CTL file; none is the normal state of a non-secure cluster."""
    files = talk.node.tftp
    if files is None or files.ctl_on_disk is None:
        talk.say(*NO_CTL)
    else:
        _show(talk, files.ctl_on_disk)


async def show_itl(talk: Conversation, _call: Call) -> None:
    """The ITL file; there is none without Cisco Tftp (switch itl_missing_text)."""
    files = talk.node.tftp
    if files is None or files.itl is None:
        talk.say(*talk.switches["itl_missing_text"].split("\n"))
    else:
        _show(talk, files.itl)


def _show(talk: Conversation, file: TrustFile) -> None:
    modified = file.built_at + talk.node.clock_offset_s
    bad_text = talk.switches["tl_bad_text"].replace("{kind}", file.kind.upper())
    talk.say(*dump_list(file, modified=modified, layout=talk.switches["itl_layout"], bad_text=bad_text))


COMMANDS = (
    Command(words="show ctl", run=show_ctl, operation="ctl-show", about="shows the CTL file", products=("cucm",)),
    Command(words="show itl", run=show_itl, operation="itl-show", about="shows the ITL file", products=("cucm",)),
)
