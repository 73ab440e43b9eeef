"""`ucmcert renew`: a shown plan, a yes, and then everything from the CSR to the served certificate."""

from pathlib import Path

import click

from ucmcert.cli.options import (
    ProgramCommand,
    acceptance_options,
    config_option,
    output_options,
    plan_options,
    selection_options,
)
from ucmcert.knowledge.restart_rows import RestartSet


@click.command(cls=ProgramCommand)
@click.argument("plan_file", metavar="[PLAN]", type=click.Path(path_type=Path), required=False)
@config_option
@selection_options
@plan_options
@click.option("--yes", is_flag=True, help="Do not ask: the plan is approved.")
@click.option("--approve", "--plan-hash", "plan_hash", metavar="DIGEST", default="", help="Approve this very plan.")
@click.option("--wait", is_flag=True, help="Sleep until the change window opens.")
@acceptance_options
@output_options
def command(
    plan_file: Path | None,
    config_file: Path,
    *,
    purposes: tuple[str, ...],
    nodes: tuple[str, ...],
    force: bool,
    replace_csr: bool,
    regenerate_capf: bool,
    restart_set: RestartSet | None,
    yes: bool,
    plan_hash: str,
    wait: bool,
    accepted: tuple[str, ...],
    reason: str,
    as_json: bool,
    lang: str,
) -> int:
    """Renew what is due, or carry out PLAN as `plan -o` wrote it.

    Exit codes: 0 done, 1 failed, 4 waiting, 5 held by a safety rule.
    """
    from ucmcert.cli.conduct.accepting import acceptance
    from ucmcert.cli.conduct.renewing import Asked, renew
    from ucmcert.cli.planning.selection import Choice, known_purposes
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run

    choice = Choice(
        purposes=known_purposes(purposes),
        nodes=nodes,
        force=force,
        replace_csr=replace_csr,
        regenerate_capf=regenerate_capf,
        restart_set=restart_set,
    )
    if plan_file and choice != Choice():
        raise click.UsageError("PLAN says already what is renewed; --purpose, --node, --force go without it")
    asked = Asked(
        choice=choice,
        plan_file=plan_file,
        yes=yes,
        plan_hash=plan_hash,
        wait=wait,
        accepted=acceptance(accepted, reason),
    )
    printer = Printer(lang=lang, as_json=as_json)

    async def work() -> int:
        async with open_session(config_file) as session:
            told = await renew(session, asked, printer)
            printer.result(told.shape)
            return told.exit_code

    return run(work())
