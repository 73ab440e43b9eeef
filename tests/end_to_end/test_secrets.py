"""Promise: no password leaves the place it was given in: no log, no evidence, no output, no file, no command line."""

import base64
import os
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from end_to_end.benches import config_of, ledger_events
from end_to_end.canaries import Canary, Watch, contents, seen_in
from end_to_end.programs import BIN, Finished, Lab, lab, ucmcert
from end_to_end.side_by_side import side_by_side

SEED = 20_261_125
WRONG = Canary(user="axladmin", password="Wrong&Canary/No 1=%")
LITERAL = Canary(user="admin", password="Literal-Canary-2")
DEMO_S = 400.0


def _canaries(state: Path) -> list[Canary]:
    return [
        Canary(user=user, password=(state / "credentials" / f"{name}.password").read_text().strip())
        for name, user in (("os_admin", "admin"), ("app_admin", "axladmin"))
    ]


def _whole_life(one: Lab, folder: Path) -> list[Finished]:
    """From init to a verified pack."""
    card, config = one.ready["nodes"][0], folder / "ucmcert.toml"
    os_admin, app_admin = (one.ready["credentials"][name] for name in ("os_admin", "app_admin"))
    ports = {"--port-https": "https", "--port-https-alt": "https_alt", "--port-ssh": "ssh"}
    done = [
        ucmcert(
            *("init", card["address"], "--yes", "--user", os_admin["user"], "--app-user", app_admin["user"]),
            *("--os-password", os_admin["password"], "--app-password", app_admin["password"], "-o", config),
            *(word for option, name in ports.items() for word in (option, card["ports"][name])),
        )
    ]
    local = f'kind = "local"\nfolder = "{one.ready["ca"]}"'
    config.write_text(config.read_text().replace('kind = "files"\nfolder = "ca-exchange"', local))
    plan = folder / "plan.json"
    done += [ucmcert(*words, "--config", config) for words in (("scan", "--trust"), ("plan", "-o", plan))]
    done += [ucmcert("renew", plan, "--yes", "--config", config, "--json", "--debug")]
    done += [ucmcert(*words, "--config", config) for words in (("status",), ("report", "show", "--complete"))]
    done += [ucmcert("report", "write", "--config", config, "-o", folder / "pack", "--json")]
    done += [ucmcert("report", "verify", folder / "pack" / f"{Path(done[-1].last['evidence']).name}.zip")]
    assert [0] * len(done) == [each.code for each in done], done[[each.code != 0 for each in done].index(True)]
    return done


def _failures(one: Lab, folder: Path) -> list[Finished]:
    """Wrong passwords, a literal one, references of every kind, a cluster that answers nonsense."""
    wrong = folder / "wrong.password"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(WRONG.password)
    wrong.chmod(0o600)
    os_admin, app_admin = (one.ready["credentials"][name]["password"] for name in ("os_admin", "app_admin"))
    path = os_admin.removeprefix("file:")
    os_bad = config_of(one, folder / "a", swap={os_admin: f"file:{wrong}"})
    app_bad = config_of(one, folder / "b", swap={app_admin: f"file:{wrong}"})
    literal = config_of(one, folder / "c", swap={os_admin: LITERAL.password})
    other = config_of(one, folder / "d", swap={os_admin: f"command:cat {path}", app_admin: "env:THE_PASSWORD"})
    other_env = {"THE_PASSWORD": one.password("app_admin")}
    done = [
        ucmcert("renew", "--yes", "--config", os_bad, "--json", "--debug"),
        ucmcert("renew", "--yes", "--config", app_bad, "--json", "--debug"),
        ucmcert("check", "--config", literal, "--json", "--debug"),
        ucmcert("check", "--config", other, env=other_env),
    ]
    assert [2, 5, 2, 0] == [each.code for each in done], done
    one.fault("add", "wrong-answer", "--times", "0")
    done += [ucmcert("check", "--config", other, "--debug", env=other_env)]
    literal.unlink()
    wrong.unlink()
    return done


def _demo(folder: Path) -> list[Finished]:
    """The demo, stopped by Ctrl-C once it changes something."""
    command = [str(BIN / "ucmcert"), "demo", "--keep", "--seed", str(SEED + 1), "-o", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + DEMO_S
    while not any(one["type"] == "acted" for one in ledger_events(folder / "ucmcert.toml")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=DEMO_S)
    return [Finished(code=process.returncode, out=out, err=err)]


@pytest.mark.long
def test_no_password_is_anywhere_but_where_it_was_given(tmp_path: Path) -> None:
    life, bad, demo = tmp_path / "life", tmp_path / "bad", tmp_path / "demo"
    life.mkdir()
    with (
        Watch() as watch,
        lab(tmp_path / "lab", "single", "--calm", speed=400, seed=SEED) as one,
        lab(tmp_path / "lab2", "single", "--calm", speed=400, seed=SEED) as two,
    ):
        work = {
            "life": partial(_whole_life, one, life),
            "bad": partial(_failures, two, bad),
            "demo": partial(_demo, demo),
        }
        finished = side_by_side(work)
        canaries = [*_canaries(one.state), *_canaries(demo / "lab"), WRONG, LITERAL]
        assert _canaries(one.state) == _canaries(two.state)
        lab_says = [(tmp_path / name / file) for name in ("lab", "lab2") for file in ("lab.out", "ready.json")]
        lab_says += [one.state / "operations.jsonl", two.state / "operations.jsonl", demo / "lab" / "lab.log"]
    ended = [each for group in finished.values() for each in group]
    assert 130 == finished["demo"][0].code, finished["demo"]

    places = {str(path): path.read_bytes() for path in lab_says}
    places |= {name: content for folder in (life, bad) for name, content in contents(folder)}
    places |= {name: content for name, content in contents(demo) if not name.startswith(str(demo / "lab"))}
    places |= {f"output of command {number}": (each.out + each.err).encode() for number, each in enumerate(ended)}
    places |= {f"command line {number}": line for number, line in enumerate(watch.seen)}
    assert {} == {name: users for name, content in places.items() if (users := seen_in(content, canaries))}

    assert any(b"ucmcert" in line and b"renew" in line for line in watch.seen)
    assert any(name.endswith("ledger.sqlite entry 10") for name in places)
    assert any(".zip/" in name for name in places)
    for one_canary in canaries:  # the search itself finds what it is for
        login = base64.b64encode(f"{one_canary.user}:{one_canary.password}".encode())
        buried = base64.b64encode(b"password=" + one_canary.password.encode() + b";")
        assert one_canary.user in seen_in(b"Authorization: Basic " + login, canaries)
        assert one_canary.user in seen_in(buried, canaries)
