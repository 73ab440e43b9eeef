"""Promise: what the program itself says leads a newcomer from `--help` to a verified pack, in two languages."""

import stat
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import clear
import pytest

from end_to_end.benches import SOON, config_of, renewed, writes
from end_to_end.clear import DONE, HELD, USAGE, WAITING
from end_to_end.operator_hands import edit_state, typed
from end_to_end.programs import BIN, Finished, Lab, finished, lab, told, ucmcert
from end_to_end.side_by_side import side_by_side
from end_to_end.site_ca import site_ca

SPEED = 400
COMMANDS = ["demo", "init", "scan", "check", "plan", "renew", "status", "resume", "abandon", "submit", "report", "lint"]
FRENCH = {
    "scan": "Certificats du cluster",
    "check": "Aucun constat",
    "plan": "Plan de renouvellement du cluster",
    "plan --runbook": "Renouvellement à la main",
    "status": "Exécution",
    "report show": "Renouvellement",
    "report verify": "intact",
}


def test_help_lists_every_command_and_a_misspelt_one_is_guessed() -> None:
    asked = side_by_side({word: partial(ucmcert, *word.split()) for word in ("--help", "-h", "renew --help", "renwe")})
    clear.plain(asked["--help"], DONE, *(f" {one} " for one in COMMANDS), "ucmcert demo")
    assert asked["--help"].out == asked["-h"].out
    clear.plain(asked["renew --help"], DONE, "--purpose", "--yes", "--wait", "4 waiting", "5 held")
    clear.plain(asked["renwe"], USAGE, "did you mean `ucmcert renew`?")


