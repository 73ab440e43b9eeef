# Promise: SSO is shown and turned off per node, after a yes, and never turned on here.
import pytest

from ucmlab.scenarios.schema import Sso
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at, at_prompt, output
from unit.ucmlab.lab_bench import scenario

ENABLED = """SSO Status: SAML SSO Enabled
IdP Metadata Imported Date = Mon Oct 13 16:12:20 UTC 2025
SP Metadata Exported Date = Mon Oct 13 14:12:20 UTC 2025
SSO Test Result Date = Mon Oct 13 16:42:20 UTC 2025
SAML SSO Test Status = passed
Recovery URL Status = enabled
Entity ID = http://idp.lab.example/adfs/services/trust
"""
ENABLE = """*** W A R N I N G ***
SSO cannot be enabled using CLI command 
=======================================================
To enable Cluster wide SAML SSO please access 
Cisco Unified CM Administration Page->System->SAML Single Sign On 

=======================================================
"""  # noqa: W291 - literal
OFF = "SSO Status: SAML SSO Disabled"
QUESTION = "Do you want to continue (yes/no)? "
ON = scenario("pair", sso=Sso(enabled=True))


def test_sso_that_is_on() -> None:
    assert ENABLED == output("utils sso status", of=ON)


@pytest.mark.parametrize("words", [OFF, "off"])
@pytest.mark.parametrize("line", ["utils sso status", "utils sso disable"])
def test_sso_that_is_off_is_said_in_the_words_of_the_switch(words: str, line: str) -> None:
    assert f"{words}\n" == output(line, sso_off_text=words)


def test_the_command_line_only_tells_where_sso_is_enabled() -> None:
    assert ENABLE == output("utils sso enable")


@pytest.mark.parametrize("question", [QUESTION, "Sure (yes/no)? "])
def test_a_yes_turns_sso_off_at_this_node_only(question: str) -> None:
    async def turn_off(end: FarEnd) -> tuple[str, str, str, str]:
        listed = await end.asked("utils sso disable", question)
        said = await end.run("yes")
        other = await at(end.cluster, "cucm-sub1")
        return listed, said, await end.run("utils sso status"), (await other.run("utils sso status")).splitlines()[0]

    listed, said, here, there = at_prompt(turn_off, ON, sso_disable_text=question)
    assert "SSO will be disabled for the following web applications:" == listed.splitlines()[0]
    assert "Cisco Unified CM Administration" in listed.splitlines()
    assert "SAML SSO disabled successfully.\n" == said
    assert (f"{OFF}\n", "SSO Status: SAML SSO Enabled") == (here, there)


def test_a_no_leaves_sso_on() -> None:
    async def decline(end: FarEnd) -> tuple[str, bool, tuple[str, str, str]]:
        await end.asked("utils sso disable", QUESTION)
        return await end.run("no"), end.cluster.sso_enabled(end.node), end.operations()[-1]

    assert ("Exiting...\n", True, ("sso", "", "cancelled")) == at_prompt(decline, ON)
