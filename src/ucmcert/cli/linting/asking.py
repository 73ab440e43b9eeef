"""What `lint --node` asks a cluster for: what one node holds, to be judged beside files or by itself."""

from pathlib import Path

from ucmcert.cli.linting.holding import judge_node
from ucmcert.cli.linting.reading import read_all
from ucmcert.cli.planning.selection import Choice, chosen
from ucmcert.cli.session import open_session, run
from ucmcert.model.cluster import Cluster
from ucmcert.report.lint_shape import LintJudgement


def lint_node(config_file: Path, node: str, purpose: str, places: tuple[Path, ...], *, now: float) -> LintJudgement:
    """`purpose` on the node called `node`, with the files in `places` as its answer when there are any.

    `now` is our UTC epoch. Raises what asking the cluster raises, UsageError UCM-ARG-002, UCM-FILE-000.
    """
    given = read_all(places, csr_elsewhere=True) if places else None

    async def ask() -> tuple[Cluster, str]:
        async with open_session(config_file) as session:
            cluster = await session.look()
            (name,) = chosen(cluster, Choice(nodes=(node,))).nodes
            return cluster, name

    cluster, name = run(ask())
    return judge_node(cluster, cluster.facts(name), purpose, given, now=now)
