# Promise: the table of answers says exactly what the web interfaces answer, and every switch of theirs does something.
from pathlib import Path

import pytest

import ucmlab
from ucmlab.cluster.cluster import Cluster
from ucmlab.interfaces import phone_pages, tftp
from ucmlab.interfaces.answers import ANSWERS
from ucmlab.interfaces.http import Request
from ucmlab.interfaces.phone_pages import answer_page
from ucmlab.scenarios.schema import PhonesSpec
from ucmlab.switches import HTTP_SWITCHES
from unit.ucmlab.interfaces.web_bench import AST_NS, AXL_NS, AXL_PATH, CC_PATH, RIS_PATH, ask, login, soap
from unit.ucmlab.lab_bench import in_lab, scenario

OLD, NEW = "SEP0077AA000001", "SEP0077AA000002"
OF = scenario(
    mixed=True,
    phones=(PhonesSpec(count=1, model="CP-7962", page_share=1.0), PhonesSpec(count=1, page_share=1.0)),
    switches={"phone_page_trust": "own-page"},
)
SOAP = {"axl": (AXL_PATH, AXL_NS), "ris": (RIS_PATH, AST_NS), "control-center": (CC_PATH, AST_NS)}


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: f"{row.interface} {row.call}")
def test_every_row_is_answered_by_its_interface(row) -> None:
    async def once(cluster: Cluster) -> None:
        if row.interface == phone_pages.INTERFACE:
            shown = [answer_page(cluster, name, row.call.removeprefix("GET ")).status for name in (OLD, NEW)]
            assert sorted(shown) == [200, 404]
            return
        if row.interface == tftp.INTERFACE:
            name = row.name.replace("SEP<MAC>", NEW)
            request = Request("GET", f"/{name}", "", {}, b"")
            assert 200 == (await tftp.answer_tftp_http(cluster, cluster.publisher, request)).status
            assert [(row.interface, name)] == [(line.interface, line.operation) for line in cluster.log.operations()]
            return
        if row.interface in SOAP:
            path, namespace = SOAP[row.interface]
            response = await soap(cluster, path, namespace, f"<n:{row.call}/>")
            assert b"is not known" not in response.body
        else:
            method, _, path = row.call.partition(" ")
            await ask(cluster, method, path, headers=login(cluster, "platform"))
        lines = [(line.interface, line.operation) for line in cluster.log.operations()]
        assert [(row.interface, row.name)] == lines

    in_lab(once, OF)


def test_every_row_has_a_source_and_stands_once() -> None:
    assert all(row.source.startswith("interfaces-http.md ") for row in ANSWERS)
    assert len({(row.interface, row.call) for row in ANSWERS}) == len(ANSWERS)


def test_every_http_switch_is_read_somewhere() -> None:
    source = "".join(path.read_text() for path in Path(ucmlab.__file__).parent.rglob("*.py"))
    reads = [switch.name for switch in HTTP_SWITCHES if f'["{switch.name}"]' not in source]
    assert [] == reads
