"""Promise: a wrong configuration names the file, the item, what was expected and what to do, and never a password."""

from pathlib import Path

import pytest

from ucmcert.config.load import load_config, read_trust
from ucmcert.config.plan_options import plan_options
from ucmcert.errors import UsageError
from ucmcert.plan.options import Options

CANARY = "s3cret-canary-9f2e"
GOOD = """
cluster = "demo"
[publisher]
name = "cucm-pub.lab.example"
[credentials]
os_admin = { user = "osadmin", password = "file:os.pass" }
app_admin = { user = "appadmin", password = "env:APP" }
[trust]
anchors = ["root.pem"]
[[nodes]]
name = "cucm-pub.lab.example"
[[nodes]]
name = "cucm-sub1.lab.example"
ports = { https = 20443 }
[authority]
kind = "local"
folder = "ca"
[[window]]
days = ["sat"]
from = "22:00"
to = "04:00"
timezone = "Europe/Paris"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ucmcert.toml"
    path.write_text(text, "utf-8")
    return path


def trouble(folder: Path, text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load_config(written(folder, text))
    return caught.value


def test_paths_are_absolute_from_the_file(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD))
    assert config.state == str(tmp_path / "ucmcert-state")
    assert config.trust.anchors == (str(tmp_path / "root.pem"),)
    assert config.credentials.os_admin.password == f"file:{tmp_path / 'os.pass'}"
    assert config.credentials.app_admin.password == "env:APP"
    assert config.authority is not None
    assert config.authority.folder == str(tmp_path / "ca")


def test_pins_are_accepted_with_colons_and_capitals(tmp_path: Path) -> None:
    pin = ":".join(["AB"] * 32)
    config = load_config(written(tmp_path, GOOD.replace('anchors = ["root.pem"]', f'tls_sha256 = ["{pin}"]')))
    assert config.trust.tls_sha256 == ("ab" * 32,)


@pytest.mark.parametrize(
    ("change", "code", "item", "said"),
    [
        (("folder =", "foldr ="), "UCM-CONFIG-003", "authority", "did you mean `folder`?"),
        (("https = 20443 }", "https = 20443 }\nadress = 'x'"), "UCM-CONFIG-003", "number 2 (cucm-sub1", "`address`"),
        (("cluster =", "clusters ="), "UCM-CONFIG-003", "top of the file", "`cluster`"),
        (('user = "osadmin", ', ""), "UCM-CONFIG-004", "credentials, os_admin", "`user`"),
        (("20443", '"20443"'), "UCM-CONFIG-005", "nodes, number 2 (cucm-sub1.lab.example), ports", "int"),
        (("https =", "htps ="), "UCM-CONFIG-005", "ports", "https, https_alt, ssh"),
        (('"local"', '"lokal"'), "UCM-CONFIG-005", "authority, kind", "known words"),
        (("Europe/Paris", "Europe/Pari"), "UCM-CONFIG-005", "window, number 1, timezone", "IANA"),
        (("22:00", "25:00"), "UCM-CONFIG-005", "window, number 1", "matching"),
        (('anchors = ["root.pem"]', ""), "UCM-CONFIG-005", "trust", "impostor"),
        (("cucm-sub1", "cucm-pub"), "UCM-CONFIG-005", "nodes, number 2", "twice"),
        (('days = ["sat"]', "days = [}"), "UCM-CONFIG-002", "ucmcert.toml", "line"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, change: tuple[str, str], code: str, item: str, said: str) -> None:
    error = trouble(tmp_path, GOOD.replace(*change))
    assert error.code == code
    assert str(tmp_path / "ucmcert.toml") in error.where
    assert item in error.where
    assert said in f"{error.what} {error.why} {error.next}"


def test_a_missing_file_is_a_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_config(tmp_path / "nowhere.toml")
    assert caught.value.code == "UCM-CONFIG-001"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"env:APP"', f'"{CANARY}"'),
        ('"env:APP"', f'"{CANARY}:tail"'),
        ('"env:APP"', f'"vault:{CANARY}"'),
        ('password = "env:APP"', f'passwort = "{CANARY}"'),
        ('{ user = "appadmin", password = "env:APP" }', f'"{CANARY}"'),
        ('"env:APP" }', f'"{CANARY}'),
        ('password = "env:APP"', f"password = {CANARY}"),
        ('password = "env:APP"', f'password = ["{CANARY}"]'),
        ('"local"', f'"{CANARY}"'),
        ("Europe/Paris", CANARY),
    ],
)
def test_no_mistake_ever_repeats_a_password(tmp_path: Path, old: str, new: str) -> None:
    error = trouble(tmp_path, GOOD.replace(old, new))
    seen = "".join(
        f"{one!r}{one}{vars(one)}" for one in (error, error.__cause__, error.__context__) if one and one is not error
    )
    assert CANARY not in f"{error.code} {error.what} {error.where} {error.why} {error.next} {error!r}"
    assert error.__suppress_context__ or CANARY not in seen


def test_an_anchor_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    (tmp_path / "root.pem").write_text("hello")
    with pytest.raises(UsageError, match="UCM-CONFIG-005") as caught:
        read_trust(load_config(path), path)
    assert "root.pem" in caught.value.why


def test_phones_are_treated_carefully_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    plain = load_config(written(tmp_path, GOOD))
    assert plan_options(plain.phones) == Options()
    assert (plain.phones.page_port, plain.phones.patience_s) == (80, 5400.0)
    table = """
