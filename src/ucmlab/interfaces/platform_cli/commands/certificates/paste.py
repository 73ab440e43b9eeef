"""The paste of `set cert import`: where it ends, and which certificates are taken from it.

Source: interfaces-cli.md 2.4; switches paste_end and paste_multi.
"""

from ucmlab.interfaces.platform_cli.conversation import Conversation
from ucmlab.interfaces.platform_cli.terminal import EndOfText

BEGIN, END = "-----BEGIN ", "-----END "
LINES_MAX = 2000
INVITATION = "Paste the Certificate and Hit Enter\n"


async def pasted(talk: Conversation) -> list[bytes]:
    """What was pasted, one PEM block each with the words before it; the whole text where there is none.

    Raises: Gone, Idle, Interrupted.
    """
    pieces = _pieces(await _typed(talk))
    return pieces if talk.switches["paste_multi"] == "all" else pieces[:1]


def _pieces(lines: list[str]) -> list[bytes]:
    pieces: list[bytes] = []
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if line.startswith(END):
            pieces.append("\n".join((*piece, "")).encode())
            piece = []
    return pieces or ["\n".join(lines).encode()]


async def _typed(talk: Conversation) -> list[str]:
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
    return lines


def _is_over(talk: Conversation, line: str, lines: list[str], how: str) -> bool:
    if how == "blank-line":
        return not line and bool(lines)
    if how == "ctrl-d" or not line.startswith(END):
        return False
    more = talk.switches["paste_multi"] == "all" and talk.session.keyboard.next_is(BEGIN)
    return not more
