"""One command's view of one cluster: configuration, real ports and the client, opened together and closed together."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from ucmcert.authority.open import open_authority
from ucmcert.cli.places import Places, open_places
from ucmcert.cli.ports import SystemClock, SystemRandom
from ucmcert.cli.runs import entries_if_any
from ucmcert.config.credentials import resolve
from ucmcert.config.load import read_trust
from ucmcert.config.schema import AccountSection, Config, NodeSection
from ucmcert.config.trouble import bad_value
from ucmcert.discover import PhoneDepth, discover
from ucmcert.errors import UsageError
from ucmcert.lint.authority_profile.description import read_description
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.cluster import Cluster
from ucmcert.model.node import Credential, Node, Release, Role
from ucmcert.model.ports import Clock, Connect, Random
from ucmcert.model.secret import Secret
from ucmcert.model.signing import Authority
from ucmcert.run.history import runs
from ucmcert.ucm.access import Access, Manners
from ucmcert.ucm.cluster_client import ClusterClient
from ucmcert.ucm.connect import RealConnect

Result = TypeVar("Result")
NOT_YET_KNOWN = Release(0, 0, 0, 0)
COMMAND_TIMEOUT_S = 30


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that can be asked. `publisher` and `overrides` are what discovery starts from.

    `connect` opens other systems beside the cluster.
    """

    places: Places
    clock: Clock
    random: Random
    client: ClusterClient
    connect: Connect
    publisher: Node
    overrides: tuple[Node, ...]

    @property
    def config(self) -> Config:
        """The configuration of this cluster."""
        return self.places.config

    async def look(self, *, every_port: bool = False, phones: PhoneDepth = "none") -> Cluster:
        """The whole cluster as it is now; `every_port` and `phones` as in `discover`."""
        return await discover(
            self.client,
            self.publisher,
            self.overrides,
            clock=self.clock,
            name=self.config.cluster,
            every_port=every_port,
            phones=phones,
        )

    def authority(self) -> Authority:
        """Who signs. Raises UsageError UCM-CA-004 when nobody is configured."""
        return open_authority(self.config.authority, self.clock, self.places.config_file)

    def ca_profile(self) -> CaProfile | None:
        """What the configured CA does to requests, as its description tells; None without one.

        Raises UsageError UCM-CONFIG-005 when it cannot be read, UCM-CA-041 to -044.
        """
        authority = self.config.authority
        if authority is None or not authority.description:
            return None
        try:
            content = Path(authority.description).read_bytes()
        except OSError as error:
            what = f"{authority.description}: {error.strerror}"
            raise bad_value(self.places.config_file, "authority, description", what) from error
        return read_description(content, where=authority.description).profile


@asynccontextmanager
async def open_session(config_file: Path, connect: Connect | None = None) -> AsyncIterator[Session]:
    """Load, resolve the credentials, and give a session whose connections are closed at the end.

    `connect` None means real sockets. Raises UsageError UCM-CONFIG-*. Nothing is sent to the cluster yet.
    """
    places = open_places(config_file)
    config = places.config
    access = Access(
        os_admin=credential(places, "os_admin", config.credentials.os_admin),
        app_admin=credential(places, "app_admin", config.credentials.app_admin),
        trust=read_trust(config, places.config_file),
    )
    clock = SystemClock()
    phones = config.phones
    manners = Manners(page_port=phones.page_port, manual_value=phones.manual_value, pace=config.pace)
    opened = connect or RealConnect()
    client = ClusterClient(opened, clock, access, manners)
    _expect_issued(client, places)
    try:
        yield Session(
            places=places,
            clock=clock,
            random=SystemRandom(),
            client=client,
            connect=opened,
            publisher=publisher_node(config),
            overrides=tuple(_node(section, Role.SUBSCRIBER) for section in config.nodes),
        )
    finally:
        await client.close()


def publisher_node(config: Config) -> Node:
    """The publisher as configured; its release is not known before it is asked."""
    name = config.publisher.name
    section = next((one for one in config.nodes if one.name.lower() == name.lower()), NodeSection(name=name))
    node = _node(section, Role.PUBLISHER)
    return msgspec.structs.replace(node, address=config.publisher.address or node.address)


def run(work: Coroutine[None, None, Result]) -> Result:
    """Run one command's work to its end. SIGTERM and SIGHUP cancel it as Ctrl-C does: KeyboardInterrupt."""

    async def watched() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(ValueError, RuntimeError):  # not the main thread: somebody else has the signals
                if task is not None:
                    loop.add_signal_handler(number, task.cancel)
        return await work

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def run_program(words: tuple[str, ...]) -> str:
    """Standard output of a program that tells a password. Raises OSError; its own error text goes to the terminal."""
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, check=True, timeout=COMMAND_TIMEOUT_S, text=True)
    except subprocess.CalledProcessError as error:
        raise OSError(error.returncode, f"exit code {error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise OSError(0, f"no answer within {COMMAND_TIMEOUT_S} seconds") from None
    return done.stdout


def credential(places: Places, key: str, account: AccountSection) -> Credential:
    """The account `key` with its password, fetched from where the reference points. Raises UsageError UCM-CONFIG-*."""
    where = f"{places.config_file}, credentials, {key}, password"
    return Credential(user=account.user, password=secret_at(account.password, where=where))


def secret_at(reference: str, *, where: str) -> Secret:
    """The secret behind `reference`; `where` names it in an error. Raises UsageError UCM-CONFIG-006, -007."""
    return resolve(reference, where=where, environment=os.environ, run_command=run_program)


def _expect_issued(client: ClusterClient, places: Places) -> None:
    """The pin follows the renewal: the newest certificate we had issued for a node is no stranger there.

    A ledger that cannot be read teaches nothing; then the peer is judged by the configuration alone.
    """
    with contextlib.suppress(UsageError):
        newest: dict[tuple[str, str], str] = {}
        for history in runs(entries_if_any(places)).values():
            for step_id, issued in history.issued.items():
                step = history.plan.step(step_id)
                newest |= {(name, step.purpose): issued.leaf.sha256 for name in history.shown_on(step)}
        for (node, _), sha256 in newest.items():
            client.expect_leaf(node, sha256)


def _node(section: NodeSection, role: Role) -> Node:
    return Node(
        name=section.name,
        host=section.name.split(".")[0],
        address=section.address or section.name,
        role=role,
        release=NOT_YET_KNOWN,
        ports=dict(section.ports),
        ssh_host_key=section.ssh_host_key,
    )
