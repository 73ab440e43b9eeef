"""Figures on real sockets: what a look at a cluster and a whole renewal cost against one round trip."""

import asyncio
import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import Figure, seconds
from end_to_end.programs import Lab, lab, ucmcert
from ucmcert.cli.session import open_session
from ucmcert.ucm.platform_cli import node_verbs

CALM = "--calm"
FAST = 1000
LOOKS = 3
COMMANDS_IN_A_ROW = 11  # what discovery types on the publisher, one after another in its one session


@contextmanager
def calm_lab(folder: Path, scenario: str) -> Iterator[Lab]:
    """A lab that neither misbehaves nor takes its time."""
    with lab(folder, scenario, CALM, speed=FAST) as one:
        yield one


async def look(config: Path) -> tuple[float, float, float]:
    """Seconds of: one CLI command, one HTTPS request, a whole discovery; the best of a few, connections open."""
    async with open_session(config) as session:
        cluster = await session.look()
        node, client = cluster.publisher.node, session.client
        shells, best_cli, best_https, best_look = client._shells, 9e9, 9e9, 9e9  # noqa: SLF001 - measured beneath the verbs
        for _ in range(LOOKS):
            began = time.perf_counter()
            await shells.run(node, node_verbs.release)
            best_cli = min(best_cli, time.perf_counter() - began)
            began = time.perf_counter()
            await client.holding(node)
            best_https = min(best_https, time.perf_counter() - began)
            began = time.perf_counter()
            await session.look()
            best_look = min(best_look, time.perf_counter() - began)
    return best_cli, best_https, best_look


def inventories(folder: Path) -> list[Figure]:
    """Discovery of 1, 5 and 20 nodes."""
    figures = []
    for scenario, nodes in (("single", 1), ("five-mixed", 5), ("twenty", 20)):
        with calm_lab(folder / scenario, scenario) as one:
            cli_s, https_s, look_s = asyncio.run(look(one.config))
            bound = (
                f"{seconds(cli_s * COMMANDS_IN_A_ROW)}: {COMMANDS_IN_A_ROW} commands in one session, "
                f"{seconds(cli_s)} each (0.15 s: the quiet that ends an answer); an HTTPS snapshot {seconds(https_s)}"
            )
            figures.append(
                Figure(what=f"inventory, {nodes} nodes, connections open", measured=seconds(look_s), bound=bound)
            )
    return figures


def renewals(folder: Path) -> list[Figure]:
    """Whole renewals as a user starts them, on labs whose nodes take nearly no time."""
    figures = []
    for scenario, nodes in (("single", 1), ("demo", 4)):
        with calm_lab(folder / f"renew-{scenario}", scenario) as one:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            began = time.perf_counter()
            done = ucmcert("renew", "--config", one.config, "--yes", "--json")
            took = time.perf_counter() - began
            peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            lab_rss = _rss_mb(one.process.pid)
            told = json.loads(done.out.splitlines()[-1])
            assert told["outcome"] == "done", done.err
        restarts = sum(1 for line in done.err.splitlines() if "begins: Restart" in line)
        bound = f"{restarts} restarts in a row, some 5 commands of 0.2 s around each; the nodes are {FAST} times faster"
        figures.append(Figure(what=f"renewal of tomcat and ipsec, {nodes} nodes", measured=seconds(took), bound=bound))
        if scenario == "demo":
            figures += [
                Figure(
                    what="client, peak memory in that run",
                    measured=f"{peak / 1024:.0f} MB",
                    bound="Python with asyncssh, httpx, lxml and cryptography: about 60 MB",
                ),
                Figure(
                    what="lab of four nodes, memory",
                    measured=f"{lab_rss:.0f} MB",
                    bound="the same libraries; 24 listeners add about 1 MB",
                ),
            ]
    return figures


def _rss_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
