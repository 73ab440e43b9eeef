"""Who may log in, and how long a session lives: until somebody leaves, hangs up or sleeps, or the node does.

Source: interfaces-cli.md 1.1, 1.2.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from ucmlab.cluster.accounts import Account
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.services.service import STARTED, STOPPING
from ucmlab.errors import NodeDown, RefuseConnection
from ucmlab.interfaces.platform_cli.conversation import Session
from ucmlab.interfaces.platform_cli.shell import run_shell
from ucmlab.interfaces.platform_cli.terminal import Gone, Idle, Terminal

SESSIONS_MAX = 10


def check_login(cluster: Cluster, node: Node, user: str, password: str) -> bool:
    """Whether a platform account may log in; failures count towards the lock-out, and a locked one looks like them."""
    who = ("platform", user)
    locked = cluster.switches["account_lockout"] == "after-3" and cluster.limits.locked(who)
    known = cluster.account("platform", user, password.encode(errors="replace").decode())
    if locked or known is None:
        words = "refused: account locked" if locked else "refused: wrong user or password"
        cluster.log.append(cluster.clock.now(), node.name, interface="ssh", operation="login", outcome=words)
        if not locked:
            cluster.limits.login_failed(who)
        return False
    cluster.limits.login_succeeded(who)
    return True


async def serve_shell(cluster: Cluster, node: Node, user: str, terminal: Terminal) -> None:
    """Serve one logged-in user until the session ends.

    Raises: RefuseConnection when the node takes no sessions, NodeDown, DropConnection: the line is cut.
    """
    if node.down:
        raise NodeDown(node.name)
    if not node.listening(22):
        raise RefuseConnection(node.name)
    if node.open_sessions >= SESSIONS_MAX:
        await _say_goodbye(terminal, cluster.switches["session_limit_text"])
        return
    session = Session(cluster, node, _account(cluster, user), terminal)
    node.open_sessions += 1
    try:
        with _watching(session) as ended:
            await _live(session, ended)
    except Idle:
        await _say_goodbye(terminal, cluster.switches["idle_text"])
    except (Gone, ConnectionError):
        return
    finally:
        node.open_sessions -= 1
    if node.down:
        raise NodeDown(node.name)


async def _live(session: Session, ended: asyncio.Event) -> None:
    """Talk, take in keys, and watch the node, until the first of talk and watch is over."""
    talk = asyncio.create_task(run_shell(session))
    others = [asyncio.create_task(session.keyboard.pump()), asyncio.create_task(ended.wait())]
    try:
        await asyncio.wait({talk, others[1]}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (talk, *others):
            task.cancel()
        await asyncio.wait({talk, *others})
        session.screen.send()
    if not talk.cancelled():
        talk.result()


@contextmanager
def _watching(session: Session) -> Iterator[asyncio.Event]:
    """An event that is set when the node or its SSH service goes down, or Tomcat takes the session with it."""
    ended = asyncio.Event()
    node, drops = session.node, session.cluster.switches["cli_during_tomcat"] == "drops"
    tomcat = node.services["Cisco Tomcat"]
    before = tomcat.state

    def watch(changed: Node) -> None:
        nonlocal before
        leaves = drops and before == STARTED and tomcat.state == STOPPING
        before = tomcat.state
        if changed is node and (leaves or not node.listening(22)):
            ended.set()

    session.cluster.watchers.append(watch)
    try:
        yield ended
    finally:
        session.cluster.watchers.remove(watch)


def _account(cluster: Cluster, user: str) -> Account:
    """The platform account of a user; one that logged in by a key the lab does not know may only look."""
    for account in cluster.accounts:
        if account.kind == "platform" and account.user == user:
            return account
    return Account(name=user, user=user, password="", kind="platform", privilege=0)


async def _say_goodbye(terminal: Terminal, text: str) -> None:
    if text:
        terminal.write(f"{text}\n")
        await terminal.drain()
