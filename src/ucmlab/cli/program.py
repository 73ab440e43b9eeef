"""The program itself: which commands there are, and how a mistake of the user is told."""

import importlib
import sys

import click

from ucmlab.errors import ScenarioError

WRONG_USE = 2
COMMANDS = {
    "up": "Start a lab in the foreground and serve it until stopped.",
    "inspect": "What every node stores, has loaded and serves.",
    "log": "Every operation the cluster received.",
    "phones": "The phones of the cluster and what they trust.",
    "fault": "Make a running lab go wrong: add, list, remove, clear.",
    "scenario": "Built-in scenarios, and what a scenario file may say.",
}


class Program(click.Group):
    """A group that imports a command's module when it is called, so that `--help` needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, from the module of its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ucmlab.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands, from COMMANDS alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what the user can mend is told in three lines and ends with exit code 2."""
        try:
            return super().invoke(ctx)
        except ScenarioError as error:
            _tell(error.what, where=error.where, next_step=error.next_step)
        except OSError as error:
            if error.filename is None:
                raise
            next_step = "Check that the path is right and may be read and written by you."
            _tell(error.strerror or str(error), where=str(error.filename), next_step=next_step)
        sys.exit(WRONG_USE)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ucmcert", prog_name="ucmlab")
def main() -> None:
    """An emulated Cisco Unified CM cluster: real sockets, real certificates, CUCM's own refusals.

    Any client can use it: curl, ssh, SOAP and REST scripts, browsers.
    """


def _tell(what: str, *, where: str, next_step: str) -> None:
    for line in (f"ucmlab: {what}", f"  where: {where}", f"  next:  {next_step}"):
        click.echo(line, err=True)
