"""Promise: every recorded answer of the command line is read as its page says, and a piece of one is never misread."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ucmcert.ucm.platform_cli.parsers as room
from ucmcert.ucm.platform_cli.parsers import (
    backup,
    backup_devices,
    certificate_lists,
    certificate_text,
    cluster_rows,
    fips,
    list_words,
    ntp,
    replication,
    services,
    sql_table,
    sso,
    status,
    trust_list,
    version,
)
from ucmcert.ucm.platform_cli.screen import answer_of

GOLDEN = Path(__file__).parents[5] / "golden" / "cli"
SAMPLES = sorted(GOLDEN.glob("*/*.raw"))
UNPUBLISHED = "web_security"  # nobody has a sample: test_web_security_parser
PARSERS: dict[str, Callable[..., Any]] = {
    "begun": backup_devices.check_begun,
    "certificate": certificate_text.parse_certificate,
    "cluster_rows": cluster_rows.parse_cluster_rows,
    "ctl_written": list_words.check_ctl_written,
    "devices": backup_devices.parse_devices,
    "generated": certificate_text.check_generated,
    "history": backup.parse_history,
    "imported": certificate_text.check_imported,
    "itl_reset": list_words.check_itl_reset,
    "job": backup.parse_job,
    "last_state": services.parse_last_state,
    "ntp_synchronised": ntp.parse_ntp_synchronised,
    "ntp_utc": ntp.parse_ntp_utc,
    "own": certificate_lists.parse_own,
    "regenerated": list_words.check_regenerated,
    "replication": replication.parse_replication,
    "request": certificate_text.parse_request,
    "requests": certificate_lists.parse_requests,
    "services": services.parse_services,
    "fips_on": fips.parse_fips,
    "shown_list": trust_list.parse_shown_list,
    "sql_table": sql_table.parse_sql_table,
    "sso_enabled": sso.parse_sso_enabled,
    "status": status.parse_status,
    "trust": certificate_lists.parse_trust,
    "version": version.parse_version,
}
# A list without an end mark looks whole wherever it is cut; the prompt alone tells that it is. So is a restart: its
# last line decides, and any line may be the last.
ENDLESS = {"devices", "own", "trust", "requests", "history", "sql_table", "last_state"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "imported": {"purpose": "tomcat", "trust": False},
    "generated": {"purpose": "tomcat"},
    "last_state": {"name": "Cisco Tomcat"},
    "regenerated": {"purpose": "CAPF"},
    "shown_list": {"kind": "ctl"},
}
MOST_EXAMPLES = settings(max_examples=200, deadline=None)


def sample(path: Path) -> tuple[dict[str, Any], str]:
    page = json.loads(path.with_suffix(".json").read_text())
    answer = answer_of(path.read_bytes().decode(), page["command"])
    assert answer is not None
    return page, answer.text


def value_of(page: dict[str, Any], text: str) -> Any:
    found = PARSERS[page["parser"]](text, **page.get("arguments", {}))
    plain = msgspec.to_builtins(found, builtin_types=(bytes,))
    if page["parser"] == "last_state" or page["parser"] == "services":
        plain = without_defaults(plain)
    if isinstance(page["value"], dict):
        plain = {name: plain[name] for name in page["value"]}
    return list(plain) if isinstance(plain, tuple) else plain


def without_defaults(plain: dict[str, Any]) -> dict[str, Any]:
    rows = plain.get("services", [plain])
    for row in rows:
        assert (None, True) == (row.pop("started_at"), row.pop("start_told"))
    return plain if "services" not in plain else plain | {"services": list(rows)}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_is_read_as_its_page_says(path: Path) -> None:
    page, text = sample(path)
    assert page["value"] == json.loads(json.dumps(value_of(page, text)))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_is_read_from_bytes_with_any_line_ends(path: Path) -> None:
    page, text = sample(path)
    expected = page["value"]
    assert expected == json.loads(json.dumps(value_of(page, text.replace("\n", "\r\n"))))
    assert expected == json.loads(json.dumps(value_of(page, text.encode())))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_cut_at_any_line_is_whole_or_an_error(path: Path) -> None:
    page, text = sample(path)
    lines = text.split("\n")
    for kept in range(len(lines)):
        try:
            value = json.loads(json.dumps(value_of(page, "\n".join(lines[:kept]))))
        except ValueError:
            continue
        if page["parser"] == "last_state":
            assert page["value"]["name"] == value["name"]
        elif page["parser"] in ENDLESS:
            assert page["value"][: len(value)] == value
        else:
            assert page["value"] == value, f"cut after line {kept}"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_sample_of_one_command_is_no_answer_to_another(path: Path) -> None:
    page, text = sample(path)
    both_ask_for_it = {page["parser"], *({"ntp_utc", "ntp_synchronised"} if page["parser"].startswith("ntp") else ())}
    # a whole SQL table without rows, and no CSR at all, are the two shortest answers there are
    for name, parse in PARSERS.items():
        arguments = {**ARGUMENTS, "imported": {"purpose": "tomcat", "trust": True}}
        if name in both_ask_for_it or name == "last_state" or (name == "requests" and not text):
            continue
        with pytest.raises(ValueError, match=r"\w"):
            parse(text, **arguments.get(name, {}))


def test_every_parser_has_a_sample() -> None:
    assert set(PARSERS) == {sample(path)[0]["parser"] for path in SAMPLES}


def test_every_module_of_parsers_is_sampled() -> None:
    modules = {path.stem for path in Path(room.__path__[0]).glob("*.py")} - {"__init__", "text", "dates", UNPUBLISHED}
    assert modules == {parse.__module__.rpartition(".")[2] for parse in PARSERS.values()}


def test_every_sample_has_its_page() -> None:
    pages = sorted(path.with_suffix("") for path in GOLDEN.glob("*/*.json"))
    assert sorted(path.with_suffix("") for path in SAMPLES) == pages


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(text=st.one_of(st.text(), st.binary()))
@MOST_EXAMPLES
def test_arbitrary_text_raises_only_value_errors(name: str, text: str | bytes) -> None:
    with suppress(ValueError):
        PARSERS[name](text, **ARGUMENTS.get(name, {}))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_damaged_sample_raises_only_value_errors(path: Path, data: st.DataObject) -> None:
    page, text = sample(path)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damaged = text[:start] + data.draw(st.text(max_size=8)) + text[end:]
    with suppress(ValueError):
        PARSERS[page["parser"]](damaged, **page.get("arguments", {}))
