"""What a command may do: look at its node and cluster, say things, ask, wait, and tell that its work is under way."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from ucmlab.cluster.accounts import Account
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.errors import NodeDown
from ucmlab.interfaces.platform_cli.keyboard import Keyboard
from ucmlab.interfaces.platform_cli.line_editor import LineEditor
from ucmlab.interfaces.platform_cli.screen import Screen
from ucmlab.interfaces.platform_cli.terminal import Terminal

PROMPT = "admin:"
YES, NO = ("yes", "y"), ("no", "n")


class Declined(Exception):
    """Somebody answered no; nothing has changed."""


class Failed(Exception):
    """A command that has said all it has to say, and did not do what it was asked; `words` is for the log."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Session:
    """One login: whose it is, where it is, and what it has set for itself."""

    def __init__(self, cluster: Cluster, node: Node, account: Account, terminal: Terminal) -> None:
        self.cluster = cluster
        self.node = node
        self.account = account
        self.prompt = PROMPT
        self.keyboard = Keyboard(terminal, cluster.clock, idle_s=node.platform.session_timeout_min * 60.0)
        self.screen = Screen(terminal, self.keyboard)
        self.editor = LineEditor(self.keyboard, self.screen)


class Conversation:
    """One command at work in a session. `applied` is told when a change has begun that outlives the session."""

    def __init__(self, session: Session, *, applied: Callable[[], Awaitable[None]]) -> None:
        self.session = session
        self.cluster = session.cluster
        self.node = session.node
        self._applied = applied

    @property
    def switches(self) -> Mapping[str, str]:
        """The cluster's switches."""
        return self.cluster.switches

    def say(self, *lines: str) -> None:
        """Print lines; they are shown when the command waits or ends."""
        self.session.screen.hold("".join(f"{line}\n" for line in lines))

    def say_raw(self, text: str) -> None:
        """Print text as it is, with its own line ends."""
        self.session.screen.hold(text)

    async def ask(self, question: str) -> str:
        """Show a question without a line end; the answer stands on the same line. Raises Gone, Idle, Interrupted."""
        await self.session.screen.release()
        self.session.screen.new_page()
        return await self.session.editor.read(question)

    async def ask_hidden(self, question: str) -> str:
        """As `ask`, for a password: what is typed is not shown."""
        await self.session.screen.release()
        self.session.screen.new_page()
        return await self.session.editor.read(question, hidden=True)

    async def agrees(self, question: str) -> bool:
        """Whether the answer is yes; anything but yes or no is asked again."""
        while True:
            answer = (await self.ask(question)).strip().lower()
            if answer in YES + NO:
                return answer in YES

    async def must_agree(self, question: str) -> None:
        """Go on only after a yes. Raises Declined."""
        if not await self.agrees(question):
            raise Declined

    async def applied(self) -> None:
        """The change is under way whatever becomes of this session; faults may cut the line now."""
        await self._applied()

    async def think(self, seconds: float) -> None:
        """Take time without a word."""
        await self.session.screen.drain()
        await self.cluster.clock.sleep(seconds)

    async def pause(self, seconds: float) -> None:
        """Show what was said, and let time pass. Raises Gone when nobody is there any more, NodeDown."""
        await self.session.screen.release()
        self.session.screen.new_page()
        await self.session.keyboard.pause(seconds)
        if self.node.down:
            raise NodeDown(self.node.name)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A command as typed: its arguments, and `rest`, the same as one text with its inner blanks kept."""

    arguments: tuple[str, ...] = ()
    rest: str = ""


Run = Callable[[Conversation, Call], Awaitable[None]]
