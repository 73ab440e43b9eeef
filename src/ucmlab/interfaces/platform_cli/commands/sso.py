"""`utils sso status`, `enable` and `disable`. Source: interfaces-cli.md 5.11."""

from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import java_date
from ucmlab.interfaces.platform_cli.registry import Command

RULE = "======================================================="
APPLICATIONS = {
    "cucm": (
        "Cisco Unified CM Administration",
        "Cisco Unified Serviceability",
        "Cisco Unified Reporting",
        "Cisco Unified CM User Options",
    ),
    "unity-connection": ("Cisco Unity Connection Administration", "Cisco Unity Connection Serviceability"),
    "imp": ("Cisco Unified CM IM and Presence Administration", "Cisco Unified IM and Presence Serviceability"),
}
HOUR_S = 3600.0


async def show_status(talk: Conversation, _call: Call) -> None:
    """On or off (switch sso_off_text) at this node; the agreement dates from the days of the installation."""
    if not talk.cluster.sso_enabled(talk.node):
        talk.say(talk.switches["sso_off_text"])
        return
    identities = talk.node.certificates.identities()
    installed_at = min(row.certificate().not_valid_before_utc.timestamp() for row in identities)
    talk.say(
        "SSO Status: SAML SSO Enabled",
        f"IdP Metadata Imported Date = {java_date(installed_at + 50 * HOUR_S)}",
        f"SP Metadata Exported Date = {java_date(installed_at + 48 * HOUR_S)}",
        f"SSO Test Result Date = {java_date(installed_at + 50.5 * HOUR_S)}",
        "SAML SSO Test Status = passed",
        "Recovery URL Status = enabled",
        f"Entity ID = http://idp.{talk.cluster.domain}/adfs/services/trust",
    )


async def enable(talk: Conversation, _call: Call) -> None:
    """The command line only says where it is done."""
    talk.say(
        "*** W A R N I N G ***",
        "SSO cannot be enabled using CLI command ",
        RULE,
        "To enable Cluster wide SAML SSO please access ",
        "Cisco Unified CM Administration Page->System->SAML Single Sign On ",
        "",
        RULE,
    )


async def disable(talk: Conversation, _call: Call) -> None:
    """Turn SSO off at this node, after a yes (switch sso_disable_text)."""
    if not talk.cluster.sso_enabled(talk.node):
        talk.say(talk.switches["sso_off_text"])
        return
    talk.say("SSO will be disabled for the following web applications:", *APPLICATIONS[talk.node.product])
    await talk.must_agree(talk.switches["sso_disable_text"])
    await talk.think(5.0)
    talk.cluster.disable_sso(talk.node)
    talk.say("SAML SSO disabled successfully.")


COMMANDS = (
    Command(words="utils sso status", run=show_status, operation="sso", about="shows the state of SSO"),
    Command(words="utils sso enable", run=enable, operation="sso", about="tells how SSO is enabled", privilege=1),
    Command(words="utils sso disable", run=disable, operation="sso", about="disables SSO here", privilege=1),
)
