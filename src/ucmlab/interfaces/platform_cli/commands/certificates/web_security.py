"""`set web-security` and `show web-security`. Source: interfaces-cli.md 2.5, procedure.md 4.1 P15, 5 E4.

The words of the question are those of `set cert regen`, of which only the end is known here. What `show` prints is
invented: a line for each setting.
"""

import shlex

from ucmlab.cluster.certificates.web_security import WebSecurity, judge_web_security, set_web_security
from ucmlab.interfaces.platform_cli.commands.certificates.changing import OVERWRITES
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import UNKNOWN, Command, NotUnderstood

LEAST, MOST = 4, 6


async def set_subject(talk: Conversation, call: Call) -> None:
    """A new subject and alternate host name, after a yes; tomcat is self-signed from then on."""
    asked = _read(talk, call)
    judge_web_security(talk.node.certificates, asked, talk.cluster.world.switches)
    talk.say("", OVERWRITES.format(unit="tomcat"))
    await talk.must_agree("Proceed with regeneration (yes|no)? ")
    await talk.think(4.0)
    set_web_security(talk.node.certificates, asked)
    talk.say(
        "",
        "Successfully Regenerated Certificate for tomcat.",
        "You must restart services related to tomcat for the regenerated certificates to become active.",
    )


async def show_subject(talk: Conversation, _call: Call) -> None:
    """What is set."""
    site = talk.node.site
    rows = (
        ("Host Name", site.fqdn),
        ("Organization Unit", site.organisation.unit),
        ("Organization", site.organisation.organisation),
        ("Locality", site.organisation.locality),
        ("State", site.organisation.state),
        ("Country", site.organisation.country),
        ("Alternate Host Name", site.alternate_host_name),
    )
    talk.say("", *(f"{name:<20}: {value}".rstrip() for name, value in rows), "")


def _read(talk: Conversation, call: Call) -> WebSecurity:
    """The typed values; one with blanks stands in quotes. Raises NotUnderstood."""
    try:
        words = shlex.split(call.rest)
    except ValueError as error:
        raise NotUnderstood(UNKNOWN) from error
    if len(words) < LEAST:
        raise NotUnderstood(talk.switches["incomplete_text"])
    if len(words) > MOST:
        raise NotUnderstood(UNKNOWN)
    unit, organisation, locality, state = words[:LEAST]
    country, alternate = (*words[LEAST:], "", "")[:2]
    return WebSecurity(
        unit=unit,
        organisation=organisation,
        locality=locality,
        state=state,
        country=country,
        alternate_host_name=alternate,
    )


def _tomcat(_call: Call) -> str:
    return "tomcat"


COMMANDS = (
    Command(
        words="set web-security",
        run=set_subject,
        operation="web-security",
        about="sets the subject of certificates and regenerates that of tomcat",
        arguments="<orgunit> <orgname> <locality> <state> [country] [alternatehostname]",
        free_text=True,
        purpose=_tomcat,
        privilege=1,
    ),
    Command(
        words="show web-security",
        run=show_subject,
        operation="web-security-show",
        about="shows the subject of certificates",
    ),
)
