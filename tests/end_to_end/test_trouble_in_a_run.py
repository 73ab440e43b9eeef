"""Promise: what breaks in a run holds it with a reason, loses nothing, and resume brings it to its end."""

import sys
from functools import partial
from pathlib import Path

import clear
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from end_to_end.benches import begun, config_of, ledger_events, renewed, writes
from end_to_end.clear import DONE, FAILED, HELD, USAGE
from end_to_end.operator_hands import new_csr, upload
from end_to_end.programs import BIN, Finished, Lab, finished, lab, ucmcert
from end_to_end.side_by_side import side_by_side
from end_to_end.site_ca import site_ca

SPEED = 400
IMPATIENT = "\n[renew]\nsettle_s = 2\npatience_s = 3\n"
PATIENT = "\n[renew]\nsettle_s = 10\npatience_s = 60\n"
ENDED = "finished: every certificate"
OLD = """
name = "old"
title = "One node of 11.5: no certificate REST interface"
version = "11.5.1.12900-21"

[[nodes]]
name = "cucm-pub"
role = "publisher"
"""

LIMITED = """
import os, resource, signal, sys

import pytest
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


def _ended_well(one: Lab, config: Path, last: Finished) -> None:
    clear.plain(last, DONE, ENDED)
    clear.ledger_is_intact(config)
    renewed(one, "ipsec")
    assert {"csr": 1, "identity": 1} == writes(one, "ipsec")


def _held_again_and_again(folder: Path) -> None:
    """One run that meets a new trouble each time it is taken up; each is named, and the run ends well at last."""
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        config = config_of(one, folder, more=IMPATIENT)
        always = ("--times", "0", "--seconds", "8000")
        resume = partial(ucmcert, "resume", "--config", config)

        one.fault("add", "throttle", "--interface", "rest", "--operation", "trust", *always)
        first = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", config)
        clear.ending(first, HELD, "UCM-RUN-019", "trust.upload was tried 3 times", "HTTP status 503")

        one.fault("clear")
        one.fault("add", "wrong-answer", "--interface", "ssh", "--operation", "drs-status", *always)
        clear.ending(resume(), HELD, "UCM-RUN-018", "unreadable answer to: utils disaster_recovery status backup")

        one.fault("clear")
        one.fault("add", "wrong-answer", "--interface", "rest", "--operation", "snapshot", *always)
        clear.ending(resume(), HELD, "UCM-RUN-018", "the snapshot cannot be read", "no JSON object")

        one.fault("clear")
        one.fault("add", "node-down")
        clear.error(resume(), FAILED, "UCM-NET-001", "did not accept the connection", "run the same command again")

        one.fault("clear")
        one.fault("add", "service-fails", "--operation", "Cisco DRF Local")
        stopped = resume()
        clear.ending(stopped, HELD, "UCM-CLI-015", "Cisco DRF Local did not start again", "start it, and resume")
        assert "Component is not running" in stopped.out
        _ended_well(one, config, resume())


def _passing_troubles(folder: Path) -> None:
    """Answers that are lost, broken or refused for a while hold nobody up."""
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        config = config_of(one, folder, more=PATIENT)
        one.fault("add", "throttle", "--interface", "rest", "--operation", "csr", "--seconds", "400")
        one.fault("add", "drop-after", "--interface", "rest", "--operation", "identity")
        one.fault("add", "wrong-answer", "--interface", "rest", "--operation", "trust", "--times", "2")
        one.fault("add", "wrong-answer", "--interface", "control-center", "--times", "4")
        one.fault("add", "wrong-answer", "--interface", "axl", "--times", "4")
        one.fault("add", "drop-after", "--interface", "ssh", "--operation", "restart")
        done = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", config)
        clear.plain(done, DONE, "unclear: Generate the ipsec CSR", "unclear: Upload the ipsec certificate")
        _ended_well(one, config, done)


def _without_rest(folder: Path) -> None:
    """A release before 14 has no certificate REST interface: everything goes by the command line."""
    folder.mkdir(parents=True)
    (folder / "old.toml").write_text(OLD)
    with lab(folder / "lab", str(folder / "old.toml"), "--calm", speed=SPEED) as one:
        config = config_of(one, folder, more=PATIENT)
        done = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", config)
        _ended_well(one, config, done)
        assert not [row for row in one.log() if row["interface"] == "rest"]
        assert {"csr", "trust", "identity", "restart"} <= {row["operation"] for row in one.log()}


def _a_second_run(folder: Path) -> None:
    """A second run is turned away by the lock, while status may look."""
    with lab(folder / "lab", "single", "--calm", speed=10) as one:
        config = config_of(one, folder / "client")
        words = ("renew --yes", "resume", "status --json")
        with begun(config, "csr.generate", "--purpose", "ipsec") as process:
            second = side_by_side({word: partial(ucmcert, *word.split(), "--config", config) for word in words})
            assert DONE == process.wait(timeout=120)
        for word in words[:2]:
            clear.error(second[word], USAGE, "UCM-LOCK-001", f"process {process.pid}", "ucmcert status")
        assert (DONE, "running") == (second["status --json"].code, second["status --json"].last["outcome"])
        clear.ledger_is_intact(config)


def _a_full_disk(folder: Path) -> None:
    """Nothing is sent that could not be written down first; once there is room, resume ends the run."""
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        config = config_of(one, folder / "client")
        words = [str(BIN / "ucmcert"), "renew", "--purpose", "ipsec", "--yes", "--config", str(config)]
        full = {size: [sys.executable, "-c", LIMITED, str(size), *words] for size in (1_000, 150_000)}
        clear.error(finished(full[1_000]), USAGE, "UCM-LEDGER-002", "could not be opened", "has room")
        assert [] == ledger_events(config)
        clear.error(finished(full[150_000]), USAGE, "UCM-LEDGER-002", "a full disk", "then resume")
        clear.ledger_is_intact(config)
        assert 0 < len(ledger_events(config))
        clear.plain(ucmcert("resume", "--config", config), DONE, "finished: every certificate")
        renewed(one, "ipsec")
        assert {"csr": 1, "identity": 1} == writes(one, "ipsec")


def _a_changed_cluster(folder: Path) -> None:
    """A plan is not carried out on a cluster that is no longer as it was when the plan was made."""
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        config, plan, ca = config_of(one, folder / "client"), folder / "plan.json", site_ca(Path(one.ready["ca"]))
        clear.plain(ucmcert("plan", "-o", plan, "--config", config), DONE)
        csr = x509.load_pem_x509_csr(new_csr(one, "ipsec").encode())
        upload(one, "ipsec", ca.sign(csr).public_bytes(Encoding.PEM), (ca.root_pem, ca.intermediate_pem))
        done = ucmcert("renew", plan, "--yes", "--config", config)
        clear.error(done, HELD, "UCM-GATE-002", "ipsec/cucm-pub.lab.example/identity", "make a new plan")
        assert [] == ledger_events(config)


@pytest.mark.long
def test_trouble_in_a_run_holds_it_and_resume_ends_it(tmp_path: Path) -> None:
    work = {
        "an old release": _without_rest,
        "held again and again": _held_again_and_again,
        "passing troubles": _passing_troubles,
        "a second run": _a_second_run,
        "a full disk": _a_full_disk,
        "a changed cluster": _a_changed_cluster,
    }
    side_by_side({name: partial(one, tmp_path / name.replace(" ", "-")) for name, one in work.items()})
