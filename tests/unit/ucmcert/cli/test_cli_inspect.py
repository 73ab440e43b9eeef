"""Promise: inspect shows who is trusted for what and who signed, answers with 0, 2 or 3, and asks nobody for a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_bench import configured, ucmcert

from factory.clusters import cluster, four_nodes, with_node
from ucmcert.model.cluster import Cluster, Holding, Identity
from unit.ucmcert.trust_list.list_writer import (
    CALL_MANAGER,
    CAPF,
    RECOVERY,
    TVS,
    Style,
    holder,
    itl,
    record,
    sha1,
    signed,
)

STORED = {"CallManager": CALL_MANAGER, "ITLRecovery": RECOVERY, "TVS": TVS, "CAPF": CAPF}
SGN = Style(version=b"\x01\0", filename="SEP001122334455.cnf.xml.sgn")


def written(folder: Path, data: bytes, name: str = "ITLFile.tlv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def held(**changes: object) -> Cluster:
    stored = {**STORED, **changes}
    identities = tuple(Identity(purpose=name, certificate=who.certificate) for name, who in stored.items())
    return with_node(cluster(*four_nodes()), "cucm-pub", holding=Holding(identities=identities, requests=(), trust=()))


def serve(monkeypatch: pytest.MonkeyPatch, whole: Cluster, files: dict[tuple[str, str], bytes]) -> None:
    """Let the session see `whole`, and its nodes serve these files by (node, file name)."""

    async def look() -> Cluster:
        return whole

    async def tftp_file(node, name: str) -> bytes | None:
        return files.get((node.name, name))

    @asynccontextmanager
    async def session(_: Path) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(look=look, client=SimpleNamespace(tftp_file=tftp_file))

    monkeypatch.setattr("ucmcert.cli.inspecting.asking.open_session", session)


def test_a_good_list_is_shown_with_its_signer(tmp_path: Path) -> None:
    data = itl()
    ended = ucmcert("inspect", "itl", written(tmp_path, data))
    assert 0 == ended.code
    for said in ("SAST (signer)", "TFTP", "TVS", "CAPF", RECOVERY.name, sha1(data), TVS.certificate.sha256[:16]):
        assert said in ended.out
    assert "verified with the signer's own record" in ended.out


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    data = itl()
    last = ucmcert("inspect", "itl", written(tmp_path, data), "--json").last
    assert ("done", "itl", True, True, "ITLFile.tlv", "1.2", "SHA-1", len(data), sha1(data)) == (
        last["outcome"], last["kind"], last["present"], last["verified"], last["filename"], last["format"],
        last["digest"], last["length"], last["sha1"],
    )  # fmt: skip
    assert [True, False, False, False, False] == [one["signed_it"] for one in last["records"]]
    tvs = last["records"][3]
    assert ("TVS", TVS.certificate.sha256, TVS.certificate.not_after, "EC secp256r1", None) == (
        tvs["role"], tvs["sha256"], tvs["not_after"], tvs["key"], tvs["owners"],
    )  # fmt: skip


@pytest.mark.parametrize(("content", "code"), [(b"", "UCM-TLV-001"), (itl()[:-1] + b"\0", "UCM-TLV-002")])
def test_what_does_not_hold_is_a_finding(tmp_path: Path, content: bytes, code: str) -> None:
    ended = ucmcert("inspect", "itl", written(tmp_path, content), "--json")
    assert (3, "findings", False, [code]) == (
        ended.code, ended.last["outcome"], ended.last["verified"], [one["code"] for one in ended.last["findings"]],
    )  # fmt: skip


def test_a_signed_file_is_verified_by_a_list(tmp_path: Path) -> None:
    file = written(tmp_path, signed(CALL_MANAGER, b"<device/>", SGN), "SEP001122334455.cnf.xml.sgn")
    ended = ucmcert("inspect", "sgn", file, "--by", written(tmp_path, itl()), "--json")
    assert (0, True, 9) == (ended.code, ended.last["verified"], ended.last["payload_length"])
    assert CALL_MANAGER.certificate.sha256 == ended.last["signer_sha256"]


def test_a_signed_file_without_a_list_or_with_a_doubtful_one_is_not_verified(tmp_path: Path) -> None:
    file = written(tmp_path, signed(CALL_MANAGER, b"<device/>", SGN), "x.sgn")
    doubtful = written(tmp_path, itl()[:-1] + b"\0")
    for more in ((), ("--by", doubtful)):
        ended = ucmcert("inspect", "sgn", file, *more, "--json")
        assert (3, False) == (ended.code, ended.last["verified"])


def test_a_node_is_asked_and_its_list_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, held(), {("cucm-pub.lab.example", "ITLFile.tlv"): itl()})
    ended = ucmcert("inspect", "itl", "CUCM-PUB", "-c", configured(tmp_path), "--json")
    assert (0, "done", "cucm-pub.lab.example") == (ended.code, ended.last["outcome"], ended.last["where"])
    owner = [{"node": "cucm-pub.lab.example", "purpose": "CallManager"}]
    assert [owner, owner] == [ended.last["records"][at]["owners"] for at in (1, 2)]


def test_a_stale_list_of_a_node_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, held(TVS=holder("tvs.new", "ec")), {("cucm-pub.lab.example", "ITLFile.tlv"): itl()})
    ended = ucmcert("inspect", "itl", "cucm-pub", "-c", configured(tmp_path))
    assert (3, True, True) == (ended.code, "UCM-TLV-013" in ended.out, "nowhere in the cluster" in ended.out)


def test_a_cluster_that_was_never_mixed_has_no_ctl_and_that_is_fine(tmp_path: Path, monkeypatch) -> None:
    serve(monkeypatch, held(), {})
    ended = ucmcert("inspect", "ctl", "cucm-pub", "-c", configured(tmp_path), "--json")
    assert (0, False, ["UCM-TLV-016"]) == (
        ended.code, ended.last["present"], [one["code"] for one in ended.last["findings"]],
    )  # fmt: skip
    assert 3 == ucmcert("inspect", "itl", "cucm-pub", "-c", configured(tmp_path)).code


def test_wrong_usage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = written(tmp_path, itl())
    assert 2 == ucmcert("inspect", "itl", tmp_path / "none.tlv").code
    assert 2 == ucmcert("inspect", "itl", tmp_path).code
    assert 2 == ucmcert("inspect", "sgn", "none.sgn").code
    assert 2 == ucmcert("inspect", "xyz", good).code
    assert 2 == ucmcert("inspect", "itl", good, "--by", good).code
    assert 2 == ucmcert("inspect", "sgn", good, "--by", written(tmp_path, b"no list", "other")).code
    serve(monkeypatch, held(), {})
    ended = ucmcert("inspect", "itl", "cucm-pup", "-c", configured(tmp_path))
    assert (2, True) == (ended.code, "cucm-pub" in ended.err)


def test_french_speaks_french(tmp_path: Path) -> None:
    path = written(tmp_path, signed(RECOVERY, record(CALL_MANAGER, 3)))
    ended = ucmcert("inspect", "itl", path, "--lang", "fr")
    assert (3, True, True) == (ended.code, "Approuvé comme" in ended.out, "signataire" in ended.out)
