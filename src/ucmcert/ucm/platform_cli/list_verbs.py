"""Trust lists by the platform CLI: show them, make them anew, regenerate a self-signed certificate.

What is made here changes what every phone trusts, and is never repeated: without the sentence of success the outcome is
unknown, and whoever asked looks at the list again. Source: interfaces-cli.md 2.5 and 4.
"""

from ucmcert.model.trust_list import ListKind
from ucmcert.ucm.platform_cli.certificate_verbs import word
from ucmcert.ucm.platform_cli.parsers.list_words import check_ctl_written, check_itl_reset, check_regenerated
from ucmcert.ucm.platform_cli.parsers.trust_list import ShownList, parse_shown_list
from ucmcert.ucm.platform_cli.questions import Answer
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.platform_cli.told import Told, read

READ_S = 120.0
WRITE_S = 600.0
THE_CTL = Answer(question="This operation ... CTLFile ... Do you want to continue", yes=True)
REGENERATE = Answer(question="Proceed with regeneration", yes=True)


async def show_list(shell: Shell, kind: ListKind) -> Told[ShownList | None]:
    """The ITL or CTL that this node's TFTP serves; None when it has no such file, which is a normal state."""
    command = f"show {kind}"
    raw = await shell.ask(command, timeout_s=READ_S)
    return read(lambda text: parse_shown_list(text, kind), raw, command=command, where=shell.where)


async def update_ctl(shell: Shell) -> str:
    """Make a new CTL of the present certificates; the node's words. The publisher alone can.

    Raises: Refused UCM-CLI-010 to -014; OutcomeUnknown UCM-CLI-003 without the sentence of success.
    """
    command = "utils ctl update CTLFile"
    raw = await shell.ask(command, timeout_s=WRITE_S, answers=(THE_CTL,))
    return read(check_ctl_written, raw, command=command, where=shell.where).raw


async def reset_localkey(shell: Shell, kind: ListKind) -> str:
    """Have the list signed by the other key; the node's words. An ITL reset acts at once, without a question.

    Raises: as `update_ctl`; OutcomeUnknown too when not every TFTP node is said to have got the new ITL.
    """
    command = f"utils {kind} reset localkey"
    answers = (THE_CTL,) if kind == "ctl" else ()
    raw = await shell.ask(command, timeout_s=WRITE_S, answers=answers)
    check = check_ctl_written if kind == "ctl" else check_itl_reset
    return read(check, raw, command=command, where=shell.where).raw


async def regenerate(shell: Shell, purpose: str) -> str:
    """Replace the identity of `purpose` by a new self-signed one; the node's words. The old key is gone after it.

    Raises: as `update_ctl`; UsageError UCM-CLI-020 for what is no name of a purpose.
    """
    command = f"set cert regen {word(shell, purpose)}"
    raw = await shell.ask(command, timeout_s=WRITE_S, answers=(REGENERATE,))
    return read(lambda text: check_regenerated(text, purpose), raw, command=command, where=shell.where).raw
