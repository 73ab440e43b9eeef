"""Which release writes or reads a pack: the same one must give the same bytes for the same ledger."""

from importlib.metadata import version


def release() -> str:
    """`ucmcert 0.1.0`."""
    return f"ucmcert {version('ucmcert')}"
