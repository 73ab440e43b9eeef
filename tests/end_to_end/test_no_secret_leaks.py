"""Promise: the passwords of a run reach no output, ledger, report, evidence, bug report or process list."""

import base64
import threading
import time
import urllib.parse
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from end_to_end.programs import Finished, Lab, lab, ucmcert

WRONG = "Wr0ng-canary-5f1c9a"


def forms(user: str, password: str) -> set[bytes]:
    """How a password may look: as it is, as Basic auth carries it, as a URL does."""
    basic = base64.b64encode(f"{user}:{password}".encode())
    return {password.encode(), basic, basic.rstrip(b"="), urllib.parse.quote(password, safe="").encode()}


def canaries(one: Lab) -> set[bytes]:
    """Both passwords of the lab, and the wrong one that a failing run is given."""
    users = {name: one.ready["credentials"][name]["user"] for name in ("os_admin", "app_admin")}
    found = forms(users["os_admin"], WRONG)
    for name, user in users.items():
        secret = (one.state / "credentials" / f"{name}.password").read_text().strip()
        assert len(secret) > 10
        found |= forms(user, secret)
    return found


@contextmanager
def process_list() -> Iterator[set[bytes]]:
    """Command lines and environments of every process, looked at all the while."""
    seen: set[bytes] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                for name in (path, path.with_name("environ")):
                    try:
                        seen.add(name.read_bytes())
                    except OSError:
                        continue
            time.sleep(0.05)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every member of every zip."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield str(path.relative_to(folder)), path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())


def test_no_password_is_found_in_anything_a_run_leaves(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "single", "--calm", speed=400) as one, process_list() as listed:
        config = one.config
        wrong = tmp_path / "wrong.password"
        wrong.write_text(WRONG + "\n")
        wrong.chmod(0o600)
        bad = tmp_path / "bad.toml"
        good = config.read_text()
        bad.write_text(good.replace("os_admin.password", "os_admin.password.gone"))
        third = tmp_path / "third.toml"
        third.write_text(good.replace(str(one.state / "credentials" / "os_admin.password"), str(wrong)))
        said: list[Finished] = [
            ucmcert("scan", "--config", config),
            ucmcert("check", "--config", config, "--json"),
            ucmcert("plan", "--config", config, "--runbook", "-o", tmp_path / "plan.json"),
            ucmcert("renew", "--config", config, "--yes", "--json", "--debug"),
            ucmcert("status", "--config", config),
            ucmcert("report", "show", "--config", config),
            ucmcert("scan", "--config", bad, "--debug"),
            ucmcert("scan", "--config", third, "--debug"),
        ]
        secrets = canaries(one)
    assert [0, 0, 0, 0, 0, 0, 2, 2] == [one.code for one in said], [one.err[-300:] for one in said]
    assert "UCM-SSH-002" in said[-1].err
    told = b"\n".join((one.out + one.err).encode() for one in said)
    assert not any(secret in told for secret in secrets)
    assert not any(secret in line for secret in secrets for line in listed)
    kept = [*files_below(tmp_path / "lab" / "ucmcert-state"), ("plan.json", (tmp_path / "plan.json").read_bytes())]
    assert len(kept) > 10
    assert [] == [name for name, content in kept for secret in secrets if secret in content]