[phones]
pages = "open-for-the-run"
interaction = "manual-for-the-run"
reset = "at-once"
canary = "Lobby"
canary_limit = 2
page_port = 8080
order = "tvs-first"
restart_set = "cisco-217138"
patience_s = 60
backup = "wait"
lsc = "reissue"
lsc_authentication = "By Existing Certificate (precedence to LSC)"
"""
    chosen = load_config(written(tmp_path, GOOD.replace("[[window]]", table + "[[window]]")))
    assert plan_options(chosen.phones, replace_csr=True, regenerate_capf=True) == Options(
        replace_csr=True,
        capf_subscribers=True,
        pages="open-for-the-run",
        interaction="manual-for-the-run",
        reset="at-once",
        canary="Lobby",
        canary_limit=2,
        order="tvs-first",
        restart_set="cisco-217138",
        backup="wait",
        lsc="reissue",
        lsc_authentication="By Existing Certificate (precedence to LSC)",
    )
    assert (chosen.phones.page_port, chosen.phones.patience_s) == (8080, 60.0)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ('order = "tvs-never"', "phones, order"),
        ('restart_set = "none"', "phones, restart_set"),
        ("canary_limit = -1", "phones, canary_limit"),
        ("page_port = 0", "phones, page_port"),
        ("patience_s = 0", "phones, patience_s"),
        ('lsc = "renew"', "phones, lsc"),
        ('lsc_authentication = "By Authentication String"', "phones, lsc_authentication"),
    ],
)
def test_a_wrong_word_about_phones_is_named(tmp_path: Path, line: str, item: str) -> None:
    error = trouble(tmp_path, GOOD.replace("[[window]]", f"[phones]\n{line}\n[[window]]"))
    assert error.code == "UCM-CONFIG-005"
    assert item in error.where
    unknown = trouble(tmp_path, GOOD.replace("[[window]]", "[phones]\ncanari = 1\n[[window]]"))
    assert (unknown.code, "did you mean `canary`?" in unknown.next) == ("UCM-CONFIG-003", True)


def test_a_consumer_of_an_unknown_kind_is_told_with_the_kinds_there_are(tmp_path: Path) -> None:
    known = GOOD + '\n[[consumer]]\nkind = "expressway"\nname = "exp-c"\n'
    assert "exp-c" == load_config(written(tmp_path, known)).consumers[0].name
    error = trouble(tmp_path, known.replace("expressway", "expresway"))
    assert "consumer, number 1 (exp-c), kind" in error.where
    assert "expressway, uccx" in error.why
