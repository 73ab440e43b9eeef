"""Promise: what a CA sends back is taken in by what it is, judged before it is kept, and what is missing is named."""

import asyncio
from pathlib import Path

import pytest
from cli_bench import CA, CONFIG, Ended, configured, ucmcert

from factory.certificates import DAY, Requested, request, sign
from ucmcert.authority.files import FilesAuthority, answer_path
from ucmcert.cli.ports import SystemClock
from ucmcert.model.certificate import Certificate, read_certificates_pem
from ucmcert.model.signing import Profile

TODAY = int(SystemClock().now())
PUB, SUB = request("cucm-pub.lab.example"), request("cucm-sub1.lab.example")
CHAIN = "".join(one.pem for one in CA.chain)


def answer(asked: Requested, **wrong: object) -> Certificate:
    return sign(asked, CA.intermediate, not_before=TODAY - DAY, not_after=TODAY + 300 * DAY, **wrong)  # type: ignore[arg-type]


def handed_over(folder: Path, *asked: Requested) -> Path:
    """A configuration whose CSRs were handed over."""
    config = configured(folder)
    authority = FilesAuthority(folder / "exchange", SystemClock(), config)
    for one in asked:
        asyncio.run(authority.submit(one.request, Profile(node=one.request.common_name, purpose="tomcat")))
    (folder / "back").mkdir()
    return config


def submit(folder: Path, config: Path, **files: str) -> Ended:
    for name, content in files.items():
        (folder / "back" / name).write_text(content)
    return ucmcert("submit", folder / "back", "-c", config, "--json")


def kept(folder: Path, asked: Requested) -> tuple[Certificate, ...]:
    path = answer_path(folder / "exchange", asked.request.spki_sha256)
    return read_certificates_pem(path.read_bytes()) if path.exists() else ()


def test_all_answers_make_it_done_and_are_kept_in_order(tmp_path: Path) -> None:
    config, leaf = handed_over(tmp_path, PUB, SUB), answer(PUB)
    ended = submit(tmp_path, config, b=leaf.pem, a=answer(SUB).pem + CHAIN)
    assert (0, "done", 2, []) == (ended.code, ended.last["outcome"], len(ended.last["taken"]), ended.last["missing"])
    assert [leaf.sha256, *(one.sha256 for one in CA.chain)] == [one.sha256 for one in kept(tmp_path, PUB)]


def test_a_missing_answer_is_named_and_waited_for(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB, SUB)
    ended = submit(tmp_path, config, a=answer(PUB).pem + CHAIN)
    assert (4, "waiting") == (ended.code, ended.last["outcome"])
    assert [{"node": "cucm-sub1.lab.example", "purpose": "tomcat"}] == ended.last["missing"]


def test_only_bad_files_are_findings_and_keep_nothing(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    ended = submit(tmp_path, config, junk="hello", stranger=answer(SUB).pem)
    assert (3, "findings", []) == (ended.code, ended.last["outcome"], ended.last["taken"])
    assert {"UCM-FILE-005", "UCM-FILE-010"} == {one["code"] for one in ended.last["findings"]}
    assert () == kept(tmp_path, PUB)


def test_an_answer_cucm_would_refuse_is_not_kept(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    ended = submit(tmp_path, config, a=answer(PUB, sans=("dns:other.lab.example",)).pem + CHAIN)
    assert (3, ()) == (ended.code, kept(tmp_path, PUB))


def test_an_incomplete_chain_names_who_is_missing(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    ended = submit(tmp_path, config, a=answer(PUB).pem)
    (told,) = (one for one in ended.last["findings"] if one["code"] == "UCM-FILE-013")
    assert (3, True) == (ended.code, "Example Issuing CA" in told["what"])


def test_a_root_that_is_trusted_already_need_not_come_along(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    ended = submit(tmp_path, config, a=answer(PUB).pem + CA.intermediate.certificate.pem)
    assert (0, 3) == (ended.code, len(kept(tmp_path, PUB)))


def test_good_answers_count_although_bad_files_lie_beside_them(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    ended = submit(tmp_path, config, a=answer(PUB).pem + CHAIN, junk="hello")
    assert (0, "done") == (ended.code, ended.last["outcome"])
    assert ["UCM-FILE-005"] == [one["code"] for one in ended.last["findings"] if one["severity"] == "error"]


def test_handing_in_again_changes_nothing(tmp_path: Path) -> None:
    config = handed_over(tmp_path, PUB)
    submit(tmp_path, config, a=answer(PUB).pem + CHAIN)
    before = kept(tmp_path, PUB)
    assert 0 == submit(tmp_path, config).code
    assert before == kept(tmp_path, PUB)


@pytest.mark.parametrize(
    ("change", "code"),
    [(('kind = "files"', 'kind = "local"'), "UCM-SUBMIT-001"), (("[authority]", "[renew]"), "UCM-CONFIG-003")],
)
def test_submit_is_for_handed_over_files_only(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    config = configured(tmp_path, CONFIG.replace(*change))
    ended = ucmcert("submit", tmp_path, "-c", config, "--json")
    assert (2, code) == (ended.code, ended.last["error"]["code"])


def test_nothing_handed_over_and_no_such_folder_are_told_apart(tmp_path: Path) -> None:
    config = configured(tmp_path)
    nothing = ucmcert("submit", tmp_path, "-c", config, "--json")
    (tmp_path / "lab").mkdir()
    config = handed_over(tmp_path, PUB)
    nowhere = ucmcert("submit", tmp_path / "none", "-c", config, "--json")
    assert ("UCM-SUBMIT-002", "UCM-FILE-000") == (nothing.last["error"]["code"], nowhere.last["error"]["code"])
