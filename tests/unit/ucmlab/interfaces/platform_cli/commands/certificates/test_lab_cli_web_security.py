# Promise: `set web-security` asks, makes tomcat self-signed anew and marks all later CSRs; a no changes nothing.
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output, outputs
from unit.ucmlab.interfaces.web_bench import MINIMAL, rest, value
from unit.ucmlab.lab_bench import in_lab, scenario

LINE = 'set web-security "Unified Communications" "Example SA" Lyon Rhone FR uc.other.example'
QUESTION = "Proceed with regeneration (yes|no)? "
UNSUCCESSFUL = "Executed command unsuccessfully\n"
DONE = """
Successfully Regenerated Certificate for tomcat.
You must restart services related to tomcat for the regenerated certificates to become active.
"""


async def answered(end: FarEnd, line: str, answer: str = "yes") -> str:
    await end.asked(line, QUESTION)
    return await end.run(answer)


def names(holder: x509.Certificate | x509.CertificateSigningRequest) -> list[Any]:
    return [one.value for one in holder.extensions.get_extension_for_class(x509.SubjectAlternativeName).value]


def subject(holder: x509.Certificate | x509.CertificateSigningRequest) -> set[str]:
    return set(holder.subject.rfc4514_string().split(","))


def test_tomcat_is_self_signed_anew_and_served_after_the_next_restart() -> None:
    async def change(end: FarEnd) -> None:
        before = end.node.certificates.identity("tomcat")
        assert (DONE, "web-security") == (await answered(end, LINE), end.operations()[-1][0])
        now = end.node.certificates.identity("tomcat")
        made = now.certificate()
        assert made.issuer == made.subject
        assert {"O=Example SA", "OU=Unified Communications", "L=Lyon", "ST=Rhone", "C=FR"} <= subject(made)
        assert ["cucm-pub.lab.example", "uc.other.example"] == names(made)
        assert before.sha256 == end.node.served("tomcat")[8443].sha256
        await end.run("utils service restart Cisco Tomcat")
        await end.cluster.clock.sleep(600)
        assert now.sha256 == end.node.served("tomcat")[8443].sha256

    at_prompt(change)


@pytest.mark.parametrize(("answer", "changed"), [("no", False), ("yes", True)])
def test_nothing_changes_without_a_yes(answer: str, changed: bool) -> None:
    async def change(end: FarEnd) -> bool:
        before = end.node.certificates.memory(), end.node.site
        await answered(end, LINE, answer)
        return before != (end.node.certificates.memory(), end.node.site)

    assert changed == at_prompt(change)


@pytest.mark.parametrize("purpose", ["tomcat", "ipsec", "CallManager"])
def test_later_csrs_carry_subject_and_alternate_name(purpose: str) -> None:
    async def change(end: FarEnd) -> None:
        await answered(end, LINE)
        request = end.node.certificates.generate_csr(purpose, CsrRequest(include_ou=True)).request()
        assert {"O=Example SA", "OU=Unified Communications", "L=Lyon", "ST=Rhone", "C=FR"} <= subject(request)
        assert ["lab.example", "cucm-pub.lab.example", "uc.other.example"] == names(request)

    at_prompt(change)


def test_a_multi_server_csr_carries_it_too_and_an_address_stands_as_one() -> None:
    async def change(end: FarEnd) -> list[Any]:
        await answered(end, "set web-security U O L S FR 192.0.2.7")
        csr = end.node.certificates.generate_csr("tomcat", CsrRequest(distribution="multi-server"))
        return names(csr.request())

    assert ["lab.example", "cucm-pub.lab.example", ip_address("192.0.2.7")] == at_prompt(change)


def test_a_csr_by_rest_carries_it_beside_the_names_asked_for() -> None:
    async def change(end: FarEnd) -> list[Any]:
        await answered(end, LINE)
        body = MINIMAL | {"altNames": ["a.example"]}
        pem = value(await rest(end.cluster, "POST", "csr", body))["csr"]
        return names(x509.load_pem_x509_csr(pem.encode()))

    expected = ["lab.example", "cucm-pub.lab.example", "uc.other.example", "a.example"]
    assert expected == at_prompt(change)


