"""`ucmcert scan`: the inventory, most urgent first. What could not be read is an error, never fine."""

from pathlib import Path

import click
import msgspec

from ucmcert.cli.exit_codes import DONE, FINDINGS
from ucmcert.cli.options import ProgramCommand, config_option, output_options


@click.command(cls=ProgramCommand)
@config_option
@click.option("--trust", is_flag=True, help="List the trust stores too.")
@output_options
def command(config_file: Path, *, trust: bool, as_json: bool, lang: str) -> int:
    """Inventory of every certificate, most urgent first, as stored and as served.

    Exit code 3 when something has expired or could not be read.
    """
    from ucmcert.cli.printing import Printer
    from ucmcert.cli.session import open_session, run
    from ucmcert.model.cluster import Cluster
    from ucmcert.report.inventory import inventory
    from ucmcert.report.json_shapes import scan_shape
    from ucmcert.report.pages.inventory_page import inventory_blocks

    async def look() -> tuple[Cluster, int]:
        async with open_session(config_file) as session:
            return await session.look(every_port=True), session.config.renew.threshold_days

    cluster, threshold_days = run(look())
    listed = inventory(cluster)
    bad = listed.problems or any(row.days_left < 0 or row.shown == "silent" for row in listed.certificates)
    printer = Printer(lang=lang, as_json=as_json)
    printer.show(inventory_blocks(listed, lang, threshold_days=threshold_days, trust=trust))
    printer.result(msgspec.structs.replace(scan_shape(listed), outcome="findings" if bad else "done"))
    return FINDINGS if bad else DONE
