"""The loop of one session: banner, prompt, a line, its command, and again. Source: interfaces-cli.md 1.1, 1.2."""

import asyncio

from ucmlab.errors import NodeDown
from ucmlab.interfaces.platform_cli.catalogue import COMMANDS
from ucmlab.interfaces.platform_cli.conversation import Session
from ucmlab.interfaces.platform_cli.execution import Execution
from ucmlab.interfaces.platform_cli.registry import available, next_words
from ucmlab.interfaces.platform_cli.terminal import Interrupted

STARTING = "Command Line Interface is starting up, please wait ...\n"
WELCOME = """
   Welcome to the Platform Command Line Interface

VMware Installation:
\t2 vCPU: Intel(R) Xeon(R) CPU E5-2630 v3 @ 2.40GHz
\tDisk 1: 80GB, Partitions aligned
\t6144 Mbytes RAM

"""
STARTING_S, WELCOME_S = 6.0, 1.5
LEAVING = ("quit", "exit")


async def run_shell(session: Session) -> None:
    """Talk until somebody leaves. Raises: TransportFault, Gone, Idle."""
    await _greet(session)
    commands = available(COMMANDS, session.node, privilege=session.account.privilege)
    while True:
        session.screen.end_line()
        try:
            line = await session.editor.read(session.prompt, suggest=lambda begun: next_words(begun, commands))
        except Interrupted:
            continue
        if session.node.down:
            raise NodeDown(session.node.name)
        if line.strip() in LEAVING:
            return
        if line.strip():
            await _carry_out(session, Execution(session, commands, line))


async def _greet(session: Session) -> None:
    for text, seconds in ((STARTING, STARTING_S), (WELCOME, WELCOME_S)):
        session.screen.put(text)
        await session.screen.drain()
        await session.cluster.clock.sleep(seconds)


async def _carry_out(session: Session, execution: Execution) -> None:
    """Run a command in a task of its own, so that Ctrl-C ends the command and not the session."""
    task = asyncio.create_task(execution.run())

    def interrupt() -> None:
        execution.interrupted = True
        task.cancel()

    session.keyboard.on_interrupt = interrupt
    try:
        await asyncio.wait({task})
    finally:
        session.keyboard.on_interrupt = None
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        session.screen.put("^C\n")
        return
    try:
        task.result()
    except Interrupted:
        return
