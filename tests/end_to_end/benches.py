"""What the end-to-end tests of trouble share: a configuration of their own, a run to interfere with, the end state."""

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from end_to_end.programs import Lab, started
from simulation.end_state import NOT_DONE

SOON = "\n[renew]\nsettle_s = 3\npatience_s = 5\n"
FILES = '[authority]\nkind = "files"\nfolder = "handover"\n'
WITHIN_S = 60.0


def config_of(lab: Lab, folder: Path, *, more: str = SOON, swap: dict[str, str] | None = None) -> Path:
    """The lab's configuration, in a folder of its own and so with a ledger of its own; `swap` replaces texts in it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = lab.config.read_text()
    for old, new in (swap or {}).items():
        assert old in text, f"{old!r} is not in:\n{text}"
        text = text.replace(old, new)
    path = folder / "ucmcert.toml"
    path.write_text(text + more)
    return path


def files_config(lab: Lab, folder: Path, *, more: str = SOON) -> Path:
    """The same, with a CA that is handed its CSRs in `folder`/handover."""
    text = lab.config.read_text()
    local = text[text.index("[authority]") :]
    return config_of(lab, folder, more=more, swap={local: FILES})


def ledger_events(config: Path) -> list[dict[str, Any]]:
    """What the ledger beside `config` holds, oldest first; nothing before it exists."""
    path = config.parent / "ucmcert-state" / "ledger.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
        try:
            rows = ledger.execute("SELECT body FROM entries ORDER BY number").fetchall()
        except sqlite3.OperationalError:  # its tables are not there yet
            return []
    return [json.loads(row[0]) for row in rows]


@contextmanager
def begun(config: Path, after: str, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """`ucmcert renew` at work, right after it has proven its first step whose id holds `after`."""
    process = started("renew", "--yes", "--config", config, *words)
    try:
        deadline = time.monotonic() + WITHIN_S
        while not any(one["type"] == "verified" and after in one["step"] for one in ledger_events(config)):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def renewed(lab: Lab, purpose: str, *, node: int = 0) -> dict[str, Any]:
    """The identity of `purpose` by the lab's own account; it must be of the new CA, loaded and served everywhere."""
    found = next(one for one in lab.inspect()["nodes"][node]["identities"] if one["purpose"] == purpose)
    assert "G2" in found["issuer"], found
    assert {found["stored"]} == {found["loaded"], *found["served_on"].values()}, found
    return dict(found)


def writes(lab: Lab, purpose: str) -> dict[str, int]:
    """How often the nodes took a CSR and an identity of `purpose`, refusals and lost requests left out."""
    counts = {"csr": 0, "identity": 0}
    for one in lab.log():
        taken = one["outcome"] not in NOT_DONE and not one["outcome"].startswith("refused")
        if one["operation"] in counts and one["purpose"] == purpose and taken:
            counts[one["operation"]] += 1
    return counts
