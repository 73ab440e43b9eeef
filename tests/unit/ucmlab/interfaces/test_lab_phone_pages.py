# Promise: a phone shows its page only when told to, in its model's style, with the checksums of the lists it holds.
import asyncio
from collections.abc import Callable

import pytest
from lxml import etree

from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import RefuseConnection
from ucmlab.interfaces.phone_pages import answer_page
from ucmlab.interfaces.web.messages import Response
from ucmlab.scenarios.schema import PhonesSpec
from unit.ucmlab.lab_bench import in_lab
from unit.ucmlab.phone_bench import BOOTED_S, with_phones

NEW, OLD, HIDDEN = "SEP0077AA000001", "SEP0077AA000002", "SEP0077AA000003"
LINES = (
    PhonesSpec(count=1, model="CP-8851", page_share=1.0),
    PhonesSpec(count=1, model="CP-7962", page_share=1.0),
    PhonesSpec(count=1, page_share=0.0),
)
CONFIGURATION = "/CGI/Java/Serviceability?adapter=device.statistics.configuration"


def page_of(name: str, path: str, *, before: Callable[[Cluster], None] | None = None, mixed: bool = False, **switches):
    """A page some time after the start, and the phone behind it."""

    async def once(cluster: Cluster) -> tuple[Response, object]:
        await asyncio.sleep(BOOTED_S)
        if before is not None:
            before(cluster)
        return answer_page(cluster, name, path), cluster.phones.phone(name)

    return in_lab(once, with_phones(*LINES, mixed=mixed, switches=switches))


def fields(response: Response) -> dict[str, str]:
    return {child.tag: child.text or "" for child in etree.fromstring(response.body)}


def test_78xx_and_88xx_show_the_sha1_of_what_they_hold() -> None:
    response, phone = page_of(NEW, CONFIGURATION, mixed=True)
    shown = fields(response)
    assert (200, "NetworkConfiguration") == (response.status, etree.fromstring(response.body).tag)
    assert phone.memory.itl.sha1 == shown["ITLSignature"]
    assert phone.memory.ctl.sha1 == shown["CTLSignature"]
    assert "cucm-pub Active" == shown["CallManager1"]


def test_79xx_show_md5_in_their_xml() -> None:
    response, phone = page_of(OLD, "/NetworkConfigurationX")
    assert phone.memory.itl.md5 == fields(response)["ITLSignature"]
    assert "Not Installed" == fields(response)["CTLSignature"]


@pytest.mark.parametrize(
    ("switches", "field", "form"),
    [
        ({"phone_page_checksum": "md5"}, "ITLSignature", lambda itl: itl.md5),
        ({"phone_page_digits": "spaced"}, "ITLSignature", lambda itl: f"{bytes.fromhex(itl.sha1).hex(' ').upper()} "),
        ({"phone_page_itl_field": "itlHash"}, "itlHash", lambda itl: itl.sha1),
    ],
)
def test_form_and_name_of_a_checksum_are_switches(switches, field, form) -> None:
    response, phone = page_of(NEW, CONFIGURATION, **switches)
    assert form(phone.memory.itl) == fields(response)[field]


def test_the_place_of_the_checksums_is_a_switch() -> None:
    own = "/CGI/Java/Serviceability?adapter=device.settings.security.trustlist"
    assert 404 == page_of(NEW, own)[0].status
    assert {"ITLSignature", "CTLSignature"} == set(fields(page_of(NEW, own, phone_page_trust="own-page")[0]))
    for place in ("own-page", "absent"):
        assert "ITLSignature" not in fields(page_of(NEW, CONFIGURATION, phone_page_trust=place)[0])


def test_serviceability_pages_may_be_html() -> None:
    response, phone = page_of(NEW, CONFIGURATION, phone_page_form="html")
    assert response.headers["Content-Type"].startswith("text/html")
    assert f"<td>ITLSignature</td><td>{phone.memory.itl.sha1}</td>" in response.body.decode()


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        (NEW, "/CGI/Java/Serviceability?adapter=device.statistics.device", 200),
        (NEW, "/CGI/Java/Serviceability?adapter=device.settings.status.messages", 200),
        (NEW, "/CGI/Java/Serviceability?adapter=device.statistics.consolelog", 200),
        (NEW, "/NetworkConfigurationX", 404),
        (NEW, "/", 404),
        (OLD, "/DeviceInformationX", 200),
        (OLD, "/PortInformationX?1", 200),
        (OLD, "/StatusMessagesX", 200),
        (OLD, "/DeviceLogX", 200),
        (OLD, CONFIGURATION, 404),
        (OLD, "/TrustListX", 404),
    ],
)
def test_every_model_has_the_pages_of_its_style(name: str, path: str, status: int) -> None:
    assert status == page_of(name, path)[0].status


def test_a_page_that_is_off_refuses_the_connection() -> None:
    with pytest.raises(RefuseConnection):
        page_of(HIDDEN, CONFIGURATION)
    with pytest.raises(RefuseConnection):
        page_of(NEW, CONFIGURATION, before=lambda cluster: cluster.phones.power(NEW, False))


def test_a_failed_list_stands_in_the_status_messages() -> None:
    lines = (PhonesSpec(count=1, page_share=1.0, mismatched_share=1.0),)

    async def once(cluster: Cluster) -> list[str]:
        await asyncio.sleep(BOOTED_S)
        cluster.phones.reset_all()
        await asyncio.sleep(BOOTED_S)
        phone = cluster.phones.phone(NEW)
        assert phone.page
        response = answer_page(cluster, NEW, "/CGI/Java/Serviceability?adapter=device.settings.status.messages")
        return [element.text or "" for element in etree.fromstring(response.body)]

    assert any("Trust List Update Failed" in message for message in in_lab(once, with_phones(*lines)))
