"""How a plan is shown by `plan`: the page, or the by-hand procedure, and what to do with it next."""

import shlex
import sys
from pathlib import Path

from ucmcert.cli.planning.selection import errors
from ucmcert.cli.printing import Printer
from ucmcert.cli.words import speaker
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Plan
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.pages.runbook_page import runbook_blocks
from ucmcert.report.paper import markdown
from ucmcert.report.paper.blocks import Block, Text, paragraph


def show_plan(
    printer: Printer, plan: Plan, cluster: Cluster, *, file: Path | None, config_file: Path, runbook: bool
) -> None:
    """The plan as a page; with `runbook` as a procedure, in Markdown when standard output is no terminal."""
    if printer.as_json:
        return
    if runbook and plan.items:
        blocks = runbook_blocks(plan, cluster, printer.lang)
        if sys.stdout.isatty():
            printer.show(blocks)
        else:
            sys.stdout.write(markdown.render(blocks))
        return
    printer.show((*plan_blocks(plan, printer.lang), *_what_next(plan, file, config_file, printer.lang)))


def _what_next(plan: Plan, file: Path | None, config_file: Path, lang: str) -> tuple[Block, ...]:
    say = speaker(lang)
    if not plan.items or errors(plan.findings):
        return ()
    words = ["ucmcert", "renew", *([str(file)] if file else []), "--config", str(config_file), "--approve", plan.digest]
    return (paragraph(say("plan.next"), " ", Text(shlex.join(words), "code")),)
