"""Where a password is: given as a reference, or asked for. A typed password goes into a file of mode 0600, never on."""

from pathlib import Path

import click

from ucmcert.authority.durable_file import write_once
from ucmcert.cli.words import speaker
from ucmcert.config.credentials import KINDS, is_reference, literal_password
from ucmcert.errors import UsageError


def reference_for(given: str, key: str, *, folder: Path, option: str, lang: str) -> str:
    """The reference for the account `key`. A `file:` that does not exist yet may be made on the spot, in `folder`.

    Raises UsageError UCM-CONFIG-006 when `given` is no reference, UCM-ASK-001 when nobody can be asked.
    """
    if given:
        if not is_reference(given):
            raise literal_password(option)
        return given
    say = speaker(lang)
    try:
        kind = click.prompt(say("ask.kind", account=key), type=click.Choice(KINDS), default="file", err=True)
        default = f"{key}.password" if kind == "file" else None
        rest = click.prompt(say(f"ask.{kind}"), default=default, err=True)
        if kind == "file" and not (folder / rest).exists():
            password = click.prompt(say("ask.password", account=key, file=folder / rest), hide_input=True, err=True)
            _write_password(folder / rest, password)
    except (click.Abort, EOFError) as error:
        click.echo(err=True)  # the question still stands on this line
        raise UsageError(
            "UCM-ASK-001",
            f"nobody is there to say where the password of {key} is",
            where=option,
            why="standard input has ended",
            next=f"give {option} env:NAME, file:PATH, keyring:SERVICE/USER or command:PROGRAM",
        ) from error
    return f"{kind}:{rest}"


def user_for(given: str, *, lang: str) -> str:
    """The application user: given, or asked for. Raises UsageError UCM-ASK-001 when nobody can be asked."""
    if given:
        return given
    try:
        return str(click.prompt(speaker(lang)("ask.app_user"), err=True))
    except (click.Abort, EOFError) as error:
        click.echo(err=True)  # the question still stands on this line
        raise UsageError(
            "UCM-ASK-001",
            "nobody is there to name the application user",
            where="--app-user",
            why="standard input has ended",
            next="give --app-user NAME",
        ) from error


def _write_password(path: Path, password: str) -> None:
    try:
        write_once(path.absolute(), f"{password}\n".encode(), mode=0o600)
    except OSError as error:
        raise UsageError(
            "UCM-INIT-004",
            "the password file cannot be written",
            where=str(path),
            why=error.strerror or type(error).__name__,
            next="give another path, or another kind of reference",
        ) from None
