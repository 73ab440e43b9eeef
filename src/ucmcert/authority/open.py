"""Opens the authority that the configuration names."""

from pathlib import Path
from typing import Protocol

from ucmcert.authority.files import FilesAuthority
from ucmcert.authority.local import LocalAuthority
from ucmcert.errors import UsageError
from ucmcert.model.ports import Clock
from ucmcert.model.signing import Authority


class AuthoritySettings(Protocol):
    """The [authority] table of the configuration, as far as it is read here."""

    @property
    def kind(self) -> str:
        """`local` or `files`."""
        ...

    @property
    def folder(self) -> str:
        """An absolute path."""
        ...

    @property
    def lifetime_days(self) -> int:
        """How long a certificate that we sign ourselves lives."""
        ...


def open_authority(settings: AuthoritySettings | None, clock: Clock, config_file: Path) -> Authority:
    """The authority of `settings`. Raises UsageError UCM-CA-004 when there is none or its kind is unknown."""
    kind = settings.kind if settings else ""
    if settings and kind == "local":
        return LocalAuthority(Path(settings.folder), clock, settings.lifetime_days)
    if settings and kind == "files":
        return FilesAuthority(Path(settings.folder), clock, config_file)
    raise UsageError(
        "UCM-CA-004",
        "no certificate authority is configured",
        where=f"{config_file}, authority",
        why=f"kind `{kind}` is not one we know" if kind else "without one nobody can sign",
        next='add [authority] with kind = "local" or "files" and its folder',
    )
