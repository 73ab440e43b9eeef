"""`ucmcert trust`: what is in each trust store and why, a removal plan for a person, and what became of one."""

from pathlib import Path

import click

from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@config_option
@click.option("--node", "nodes", multiple=True, help="Only this node (repeatable).")
@click.option("--store", "stores", multiple=True, help="Only this store (repeatable).")
@click.option("--removal-plan", "plan", metavar="FILE", type=click.Path(path_type=Path), help="Plan what may go.")
@click.option("--export", metavar="FOLDER", type=click.Path(path_type=Path), help="Where its certificates are kept.")
@click.option("--since", metavar="PLAN", type=click.Path(path_type=Path), help="What became of that plan?")
@output_options
def command(
    config_file: Path,
    *,
    nodes: tuple[str, ...],
    stores: tuple[str, ...],
    plan: Path | None,
    export: Path | None,
    since: Path | None,
    as_json: bool,
    lang: str,
) -> int:
    """What is in each trust store, why, and what may go.

    Deletes nothing: a removal plan is for a person. Exit code 3 when something is expired, missing or about to break.
    """
    if (plan is None) != (export is None):
        raise click.UsageError("--removal-plan and --export go together: what may go is exported first")
    if since is not None and (plan is not None or nodes or stores):
        raise click.UsageError("--since looks at everything its plan names, and makes no other plan")

    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run
    from ucmcert.cli.trusting.working import Asked, look_back, tell

    asked = Asked(nodes=nodes, stores=stores, plan=plan, export=export)
    printer = Printer(lang=lang, as_json=as_json)

    async def work() -> int:
        async with open_session(config_file) as session:
            return await (tell(session, asked, printer) if since is None else look_back(session, since, printer))

    return run(work())
