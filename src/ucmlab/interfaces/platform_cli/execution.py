"""One command from prompt to prompt: faults strike before and after it, refusals are printed, the log gets a line.

Outcomes: `ok`, `refused: <words>`, `cancelled` (somebody answered no), `interrupted` (Ctrl-C before the work was done),
`dropped: not applied`, `dropped: applied`, `crashed: <error>` (a bug of the lab). A refused connection leaves no line.
"""

import asyncio
from collections.abc import Sequence

from ucmlab.errors import Refusal, RefuseConnection, Throttled, TransportFault
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation, Declined, Failed, Session
from ucmlab.interfaces.platform_cli.registry import UNSUCCESSFUL, Command, NotUnderstood, find, nothing
from ucmlab.interfaces.platform_cli.terminal import Gone, Idle, Interrupted

NOT_APPLIED, APPLIED = "dropped: not applied", "dropped: applied"


class Execution:
    """A line that was typed, being carried out."""

    def __init__(self, session: Session, commands: Sequence[Command], line: str) -> None:
        self._session = session
        self._words = ""
        try:
            self._command, self._call = find(line, commands, session.cluster.switches)
        except NotUnderstood as error:
            self._words = error.words
            self._command = Command(words="", run=_not_understood, operation="unknown", about="", purpose=nothing)
            self._call = Call(rest=error.words)
        self._purpose = self._command.purpose(self._call)
        self._logged = False
        self.interrupted = False

    async def run(self) -> None:
        """Carry it out. Raises: TransportFault, Gone, Idle; Interrupted or CancelledError after Ctrl-C."""
        screen = self._session.screen
        screen.new_command()
        outcome = NOT_APPLIED
        try:
            await self._strike_before()
            outcome = await self._work()
            answer = await self._strike_after(screen.take())
            self._log(outcome)
            await screen.show(answer)
        except RefuseConnection:
            raise
        except TransportFault:
            self._log(_unseen(outcome))
            raise
        except Interrupted:
            self._log("interrupted")
            raise
        except (Gone, Idle, asyncio.CancelledError):
            self._log("interrupted" if self.interrupted else _unseen(outcome))
            raise

    async def _strike_before(self) -> None:
        faults, node = self._session.cluster.faults, self._session.node
        try:
            await faults.before(node.name, "ssh", self._command.operation, self._purpose)
        except Throttled as slow:
            await self._session.cluster.clock.sleep(slow.retry_after_s)

    async def _strike_after(self, answer: str) -> str:
        faults, node = self._session.cluster.faults, self._session.node
        return await faults.after(node.name, "ssh", self._command.operation, self._purpose, answer=answer)

    async def _work(self) -> str:
        talk = Conversation(self._session, applied=self._applied)
        await talk.think(self._command.takes_s)
        try:
            await self._command.run(talk, self._call)
        except NotUnderstood as error:
            talk.say(error.words)
            return f"refused: {error.words}"
        except Failed as failure:
            return f"refused: {failure.words}"
        except Refusal as refusal:
            talk.say(refusal.words, UNSUCCESSFUL)
            return f"refused: {refusal.words}"
        except Declined:
            words = self._session.cluster.switches["answer_no_text"]
            talk.say(*([words] if words else []))
            return "cancelled"
        except (TransportFault, Gone, Idle, Interrupted):
            raise
        except Exception as error:  # noqa: BLE001 - a command that crashes is a line in the log, not a dead session
            talk.say(UNSUCCESSFUL)
            return f"crashed: {type(error).__name__}: {error}"
        return "ok"

    async def _applied(self) -> None:
        """Log what is under way now; a line that shall be cut after the work is cut now, not when all is over."""
        rules = self._session.cluster.faults.rules()
        node, operation = self._session.node, self._command.operation
        cut = any(
            rule.kind == "drop-after" and rule.matches(node.name, "ssh", operation, self._purpose) for rule in rules
        )
        self._log(APPLIED if cut else "ok")
        if cut:
            await self._strike_after("")

    def _log(self, outcome: str) -> None:
        if self._logged:
            return
        self._logged = True
        cluster, operation = self._session.cluster, self._command.operation
        at, node = cluster.clock.now(), self._session.node.name
        cluster.log.append(at, node, interface="ssh", operation=operation, purpose=self._purpose, outcome=outcome)


def _unseen(outcome: str) -> str:
    return APPLIED if outcome == "ok" else outcome


async def _not_understood(_talk: Conversation, call: Call) -> None:
    raise NotUnderstood(call.rest)
