"""Promise: what breaks in a run holds it with a reason, loses nothing, and resume brings it to its end."""

from functools import partial
from pathlib import Path

import clear
from benches import config_of, renewed, writes
from clear import DONE, FAILED, HELD
from programs import Finished, Lab, lab, ucmcert
from side_by_side import side_by_side

SPEED = 400
IMPATIENT = "\n[renew]\nsettle_s = 2\npatience_s = 3\n"
ENDED = "finished: every certificate"
OLD = """
name = "old"
title = "One node of 11.5: no certificate REST interface"
version = "11.5.1.12900-21"

[[nodes]]
name = "cucm-pub"
role = "publisher"
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
        config = config_of(one, folder)
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
        config = config_of(one, folder)
        done = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", config)
        _ended_well(one, config, done)
        assert not [row for row in one.log() if row["interface"] == "rest"]
        assert {"csr", "trust", "identity", "restart"} <= {row["operation"] for row in one.log()}


def test_trouble_in_a_run_holds_it_and_resume_ends_it(tmp_path: Path) -> None:
    work = {
        "an old release": _without_rest,
        "held again and again": _held_again_and_again,
        "passing troubles": _passing_troubles,
    }
    side_by_side({name: partial(one, tmp_path / name.replace(" ", "-")) for name, one in work.items()})
