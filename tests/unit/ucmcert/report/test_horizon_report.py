"""Promise: page, calendar, table and JSON tell one horizon, in two languages, and other programs can read them."""

import csv
import io
import re
import string
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ucmcert.report.horizon
from factory.certificates import NOW
from ucmcert.horizon.build import Horizon, horizon
from ucmcert.horizon.held import Held, Signer
from ucmcert.knowledge.effort import BY_HAND, WITH_UCMCERT
from ucmcert.report.horizon.icalendar import icalendar
from ucmcert.report.horizon.page import EFFORTS, horizon_blocks
from ucmcert.report.horizon.shape import horizon_shape
from ucmcert.report.horizon.spreadsheet import COLUMNS, csv_text
from ucmcert.report.horizon.words import ROOM, speaker
from ucmcert.report.paper import plain
from ucmcert.report.words import catalogue

TODAY = date(2026, 11, 25)
TOP = Path(__file__).parents[4]


def held(purpose: str, signer: Signer, *, node: str = "pub.example", ends: date = date(2027, 3, 1)) -> Held:
    return Held(
        cluster="demo",
        node=node,
        role="publisher",
        purpose=purpose,
        issuer="CN=Some CA",
        signer=signer,
        not_before=ends - timedelta(days=365),
        not_after=ends,
        release=(14, 0, 1, 13900, 155),
        ca_until=date(2027, 12, 1),
    )


def ahead(*given_held: Held, today: date = TODAY) -> Horizon:
    return horizon(given_held, today=today, until=date(2029, 12, 31), threshold_days=30)


def mixed(today: date = TODAY) -> Horizon:
    kinds: tuple[tuple[str, Signer], ...] = (
        ("tomcat", "public"), ("CAPF", "unknown"), ("CallManager", "unknown"),
        ("TVS", "self-signed"), ("ipsec", "private"),
    )  # fmt: skip
    return ahead(*(held(purpose, signer) for purpose, signer in kinds), today=today)


Component = tuple[str, list[tuple[str, str]], list["Component"]]


def read_calendar(text: str) -> Component:
    """A strict little reader of RFC 5545: lines end in CRLF, none is longer than 75 octets, components nest."""
    assert text.endswith("\r\n")
    raw = text.split("\r\n")[:-1]
    assert [] == [line for line in raw if "\n" in line or "\r" in line or len(line.encode()) > 75 or not line]
    root: Component = ("", [], [])
    open_ones = [root]
    for line in "\r\n".join(raw).replace("\r\n ", "").split("\r\n"):
        match = re.fullmatch(r"([A-Z-]+(?:;VALUE=DATE)?):(.*)", line)
        assert match, line
        name, value = match.groups()
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value)
        if name == "BEGIN":
            open_ones.append((value, [], []))
            open_ones[-2][2].append(open_ones[-1])
        elif name == "END":
            assert value == open_ones.pop()[0]
        else:
            open_ones[-1][1].append((name, value))
    assert [root] == open_ones
    (calendar,) = root[2]
    return calendar


