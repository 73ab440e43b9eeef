"""Promise: bad input and a broken world are told in sentences with the right exit code, and nothing is lost by them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import clear
import pytest

from end_to_end.benches import config_of, ledger_events, writes
from end_to_end.clear import DONE, FAILED, FINDINGS, HELD, USAGE
from end_to_end.programs import BIN, Finished, Lab, finished, lab, told, ucmcert
from end_to_end.side_by_side import side_by_side

SPEED = 400
WRONG_PASSWORD = "not-the-right-one"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab on which no test of this module changes anything."""
    with lab(tmp_path_factory.mktemp("still") / "lab", "single", "--calm", speed=SPEED) as one:
        yield one


@pytest.fixture(scope="module")
def bad_configs(still: Lab, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    """What `check` says to every configuration that is wrong in one thing, all asked at the same time."""
    folder = tmp_path_factory.mktemp("bad")
    wrong = folder / "wrong.password"
    wrong.write_text(WRONG_PASSWORD + "\n")
    wrong.chmod(0o600)
    card = still.ready["nodes"][0]
    os_admin, app_admin = (still.ready["credentials"][name]["password"] for name in ("os_admin", "app_admin"))
    swaps = {
        "unknown host": {f'address = "{card["address"]}"': 'address = "no-such-host.invalid"'},
        "wrong SSH password": {os_admin: f"file:{wrong}"},
        "wrong HTTP password": {app_admin: f"file:{wrong}"},
        "other SSH host key": {card["ssh_host_key"]: "SHA256:" + "A" * 43},
        "typo in a table": {"[trust]": "[trsut]"},
        "typo in a key": {"tls_sha256 =": "tls_sha265 ="},
        "literal password": {os_admin: "hunter2-Secret"},
        "no TOML": {'cluster = "single"': 'cluster = "single'},
    }
    configs = {name: config_of(still, folder / name, swap=swap) for name, swap in swaps.items()}
    return side_by_side({name: partial(ucmcert, "check", "--config", path) for name, path in configs.items()})


ERRORS = (
    ("unknown host", USAGE, ("UCM-NET-004", "no-such-host.invalid", "DNS")),
    ("wrong SSH password", USAGE, ("UCM-SSH-002", "admin", "locked", "does not try twice")),
    ("other SSH host key", USAGE, ("UCM-SSH-001", "SHA256:AAAA", "The password was not sent", "ucmcert init")),
    ("typo in a table", USAGE, ("UCM-CONFIG-003", "`trsut`", "did you mean `trust`?")),
    ("typo in a key", USAGE, ("UCM-CONFIG-003", "`tls_sha265`", "did you mean `tls_sha256`?")),
    ("literal password", USAGE, ("UCM-CONFIG-006", "credentials, os_admin, password", "file:PATH")),
    ("no TOML", USAGE, ("UCM-CONFIG-002", "line 3")),
)


@pytest.mark.parametrize(("name", "code", "words"), ERRORS, ids=[row[0].replace(" ", "-") for row in ERRORS])
def test_a_wrong_configuration_is_an_error_of_usage(
    bad_configs: dict[str, Finished], name: str, code: int, words: tuple[str, ...]
) -> None:
    clear.error(bad_configs[name], code, *words)
    assert "hunter2" not in clear.told_by(bad_configs[name])


def test_a_wrong_http_password_is_told_once_and_tried_once(still: Lab, bad_configs: dict[str, Finished]) -> None:
    done = bad_configs["wrong HTTP password"]
    clear.finding(done, FINDINGS, "UCM-AUTH-001", "axladmin", "correct the credential", "does not try twice")
    assert 1 == done.out.count("ERROR  ")
    refused = [(one["interface"], one["outcome"]) for one in still.log() if one["outcome"].startswith("refused")]
    wanted = [(kind, "refused: wrong user or password") for kind in ("control-center", "ssh")]
    assert wanted == sorted(refused)


def test_renew_behind_an_untrusted_certificate_is_held_and_says_why(still: Lab, tmp_path: Path) -> None:
    before = len(still.log())
    config = config_of(still, tmp_path, swap={still.ready["nodes"][0]["tls_sha256"]: "ab" * 32})
    done = ucmcert("renew", "--yes", "--config", config, "--json")
    shown = still.ready["nodes"][0]["tls_sha256"]
    clear.error(done, HELD, "UCM-GATE-001", "nothing was changed", "UCM-TLS-001", shown, "The password was not sent")
    for misleading in ("Nothing is due", "This node shows no tomcat certificate"):
        assert misleading not in clear.told_by(done)
    assert ("held", []) == (done.last["outcome"], done.last["certificates"])
    assert {"ssh"} == {one["interface"] for one in still.log()[before:]}


def test_a_subscriber_that_is_down_is_one_error(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "pair", "--calm", speed=SPEED) as pair:
        pair.fault("add", "node-down", "--node", "cucm-sub1")
        done = ucmcert("check", "--config", pair.config)
        clear.finding(done, FINDINGS, "cucm-sub1.lab.example: Could not be read: release", "UCM-NET-001")
        assert 1 == done.out.count("ERROR  UCM-SCAN-001")
        assert "shows no tomcat certificate" not in done.out


BROKEN = (
    (("node-down",), FAILED, ("UCM-NET-001", "did not accept the connection")),
    (("wrong-answer", "--interface", "ssh"), FAILED, ("UCM-CLI-003", "unreadable answer to: show network cluster")),
    (("wrong-answer", "--interface", "rest"), FINDINGS, ("UCM-REST-002", "Could not be read: certificates")),
    (("throttle", "--interface", "rest", "--seconds", "8000"), FINDINGS, ("UCM-HTTP-001", "503", "certificates")),
)


@pytest.mark.parametrize(("fault", "code", "words"), BROKEN, ids=["-".join(row[0][::2]) for row in BROKEN])
def test_an_answer_that_does_not_come_or_cannot_be_read_is_named(
    still: Lab, fault: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    still.fault("add", *fault, "--times", "0")
    try:
        done = ucmcert("check", "--config", still.config)
    finally:
        still.fault("clear")
    (clear.error if code == FAILED else clear.finding)(done, code, *words, "run the same command again")


def test_a_ledger_of_an_unknown_version_is_left_alone(still: Lab, tmp_path: Path) -> None:
    config = config_of(still, tmp_path)
    path = tmp_path / "ucmcert-state" / "ledger.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("CREATE TABLE about (format INTEGER NOT NULL, cluster TEXT NOT NULL)")
        ledger.execute("INSERT INTO about VALUES (99, 'single')")
        ledger.commit()
    before = path.read_bytes()
    words = ("status", "renew --yes")
    said = side_by_side({word: partial(ucmcert, *word.split(), "--config", config) for word in words})
    for word in words:
        clear.error(said[word], USAGE, "UCM-LEDGER-001", "format 99", "use the release that wrote it")
    assert before == path.read_bytes()


def test_a_plan_file_with_one_flipped_byte_or_for_another_cluster_is_not_carried_out(
    still: Lab, tmp_path: Path
) -> None:
    config = config_of(still, tmp_path)
    plan = tmp_path / "plan.json"
    clear.plain(ucmcert("plan", "-o", plan, "--config", config), DONE, f"ucmcert renew {plan}")
    content = bytearray(plan.read_bytes())
    content[content.index(b"cucm-pub")] ^= 1
    (tmp_path / "flipped.json").write_bytes(content)
    done = ucmcert("renew", tmp_path / "flipped.json", "--yes", "--config", config)
    clear.error(done, HELD, "UCM-PLAN-FILE-006", "changed after it was written", "ucmcert plan -o FILE")
    elsewhere = config_of(still, tmp_path / "elsewhere", swap={'cluster = "single"': 'cluster = "other"'})
    done = ucmcert("renew", plan, "--yes", "--config", elsewhere)
    clear.error(done, USAGE, "UCM-PLAN-FILE-005", "cluster single", "other")
    (tmp_path / "no.json").write_text("{}")
    clear.error(ucmcert("renew", tmp_path / "no.json", "--config", config), USAGE, "UCM-PLAN-FILE-003")
    assert [] == ledger_events(config)


def test_a_node_whose_clock_is_an_hour_off_closes_the_gate(tmp_path: Path) -> None:
    scenario = tmp_path / "late.toml"
    text = told("ucmlab", "scenario", "show", "single")
    scenario.write_text(text.replace('role = "publisher"', 'role = "publisher"\nclock_offset_s = 3600.0'))
    with lab(tmp_path / "lab", str(scenario), "--calm", speed=SPEED) as one:
        done = ucmcert("renew", "--yes", "--config", one.config)
        clear.error(done, HELD, "UCM-GATE-001", "UCM-CHECK-016", "s away from ours", "which clock is wrong")
        clear.finding(done, HELD, "UCM-CHECK-016")
        assert {"csr": 0, "identity": 0} == writes(one, "ipsec")


def test_the_config_file_is_named_when_it_is_not_there(tmp_path: Path) -> None:
    done = finished([str(BIN / "ucmcert"), "check"], env={"UCMCERT_CONFIG": str(tmp_path / "none.toml")})
    clear.error(done, USAGE, "UCM-CONFIG-001", str(tmp_path / "none.toml"), "ucmcert init")
    assert [] == list(tmp_path.iterdir())


def test_a_consumer_that_is_silent_or_not_trusted_is_told_before_the_renewal(still: Lab, tmp_path: Path) -> None:
    card = still.ready["nodes"][0]
    config = config_of(still, tmp_path / "peers")
    peer = f'address = "{card["address"]}"\nport = '
    text = f'\n[[consumer]]\nkind = "expressway"\nname = "exp-c"\n{peer}{card["ports"]["https"]}\n'
    text += f'\n[[consumer]]\nkind = "uccx"\nname = "ccx-1"\n{peer}1\n'
    config.write_text(config.read_text() + text)
    done = ucmcert("plan", "--config", config, "--purpose", "tomcat", "--force", "--json")
    found = {one["code"]: one["where"] for one in done.last["plan"]["findings"]}
    assert ("exp-c", "ccx-1") == (found["UCM-CHECK-047"], found["UCM-CHECK-046"])
    named = {one["kind"]: one["names"] for one in done.last["plan"]["errands"]}
    assert (["exp-c"], ["ccx-1"]) == (named["expressway"], named["uccx"])


def test_the_trust_store_of_a_consumer_is_read_where_the_configuration_tells_how(still: Lab, tmp_path: Path) -> None:
    card = still.ready["nodes"][0]
    password = still.ready["credentials"]["os_admin"]["password"]
    config = config_of(still, tmp_path / "read")

    def peer(name: str, host_key: str) -> str:
        where = f'address = "{card["address"]}"\nport = {card["ports"]["https"]}\nssh_port = {card["ports"]["ssh"]}\n'
        login = f'os_admin = {{ user = "{still.ready["credentials"]["os_admin"]["user"]}", password = "{password}" }}\n'
        return f'\n[[consumer]]\nkind = "uccx"\nname = "{name}"\n{where}ssh_host_key = "{host_key}"\n{login}'

    text = peer("ccx-1", card["ssh_host_key"]) + peer("ccx-2", "SHA256:" + "A" * 43)
    config.write_text(config.read_text() + text)
    done = ucmcert("plan", "--config", config, "--purpose", "tomcat", "--force", "--json")
    told = {(one["code"], one["where"]) for one in done.last["plan"]["findings"]}
    assert ("UCM-CHECK-050", "ccx-2") in told
    assert ("UCM-CHECK-050", "ccx-1") not in told
    assert password not in done.out + done.err
    trusted = {one for one in told if one[0] == "UCM-CHECK-049"}
    assert not trusted, "this lab trusts itself"
