"""Promise: what programs read keeps its shape: the contract of renew and resume, and every documented key."""

import json
import re
from pathlib import Path

import msgspec
from report_run import RUN, small_cluster, small_plan, until, whole_run

from factory.certificates import NOW
from ucmcert.model.event import Held, Waiting
from ucmcert.model.finding import Finding, Severity
from ucmcert.plan.build import build
from ucmcert.report import json_shapes, trust_shape
from ucmcert.report.inventory import inventory
from ucmcert.report.story import tell
from ucmcert.trust.removal import Removal

DOCS = Path(__file__).parents[4] / "docs" / "json.md"
ERROR = Finding(code="UCM-X-001", severity=Severity.ERROR, where="a", what="b", why="c", next="d", source="e")
WARNING = msgspec.structs.replace(ERROR, severity=Severity.WARNING)


def loaded(shape: msgspec.Struct) -> dict[str, object]:
    text = json_shapes.one_line(shape)
    assert "\n" not in text
    fields: dict[str, object] = json.loads(text)
    return fields


def test_a_run_keeps_the_contract_of_its_last_line() -> None:
    shape = loaded(json_shapes.run_shape(tell(whole_run(), RUN), ledger="l.sqlite", evidence="evidence/x"))
    assert ["done", RUN, "l.sqlite", "evidence/x"] == [shape[key] for key in ("outcome", "run", "ledger", "evidence")]
    certificates = shape["certificates"]
    assert isinstance(certificates, list)
    assert [{"served"}, {"active"}] == [
        {one["state"] for one in certificates if one["purpose"] == purpose} for purpose in ("tomcat", "ipsec")
    ]
    assert {"node", "purpose", "state", "old", "new"} <= certificates[0].keys()
    assert re.fullmatch(r"[0-9a-f]{64}", certificates[0]["new"])
    assert certificates[0]["old"] != certificates[0]["new"]
    assert "" == shape["resume"]


def test_a_waiting_and_a_held_run_say_so_and_what_for() -> None:
    waiting = loaded(
        json_shapes.run_shape(tell(until(lambda one: isinstance(one, Waiting)), RUN), ledger="", evidence="")
    )
    held = loaded(json_shapes.run_shape(tell(until(lambda one: isinstance(one, Held)), RUN), ledger="", evidence=""))
    assert ("waiting", "held") == (waiting["outcome"], held["outcome"])
    assert ["ca"] == [one["who"] for one in waiting["pauses"]]  # type: ignore[attr-defined]
    assert ["UCM-RUN-018"] == [one["finding"]["code"] for one in held["pauses"]]  # type: ignore[attr-defined]
    assert f"ucmcert resume {RUN}" == held["resume"]


def test_a_run_somebody_works_on_is_running() -> None:
    story = tell(until(lambda one: isinstance(one, Waiting)), RUN)
    assert "running" == json_shapes.run_shape(story, ledger="", evidence="", working=True).outcome


def test_scan_check_lint_plan_and_submit_say_whether_something_is_wrong() -> None:
    listed = inventory(small_cluster())
    unread = msgspec.structs.replace(listed, problems=(ERROR,))
    assert ("done", "findings") == (json_shapes.scan_shape(listed).outcome, json_shapes.scan_shape(unread).outcome)
    assert "done" == json_shapes.findings_shape("tomcat", (WARNING,)).outcome
    assert "findings" == json_shapes.findings_shape("demo", (WARNING, ERROR)).outcome
    assert {"error": 1, "warning": 1, "unknown": 0, "notice": 0} == json_shapes.findings_shape(
        "demo", (WARNING, ERROR)
    ).counts
    assert "done" == json_shapes.plan_shape(small_plan()).outcome
    assert "nothing" == json_shapes.plan_shape(build(small_cluster(), (), now=NOW)).outcome
    assert "findings" == json_shapes.plan_shape(small_plan(), left_out=(ERROR,)).outcome
    taken = json_shapes.TakenShape(node="a", purpose="tomcat", file="a.pem", sha256="00")
    assert "done" == json_shapes.submit_shape((taken,), (), (WARNING,)).outcome
    assert "waiting" == json_shapes.submit_shape((taken,), (("b", "ipsec"),), ()).outcome
    assert "findings" == json_shapes.submit_shape((), (), (ERROR,)).outcome


def test_a_plan_in_json_is_the_plan_itself() -> None:
    plan = small_plan()
    shape = loaded(json_shapes.plan_shape(plan, file="plan.json"))
    assert plan == msgspec.convert(shape["plan"], type(plan))
    assert (plan.digest, "plan.json") == (shape["digest"], shape["file"])


def test_every_field_of_every_shape_is_documented() -> None:
    text = DOCS.read_text()
    for shape in (
        json_shapes.ScanShape,
        json_shapes.FindingsShape,
        json_shapes.PlanShape,
        json_shapes.RunShape,
        json_shapes.CertificateShape,
        json_shapes.SubmitShape,
        json_shapes.TakenShape,
        json_shapes.PhonesShape,
        json_shapes.OpenPhoneShape,
        json_shapes.ApproveShape,
        trust_shape.TrustShape,
        trust_shape.EntryRow,
        trust_shape.SinceShape,
        trust_shape.FateRow,
        Removal,
    ):
        assert [] == [field for field in shape.__struct_fields__ if f"`{field}`" not in text]
