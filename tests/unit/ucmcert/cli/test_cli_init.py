"""Promise: init trusts nobody before a person or a given pin, sends no password before that, and writes none."""

import asyncio
import io
import stat
from pathlib import Path

import msgspec
import pytest
from cli_bench import CANARY, ucmcert

from factory.certificates import self_signed
from ucmcert.cli.held import SafetyHold
from ucmcert.cli.ports import SystemClock
from ucmcert.cli.printing import Printer
from ucmcert.cli.setup.asking_publisher import Wanted, ask_publisher
from ucmcert.cli.setup.config_text import cluster_name, config_text, quoted
from ucmcert.cli.setup.confirming import Expected, confirm, normal_sha256
from ucmcert.cli.setup.found import Account, Found, Shown
from ucmcert.cli.setup.outcome import init_shape
from ucmcert.cli.setup.references import reference_for
from ucmcert.cli.setup.sight import Sight, look_at
from ucmcert.cli.setup.writing import write_config
from ucmcert.config.load import load_config
from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.node import Credential, Node, Release, Role
from ucmcert.model.ports import Http, Terminal, Trust

KEY = "SHA256:NmpuPgEcJnBYsxWV9eUsJH7BbY9IB/mG2ioGTLPqepY"
LEAF = self_signed("cucm-pub.lab.example")
PRINTER = Printer(lang="en", as_json=False)


def node(host: str, role: Role = Role.SUBSCRIBER, **more: object) -> Node:
    known = Node(name=f"{host}.lab.example", host=host, address="127.0.0.9", role=role, release=Release(14, 0, 1, 1))
    return msgspec.structs.replace(known, **more)


def shown(host: str, role: Role = Role.SUBSCRIBER, **more: object) -> Shown:
    return Shown(node=node(host, role, **more), leaf=self_signed(f"{host}.lab.example"), ssh_host_key=KEY)


PUBLISHER = shown("cucm-pub", Role.PUBLISHER, ports={"https": 10443, "ssh": 10022})
UNSEEN = Shown(node=node("imp-pub", Role.IM_PRESENCE), trouble='silent\n[x] = "y"')
FOUND = Found(
    cluster="demo",
    os_admin=Account(user='o"admin\\', reference="file:os.pass"),
    app_admin=Account(user="appadmin", reference="env:APP"),
    nodes=(PUBLISHER, shown("cucm-sub1"), UNSEEN),
)


class Wire:
    """A network where a node shows LEAF and refuses everything else; it notes whether anybody logged in."""

    def __init__(self, leaf: bytes | None = LEAF.der) -> None:
        self.leaf = leaf
        self.logins = 0

    async def http(self, node: Node, port: int, credential: Credential, trust: Trust) -> Http:
        self.logins += 1
        raise _refused(f"{node.name}:{port} {credential.user} {len(trust.leaf_sha256)}")

    async def terminal(self, node: Node, credential: Credential) -> Terminal:
        self.logins += 1
        raise _refused(f"{node.name} {credential.user}")

    async def handshake(self, node: Node, port: int, timeout_s: float) -> tuple[bytes, ...]:
        if self.leaf is None:
            raise _refused(f"{node.name}:{port} {timeout_s}")
        return (self.leaf,)

    async def host_key(self, node: Node) -> str:
        return KEY if self.leaf else f"{node.name}"


def _refused(where: str) -> OutcomeUnknown:
    return OutcomeUnknown("UCM-NET-001", "refused", where=where, why="a closed door", sent=False)


def wanted(folder: Path, expected: Expected, host: str = "127.0.0.9") -> Wanted:
    (folder / "os.pass").write_text(CANARY)
    (folder / "os.pass").chmod(0o600)
    account = Account(user="admin", reference="file:os.pass")
    return Wanted(
        host=host, ports={}, cluster="", os_admin=account, app_admin=account, expected=expected, folder=folder
    )


def test_the_text_is_a_configuration_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "u.toml"
    write_config(path, config_text(FOUND), force=False)
    config = load_config(path)
    assert ("demo", "cucm-pub.lab.example", "127.0.0.9") == (
        config.cluster, config.publisher.name, config.publisher.address,
    )  # fmt: skip
    assert ['o"admin\\', "appadmin"] == [config.credentials.os_admin.user, config.credentials.app_admin.user]
    assert (PUBLISHER.leaf.sha256 if PUBLISHER.leaf else "") in config.trust.tls_sha256
    assert [("cucm-pub.lab.example", {"https": 10443, "ssh": 10022}), ("cucm-sub1.lab.example", {})] == [
        (one.name, one.ports) for one in config.nodes
    ]
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_node_that_was_not_seen_stands_there_as_a_comment_only() -> None:
    lines = [one for one in config_text(FOUND).splitlines() if "imp-pub" in one or '[x] = "y"' in one]
    assert 1 == len(lines)
    assert lines[0].startswith("#")
    assert "findings" == init_shape(FOUND, Path("u.toml")).outcome


