"""One run of a lab from start to stop: state folder, places, doors, hand-out, signals."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import asyncssh
import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.opening import open_cluster, readdress
from ucmlab.cluster.phone_orders import obey_orders
from ucmlab.cluster.state import has_state, read_cluster
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.schema import Scenario
from ucmlab.serve.door import Complain
from ucmlab.serve.handout import Ready, client_config, logins, node_cards, write_ready
from ucmlab.serve.host_keys import host_key, key_fingerprint
from ucmlab.serve.lab import Lab, ports_of
from ucmlab.serve.phone_pages import PhonePages, read_page_port, write_page_port
from ucmlab.serve.places import Held, Place, PlaceOptions, Wanted, read_places, take_places, write_places
from ucmlab.serve.real_phones import RealPhones
from ucmlab.serve.running import LOOK_AGAIN, faults_stamp, note_running

DEFAULT_SEED = 1


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What `ucmlab up` was asked. `scenario` and `seed` None: what the folder holds, else `demo` and 1.

    `epoch`: the calendar at the start, UTC epoch seconds; `speed`: how many times faster the nodes work.
    """

    folder: Path
    scenario: Scenario | None
    seed: int | None
    epoch: float
    speed: float
    calm: bool
    places: PlaceOptions
    ready_file: Path | None


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """What has been started, for the operator: `moved` when the addresses of the last start were not free."""

    ready: Ready
    cluster: Cluster
    places: tuple[Place, ...]
    moved: bool
    fresh: bool
    misbehaves: bool


async def serve(
    run: Run, default: Callable[[], Scenario], *, announce: Callable[[Started], None], complain: Complain
) -> None:
    """Run a lab in its claimed folder until SIGTERM, SIGINT or SIGHUP. Raises ScenarioError before anything is open."""
    stop = _stop_signals()
    fresh = not has_state(run.folder)
    _judge_restart(run, fresh=fresh)
    cluster = open_cluster(
        run.folder,
        run.scenario or default(),
        clock=LoopClock(epoch=run.epoch, speed=run.speed),
        seed=DEFAULT_SEED if run.seed is None else run.seed,
        calm=run.calm,
    )
    held: Held | None = None
    lab: Lab | None = None
    pages: PhonePages | None = None
    real: RealPhones | None = None
    try:
        held = _take_places(cluster, run)
        cluster = settle(cluster, held.places, run, fresh=fresh)
        keys = await _host_keys(cluster, run.folder)
        lab = Lab(cluster, held.places, keys, scratch=run.folder, complain=complain)
        pages = _phone_pages(cluster, held.places, run.folder, complain)
        cluster.start()
        lab.open()
        pages.open()
        real = RealPhones(cluster, held.places, complain=complain)
        real.start()
        _look_again_when_told(cluster, lab, run.folder)
        ready = _hand_out(cluster, held.places, keys, run, page_port=pages.port)
        announce(
            Started(
                ready=ready,
                cluster=cluster,
                places=held.places,
                moved=held.lost,
                fresh=fresh,
                misbehaves=cluster.scenario.mischief and not run.calm,
            )
        )
        await stop.wait()
    finally:
        if real is not None:
            await real.close()
        if pages is not None:
            await pages.close()
        if lab is not None:
            await lab.close()
        cluster.close()
        if held is not None:
            held.release()


def _judge_restart(run: Run, *, fresh: bool) -> None:
    """What is asked for again must be what the folder holds. Raises ScenarioError otherwise."""
    if fresh:
        return
    shared, _ = read_cluster(run.folder)
    next_step = "Leave the option out to go on with this lab, or give another --state folder."
    if run.scenario is not None and run.scenario != shared.scenario:
        what = f"the folder holds another lab, of scenario {shared.scenario.name!r}"
        raise ScenarioError(what, where="--scenario", next_step=next_step)
    if run.seed is not None and run.seed != shared.seed:
        raise ScenarioError(f"the folder holds a lab of seed {shared.seed}", where="--seed", next_step=next_step)


def _take_places(cluster: Cluster, run: Run) -> Held:
    wished = {spec.name: spec.address for spec in cluster.scenario.nodes}
    wanted = [
        Wanted(node=node.name, address=wished[node.name], ports=ports_of(node)) for node in cluster.nodes.values()
    ]
    held = take_places(wanted, run.places, read_places(run.folder))
    write_places(run.folder, held.places)
    return held


def settle(cluster: Cluster, places: Sequence[Place], run: Run, *, fresh: bool) -> Cluster:
    """The cluster that knows each node under the address of its place, where that is the node's own.

    Before a lab's first start its trust lists and phones are made to fit: a cluster opened anew.
    """
    own = {place.node: place.reached_at for place in places if not place.moved}
    moved = {name: address for name, address in own.items() if cluster.nodes[name].address != address}
    if fresh and moved:
        return readdress(run.folder, moved, clock=cluster.clock, calm=run.calm)
    for name, address in moved.items():
        cluster.nodes[name].address = address
    cluster.save()
    return cluster


def _phone_pages(cluster: Cluster, places: tuple[Place, ...], folder: Path, complain: Complain) -> PhonePages:
    real_port = not any(place.moved for place in places)
    pages = PhonePages(cluster, real_port=real_port, remembered=read_page_port(folder), complain=complain)
    write_page_port(folder, pages.port)
    return pages


async def _host_keys(cluster: Cluster, folder: Path) -> dict[str, asyncssh.SSHKey]:
    names = list(cluster.nodes)
    keys = await asyncio.gather(*(asyncio.to_thread(host_key, folder, name) for name in names))
    return dict(zip(names, keys, strict=True))


def _hand_out(
    cluster: Cluster, places: tuple[Place, ...], keys: dict[str, asyncssh.SSHKey], run: Run, *, page_port: int
) -> Ready:
    cards = node_cards(cluster, places, {name: key_fingerprint(key) for name, key in keys.items()})
    config = run.folder / "ucmcert.toml"
    write_atomically(
        config, client_config(cluster, places, cards, run.folder, page_port=page_port).encode(), mode=0o644
    )
    ready = Ready(
        config=str(config),
        cluster=cluster.name,
        ca=str(run.folder / "ca"),
        nodes=cards,
        credentials=logins(cluster, run.folder),
        state=str(run.folder),
        seed=cluster.seed,
        speed=run.speed,
        pid=os.getpid(),
        phone_page_port=page_port,
    )
    if run.ready_file is not None:
        write_ready(run.ready_file, ready)
    return ready


def _stop_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _look_again_when_told(cluster: Cluster, lab: Lab, folder: Path) -> None:
    def look() -> None:
        stamp = faults_stamp(folder)
        cluster.faults.look_again()
        obey_orders(folder, cluster.phones)
        lab.look_again()
        note_running(folder, faults_seen=stamp)

    asyncio.get_running_loop().add_signal_handler(LOOK_AGAIN, look)
    look()
