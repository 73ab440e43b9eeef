"""FIPS mode; modes that a cluster of the lab is never in; and the TLS version. Source: interfaces-cli.md 5.11."""

from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command

ESM_OFF = "The system is operating in non-EnhancedSecurityMode mode."
CONTACT_SEARCH_OFF = "The system is operating in contact search authentication disable mode."
TLS_MINIMUM = "Configured TLS minimum version: 1.2"


async def show_fips(talk: Conversation, _call: Call) -> None:
    """Off or on at this node: switches fips_text and fips_on_text."""
    talk.say(talk.switches["fips_on_text" if talk.node.site.fips else "fips_text"])


async def show_enhanced(talk: Conversation, _call: Call) -> None:
    """Off."""
    talk.say(ESM_OFF)


async def show_contact_search(talk: Conversation, _call: Call) -> None:
    """Off."""
    talk.say(CONTACT_SEARCH_OFF)


async def show_tls(talk: Conversation, _call: Call) -> None:
    """The oldest TLS version that the node speaks."""
    talk.say(TLS_MINIMUM)


COMMANDS = (
    Command(words="utils fips status", run=show_fips, operation="fips", about="shows the FIPS mode"),
    Command(
        words="utils EnhancedSecurityMode status",
        run=show_enhanced,
        operation="enhanced-security",
        about="shows the Enhanced Security Mode",
    ),
    Command(
        words="utils contactsearchauthentication status",
        run=show_contact_search,
        operation="contact-search",
        about="shows whether contact searches are authenticated",
        products=("cucm",),
    ),
    Command(words="show tls min-version", run=show_tls, operation="tls", about="shows the minimum TLS version"),
    Command(words="show tls server min-version", run=show_tls, operation="tls", about="shows it for servers"),
    Command(words="show tls client min-version", run=show_tls, operation="tls", about="shows it for clients"),
)