@pytest.mark.parametrize("text", ['quo"te', "back\\slash", "new\nline", "del\x7f", "accent é", "# hash"])
def test_every_text_survives_toml(text: str) -> None:
    import tomllib

    assert {"key": text} == tomllib.loads(f"key = {quoted(text)}")


@pytest.mark.parametrize(("host", "name"), [("cucm-pub", "cucm-pub"), ("a b/c", "a-b-c"), ("...", "cluster")])
def test_a_cluster_gets_a_name_that_the_configuration_allows(host: str, name: str) -> None:
    assert name == cluster_name(host)


def test_an_existing_file_is_left_alone_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "u.toml"
    path.write_text("mine")
    with pytest.raises(UsageError, match="UCM-INIT-003"):
        write_config(path, config_text(FOUND), force=False)
    assert "mine" == path.read_text()
    write_config(path, config_text(FOUND), force=True)
    assert "demo" == load_config(path).cluster


def test_an_existing_file_is_told_before_anybody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "u.toml").write_text("mine")
    ended = ucmcert("init", "127.0.0.9", "-o", tmp_path / "u.toml", "--json")
    assert (2, "UCM-INIT-003") == (ended.code, ended.last["error"]["code"])


def test_given_fingerprints_decide_alone() -> None:
    leaf = PUBLISHER.leaf.sha256 if PUBLISHER.leaf else ""
    right = Expected(tls_sha256=frozenset({leaf}), ssh_host_keys=frozenset({KEY}), yes=True)
    confirm(PRINTER, (PUBLISHER,), right)
    for wrong in (
        msgspec.structs.replace(right, tls_sha256=frozenset({"0" * 64})),
        msgspec.structs.replace(right, ssh_host_keys=frozenset()),
    ):
        with pytest.raises(SafetyHold, match="UCM-INIT-001"):
            confirm(PRINTER, (PUBLISHER,), wrong)


@pytest.mark.parametrize(("typed", "code"), [("n\n", "UCM-INIT-002"), ("", "UCM-ASK-001")])
def test_without_a_yes_nobody_logs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    wire = Wire()
    sight = Sight(connect=wire, fetch_host_key=wire.host_key)
    with pytest.raises(UsageError, match=code):
        asyncio.run(ask_publisher(wanted(tmp_path, Expected()), sight, SystemClock(), PRINTER))
    assert 0 == wire.logins


def test_after_the_yes_it_logs_in_as_the_certificate_is_called(tmp_path: Path) -> None:
    wire = Wire()
    sight = Sight(connect=wire, fetch_host_key=wire.host_key)
    with pytest.raises(OutcomeUnknown, match=r"cucm-pub\.lab\.example"):
        asyncio.run(ask_publisher(wanted(tmp_path, Expected(yes=True)), sight, SystemClock(), PRINTER))
    assert wire.logins


def test_a_publisher_that_shows_nothing_is_told_with_its_ports(tmp_path: Path) -> None:
    wire = Wire(leaf=None)
    sight = Sight(connect=wire, fetch_host_key=wire.host_key)
    with pytest.raises(UsageError, match="UCM-INIT-007") as caught:
        asyncio.run(ask_publisher(wanted(tmp_path, Expected(yes=True)), sight, SystemClock(), PRINTER))
    assert ("443" in caught.value.where, "refused" in caught.value.why) == (True, True)


def test_looking_never_raises() -> None:
    wire = Wire(leaf=b"no certificate")
    found = asyncio.run(look_at(Sight(connect=wire, fetch_host_key=wire.host_key), node("cucm-sub1")))
    assert (None, KEY, True) == (found.leaf, found.ssh_host_key, "8443" in found.trouble)


def test_fingerprints_are_taken_in_any_spelling() -> None:
    colons = ":".join("AB" for _ in range(32))
    assert "ab" * 32 == normal_sha256(colons)


def test_a_literal_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    ended = ucmcert("init", "127.0.0.9", "--app-user", "a", "--os-password", CANARY, "-o", tmp_path / "u.toml")
    assert 2 == ended.code
    assert CANARY not in ended.out + ended.err


def test_a_typed_password_goes_into_a_private_file_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: CANARY)
    monkeypatch.setattr("sys.stdin", io.StringIO("file\nmy.pass\n"))
    reference = reference_for("", "os_admin", folder=tmp_path, option="--os-password", lang="en")
    written = tmp_path / "my.pass"
    assert ("file:my.pass", f"{CANARY}\n", 0o600) == (
        reference, written.read_text(), stat.S_IMODE(written.stat().st_mode),
    )  # fmt: skip
    assert CANARY not in "".join(capsys.readouterr())


def test_nobody_to_ask_for_a_reference_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="UCM-ASK-001") as caught:
        reference_for("", "os_admin", folder=tmp_path, option="--os-password", lang="en")
    assert "--os-password env:NAME" in caught.value.next
