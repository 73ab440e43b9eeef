"""Promise: of `show web-security`, whose output nobody has published, only a certificate or its listing is believed."""

import pytest

from factory.certificates import NOW, self_signed
from ucmcert.ucm.platform_cli.parsers.web_security import parse_web_security

LISTING = """[
  Version: V3
  Serial Number: 523C
  Issuer Name: L=Lyon, ST=ARA, CN=cucm-pub, OU=UC, O=Other, C=FR
  {tag}: L=Lyon, ST=ARA, CN=cucm-pub, OU=UC, O=Lab, C=FR
]"""


@pytest.mark.parametrize("tag", ["Subject Name", "SubjectDN"])
def test_the_listing_of_a_certificate_tells_the_subject(tag: str) -> None:
    found = parse_web_security(LISTING.format(tag=tag))
    assert {"locality": "Lyon", "state": "ARA", "unit": "UC", "organisation": "Lab", "country": "FR"} == found.subject
    assert () == found.names


def test_a_pem_tells_the_names_too() -> None:
    made = self_signed("cucm-pub.lab.example", ("dns:cucm-pub.lab.example", "ip:10.0.0.9"), not_after=NOW)
    assert ("dns:cucm-pub.lab.example", "ip:10.0.0.9") == parse_web_security(made.pem).names


@pytest.mark.parametrize("text", ["", "No settings", "Subject Name: none", LISTING.format(tag="Subject Name") * 2])
def test_other_words_are_not_understood(text: str) -> None:
    with pytest.raises(ValueError, match="certificate"):
        parse_web_security(text)
