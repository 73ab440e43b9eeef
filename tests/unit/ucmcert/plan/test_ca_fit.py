"""Promise: a CA that is described and cannot sign a purpose is told before a CSR is made."""

from factory.certificates import NOW
from factory.clusters import cluster
from ucmcert.knowledge.key_usage import CLIENT_AUTH, SERVER_AUTH
from ucmcert.lint.authority_profile.profile import Bits, CaProfile
from ucmcert.model.plan import Plan
from ucmcert.plan.build import build
from ucmcert.plan.options import Options
from ucmcert.plan.select import select

GOOD = CaProfile(
    kind="answer",
    keeps_sans=("dns",),
    usage=Bits(keeps=("digital_signature", "data_encipherment")),
    extended=Bits(keeps=(SERVER_AUTH, CLIENT_AUTH)),
)


def made(ca: CaProfile | None, *purposes: str) -> Plan:
    whole = cluster()
    items = select(whole, now=NOW, threshold_days=30, purposes=purposes)
    return build(whole, items, now=NOW, options=Options(ca=ca))


def told(ca: CaProfile | None, *purposes: str) -> list[str]:
    found = [one for one in made(ca, *purposes).findings if one.code in ("UCM-PLAN-014", "UCM-PLAN-015")]
    return [f"{one.severity.value} {one.values['purpose']}" for one in found]


def test_without_a_description_or_with_a_good_ca_nothing_is_said() -> None:
    assert [] == told(None, "tomcat", "ipsec")
    assert [] == told(GOOD, "tomcat")


def test_a_purpose_that_the_ca_cannot_sign_is_an_error_and_names_what_it_does() -> None:
    without = CaProfile(
        kind="vault", keeps_sans=("dns",), usage=GOOD.usage, extended=Bits(keeps=(SERVER_AUTH,), drops=(CLIENT_AUTH,))
    )
    assert ["error tomcat"] == told(without, "tomcat")
    (found,) = [one for one in made(without, "tomcat").findings if one.code == "UCM-PLAN-014"]
    assert "UCM-CA-006" in found.what


def test_only_purposes_that_are_renewed_are_judged() -> None:
    dropping = CaProfile(
        kind="adcs", keeps_sans=("dns",), usage=Bits(drops=("data_encipherment",)), extended=GOOD.extended
    )
    assert {"error ipsec"} == set(told(dropping, "ipsec"))
