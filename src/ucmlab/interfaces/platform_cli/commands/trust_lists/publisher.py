"""Commands on trust lists run on the publisher only. Source: interfaces-cli.md 4."""

from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import Conversation


def judge_publisher(talk: Conversation) -> None:
    """Raises Refusal on any other node (switch ctl_sub_text)."""
    if not talk.node.is_publisher:
        raise Refusal("CTL-SUB", talk.switches["ctl_sub_text"], invented=True)
