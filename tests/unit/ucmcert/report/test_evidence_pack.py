"""Promise: a pack holds the whole run, verifies offline, and one changed byte anywhere is found and named."""

import hashlib
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import msgspec
import pytest
from report_run import RUN, ledger, small_cluster, small_plan, telling, until, whole_run

from factory.certificates import NOW, request, sign, two_tier
from factory.clusters import cluster, node_facts
from ucmcert.errors import UsageError
from ucmcert.model.event import (
    AnyEvent,
    CertificateIssued,
    Entry,
    Finished,
    Held,
    Intended,
    RunStarted,
    StateReached,
    Stopped,
    Verified,
    Waiting,
)
from ucmcert.model.node import Credential, Role
from ucmcert.model.secret import Secret
from ucmcert.model.signing import Issued
from ucmcert.model.states import State
from ucmcert.report.pack import layout
from ucmcert.report.pack.contents import sums
from ucmcert.report.pack.manifest import Manifest, signed, written
from ucmcert.report.pack.verify import Verdict, verify_pack
from ucmcert.report.pack.write import pack_files, write_pack
from ucmcert.report.pages.verify_page import verify_blocks
from ucmcert.report.paper import plain
from ucmcert.run.ledger import digest_of, read_event

ENTRIES = whole_run()


def written_pack(folder: Path, entries: tuple[Entry, ...] = ENTRIES, lang: str = "en") -> Path:
    return write_pack(folder, entries, RUN, lang=lang)


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.findings]


def forged(folder: Path, changes: dict[str, bytes], **fields: object) -> Path:
    """A pack in which somebody changed files and made sums and manifest fit again, as far as he can."""
    pack = written_pack(folder)
    files = {str(one.relative_to(pack)): one.read_bytes() for one in pack.rglob("*") if one.is_file()} | changes
    old = msgspec.json.decode(files.pop(layout.MANIFEST), type=Manifest)
    del files[layout.SUMS]
    files[layout.SUMS] = sums(files)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = signed(msgspec.structs.replace(old, files=hashes, **fields))
    for name, content in {**files, layout.MANIFEST: written(manifest)}.items():
        (pack / name).write_bytes(content)
    return pack


def rewritten(folder: Path, *events: AnyEvent) -> Path:
    """A pack of a ledger in which somebody wrote other events, chain and all."""
    return written_pack(folder, ledger(*events))


def told() -> list[AnyEvent]:
    return [one.event for one in ENTRIES if one.event is not None]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_pack_of_a_whole_run_verifies_as_folder_and_as_zip(tmp_path: Path, lang: str) -> None:
    pack = written_pack(tmp_path, lang=lang)
    for place in (pack, tmp_path / f"{RUN}.zip"):
        verdict = verify_pack(place)
        assert ((), True) == (verdict.findings, verdict.intact)
        assert (RUN, "demo", len(ENTRIES), ENTRIES[-1].digest) == (
            verdict.run,
            verdict.cluster,
            verdict.entries,
            verdict.last_digest,
        )


