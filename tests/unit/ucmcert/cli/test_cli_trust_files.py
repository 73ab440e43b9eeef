"""Promise: what may go is exported before it is planned, a changed plan is told, and the ledger tells the past."""

import json
from pathlib import Path

import pytest
from cli_bench import CA, CONFIG, WHOLE, configured, finished, record, signed, started, ucmcert

from factory.certificates import authority
from ucmcert.cli.places import open_places
from ucmcert.cli.runs import entries_if_any
from ucmcert.cli.trusting.files import export, read_removals, write_removals
from ucmcert.cli.trusting.knowing import known_of
from ucmcert.errors import UsageError
from ucmcert.trust import Known
from ucmcert.trust.removal import Held, Removal, RemovalPlan, digest_of
from ucmcert.trust.since import Look

ONE = authority("Gone Root", key="ec").certificate
CERTIFICATES = {ONE.sha256: ONE}
LOCAL = CONFIG.replace('kind = "files"', 'kind = "local"')


def plan() -> RemovalPlan:
    removal = Removal(
        number=1,
        store="tomcat-trust",
        subject=ONE.subject,
        common_name=ONE.common_name,
        issuer=ONE.issuer,
        serial=ONE.serial,
        sha256=ONE.sha256,
        not_before=ONE.not_before,
        not_after=ONE.not_after,
        verdict="expired",
        evidence={},
        nodes=("cucm-pub.lab.example",),
        look=(),
        before=(),
        delete=(),
        after=(),
        restart=(),
        undo=(),
        disturbs_phones=False,
        source="test",
    )
    stood = (Held(node="cucm-pub.lab.example", store="tomcat", sha256=ONE.sha256),)
    made = RemovalPlan(cluster="demo", made_at=1.0, removals=(removal,), stood=stood)
    return RemovalPlan(cluster="demo", made_at=1.0, removals=(removal,), stood=stood, digest=digest_of(made))


def test_an_export_can_be_uploaded_again_and_the_plan_names_it(tmp_path: Path) -> None:
    exported = export(plan(), CERTIFICATES, tmp_path / "kept")
    assert ONE.pem == Path(exported.removals[0].file).read_text()
    assert exported.digest == digest_of(exported)
    write_removals(tmp_path / "p.json", exported, (Look(at=2.0, gone=exported.stood),))
    kept = read_removals(tmp_path / "p.json", "demo")
    assert (exported, exported.stood) == (kept.plan, kept.looks[0].gone)


def test_without_its_export_there_is_no_plan(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="UCM-TRUST-201"):
        export(plan(), CERTIFICATES, tmp_path / "file")
    with pytest.raises(UsageError, match="UCM-TRUST-202"):
        write_removals(tmp_path / "file" / "p.json", plan())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "UCM-TRUST-203"),
        ("no JSON", "UCM-TRUST-204"),
        ('{"plan": 3}', "UCM-TRUST-204"),
        ("cluster", "UCM-TRUST-204"),
        ("other", "UCM-TRUST-205"),
    ],
)
def test_a_file_that_is_no_plan_of_this_cluster_is_told(content: str | None, code: str, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    if content == "cluster":
        write_removals(path, plan())
        path.write_text(path.read_text().replace('"demo"', '"demo2"'))
    elif content == "other":
        write_removals(path, plan())
    elif content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=code):
        read_removals(path, "elsewhere" if content == "other" else "demo")


def test_options_that_do_not_go_together_are_wrong_usage(tmp_path: Path) -> None:
    config = configured(tmp_path)
    for words in (
        ("--removal-plan", "p.json"),
        ("--export", "kept"),
        ("--since", "p.json", "--store", "tomcat"),
        ("--since", "p.json", "--removal-plan", "p.json", "--export", "kept"),
    ):
        ended = ucmcert("trust", "-c", config, *words, "--json")
        assert (2, "failed") == (ended.code, json.loads(ended.out)["outcome"])


def known(folder: Path, text: str = CONFIG) -> Known:
    places = open_places(configured(folder, text))
    return known_of(places, WHOLE, entries_if_any(places), secure_phones=None)


def test_without_a_ledger_only_the_configuration_is_known(tmp_path: Path) -> None:
    found = known(tmp_path)
    assert (0, 0, ()) == (len(found.former), len(found.incoming), found.unfinished)
    assert {CA.root.certificate.sha256} == found.anchors


def test_an_unfinished_run_tells_what_is_on_its_way(tmp_path: Path) -> None:
    _, events = signed()
    record(tmp_path, started(), *events)
    found = known(tmp_path)
    stores = {one.certificate.sha256: one.stores for one in found.incoming}
    issued = next(event.issued for event in events if hasattr(event, "issued"))
    assert {issued.leaf.sha256: (), **dict.fromkeys((one.sha256 for one in CA.chain), ("tomcat",))} == stores
    assert ("demo-1-aaaa",) == found.unfinished


def test_a_finished_run_tells_earlier_identities_and_nothing_on_its_way(tmp_path: Path) -> None:
    _, events = signed()
    record(tmp_path, started(), *events, finished())
    found = known(tmp_path)
    assert ((), ()) == (found.incoming, found.unfinished)
    before = {held.certificate.sha256 for facts in WHOLE.nodes for held in facts.holding.identities}
    assert before < {one.sha256 for one in found.former}


def test_a_ca_in_a_folder_tells_what_it_would_bring_to_what_is_due(tmp_path: Path) -> None:
    folder = tmp_path / "exchange"
    folder.mkdir()
    (folder / "root.pem").write_text(CA.root.certificate.pem)
    (folder / "intermediate.pem").write_text(CA.intermediate.certificate.pem)
    found = known(tmp_path, LOCAL)
    assert {one.sha256 for one in CA.chain} == {one.certificate.sha256 for one in found.incoming}
    assert {"tomcat", "ipsec"} == {one.purpose for one in found.incoming}
    (folder / "root.pem").write_text("not a certificate")
    assert {CA.intermediate.certificate.sha256} == {one.certificate.sha256 for one in known(tmp_path, LOCAL).incoming}
