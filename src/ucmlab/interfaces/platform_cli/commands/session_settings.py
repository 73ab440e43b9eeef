"""What a session sets for itself or for those to come: pagination, time-out, the counting prompt.

Source: interfaces-cli.md 1.1, 1.2.
"""

import msgspec

from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import PROMPT, Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command

TIMEOUT_MIN, TIMEOUT_MAX = 5, 99999


async def pagination_on(talk: Conversation, _call: Call) -> None:
    """The pager stops long output from here on."""
    talk.session.screen.paging = True
    talk.say("Automatic pagination is turned on")


async def pagination_off(talk: Conversation, _call: Call) -> None:
    """For this session only."""
    talk.session.screen.paging = False
    talk.say("Automatic pagination is turned off")


async def show_pagination(talk: Conversation, _call: Call) -> None:
    """On or Off."""
    talk.say(f"Automatic Pagination : {'On' if talk.session.screen.paging else 'Off'}.")


async def set_timeout(talk: Conversation, call: Call) -> None:
    """Idle minutes of sessions to come; this one keeps its own."""
    text = call.arguments[0]
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not TIMEOUT_MIN <= minutes <= TIMEOUT_MAX:
        talk.say("Enter valid values for the timeout. ")
        raise Refusal("TIMEOUT", f"Suggested values are {TIMEOUT_MIN}-{TIMEOUT_MAX}", invented=True)
    talk.node.platform = msgspec.structs.replace(talk.node.platform, session_timeout_min=minutes)
    talk.say(f"CLI session timeout : {minutes} minutes")


async def show_timeout(talk: Conversation, _call: Call) -> None:
    """The value for new sessions."""
    talk.say(f"CLI session timeout : {talk.node.platform.session_timeout_min} minutes")


async def count_commands(talk: Conversation, _call: Call) -> None:
    """Switch commandcount_prompt is the prompt from here on."""
    talk.session.prompt = talk.switches["commandcount_prompt"]


async def do_not_count(talk: Conversation, _call: Call) -> None:
    """Back to the plain prompt."""
    talk.session.prompt = PROMPT


COMMANDS = (
    Command(words="set cli pagination on", run=pagination_on, operation="pagination", about="turns the pager on"),
    Command(words="set cli pagination off", run=pagination_off, operation="pagination", about="turns the pager off"),
    Command(words="show cli pagination", run=show_pagination, operation="pagination", about="shows the pager's state"),
    Command(
        words="set cli session timeout",
        run=set_timeout,
        operation="session-timeout",
        about="sets the idle time-out of new sessions",
        arguments="<minutes>",
        least=1,
        most=1,
        privilege=1,
    ),
    Command(
        words="show cli session timeout",
        run=show_timeout,
        operation="session-timeout",
        about="shows the idle time-out",
    ),
    Command(
        words="set commandcount enable",
        run=count_commands,
        operation="commandcount",
        about="counts commands in the prompt",
        privilege=1,
    ),
    Command(
        words="set commandcount disable",
        run=do_not_count,
        operation="commandcount",
        about="stops counting commands in the prompt",
        privilege=1,
    ),
)
