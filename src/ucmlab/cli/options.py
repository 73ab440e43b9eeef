"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def state_option(function: F) -> F:
    """`--state DIR`, given to the command as an absolute path."""
    option = click.option(
        "--state",
        "folder",
        required=True,
        type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
        help="The lab's state folder.",
    )
    return option(function)


def json_option(function: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(function)
