"""Promise: an inventory is read as it is or refused with line and column; no cell, no CA and no release is guessed."""

import contextlib
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.certificates import DAY, NOW, request, sign, two_tier
from factory.clusters import cluster, with_node
from ucmcert.errors import UsageError
from ucmcert.horizon.held import Held, Named, day_of
from ucmcert.horizon.inventory_file import read_inventory, together
from ucmcert.model.cluster import Holding, Identity, TrustEntry
from ucmcert.report.inventory import inventory
from ucmcert.report.json_shapes import scan_shape

NOBODY = Named()
HEADING = "cluster,node,role,release,purpose,not_before,not_after,issuer,ca"
ROW = "paris,pub.example,publisher,14SU3,tomcat,2026-06-01,2026-12-18,CN=Big Public CA,public"
CA = two_tier(key="ec")


def csv(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *rows, ""]).encode()


def read(content: bytes, named: Named = NOBODY) -> tuple[Held, ...]:
    return read_inventory(content, where="x.csv", named=named).held


def scanned() -> bytes:
    leaf = sign(request("cucm-pub.lab.example", key="ec"), CA.intermediate, not_after=NOW + 90 * DAY)
    holding = Holding(
        identities=(Identity(purpose="tomcat", certificate=leaf),),
        requests=(),
        trust=(TrustEntry(purpose="tomcat", filename="ca", certificate=CA.intermediate.certificate),),
    )
    whole = with_node(cluster(), "cucm-pub", holding=holding)
    return msgspec.json.encode(scan_shape(inventory(whole)))


def test_a_row_is_read_as_it_stands() -> None:
    (one,) = read(csv(ROW))
    assert ("paris", "pub.example", "tomcat", "public") == (one.cluster, one.node, one.purpose, one.signer)
    assert (date(2026, 6, 1), date(2026, 12, 18)) == (one.not_before, one.not_after)
    assert (14, 0, 1, 13900) == one.release


def test_semicolons_a_byte_order_mark_other_case_and_blank_lines_are_taken() -> None:
    text = csv(ROW.replace("tomcat", "TOMCAT").replace("public", "Public"), "").replace(b",", b";")
    (one,) = read(b"\xef\xbb\xbf" + text)
    assert ("tomcat", "public") == (one.purpose, one.signer)


@pytest.mark.parametrize(
    ("change", "place", "why"),
    [
        (("tomcat", "tomcta"), "line 3, column 5 (purpose)", "did you mean `tomcat`"),
        (("publisher", "boss"), "line 3, column 3 (role)", "is no role"),
        (("14SU3", "fourteen"), "line 3, column 4 (release)", "is no release"),
        (("2026-12-18", "18.12.2026"), "line 3, column 7 (not_after)", "is no day"),
        (("2026-12-18", "2026-02-30"), "line 3, column 7 (not_after)", "no calendar"),
        (("2026-12-18", "2026-05-31"), "line 3, column 7 (not_after)", "not after not_before"),
        (("2026-06-01", ""), "line 3, column 6 (not_before)", "it is empty"),
        (("public", "perhaps"), "line 3, column 9 (ca)", "is none of public"),
        (("paris,", "paris,x,"), "line 3", "10 cells, the heading has 9"),
        (("CN=Big", '"CN=Big'), "line 3", "unexpected end of data"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(change: tuple[str, str], place: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(
            csv(
                ROW.replace("pub.", "other."),
                ROW.replace(*change, 1) if change[0] != "public" else ROW[:-6] + "perhaps",
            )
        )
    assert "UCM-HORIZON-004" == caught.value.code
    assert place in caught.value.where
    assert why in caught.value.why


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        (HEADING.replace("issuer", "isuer"), "did you mean `issuer`"),
        (HEADING.replace(",ca", ",node"), "stands twice"),
        (HEADING.replace("not_after,", ""), "lacks not_after"),
    ],
)
def test_a_bad_heading_is_told(heading: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(csv(ROW, heading=heading))
    assert why in caught.value.why


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe\x00"])
def test_what_is_no_text_or_empty_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(content)
    assert "UCM-HORIZON-002" == caught.value.code


@pytest.mark.parametrize("content", [b"{", b'{"version": 1}', b'{"version": 2, "cluster": "a", "certificates": []}'])
def test_json_of_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(content)
    assert "UCM-HORIZON-003" == caught.value.code


def test_a_scan_is_read_with_the_end_of_its_ca_and_the_release_of_its_nodes() -> None:
    found = read(scanned(), Named(private=("example issuing",)))
    signed = next(one for one in found if one.node.startswith("cucm-pub"))
    assert ("private", (14, 0, 1, 13900, 155)) == (signed.signer, signed.release)
    assert day_of(CA.intermediate.certificate.not_after) == signed.ca_until
    assert {"self-signed"} == {one.signer for one in found if one.node != signed.node}
    assert {None} == {one.ca_until for one in found if one.node != signed.node}


def test_several_scans_lie_under_each_other_and_a_bad_line_is_named() -> None:
    one = scanned()
    two = one.replace(b'"cluster":"demo"', b'"cluster":"other"')
    assert {"demo", "other"} == {held.cluster for held in read(one + b"\n" + two + b"\n")}
    with pytest.raises(UsageError) as caught:
        read(one + b"\n{}\n")
    assert "line 2" in caught.value.where


def test_a_scan_that_did_not_see_everything_says_so() -> None:
    unread = msgspec.json.decode(scanned())
    unread["problems"] = [{"code": "UCM-SCAN-001"}]
    content = msgspec.json.encode(unread)
    assert (("demo", 1),) == read_inventory(content, where="x", named=NOBODY).unread


def test_one_certificate_twice_is_refused() -> None:
    part = read_inventory(csv(ROW), where="x.csv", named=NOBODY)
    with pytest.raises(UsageError) as caught:
        together((part, part))
    assert "UCM-HORIZON-005" == caught.value.code


def test_a_ca_is_what_a_person_says_and_else_unknown() -> None:
    named = Named(public=("big",), private=("corp", "both"))
    assert ["public", "private", "unknown", "unknown", "self-signed"] == [
        named.signer("CN=x", issuer) for issuer in ("CN=Big CA", "CN=Corp CA", "CN=Big Corp", "CN=Else", "CN=x")
    ]
    assert ("both",) == named.unmet(("CN=Big CA", "CN=Corp CA"))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_sentences(content: bytes) -> None:
    for form in (content, csv(ROW) + content, scanned_once() + content):
        with contextlib.suppress(UsageError):
            read(form)


SCANNED: list[bytes] = []


def scanned_once() -> bytes:
    if not SCANNED:
        SCANNED.append(scanned())
    return SCANNED[0]