def test_the_pack_holds_what_an_auditor_asks_for(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    held = {str(one.relative_to(pack)) for one in pack.rglob("*") if one.is_file()}
    assert held >= {"MANIFEST.json", "SHA256SUMS", "events.jsonl", "plan.json", "plan.approved.json", "result.json"}
    assert held >= {"summary.md", "report.html", "evidence.json", "evidence.txt"}
    assert held >= {"inventory/before.json", "inventory/before.txt", "inventory/after.json", "inventory/after.txt"}
    for file in ("request.csr.pem", "leaf.pem", "chain.pem"):
        assert f"certificates/tomcat_cucm-pub.lab.example/{file}" in held


@pytest.mark.parametrize("name", ["summary.md", "report.html"])
def test_summary_and_report_show_what_a_change_ticket_needs(tmp_path: Path, name: str) -> None:
    pack = written_pack(tmp_path)
    text = (pack / name).read_text()
    plan = next(one.plan for one in told() if isinstance(one, RunStarted))
    leaves = {one.issued.leaf.sha256 for one in told() if isinstance(one, CertificateIssued)}
    for words in (RUN, "amelie", plan.digest, ENTRIES[-1].digest, "UCM-RUN-018", "Ask the IdP team to look", *leaves):
        assert words in text
    assert (name == "report.html") == ("tomcat/cucm-pub/served.check" in text)


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = written_pack(tmp_path / "a"), written_pack(tmp_path / "b")
    for path in sorted(one.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()
    assert (tmp_path / "a" / f"{RUN}.zip").read_bytes() == (tmp_path / "b" / f"{RUN}.zip").read_bytes()


def test_writing_again_changes_nothing_and_heals_what_a_killed_writer_left(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    first = (pack / "summary.md").stat().st_ino
    assert pack == written_pack(tmp_path)
    assert first == (pack / "summary.md").stat().st_ino
    (pack / "summary.md").unlink()
    (tmp_path / f".{RUN}.part").mkdir()
    (tmp_path / f".{RUN}.part" / "half").write_text("half")
    (tmp_path / f".{RUN}.old").mkdir()
    written_pack(tmp_path)
    assert verify_pack(pack).intact
    assert {RUN, f"{RUN}.zip", ".lock"} == {one.name for one in tmp_path.iterdir()}


def test_a_run_in_progress_has_a_pack_too(tmp_path: Path) -> None:
    pack = written_pack(tmp_path, until(lambda one: isinstance(one, Waiting)))
    verdict = verify_pack(pack)
    assert verdict.intact
    assert "waiting" == json.loads((pack / "result.json").read_text())["outcome"]
    assert not (pack / "inventory" / "after.json").exists()


def test_an_unknown_run_and_a_full_disk_are_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UCM-PACK-101"):
        write_pack(tmp_path, ENTRIES, "demo-0-nothing")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="UCM-PACK-102"):
        write_pack(tmp_path / "file", ENTRIES, RUN)


@pytest.mark.parametrize("name", sorted(pack_files(ENTRIES, RUN, "en")))
def test_one_flipped_byte_in_any_file_is_found_and_named(tmp_path: Path, name: str) -> None:
    pack = written_pack(tmp_path)
    content = (pack / name).read_bytes()
    for at in (0, len(content) // 3, len(content) // 2, len(content) - 1):
        damaged = bytearray(content)
        damaged[at] ^= 0x01
        (pack / name).write_bytes(bytes(damaged))
        verdict = verify_pack(pack)
        assert not verdict.intact
        assert verdict.findings[0].code in ("UCM-PACK-002", "UCM-PACK-004")
        assert name == verdict.findings[0].where


def test_a_missing_file_and_a_strange_file_are_named(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    (pack / "summary.md").rename(pack / "summary2.md")
    assert [("UCM-PACK-003", "summary.md"), ("UCM-PACK-005", "summary2.md")] == [
        (one.code, one.where) for one in verify_pack(pack).findings[:2]
    ]


def lines_of(pack: Path) -> list[bytes]:
    return (pack / layout.EVENTS).read_bytes().splitlines(keepends=True)


def test_a_removed_event_is_found_at_its_place(tmp_path: Path) -> None:
    lines = lines_of(written_pack(tmp_path))
    pack = forged(tmp_path, {layout.EVENTS: b"".join(lines[:6] + lines[7:])})
    assert [("UCM-PACK-006", "events.jsonl:7")] == [(one.code, one.where) for one in verify_pack(pack).findings]


def test_reordered_events_are_found_at_their_place(tmp_path: Path) -> None:
    lines = lines_of(written_pack(tmp_path))
    pack = forged(tmp_path, {layout.EVENTS: b"".join([*lines[:6], lines[7], lines[6], *lines[8:]])})
    verdict = verify_pack(pack)
    assert [("UCM-PACK-006", "number")] == [(one.code, one.values["field"]) for one in verdict.findings]
    assert 6 == verdict.entries


def test_an_edited_event_is_found_even_when_it_was_renumbered(tmp_path: Path) -> None:
    lines = lines_of(written_pack(tmp_path))
    pack = forged(tmp_path, {layout.EVENTS: b"".join(lines).replace(b"amelie", b"robert")})
    assert [("events.jsonl:1", "digest")] == [(one.where, one.values["field"]) for one in verify_pack(pack).findings]


def test_events_cut_off_at_the_end_are_found(tmp_path: Path) -> None:
    lines = lines_of(written_pack(tmp_path))
    pack = forged(tmp_path, {layout.EVENTS: b"".join(lines[:-1])})
    assert "UCM-PACK-007" == codes(verify_pack(pack))[0]


@pytest.mark.parametrize("junk", [b"{", b"[" * 200_000, b'{"number":1}', b"\xff\xfe", b"no newline"])
def test_nonsense_for_events_is_a_finding_and_never_a_crash(tmp_path: Path, junk: bytes) -> None:
    end = b"" if junk == b"no newline" else b"\n"
    pack = forged(tmp_path, {layout.EVENTS: junk + end})
    assert "UCM-PACK-006" in codes(verify_pack(pack))


def test_another_plan_under_the_approved_digest_is_found(tmp_path: Path) -> None:
    plan = (written_pack(tmp_path) / layout.PLAN).read_bytes().replace(b"cucm-sub1.lab", b"cucm-sub9.lab")
    verdict = verify_pack(forged(tmp_path, {layout.PLAN: plan}))
    assert {"UCM-PACK-008", "UCM-PACK-009"} <= set(codes(verdict))


def test_the_approved_digest_is_what_sha256sum_says_of_the_approved_plan(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    plan = next(one.plan for one in told() if isinstance(one, RunStarted))
    assert plan.digest == hashlib.sha256((pack / layout.APPROVED).read_bytes()).hexdigest()


def test_a_leaf_without_the_key_of_its_csr_is_found(tmp_path: Path) -> None:
    name = f"{layout.certificate_folder('cucm-pub.lab.example', 'tomcat')}/{layout.LEAF}"
    stranger = sign(request("cucm-pub.lab.example", key="ec", key_label="somebody"), two_tier(key="ec").intermediate)
    assert "UCM-PACK-010" in codes(verify_pack(forged(tmp_path, {name: stranger.pem.encode()})))


def test_a_chain_that_does_not_sign_the_leaf_is_found(tmp_path: Path) -> None:
    name = f"{layout.certificate_folder('cucm-pub.lab.example', 'tomcat')}/{layout.CHAIN}"
    other = "".join(one.pem for one in two_tier("Other", key="ec").chain).encode()
    assert "UCM-PACK-011" in codes(verify_pack(forged(tmp_path, {name: other})))
    assert "UCM-PACK-011" in codes(verify_pack(forged(tmp_path, {name: b""})))


def test_an_issued_event_with_a_strangers_leaf_is_found(tmp_path: Path) -> None:
    events = told()
    at = next(number for number, one in enumerate(events) if isinstance(one, CertificateIssued))
    issued = events[at]
    assert isinstance(issued, CertificateIssued)
    ca = two_tier(key="ec")
    leaf = sign(request("cucm-pub.lab.example", key="ec", key_label="somebody"), ca.intermediate)
    events[at] = msgspec.structs.replace(issued, issued=Issued(leaf=leaf, chain=ca.chain))
    verdict = verify_pack(rewritten(tmp_path, *events))
    assert f"events.jsonl:{at + 1}" in {one.where for one in verdict.findings if one.code == "UCM-PACK-010"}


def test_a_state_claimed_before_its_evidence_is_found_and_named(tmp_path: Path) -> None:
    events = [one for one in told() if not (isinstance(one, Verified) and one.step.endswith("sub1/served.check"))]
    verdict = verify_pack(rewritten(tmp_path, *events))
    first = next(one for one in verdict.findings if one.code == "UCM-PACK-012")
    assert ("tomcat cucm-sub1.lab.example", "served", "active") == (
        first.values["certificate"],
        first.values["claimed"],
        first.values["proven"],
    )


def test_proof_without_any_evidence_proves_nothing(tmp_path: Path) -> None:
    bare = [
        msgspec.structs.replace(one, evidence=()) if isinstance(one, Verified) and "served" in one.step else one
        for one in told()
    ]
    assert "UCM-PACK-012" in codes(verify_pack(rewritten(tmp_path, *bare)))


def test_a_result_that_claims_more_than_the_events_is_found(tmp_path: Path) -> None:
    entries = until(lambda one: isinstance(one, StateReached) and one.state is State.UPLOADED)
    pack = written_pack(tmp_path, entries)
    result = (pack / layout.RESULT).read_bytes().replace(b'"state": "uploaded"', b'"state": "served"')
    (pack / layout.RESULT).write_bytes(result)
    assert "UCM-PACK-013" in codes(verify_pack(pack))


@pytest.mark.parametrize("name", [layout.SUMMARY, layout.REPORT, layout.EVIDENCE_TEXT, "inventory/after.txt"])
def test_a_page_that_says_something_else_is_found_although_the_manifest_fits(tmp_path: Path, name: str) -> None:
    page = (written_pack(tmp_path) / name).read_bytes().replace(b"cucm-sub1", b"cucm-sub7", 1)
    assert [("UCM-PACK-014", name)] == [
        (one.code, one.where) for one in verify_pack(forged(tmp_path, {name: page})).findings
    ]


def test_a_pack_that_claims_a_language_nobody_speaks_is_not_let_off(tmp_path: Path) -> None:
    assert ["UCM-PACK-017"] == codes(verify_pack(forged(tmp_path, {layout.SUMMARY: b"all is well"}, lang="tlh")))


def test_a_pack_of_a_newer_release_is_verified_as_far_as_this_one_can(tmp_path: Path) -> None:
    body = msgspec.json.encode({"type": "phones_reset", "at": NOW + 9e5, "run": RUN, "step": "x", "phones": 40_000})
    digest = digest_of(ENTRIES[-1].digest, body)
    strange = Entry(
        number=len(ENTRIES) + 1, previous=ENTRIES[-1].digest, digest=digest, body=body, event=read_event(body)
    )
    pack = forged(
        tmp_path,
        {layout.EVENTS: pack_files((*ENTRIES, strange), RUN, "en")[layout.EVENTS]},
        tool="ucmcert 9.0.0",
        entries=len(ENTRIES) + 1,
        last_digest=digest,
    )
    verdict = verify_pack(pack)
    assert strange.event is None
    assert ["UCM-PACK-015", "UCM-PACK-016"] == codes(verdict)
    assert (True, 1) == (verdict.intact, verdict.unknown)


def test_a_manifest_of_a_newer_release_may_say_more(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    fields = json.loads((pack / layout.MANIFEST).read_text())
    fields |= {"tool": "ucmcert 9.0.0", "approvers": ["amelie"]}
    del fields["digest"]
    canonical = msgspec.json.encode(fields, order="sorted")
    fields["digest"] = hashlib.sha256(canonical).hexdigest()
    text = msgspec.json.format(msgspec.json.encode(fields, order="sorted"), indent=2) + b"\n"
    (pack / layout.MANIFEST).write_bytes(text)
    assert ["UCM-PACK-016"] == codes(verify_pack(pack))


def test_what_is_no_pack_is_refused_without_a_crash(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "junk.zip").write_bytes(b"PK\x03\x04 nonsense")
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        archive.writestr("../MANIFEST.json", "{}")
        archive.writestr("MANIFEST.json", "{}")
    pack = written_pack(tmp_path)
    (pack / "link").symlink_to("/etc/hostname")
    for name in ("empty", "junk.zip", "slip.zip", "missing", RUN):
        assert ["UCM-PACK-001"] == codes(verify_pack(tmp_path / name))


def test_a_zip_packed_again_by_another_tool_still_verifies(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    shutil.make_archive(str(tmp_path / "again"), "zip", root_dir=pack)
    assert verify_pack(tmp_path / "again.zip").intact


def test_the_verdict_is_told_with_both_digests(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    shown = plain.render(verify_blocks(verify_pack(pack), "en"))
    assert "intact: every file" in shown
    assert ENTRIES[-1].digest in shown
    (pack / "summary.md").write_text("nothing happened")
    shown = plain.render(verify_blocks(verify_pack(pack), "fr"))
    assert "altéré : ne vous y fiez pas" in shown
    assert "UCM-PACK-004  summary.md" in shown


def test_every_entry_can_be_checked_by_hand(tmp_path: Path) -> None:
    previous = "0" * 64
    for raw in (written_pack(tmp_path) / layout.EVENTS).read_text().splitlines():
        line = json.loads(raw)
        assert previous == line["previous"]
        previous = hashlib.sha256((line["previous"] + "\n" + line["body"]).encode()).hexdigest()
        assert previous == line["digest"]


def test_hostile_words_of_nodes_and_cas_stay_words(tmp_path: Path) -> None:
    evil = "<script>alert('x')</script>\x1b[31m\n# owned [a](javascript:b)"
    events: list[AnyEvent] = []
    work = telling()
    work.upload_answer = evil
    for event in work.events():
        if isinstance(event, Held):
            finding = msgspec.structs.replace(event.finding, code="UCM-EVIL", what=evil, why=evil, next=evil)
            event = msgspec.structs.replace(event, finding=finding, answer=evil)
        elif isinstance(event, Waiting):
            event = msgspec.structs.replace(event, what=evil, next=evil)
        elif isinstance(event, RunStarted):
            event = msgspec.structs.replace(event, approved_by=evil, tool=evil)
        elif isinstance(event, Finished):
            event = msgspec.structs.replace(event, reminders=(evil,))
        elif isinstance(event, Verified):
            evidence = tuple(msgspec.structs.replace(one, fact=evil, source=evil) for one in event.evidence)
            event = msgspec.structs.replace(event, evidence=evidence)
        events.append(event)
    pack = rewritten(tmp_path, *events)
    assert verify_pack(pack).intact
    page, ticket, text = ((pack / name).read_text() for name in ("report.html", "summary.md", "evidence.txt"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in ticket
    assert not re.search(r"(?<!\\)\]\(", ticket)
    assert not [one for one in ticket.splitlines() if one.startswith("# owned")]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", page + ticket + text)


def test_a_node_with_a_hostile_name_gets_a_harmless_folder(tmp_path: Path) -> None:
    evil = "../../etc/cron.d/x"
    first = node_facts("cucm-pub", Role.PUBLISHER)
    renamed = msgspec.structs.replace(first, node=msgspec.structs.replace(first.node, name=evil, host=evil))
    pack = rewritten(tmp_path, *telling(cluster(renamed)).events())
    assert verify_pack(pack).intact
    assert [] == [one for one in tmp_path.rglob("*") if not one.resolve().is_relative_to(tmp_path)]
    assert {"ipsec", "tomcat"} == {one.name.split("_")[0] for one in (pack / "certificates").iterdir()}


def test_two_names_never_become_one_file_name() -> None:
    assert "cucm-pub.lab.example" == layout.safe_name("cucm-pub.lab.example")
    assert 4 == len({layout.safe_name(one) for one in ("a/b", "a_b", "a b", ".a_b")})
    assert len(layout.safe_name("x" * 5000)) < 200


def test_no_secret_and_nothing_of_this_machine_is_in_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UCM_PASSWORD", "canary-from-the-environment")
    credential = Credential(user="admin", password=Secret("canary-of-a-credential"))
    events = [
        msgspec.structs.replace(one, tool=f"ucmcert with {credential}") if isinstance(one, RunStarted) else one
        for one in told()
    ]
    pack = rewritten(tmp_path, *events)
    everything = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert b"***" in (pack / "summary.md").read_bytes().replace(b"\\", b"")
    for secret in (b"canary", b"PRIVATE KEY", os.fsencode(tmp_path), os.fsencode(Path.home()) + b"/"):
        assert secret not in everything
    with pytest.raises(TypeError):
        ledger(Stopped(at=1.0, run=RUN, why=Secret("canary")))  # type: ignore[arg-type]


def test_a_pack_of_the_demo_is_small_and_quick(tmp_path: Path) -> None:
    pack = written_pack(tmp_path, ledger(*telling(cluster()).events()))
    assert verify_pack(pack).intact
    assert sum(one.stat().st_size for one in pack.rglob("*") if one.is_file()) < 3_000_000


def test_an_act_the_ledger_left_open_is_shown_as_such(tmp_path: Path) -> None:
    pack = written_pack(tmp_path, until(lambda one: isinstance(one, Intended)))
    assert "failed" == json.loads((pack / "result.json").read_text())["outcome"]
    assert "not finished" in (pack / "summary.md").read_text()
    assert small_plan(small_cluster()).cluster in (pack / "summary.md").read_text()
