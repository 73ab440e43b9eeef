"""Where a cluster's runs live on disk. Needs no password and no network."""

from pathlib import Path

import msgspec

from ucmcert.config.load import load_config
from ucmcert.config.schema import Config


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration, where it came from, and the paths it leads to."""

    config_file: Path
    config: Config

    @property
    def state(self) -> Path:
        """The folder of the ledger, the lock and the evidence."""
        return Path(self.config.state)

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.state / "ledger.sqlite"

    @property
    def evidence(self) -> Path:
        """The folder that holds one evidence pack per run."""
        return self.state / "evidence"


def open_places(config_file: Path) -> Places:
    """The places of the configuration at `config_file`. Raises UsageError UCM-CONFIG-*."""
    return Places(config_file=config_file.absolute(), config=load_config(config_file))
