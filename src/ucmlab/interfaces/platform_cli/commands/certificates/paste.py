"""The paste of `set cert import`: where it ends, and which certificates are taken from it.

Source: interfaces-cli.md 2.4; switches paste_end and paste_multi.
"""

import re

from ucmlab.interfaces.platform_cli.conversation import Conversation
from ucmlab.interfaces.platform_cli.terminal import EndOfText

BEGIN, END = "-----BEGIN ", "-----END "
LINES_MAX = 2000
INVITATION = "Paste the Certificate and Hit Enter\n"
_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?-----END [A-Z0-9 ]+-----", re.DOTALL)


async def pasted(talk: Conversation) -> list[bytes]:
    """What was pasted, one PEM block each; the whole text where there is none. Raises Gone, Idle, Interrupted."""
    text = await _typed(talk)
    blocks = [block.encode() + b"\n" for block in _BLOCK.findall(text)] or [text.encode()]
    return blocks if talk.switches["paste_multi"] == "all" else blocks[:1]


async def _typed(talk: Conversation) -> str:
    how = talk.switches["paste_end"]
    lines: list[str] = []
    invitation = INVITATION
    while len(lines) < LINES_MAX:
        try:
            line = (await talk.ask(invitation)).strip()
        except EndOfText as end:
            if how != "ctrl-d":
                raise
            talk.session.screen.end_line()
            lines.append(end.line.strip())
            break
        invitation = ""
        if line:
            lines.append(line)
        if _is_over(talk, line, lines, how):
            break
    return "\n".join(lines)


def _is_over(talk: Conversation, line: str, lines: list[str], how: str) -> bool:
    if how == "blank-line":
        return not line and bool(lines)
    if how == "ctrl-d" or not line.startswith(END):
        return False
    more = talk.switches["paste_multi"] == "all" and talk.session.keyboard.next_is(BEGIN)
    return not more
