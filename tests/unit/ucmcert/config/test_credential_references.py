"""Promise: a credential is a reference, read late, from a place others cannot read, and never printed."""

from pathlib import Path

import pytest

from ucmcert.config.credentials import resolve
from ucmcert.errors import UsageError

CANARY = "s3cret-canary-77aa"


def answered(command: tuple[str, ...]) -> str:
    return f"{CANARY} {' '.join(command)}\nsecond line\n"


def failing(command: tuple[str, ...]) -> str:
    raise OSError(1, f"exit 1 after {CANARY}")


def told(reference: str) -> str:
    return resolve(reference, where="here", environment={"NAME": CANARY}, run_command=answered).reveal()


def refusal(reference: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        resolve(reference, where="here", environment={"EMPTY": ""}, run_command=failing)
    return caught.value


def test_each_kind_of_reference_leads_to_its_place(tmp_path: Path) -> None:
    private = tmp_path / "pass"
    private.write_text(f"{CANARY}\n")
    private.chmod(0o600)
    assert told("env:NAME") == CANARY
    assert told(f"file:{private}") == CANARY
    assert told("keyring:cucm/osadmin") == f"{CANARY} keyring get cucm osadmin"
    assert told("command:pass show 'cucm lab/os'") == f"{CANARY} pass show cucm lab/os"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    shared = tmp_path / "pass"
    shared.write_text(CANARY)
    shared.chmod(mode)
    error = refusal(f"file:{shared}")
    assert error.code == "UCM-CONFIG-007"
    assert error.next.startswith("chmod 600 ")


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        (CANARY, "UCM-CONFIG-006"),
        ("env:", "UCM-CONFIG-006"),
        ("env:MISSING", "UCM-CONFIG-007"),
        ("env:EMPTY", "UCM-CONFIG-007"),
        ("file:/nowhere/at/all", "UCM-CONFIG-007"),
        ("file:/", "UCM-CONFIG-007"),
        ("command:pass show", "UCM-CONFIG-007"),
        ("command:pass 'show", "UCM-CONFIG-007"),
    ],
)
def test_what_leads_nowhere_is_an_error_without_the_secret(reference: str, code: str) -> None:
    error = refusal(reference)
    assert error.code == code
    assert CANARY not in f"{error.what} {error.where} {error.next}"


def test_the_resolved_secret_prints_as_stars() -> None:
    secret = resolve("env:NAME", where="here", environment={"NAME": CANARY}, run_command=answered)
    assert f"{secret} {secret!r}" == "*** ***"