def _init(one: Lab, config: Path, *words: str) -> Finished:
    card, accounts = one.ready["nodes"][0], one.ready["credentials"]
    ports = {"--port-https": "https", "--port-https-alt": "https_alt", "--port-ssh": "ssh"}
    return ucmcert(
        *("init", card["address"], "--app-user", accounts["app_admin"]["user"], "-o", config),
        *("--os-password", accounts["os_admin"]["password"], "--app-password", accounts["app_admin"]["password"]),
        *(word for option, name in ports.items() for word in (option, card["ports"][name])),
        *words,
    )


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """The folder somebody works in."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_init_trusts_no_other_fingerprint_than_the_given_ones(newcomer: Path, tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "single", "--calm", speed=SPEED) as one:
        card, config = one.ready["nodes"][0], newcomer / "ucmcert.toml"
        right = {"--tls-sha256": card["tls_sha256"], "--ssh-host-key": card["ssh_host_key"]}
        wrong_leaf = {**right, "--tls-sha256": "ab" * 32}
        wrong_key = {**right, "--ssh-host-key": "SHA256:" + "A" * 43}
        refused = side_by_side(
            {
                name: partial(_init, one, newcomer / f"{name}.toml", *(word for pair in given.items() for word in pair))
                for name, given in {"leaf": wrong_leaf, "key": wrong_key}.items()
            }
        )
        clear.error(refused["leaf"], HELD, "UCM-INIT-001", "TLS fingerprint", card["tls_sha256"], "was not sent")
        clear.error(refused["key"], HELD, "UCM-INIT-001", "SSH host key", card["ssh_host_key"], "was not sent")
        assert [] == list(newcomer.iterdir())
        assert [] == one.log()

        nobody = finished([str(BIN / "ucmcert"), "init", card["address"], "-o", str(config)])
        clear.error(nobody, USAGE, "UCM-ASK-001", "nobody is there", "--app-user")
        written = _init(one, config, *(word for pair in right.items() for word in pair), "--json", "--lang", "fr")
        assert ("done", str(config)) == (written.last["outcome"], written.last["config"])
        assert 0o600 == stat.S_IMODE(config.stat().st_mode)
        clear.error(_init(one, config, "--yes"), USAGE, "UCM-INIT-003", "configuration already", "--force")


def _asked(config: Path, words: tuple[str, ...]) -> dict[str, Finished]:
    """Every command, in French for a person and in JSON for a program."""
    work = {f"{word} fr": partial(ucmcert, *word.split(), "--config", config, "--lang", "fr") for word in words}
    work |= {f"{word} json": partial(ucmcert, *word.split(), "--config", config, "--json") for word in words}
    return side_by_side(work)


@pytest.mark.long
def test_from_init_to_a_verified_pack(newcomer: Path, tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "single", "--calm", speed=SPEED) as one:
        config, plan = newcomer / "ucmcert.toml", newcomer / "plan.json"
        clear.plain(_init(one, config, "--yes"), DONE, "with 1 of 1 nodes pinned", f"ucmcert scan --config {config}")

        looks = ("scan", "check", "plan", "plan --runbook")
        said = _asked(config, looks)
        for word in looks:
            clear.plain(said[f"{word} fr"], DONE, FRENCH[word])
            assert (DONE, "done", 1) == (
                said[f"{word} json"].code,
                said[f"{word} json"].last["outcome"],
                said[f"{word} json"].last["version"],
            )
            assert 1 == len(said[f"{word} json"].out.splitlines())
        assert {"tomcat", "ipsec"} == {row["purpose"] for row in said["plan json"].last["plan"]["items"]}
        assert {} == {key: count for key, count in writes(one, "tomcat").items() if count}

        written = ucmcert("plan", "-o", plan, "--config", config, "--json")
        assert (DONE, str(plan)) == (written.code, written.last["file"])
        digest = written.last["digest"]
        other = ucmcert("renew", plan, "--approve", "0" * 64, "--config", config)
        clear.error(other, HELD, "UCM-GATE-003", digest, "look at the plan again")
        waiting = ucmcert("renew", plan, "--yes", "--config", config, "--lang", "fr", "--json")
        assert (WAITING, "waiting", digest) == (waiting.code, waiting.last["outcome"], waiting.last["plan_digest"])

        ca, answers = site_ca(Path(one.ready["ca"])), newcomer / "answers"
        answers.mkdir()
        for csr in (newcomer / "ca-exchange" / "outgoing").glob("*.csr"):
            (answers / f"{csr.stem}.pem").write_bytes(ca.answer(csr) + ca.chain_pem)
        done = ucmcert("submit", answers, "--config", config, "--lang", "fr", "--json")
        assert (DONE, "done", []) == (done.code, done.last["outcome"], done.last["missing"])
        assert all(row["done"] for row in done.last["run"]["certificates"])
        renewed(one, "tomcat")
        renewed(one, "ipsec")

        said = _asked(config, ("status", "report show"))
        for word in ("status", "report show"):
            clear.plain(said[f"{word} fr"], DONE, FRENCH[word])
            assert (DONE, "done") == (said[f"{word} json"].code, said[f"{word} json"].last["outcome"])
        pack = Path(done.last["run"]["evidence"])
        for place in (pack, pack.with_name(pack.name + ".zip")):
            verified = ucmcert("report", "verify", place, "--json", "--lang", "fr")
            assert (DONE, True) == (verified.code, verified.last["intact"])
        clear.plain(ucmcert("report", "verify", pack, "--lang", "fr"), DONE, FRENCH["report verify"])
        (pack / "summary.md").write_text("nothing happened")
        broken = ucmcert("report", "verify", pack, "--json")
        assert (1, False) == (broken.code, broken.last["intact"])


def _single_sign_on(folder: Path) -> None:
    """SSO is switched off and on again by a person, and waited for."""
    folder.mkdir()
    scenario, state = folder / "sso.toml", folder / "lab"
    scenario.write_text(told("ucmlab", "scenario", "show", "single") + "\n[sso]\nenabled = true\n")
    with lab(state, str(scenario), "--calm", speed=SPEED) as one:
        config = config_of(one, folder / "client")
        plan = ucmcert("plan", "--purpose", "tomcat", "--config", config)
        clear.plain(plan, DONE, "What a person must do", "Disable SAML single sign-on", "single sign-on again")
        asks = ucmcert("renew", "--purpose", "tomcat", "--yes", "--config", config)
        clear.ending(asks, WAITING, "waiting for a person", "switch it off before", "utils sso status", "then resume")
        assert {"csr": 1, "identity": 0} == writes(one, "tomcat")
        still = ucmcert("resume", "--config", config)
        clear.ending(still, WAITING, "waiting for a person", "switch it off before")
        assert "SSO disabled successfully" in typed(one, "utils sso disable", "yes")
        asks = ucmcert("resume", "--config", config, "--json")
        assert (WAITING, "waiting", "served") == (
            asks.code,
            asks.last["outcome"],
            asks.last["certificates"][0]["state"],
        )
        assert ["person"] == [pause["who"] for pause in asks.last["pauses"]]
        assert "switch SAML single sign-on on again" in asks.last["pauses"][0]["what"]
        seed = one.ready["seed"]
    edit_state(state, sso_off_on=[])  # what an administrator does in the pages, which the lab does not have
    with lab(state, str(scenario), "--calm", speed=SPEED, seed=seed) as one:
        clear.plain(ucmcert("resume", "--config", config), DONE, "finished: every certificate")
        renewed(one, "tomcat")
        assert {"csr": 1, "identity": 1} == writes(one, "tomcat")


def _window(opens: datetime) -> str:
    day = opens.strftime("%a").lower()
    return f'\n[[window]]\ndays = ["{day}"]\nfrom = "{opens:%H}:00"\nto = "{opens:%H}:30"\ntimezone = "UTC"\n'


def _closed_window(folder: Path) -> None:
    """A closed change window lets everything be prepared and tells the next opening."""
    opens = (datetime.now(tz=UTC) + timedelta(days=2)).replace(minute=0)
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        config = config_of(one, folder / "client", more=SOON + _window(opens))
        waits = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", config)
        clear.ending(waits, WAITING, "waiting for the change window", f"{opens:%Y-%m-%d %H:00}", "--wait")
        assert {"csr": 1, "identity": 0} == writes(one, "ipsec")
        config.write_text(config.read_text().replace(_window(opens), ""))
        clear.plain(ucmcert("resume", "--config", config), DONE, "finished: every certificate")
        renewed(one, "ipsec")


def test_a_run_waits_for_a_person_and_for_a_window(tmp_path: Path) -> None:
    side_by_side(
        {"SSO": partial(_single_sign_on, tmp_path / "sso"), "window": partial(_closed_window, tmp_path / "window")}
    )
