"""What `inspect` reads from disk: a list, or a signed file with the list that verifies it."""

from pathlib import Path

from ucmcert.errors import UsageError
from ucmcert.model.trust_list import ListKind
from ucmcert.report.inspected import InspectShape, inspected_bytes, inspected_list, inspected_signed
from ucmcert.trust_list import TrustList, decode, decode_signed, verify, verify_signed
from ucmcert.trust_list.files import SIZE_MAX
from ucmcert.trust_list.judge import list_findings, signed_findings, unreadable


def inspect_list(kind: ListKind, path: Path) -> InspectShape:
    """The ITL or CTL at `path`, judged by itself. Raises UsageError UCM-FILE-000."""
    data, where = read(path), str(path)
    try:
        found = decode(data)
    except ValueError as error:
        return inspected_bytes(kind, where, data, (unreadable(where, str(error)),))
    return inspected_list(inspected_bytes(kind, where, data, list_findings(found, kind, where)), found, None)


def inspect_signed(path: Path, by: Path | None) -> InspectShape:
    """The signed file at `path`, its signer looked for in the list at `by`. Raises UsageError UCM-FILE-000, -015."""
    data, where = read(path), str(path)
    trusted = _list_at(by) if by else None
    try:
        file = decode_signed(data)
    except ValueError as error:
        return inspected_bytes("sgn", where, data, (unreadable(where, str(error)),))
    verdict = verify_signed(file, trusted) if trusted and verify(trusted).verified else None
    begun = inspected_bytes("sgn", where, data, signed_findings(file, trusted, where))
    return inspected_signed(begun, file, verdict)


def read(path: Path) -> bytes:
    """The bytes of a file, one more than we are willing to look at at most. Raises UsageError UCM-FILE-000."""
    try:
        with path.open("rb") as file:
            return file.read(SIZE_MAX + 1)
    except OSError as error:
        raise UsageError(
            "UCM-FILE-000",
            "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read",
            where=str(path),
            why=f"inspect reads an ITL, a CTL or a .sgn file ({error.strerror})",
            next="correct the path, or name a node of the cluster to fetch its list",
        ) from error


def _list_at(path: Path) -> TrustList:
    try:
        return decode(read(path))
    except ValueError as error:
        raise UsageError(
            "UCM-ARG-020",
            "the list that should verify the file cannot be read",
            where=f"--by {path}",
            why=str(error),
            next="give the ITL or CTL of the node that serves the file; `ucmcert inspect itl` judges it",
        ) from error