def test_a_pending_csr_stays_as_it_is() -> None:
    async def change(end: FarEnd) -> None:
        csr = end.node.certificates.generate_csr("tomcat", CsrRequest())
        await answered(end, LINE)
        assert csr == end.node.certificates.csr("tomcat")

    at_prompt(change)


def test_country_and_alternate_name_may_be_left_out_and_the_name_is_gone_then() -> None:
    async def change(end: FarEnd) -> tuple[str, str]:
        await answered(end, LINE)
        await answered(end, "set web-security U O L S")
        return end.node.site.alternate_host_name, end.node.site.organisation.country

    assert ("", "FR") == at_prompt(change)


@pytest.mark.parametrize("switch", ["kept", "refused"])
def test_the_country_never_changes(switch: str) -> None:
    async def change(end: FarEnd) -> str:
        if switch == "kept":
            await answered(end, "set web-security U O L S DE")
        else:
            assert "The country cannot be changed\n" + UNSUCCESSFUL == await end.run("set web-security U O L S DE")
        return end.node.site.organisation.country

    assert "FR" == at_prompt(change, web_security_country=switch)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("U O L", "Incomplete command entered\n"),
        ("U O L S FR a.example more", "No valid command entered\n"),
        ('"U O L S', "No valid command entered\n"),
        ('"" O L S', "Invalid orgunit\n" + UNSUCCESSFUL),
        ("U " + "o" * 65 + " L S", "Invalid orgname\n" + UNSUCCESSFUL),
        ("U O L S FR a_.-b..c", "Invalid alternatehostname\n" + UNSUCCESSFUL),
        ("U O L S FR 300.1.2.3", "Invalid alternatehostname\n" + UNSUCCESSFUL),
        ("U O L S FR *.lab.example", "Wildcard certificates are not supported\n" + UNSUCCESSFUL),
    ],
)
def test_what_cannot_be_set_is_refused(line: str, said: str) -> None:
    async def change(end: FarEnd) -> None:
        before = end.node.certificates.memory(), end.node.site
        assert said == await end.run(f"set web-security {line}")
        assert before == (end.node.certificates.memory(), end.node.site)

    at_prompt(change)


def test_show_tells_what_is_set() -> None:
    before = output("show web-security").splitlines()
    assert ["Organization        : Example", "Alternate Host Name :"] == [before[3], before[7]]

    async def change(end: FarEnd) -> str:
        await answered(end, LINE)
        return await end.run("show web-security")

    after = at_prompt(change).splitlines()
    assert ["Organization        : Example SA", "Alternate Host Name : uc.other.example"] == [after[3], after[7]]


def test_only_this_node_changes_and_it_is_kept_over_a_stop() -> None:
    async def change(end: FarEnd) -> None:
        await answered(end, LINE)
        other = end.cluster.node("cucm-sub1")
        assert ("uc.other.example", "") == (end.node.memory().site.alternate_host_name, other.site.alternate_host_name)

    at_prompt(change, scenario("pair"))


def test_fips_status_is_told_by_node() -> None:
    import msgspec

    pair = scenario("pair")
    nodes = (pair.nodes[0], msgspec.structs.replace(pair.nodes[1], fips=True))
    mixed = msgspec.structs.replace(pair, nodes=nodes)
    assert ["The system is operating in non-FIPS mode\n"] == outputs("utils fips status", of=mixed)
    on = outputs("utils fips status", of=mixed, node="cucm-sub1")
    assert ["The system is operating in FIPS mode. Self test status:\n"] == on


def test_a_capf_csr_of_no_release_asks_for_key_encipherment() -> None:
    async def ask(cluster: Cluster) -> list[bool]:
        usages = []
        for purpose in ("CAPF", "tomcat"):
            request = cluster.publisher.certificates.generate_csr(purpose, CsrRequest()).request()
            usages.append(request.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment)
        return usages

    assert [[False, True], [False, False]] == [in_lab(ask, scenario("legacy")), in_lab(ask)]
