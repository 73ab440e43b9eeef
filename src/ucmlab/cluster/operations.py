"""The log of every operation the cluster received, whoever asked: JSON lines in the state folder, or a list."""

from pathlib import Path

import msgspec


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `at`: true time, UTC epoch seconds. `outcome`: `ok`, or `refused: <words>`, `dropped` ..."""

    at: float
    node: str
    interface: str
    operation: str
    purpose: str
    outcome: str


class OperationLog:
    """Append-only; a line is written and flushed before `append` returns."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / "operations.jsonl"
        self._memory: list[Operation] = []

    def append(
        self, at: float, node: str, *, interface: str, operation: str, purpose: str = "", outcome: str = "ok"
    ) -> None:
        """Record one operation."""
        row = Operation(at=at, node=node, interface=interface, operation=operation, purpose=purpose, outcome=outcome)
        if self._path is None:
            self._memory.append(row)
            return
        with self._path.open("ab") as stream:
            stream.write(msgspec.json.encode(row) + b"\n")

    def operations(self) -> list[Operation]:
        """Everything recorded so far, oldest first."""
        return list(self._memory) if self._path is None else read_operations(self._path.parent)


def read_operations(folder: Path) -> list[Operation]:
    """The operations recorded in a state folder; a last line cut off by a kill is left out."""
    path = folder / "operations.jsonl"
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [msgspec.json.decode(line, type=Operation) for line in whole.splitlines()]
