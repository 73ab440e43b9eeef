"""The `ucmlab` program: one module per command, loaded only when that command runs."""

from ucmlab.cli.program import main

__all__ = ["main"]
