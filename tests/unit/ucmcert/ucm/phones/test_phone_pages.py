"""Promise: a phone's page is believed only where it names its own list, and never makes a phone look mismatched."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.phone import NOT_INSTALLED, HeldLists, Sighting
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm.phones.pages import held_lists, read_page

SHA1 = "3b452f9ec9d6543df80e50f8b850cddc92fcf847"
OTHER = "9d7da73d16c1501b4d27dc1ed79211f390659982"
MD5 = "1d97d9089dd558a062cccfcb1dc4c57f"
PAIRS = " ".join(SHA1[at : at + 2].upper() for at in range(0, 40, 2))
COLONS = ":".join(OTHER[at : at + 2] for at in range(0, 40, 2))
SHA256 = SHA1 + OTHER[:24]
SHA256_PAIRS = " ".join(SHA256[at : at + 2] for at in range(0, 64, 2))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"<ITLSignature>{PAIRS} </ITLSignature><CTLSignature>{COLONS}</CTLSignature>", (SHA1, OTHER)),
        (f"<itl_file_hash>{MD5}</itl_file_hash>", (MD5, "")),
        (
            f"<tr><td>ITL File</td><td>{SHA1}</td></tr><tr><td>CTL File</td><td>Not Installed</td></tr>",
            (SHA1, NOT_INSTALLED),
        ),
        (f"<TD><B>ITL signature (SHA1)</B></TD>\n<TD width=20></TD><TD>\n<B>{COLONS}</B></TD>", (OTHER, "")),
        (f'{{"itl": {{"md5": "{MD5}", "name": "ITLFile.tlv", "sha1": "{SHA1}"}}}}', (SHA1, "")),
        (f"<Trust><File name='CTLFile.tlv' sha1='{SHA1}'/></Trust>", ("", SHA1)),
        (f'{{"itlChecksum": "{SHA1}", "ctlChecksum": ""}}', (SHA1, "")),
        (f"ITL MD5: {MD5}\nITL SHA1: {SHA1}\nCTL MD5: {MD5}", (SHA1, MD5)),
        (f"<Trust><File name='ITLFile.tlv'>{SHA1}</File></Trust>", (SHA1, "")),
        (f"CTL&nbsp;Signature&#58; {SHA1[:20]} {SHA1[20:]}", ("", SHA1)),
        (f"<ITL>Installed</ITL><Load>{SHA1}</Load>", ("", "")),
        (f"<CTL_TFTP_Server>10.0.0.1</CTL_TFTP_Server><Cert>{SHA1}</Cert>", ("", "")),
        (f"<ITLRecovery>{SHA1}</ITLRecovery>", ("", "")),
        (f"<ITLSignature>{SHA256}</ITLSignature>", ("", "")),
        (f"<ITLSignature>{SHA256_PAIRS}</ITLSignature>", ("", "")),
        (f"<ITLSignature>{SHA1}</ITLSignature><ITLSignature>{OTHER}</ITLSignature>", ("", "")),
        (f"<ITLSignature>{SHA1}</ITLSignature><ITLSignature>Not Installed</ITLSignature>", ("", "")),
        (f"Host name SEP0011 firmware {SHA1}", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_checksum_counts_right_behind_its_label(page: str, expected: tuple[str, str]) -> None:
    assert expected == read_page(page)


@given(st.text())
def test_any_page_can_be_read(page: str) -> None:
    assert 2 == len(read_page(page))


class Phones:
    """Phones' pages by path; an unknown path is 404. Everything else of the port is not used here."""

    def __init__(self, pages: dict[str, str | Exception], other: str | Exception = "") -> None:
        self.pages = pages
        self.other = other
        self.asked: list[tuple[str, int, str]] = []

    async def plain_http(self, address: str, port: int, path: str, timeout_s: float) -> HttpAnswer:
        self.asked.append((address, port, path))
        page = self.pages.get(path, self.other)
        if isinstance(page, Exception):
            raise page
        return HttpAnswer(status=200 if page else 404, content_type="text/html", body=page.encode())


def seen(name: str = "SEP001122334455", address: str = "10.0.0.9", model: str = "Cisco 8851") -> Sighting:
    return Sighting(name=name, node="sub1", registered=True, changed_at=1, page=True, address=address, model=model)


def told(phones: Phones, sighting: Sighting | None = None, first: str = "") -> tuple[HeldLists | None, str]:
    return asyncio.run(held_lists(phones, sighting or seen(), 80, first))  # type: ignore[arg-type]


CONFIGURATION = "/CGI/Java/Serviceability?adapter=device.statistics.configuration"
SILENT = OutcomeUnknown("UCM-NET-003", "no", where="x", why="no")


def test_a_newer_phone_is_asked_for_its_configuration_page() -> None:
    phones = Phones({CONFIGURATION: f"SEP001122334455 ITL {SHA1} CTL Not Installed"})
    expected = HeldLists(name="SEP001122334455", itl=SHA1, ctl=NOT_INSTALLED, told_by=f"http://10.0.0.9{CONFIGURATION}")
    assert (expected, CONFIGURATION) == told(phones)
    assert [("10.0.0.9", 80, CONFIGURATION)] == phones.asked


def test_the_next_page_is_tried_when_one_is_missing_or_tells_nothing() -> None:
    phones = Phones({CONFIGURATION: "<html>Network</html>", "/NetworkConfigurationX": f"<ITL>{SHA1}</ITL>"})
    held, path = told(phones)
    assert held is not None
    assert (SHA1, "/NetworkConfigurationX") == (held.itl, path)


def test_the_page_that_told_something_on_another_phone_is_asked_first() -> None:
    phones = Phones({"/DeviceInformationX": f"<ITL>{SHA1}</ITL>"})
    told(phones, first="/DeviceInformationX")
    assert ["/DeviceInformationX"] == [path for _, _, path in phones.asked]


def test_pages_that_tell_nothing_are_untold_never_a_mismatch() -> None:
    held, path = told(Phones({}, other="<html>Network</html>"))
    assert held is not None
    assert ("", "", "") == (held.itl, held.ctl, path)


def test_a_phone_without_pages_has_none_and_is_asked_once_when_it_is_silent() -> None:
    assert (None, "") == told(Phones({}))
    silent = Phones({}, other=SILENT)
    assert (None, "") == told(silent)
    assert 1 == len(silent.asked)


def test_an_address_that_cannot_be_used_is_no_page() -> None:
    unusable = UsageError("UCM-NET-006", "no", where="x", why="no", next="no")
    assert (None, "") == told(Phones({}, other=unusable))
    phones = Phones({})
    assert (None, "") == told(phones, seen(address="phone.evil.example"))
    assert [] == phones.asked


def test_the_page_of_another_phone_proves_nothing() -> None:
    phones = Phones({}, other=f"<HostName>SEPAABBCCDDEEFF</HostName><ITL>{SHA1}</ITL>")
    assert (None, "") == told(phones)
