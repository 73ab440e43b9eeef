"""`utils itl reset localkey` and `remotekey`. Source: interfaces-cli.md 4.7.

Both act at once, without a question. The 10.x form (switch itl_reset_style) asks for a password first and restarts
Cisco Tftp, which keeps the reset file over that one start. A remote key would come over SFTP, which a lab has not.
"""

from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.commands.trust_lists.publisher import judge_publisher
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation, Failed
from ucmlab.interfaces.platform_cli.registry import UNSUCCESSFUL, Command

RULE = "===================="
WRONG_PASSWORD = "The password is not correct."  # noqa: S105 - what is said, not a password
STEP_S = 2.0


async def reset_localkey(talk: Conversation, _call: Call) -> None:
    """Hand every active TFTP server an ITL signed by the other anchor's key."""
    judge_publisher(talk)
    await _begin(talk)
    lists = talk.cluster.trust_lists
    try:
        lists.judge_itl_reset()
    except Refusal as refusal:
        _fail(talk, refusal.words)
    talk.say("Generating the reset ITL file.....", "", "The reset ITL file was generated successfully", "")
    await _say_servers(talk)
    older = _older(talk)
    for name in lists.reset_itl_localkey(restart=older):
        talk.say("", f"Successfully transferred reset ITL to node {name}")
        if older:
            talk.say(f"Restarting Cisco Tftp service on host {name}", f"Cisco Tftp service restarted on host {name}")


async def reset_remotekey(talk: Conversation, call: Call) -> None:
    """Ask for what the dialogue asks, then fail: the file cannot be fetched."""
    judge_publisher(talk)
    host, _, name = call.arguments
    if _older(talk):
        await talk.ask_hidden("Enter Sftp password : ")
    await _begin(talk)
    await talk.think(STEP_S)
    _fail(talk, f"Unable to get {name} from {host}")


async def _begin(talk: Conversation) -> None:
    if _older(talk):
        password = await talk.ask_hidden("Enter CCM Administrator password : ")
        accounts = [account for account in talk.cluster.accounts if account.kind == "application"]
        if not any(talk.cluster.account("application", account.user, password) for account in accounts):
            _fail(talk, WRONG_PASSWORD)
    talk.say("", "Name is None ", "")


async def _say_servers(talk: Conversation) -> None:
    names = [node.name for node in talk.cluster.trust_lists.active_tftp()]
    talk.say("Locating active Tftp servers in the cluster.....", "")
    await talk.think(STEP_S)
    talk.say("Following is the list of Active tftp servers in the cluster", "", RULE, "")
    talk.say(*([str(names)] if _older(talk) else names), "", f"{RULE}=", "")
    talk.say(f"Number of Active TFTP servers in the cluster : {len(names)}", "")
    talk.say("Transferring new reset ITL file to the TFTP server nodes in the cluster.........")
    await talk.think(STEP_S)


def _fail(talk: Conversation, words: str) -> None:
    """Switch itl_reset_fail: whether a last line says that it was of no use."""
    talk.say(words)
    if talk.switches["itl_reset_fail"] == "unsuccessful":
        talk.say(UNSUCCESSFUL)
    raise Failed(words)


def _older(talk: Conversation) -> bool:
    return talk.switches["itl_reset_style"] == "10x"


COMMANDS = (
    Command(
        words="utils itl reset localkey",
        run=reset_localkey,
        operation="itl-reset",
        about="makes the ITL files anew, signed by the other key",
        privilege=4,
        products=("cucm",),
        needs="tokenless trust lists",
    ),
    Command(
        words="utils itl reset remotekey",
        run=reset_remotekey,
        operation="itl-reset",
        about="makes the ITL files anew, signed by a key of another cluster",
        arguments="<host> <user> <ITLRecovery.p12>",
        least=3,
        most=3,
        privilege=4,
        products=("cucm",),
        needs="tokenless trust lists",
    ),
)
