"""`utils ctl` and `file delete tftp CTLFile.tlv`. Source: interfaces-cli.md 4.3 to 4.6, 5.12.

The sentences after a change are those of 10.x before 12.0, and of 12.x from there.
"""

from collections.abc import Callable

from ucmlab.cluster.releases import release_has
from ucmlab.cluster.trust_lists.model import FILENAMES
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.commands.trust_lists.publisher import judge_publisher
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation, Declined
from ucmlab.interfaces.platform_cli.registry import Command

OLDER_END = (
    "Please Restart the TFTP and Cisco CallManager services on all nodes in the cluster that run these services",
)
END = (
    "You must reset all phones to ensure they received the updated CTL file. ",
    "You must restart Cisco CTIManager services on all the nodes in the cluster that have the service activated.",
)
ALLOW = 'Enter "y" followed by return to continue: '
BUILD_S = 3.0


async def set_mixed(talk: Conversation, _call: Call) -> None:
    """Enter mixed mode; where it is on already, that is said, and asked again (switch mixed_again)."""
    judge_publisher(talk)
    await _must_agree(talk, "This operation will set the cluster to Mixed mode. ")
    if talk.cluster.trust_lists.mixed:
        talk.say("", talk.switches["mixed_again"])
        await _must_agree(talk, "")
    talk.say("", "Moving Cluster to Mixed Mode")
    await talk.think(BUILD_S)
    talk.cluster.trust_lists.set_mixed(True)
    talk.say("Cluster set to Mixed Mode", *_end(talk))


async def set_nonsecure(talk: Conversation, _call: Call) -> None:
    """Leave mixed mode; the CTL stays, with emptied records."""
    judge_publisher(talk)
    await _must_agree(talk, "This operation will set the cluster to non secure mode. ")
    talk.say("", "Moving Cluster to Non Secure Mode")
    await talk.think(BUILD_S)
    talk.cluster.trust_lists.set_mixed(False)
    talk.say("Cluster set to Non Secure Mode", *_end(talk))


async def update(talk: Conversation, _call: Call) -> None:
    """Make the CTL anew; refused at once in a non-secure cluster (switch ctl_update_nonsecure_text)."""
    await _make_anew(talk, "This operation will update the CTLFile.", talk.cluster.trust_lists.update_ctl)


async def reset_localkey(talk: Conversation, _call: Call) -> None:
    """Make the CTL anew, signed by the other anchor's key (switch ctl_reset_text)."""
    await _make_anew(talk, talk.switches["ctl_reset_text"], talk.cluster.trust_lists.reset_ctl_localkey)


async def delete_file(talk: Conversation, call: Call) -> None:
    """Delete this node's CTL file after a `y`; no other file of the TFTP server can be found here."""
    name = call.arguments[0]
    talk.say(f"Delete the File {name}?")
    if (await talk.ask(ALLOW)).strip().lower() != "y":
        raise Declined
    deleted = name == FILENAMES["ctl"] and talk.node.tftp is not None and talk.node.tftp.delete_ctl()
    talk.say(f"files: found = {int(deleted)}, deleted = {int(deleted)}")


async def _make_anew(talk: Conversation, sentence: str, make: Callable[[], None]) -> None:
    """The dialogue of both ways to a new CTL, which the publisher of a mixed cluster alone has."""
    judge_publisher(talk)
    _judge_mixed(talk)
    await _must_agree(talk, f"{sentence} ")
    talk.say("", "Updating CTL file")
    await talk.think(BUILD_S)
    make()
    talk.say("CTL file Updated", *_end(talk))


def _judge_mixed(talk: Conversation) -> None:
    if not talk.cluster.trust_lists.mixed:
        raise Refusal("CTL-NONSECURE", talk.switches["ctl_update_nonsecure_text"], invented=True)


async def _must_agree(talk: Conversation, sentence: str) -> None:
    blank = " " if _newer(talk) else ""
    await talk.must_agree(f"{sentence}Do you want to continue? (y/n):{blank}")


def _end(talk: Conversation) -> tuple[str, ...]:
    return END if _newer(talk) else OLDER_END


def _newer(talk: Conversation) -> bool:
    return release_has(talk.node.version, "ITLRecovery signs trust lists")


COMMANDS = (
    Command(
        words="utils ctl set-cluster mixed-mode",
        run=set_mixed,
        operation="ctl-set-mixed",
        about="sets the cluster to mixed mode and makes the CTL file",
        privilege=1,
        products=("cucm",),
        needs="tokenless trust lists",
    ),
    Command(
        words="utils ctl set-cluster non-secure-mode",
        run=set_nonsecure,
        operation="ctl-set-nonsecure",
        about="sets the cluster to non secure mode",
        privilege=1,
        products=("cucm",),
        needs="tokenless trust lists",
    ),
    Command(
        words="utils ctl update CTLFile",
        run=update,
        operation="ctl-update",
        about="makes the CTL file anew",
        privilege=1,
        products=("cucm",),
        needs="tokenless trust lists",
    ),
    Command(
        words="utils ctl reset localkey",
        run=reset_localkey,
        operation="ctl-reset",
        about="makes the CTL file anew, signed by the other key",
        privilege=4,
        products=("cucm",),
        needs="ITLRecovery in CTL",
    ),
    Command(
        words="file delete tftp",
        run=delete_file,
        operation="file-delete",
        about="deletes a file of the TFTP server of this node",
        arguments="<file>",
        least=1,
        most=1,
        privilege=1,
        products=("cucm",),
    ),
)
