"""The `ucmcert` program: finds the command, runs it, and turns every trouble into four sentences and an exit code."""

import importlib
import io
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import click

from ucmcert.cli.exit_codes import HELD, INTERRUPTED, USAGE
from ucmcert.cli.options import Crash
from ucmcert.errors import Refused, UcmcertError

COMMANDS: dict[str, str] = {
    "demo": "Renew five purposes on an embedded cluster with 500 phones.",
    "init": "Write a configuration by asking the publisher.",
    "scan": "Inventory: every certificate, most urgent first.",
    "horizon": "What comes until 2029: expiries, limits, windows.",
    "check": "Is the cluster fit for a renewal?",
    "csr": "Preview the CSRs that a renewal would make.",
    "plan": "Show what would be done, in which order, and why.",
    "renew": "Carry out a plan, from CSR to the served certificate.",
    "status": "What a run does, or waits for, right now.",
    "resume": "Go on with a run after a wait, a hold or a crash.",
    "approve": "Sign for phones that a run waits for.",
    "recover": "Which phones have lost trust, and what helps them.",
    "abandon": "Give up a run that can never go on.",
    "submit": "Hand in what the CA returned, whatever its form.",
    "report": "Show, write or verify the evidence pack of a run.",
    "lint": "Would CUCM accept this certificate?",
    "trust": "What is in each trust store, why, and what may go.",
    "ca": "What a CA does to requests, and what it can be used for.",
    "inspect": "What phones trust: an ITL, a CTL or a .sgn, from a file or a node.",
}


class LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ucmcert.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; an unknown command is told with the nearest known one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `ucmcert {near[0]}`?" if near else "`ucmcert --help` lists the commands."
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ucmcert")
def program() -> None:
    """Renew every CA-signed certificate of a CUCM cluster, end to end, with proof.

    New here? `ucmcert demo` shows the whole job on an embedded cluster.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point. Exit codes: 0 done, 1 failed, 2 usage, 3 findings, 4 waiting, 5 held, 130 stopped by a person."""
    words = tuple(arguments if arguments is not None else sys.argv[1:])
    as_json = "--json" in words
    _speak_anything()
    if arguments is None and not sys.warnoptions:
        warnings.simplefilter("ignore")  # a library grumbles at odd certificates; what matters of them is a finding
    try:
        code = program.main(args=words, prog_name="ucmcert", standalone_mode=False)
    except UcmcertError as error:
        tell(error, as_json=as_json)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        if as_json:
            _tell_json("failed", {"code": "UCM-ARG-000", "what": error.format_message()})
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the last flush would complain once more
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last net: a user never sees a raw traceback
        sys.exit(_tell_bug(error, as_json=as_json, debug="--debug" in words))
    sys.exit(code if isinstance(code, int) else 0)


def _speak_anything() -> None:
    """A terminal that knows no accents gets question marks, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(error: UcmcertError, *, as_json: bool) -> None:
    """Print `error` for a person on stderr, and as the last line of JSON on stdout when asked."""
    answer = error.answer if isinstance(error, Refused) else ""
    lines = [f"{error.code}: {error.what}", f"  where  {error.where}", f"  why    {error.why}"]
    if answer:
        lines.append(f"  answer {answer}")
    click.echo("\n".join([*lines, f"  next   {error.next}"]), err=True)
    if as_json:
        facts = {"code": error.code, "what": error.what, "where": error.where, "why": error.why, "next": error.next}
        _tell_json("held" if error.exit_code == HELD else "failed", facts)


def _tell_json(outcome: str, facts: dict[str, str]) -> None:
    """The last line of a command that could not do its work, with the keys that renew and resume always have."""
    nothing = {"run": "", "ledger": "", "evidence": "", "certificates": []}
    click.echo(json.dumps({"outcome": outcome, **nothing, "error": facts}))


def _tell_bug(error: Exception, *, as_json: bool, debug: bool) -> int:
    from ucmcert.cli.bug_report import bug_report, details

    cause = error.__cause__ if isinstance(error, Crash) and error.__cause__ else error
    report = bug_report(cause, _state_of(error.config_file) if isinstance(error, Crash) else None)
    if debug:
        click.echo(details(cause), err=True)
    tell(report, as_json=as_json)
    return report.exit_code


def _state_of(config_file: Path | None) -> Path | None:
    """The state folder, if the configuration can still be read: a report about a crash must not crash."""
    if config_file is None:
        return None
    try:
        from ucmcert.config.load import load_config

        return Path(load_config(config_file).state)
    except Exception:  # noqa: BLE001 - whatever it is, the report goes without a file
        return None
