"""Promise: two runs never work on one cluster, and a killed run leaves no lock behind."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ucmcert.errors import UsageError
from ucmcert.run.lock import cluster_lock

HOLDER = """
    import sys, time, pathlib
    from ucmcert.run.lock import cluster_lock
    with cluster_lock(pathlib.Path(sys.argv[1]), "demo"):
        print("held", flush=True)
        time.sleep(60)
"""


def test_a_second_run_is_told_who_holds_the_lock_and_a_kill_frees_it(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        assert "held\n" == holder.stdout.readline()
        with pytest.raises(UsageError, match=f"UCM-LOCK-001.*{holder.pid}"), cluster_lock(tmp_path, "demo"):
            pass
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with cluster_lock(tmp_path, "demo"):
        pass