def unescaped(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    return re.sub(r"\\(.)", lambda match: "\n" if match.group(1) == "n" else match.group(1), value)


def entries(text: str) -> dict[str, dict[str, str]]:
    """Events by UID; every one is whole and its properties stand once."""
    calendar = read_calendar(text)
    assert "VCALENDAR" == calendar[0]
    assert {"VERSION": "2.0", "PRODID": "-//ucmcert//horizon//EN"}.items() <= dict(calendar[1]).items()
    found: dict[str, dict[str, str]] = {}
    for kind, properties, alarms in calendar[2]:
        names = [name for name, _ in properties]
        assert ("VEVENT", len(names)) == (kind, len(set(names)))
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY", "SEQUENCE"} <= set(names)
        ((alarm, parts, _),) = alarms
        assert ("VALARM", {"ACTION", "DESCRIPTION", "TRIGGER"}) == (alarm, {name for name, _ in parts})
        values = dict(properties)
        assert values["UID"] not in found
        found[values["UID"]] = values
    return found


def test_the_calendar_holds_every_event_and_every_certain_window_as_whole_days() -> None:
    seen = mixed()
    found = entries(icalendar(seen, "en", now=NOW))
    starts = sorted(one["DTSTART;VALUE=DATE"] for one in found.values())
    wanted = [one.day for one in seen.events] + [one.day for one in seen.sure]
    assert sorted(f"{one:%Y%m%d}" for one in wanted) == starts
    for one in found.values():
        begins, ends = (date.fromisoformat(one[f"DT{name};VALUE=DATE"]) for name in ("START", "END"))
        assert timedelta(days=1) == ends - begins


def test_a_later_export_moves_what_it_knows_and_adds_no_second_one() -> None:
    before = entries(icalendar(ahead(held("tomcat", "private")), "en", now=NOW))
    after = entries(icalendar(ahead(held("tomcat", "private", ends=date(2027, 5, 1))), "fr", now=NOW + 60))
    assert before.keys() == after.keys()
    day = "DTSTART;VALUE=DATE"
    moved = {one["CATEGORIES"] for uid, one in before.items() if one[day] != after[uid][day]}
    assert {"expiry", "window", "ca-end"} >= moved >= {"expiry", "window"}
    for uid, one in before.items():
        assert one["CATEGORIES"] == after[uid]["CATEGORIES"]
        assert int(one["SEQUENCE"]) < int(after[uid]["SEQUENCE"])


@given(st.text(min_size=1, max_size=120))
def test_names_from_outside_break_no_line_of_the_calendar(node: str) -> None:
    found = entries(icalendar(ahead(held("tomcat", "private", node=node)), "fr", now=NOW))
    assert 1 == sum(one["CATEGORIES"] == "expiry" for one in found.values())
    for one in found.values():
        assert unescaped(one["SUMMARY"])


def test_the_table_has_the_same_days_and_no_formula() -> None:
    seen = ahead(held("tomcat", "unknown", node="=cmd|x"), held("ipsec", "private"))
    rows = list(csv.DictReader(io.StringIO(csv_text(seen, "en"))))
    assert list(COLUMNS) == list(rows[0])
    assert len(seen.events) == sum(one["kind"] != "window" for one in rows)
    assert {"both", "public", "private"} == {one["when"] for one in rows}
    assert [] == [cell for one in rows for cell in one.values() if cell.startswith("=")]
    assert [one["day"] for one in rows] == sorted(one["day"] for one in rows)


def test_the_json_agrees_and_every_key_is_documented() -> None:
    seen = mixed()
    shape = msgspec.json.decode(msgspec.json.encode(horizon_shape(seen, ics="a.ics")))
    assert ("done", "a.ics", "") == (shape["outcome"], shape["ics"], shape["csv"])
    assert len(seen.if_public.windows) == sum(one["when"] in ("both", "public") for one in shape["windows"])
    assert len(seen.if_private.windows) == sum(one["when"] in ("both", "private") for one in shape["windows"])
    assert "14.0.1.13900-155" == shape["certificates"][0]["release"]
    (part,) = re.findall(r"^## horizon\n(.*?)^## ", (TOP / "docs" / "json.md").read_text(), re.DOTALL | re.MULTILINE)
    told = set(re.findall(r"`(\w+)`", part))
    keys = {*shape, *(key for name in ("certificates", "events", "windows", "assumptions") for key in shape[name][0])}
    assert set() == {*keys, *shape["years"][0], *shape["years"][0]["if_public"]} - told


def test_what_breaks_makes_findings_of_the_outcome() -> None:
    assert "findings" == horizon_shape(ahead(held("tomcat", "private", ends=TODAY))).outcome


@pytest.mark.parametrize(("lang", "words"), [("en", ("Nothing breaks", "2 / 4")), ("fr", ("Rien ne tombe", "2 / 4"))])
def test_the_page_tells_years_days_and_decisions(lang: str, words: tuple[str, ...]) -> None:
    seen = ahead(held("tomcat", "unknown", ends=date(2027, 6, 30)))
    text = plain.render(horizon_blocks(seen, lang))
    for word in ("UCM-HORIZON-121", "UCM-HORIZON-128", "2029-03-15", "2027-05-31"):
        assert word in text
    for word in words:
        assert word in text


def test_what_is_due_stands_first_and_nothing_at_all_is_said() -> None:
    text = plain.render(horizon_blocks(ahead(held("tomcat", "private", ends=TODAY)), "en"))
    assert text.index("UCM-HORIZON-111") < text.index("Certificates, the next")
    empty = plain.render(horizon_blocks(ahead(), "en"))
    assert 2 == empty.count("Nothing.\n")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_say_the_same_keys_and_every_key_is_used() -> None:
    english, french = catalogue("en", ROOM), catalogue("fr", ROOM)
    assert {key: placeholders(said) for key, said in english.items()} == {
        key: placeholders(said) for key, said in french.items()
    }
    assert {key for key in english if english[key] == french[key]} <= {
        "word.cluster",
        "word.minutes",
        "calendar.name",
    } | {"word.certificates"}
    assert [] == [key for key, said in french.items() if re.search(r"\w:(\s|$)", said)]
    folder = Path(ucmcert.report.horizon.__file__).parent
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.py")))
    named = set(re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", text)) & english.keys()
    columns = {f"word.{name}" for name in re.findall(r'"([a-z_]+)"', text)} & english.keys()
    assert english.keys() == named | columns


def test_every_row_of_minutes_has_its_words() -> None:
    assert [row.key for row in (*BY_HAND, *WITH_UCMCERT)] == list(EFFORTS)
    for lang in ("en", "fr"):
        assert all(speaker(lang)(key) for key in EFFORTS.values())
