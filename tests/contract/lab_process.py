"""`ucmlab up` as a process of its own, as anybody starts it; what it is, is read from the ready file only."""

import hashlib
import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

UCMLAB = Path(sys.executable).with_name("ucmlab")
START_WITHIN_S = 20.0
LOOK_EVERY_S = 0.02


def ucmlab(*words: str | Path) -> str:
    """Run another command of the program; returns what it prints."""
    done = subprocess.run([UCMLAB, *map(str, words)], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


class LabProcess:
    """A running lab. `ready` is the ready file."""

    def __init__(self, folder: Path, *words: str, scenario: str = "single") -> None:
        self.folder = folder
        self.state = folder / "state"
        self.output = folder / "output.txt"
        ready_file = folder / "ready.json"
        command = [UCMLAB, "up", "--scenario", scenario, "--state", self.state, "--ready-file", ready_file, *words]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=subprocess.STDOUT)
        until = time.monotonic() + START_WITHIN_S
        while not ready_file.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                raise AssertionError(f"the lab did not start:\n{self.output.read_text()}")
            time.sleep(LOOK_EVERY_S)
        self.ready: dict[str, Any] = json.loads(ready_file.read_text())
        ready_file.unlink()

    def __enter__(self) -> "LabProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(timeout=15)

    def node(self, name: str) -> dict[str, Any]:
        """One node of the ready file."""
        found: dict[str, Any] = next(node for node in self.ready["nodes"] if node["name"] == name)
        return found

    def password(self, account: str) -> str:
        """The password behind a reference `file:PATH`."""
        reference = str(self.ready["credentials"][account]["password"])
        return Path(reference.removeprefix("file:")).read_text().strip()

    def address(self, port: str, node: str = "cucm-pub") -> tuple[str, int]:
        """Where a port of a node is."""
        card = self.node(node)
        return card["address"], card["ports"][port]


def served_leaf(address: tuple[str, int]) -> bytes:
    """DER of the leaf that a port shows. Raises what a client meets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection(address, timeout=10) as plain, context.wrap_socket(plain) as tls:
        leaf = tls.getpeercert(binary_form=True)
    assert leaf is not None
    return leaf


def served_sha256(address: tuple[str, int]) -> str:
    """SHA-256 of that leaf, lower-case hex."""
    return hashlib.sha256(served_leaf(address)).hexdigest()


def pinned(address: tuple[str, int]) -> ssl.SSLContext:
    """A context that trusts exactly the leaf shown now."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(served_leaf(address)))
    return context


def accepts(address: tuple[str, int]) -> bool:
    """Whether a port accepts a connection."""
    try:
        socket.create_connection(address, timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True
