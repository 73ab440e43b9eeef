"""`ucmcert plan`: what would be done, in which order, why, how long, and who notices. Changes nothing."""

from pathlib import Path

import click

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options, plan_options, selection_options
from ucmcert.knowledge.restart_rows import RestartSet


@click.command(cls=ProgramCommand)
@config_option
@selection_options
@plan_options
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), help="Write the plan to this file.")
@click.option("--runbook", is_flag=True, help="Print it as a procedure by hand.")
@output_options
def command(
    config_file: Path,
    *,
    purposes: tuple[str, ...],
    nodes: tuple[str, ...],
    force: bool,
    replace_csr: bool,
    regenerate_capf: bool,
    restart_set: RestartSet | None,
    file: Path | None,
    runbook: bool,
    as_json: bool,
    lang: str,
) -> int:
    """Show what would be done, in which order and why. Changes nothing.

    The digest it prints is what `renew --approve` wants. Exit code 3 when an error stands in the plan.
    """
    from ucmcert.cli.planning.looking import look_and_judge
    from ucmcert.cli.planning.plan_file import write_plan
    from ucmcert.cli.planning.plan_output import show_plan
    from ucmcert.cli.planning.selection import Choice, Judged, errors, known_purposes, make_plan
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run
    from ucmcert.model.cluster import Cluster
    from ucmcert.model.plan import Plan
    from ucmcert.report.json_shapes import plan_shape

    choice = Choice(
        purposes=known_purposes(purposes),
        nodes=nodes,
        force=force,
        replace_csr=replace_csr,
        regenerate_capf=regenerate_capf,
        restart_set=restart_set,
    )

    async def look() -> tuple[Cluster, Judged, Plan]:
        async with open_session(config_file) as session:
            cluster, judged = await look_and_judge(session, choice)
            return cluster, judged, make_plan(cluster, judged, now=session.clock.now())

    cluster, judged, made = run(look())
    if file:
        write_plan(file, made)
    printer = Printer(lang=lang, as_json=as_json)
    show_plan(printer, made, cluster, file=file, config_file=config_file, runbook=runbook)
    printer.result(plan_shape(made, file=str(file) if file else "", left_out=judged.left_out))
    return FINDINGS if errors(made.findings) else DONE
