"""Options that several commands share, spelled and explained once, and the kind of command that tells its own bugs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ucmcert.errors import UcmcertError

Function = TypeVar("Function", bound=Callable[..., Any])
DEFAULT_CONFIG = "ucmcert.toml"
EXPECTED = (UcmcertError, click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError)


class Crash(Exception):
    """A command met an exception nobody foresaw (`__cause__`). `config_file` tells where the report may be kept."""

    def __init__(self, config_file: Path | None) -> None:
        super().__init__("unexpected exception")
        self.config_file = config_file


class ProgramCommand(click.Command):
    """A command of the program: what nobody foresaw leaves it as a Crash, with the place for the report."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except EXPECTED:
            raise
        except Exception as error:
            raise Crash(ctx.params.get("config_file")) from error


def config_option(command: Function) -> Function:
    """`--config FILE`, as a path that need not exist: the loader explains better."""
    return click.option(
        "--config",
        "-c",
        "config_file",
        type=click.Path(path_type=Path),
        default=DEFAULT_CONFIG,
        show_default=True,
        envvar="UCMCERT_CONFIG",
        help="The configuration file.",
    )(command)


def output_options(command: Function) -> Function:
    """`--json`, `--lang en|fr` and `--debug`."""
    for option in (debug_option, lang_option, json_option):
        command = option(command)
    return command


def json_option(command: Function) -> Function:
    """`--json`: one JSON object on the last line of standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def lang_option(command: Function) -> Function:
    """`--lang en|fr`."""
    return click.option(
        "--lang", type=click.Choice(["en", "fr"]), default="en", envvar="UCMCERT_LANG", help="Language of the output."
    )(command)


def debug_option(command: Function) -> Function:
    """`--debug`: `main` looks for the word itself, since a crash can come before any command runs."""
    return click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a bug.")(command)


def plan_options(command: Function) -> Function:
    """`--replace-csr`, `--regenerate-capf` and `--restart-set`: how what was chosen is renewed."""
    command = click.option(
        "--restart-set",
        type=click.Choice(["union", "cisco-217138", "security-guide"]),
        metavar="SET",
        help="union, cisco-217138 or security-guide.",
    )(command)
    command = click.option("--regenerate-capf", is_flag=True, help="Also the subscribers' CAPF (before 14).")(command)
    return click.option("--replace-csr", is_flag=True, help="A CSR left on a node may be replaced.")(command)


def acceptance_options(command: Function) -> Function:
    """`--accept CODE` (repeatable) and `--reason TEXT`: errors of the lint that a person lets pass."""
    command = click.option("--reason", default="", metavar="TEXT", help="Why, for --accept; it goes to the evidence.")(
        command
    )
    return click.option(
        "--accept", "accepted", multiple=True, metavar="CODE", help="Let this lint error pass (repeatable)."
    )(command)


def selection_options(command: Function) -> Function:
    """`--purpose P`, `--node N` (both repeatable) and `--force`: what to renew."""
    command = click.option("--force", is_flag=True, help="Also what is not due yet.")(command)
    command = click.option("--node", "nodes", multiple=True, help="Only this node (repeatable).")(command)
    return click.option("--purpose", "purposes", multiple=True, help="Only this purpose (repeatable).")(command)
