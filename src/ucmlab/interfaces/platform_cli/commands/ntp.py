"""`utils ntp status`, as ntpd or as chronyd prints it (switch ntp_style). Source: interfaces-cli.md 5.8."""

from ucmlab.cluster.releases import release_has
from ucmlab.interfaces.platform_cli.commands.network import gateway_of
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import unix_date
from ucmlab.interfaces.platform_cli.registry import Command

NTPD_HEADER = (
    "     remote           refid      st t when poll reach   delay   offset  jitter",
    "==============================================================================",
)
CHRONYD_HEADER = (
    "MS Name/IP address         Stratum Poll Reach LastRx Last sample",
    "===============================================================================",
)


async def show_ntp(talk: Conversation, _call: Call) -> None:
    """Whether this node's clock follows its server: the publisher's for a subscriber."""
    node = talk.node
    good = node.ntp == "synchronised"
    server = gateway_of(node) if node.is_publisher else talk.cluster.publisher.address
    style = talk.switches["ntp_style"]
    chronyd = release_has(node.version, "chronyd") if style == "by-release" else style == "chronyd"
    stratum = 2 if node.is_publisher else 3
    offset_ms = 2.591 + node.clock_offset_s * 1000.0
    if chronyd:
        mark, reach = ("^*", 377) if good else ("^?", 0)
        talk.say("chronyd (pid 1234) is running...", "", *CHRONYD_HEADER)
        talk.say(f"{mark} {server:<24}{stratum:7}  10  {reach:4}   935 {offset_ms * 1000:+8.0f}us +/-   32ms")
    else:
        mark, reach = ("*", 377) if good else (" ", 0)
        talk.say("ntpd (pid 8609) is running...", "", *NTPD_HEADER)
        talk.say(
            f"{mark}{server:<16}LOCAL(1)        {stratum:2} u  935 1024 {reach:4}    0.262 {offset_ms:8.3f}   3.260"
        )
    talk.say("", "", *_verdict(talk, server, stratum, offset_ms), "")
    talk.say(*(f"Current time in {zone} is : {unix_date(node.now())}" for zone in ("UTC", "Etc/UTC")))


def _verdict(talk: Conversation, server: str, stratum: int, offset_ms: float) -> list[str]:
    """Both spellings are recorded: the publisher's has an s, the subscribers' a z."""
    if talk.node.ntp != "synchronised":
        return ["unsynchronised", "   time server re-starting", "   polling server every 64 s"]
    word = "synchronised" if talk.node.is_publisher else "synchronized"
    return [
        f"{word} to NTP server ({server}) at stratum {stratum + 1} ",
        f"   time correct to within {max(32.0, abs(offset_ms)):.0f} ms",
        "   polling server every 1024 s",
    ]


COMMANDS = (
    Command(words="utils ntp status", run=show_ntp, operation="ntp", about="shows the state of NTP", takes_s=1.0),
)
