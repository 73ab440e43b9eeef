"""`show network cluster` and `show network eth0`. Source: interfaces-cli.md 5.1, 5.2."""

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.database_tables import processnode_name
from ucmlab.cluster.node import Node
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import since_date
from ucmlab.interfaces.platform_cli.registry import UNKNOWN, Command, NotUnderstood

ETH0 = """Ethernet 0
DHCP         : disabled           Status     : up
IP Address   : {address:<19}IP Mask    : 255.255.255.000
Link Detected: yes                Mode       : Auto disabled, Full, 10000 Mbits/s
Duplicate IP : no

DNS
Primary      : {gateway:<19}Secondary  : Not Configured
Options      : timeout:5 attempts:2
Domain       : {domain}
Gateway      : {gateway} on Ethernet 0
"""

KINDS = {"cucm": "callmanager", "imp": "cups", "unity-connection": "connection"}


async def show_cluster(talk: Conversation, _call: Call) -> None:
    """A row per node, one's own last; on the publisher also the names of the Server page."""
    others = [node for node in talk.cluster.nodes.values() if node is not talk.node]
    for node in (*others, talk.node):
        talk.say(_row(talk, node))
    if talk.node.is_publisher:
        talk.say("", "Server Table (processnode) Entries", "----------------------------------")
        talk.say(*(processnode_name(talk.cluster, node) for node in talk.cluster.nodes.values()))


async def show_eth0(talk: Conversation, call: Call) -> None:
    """The first interface; `detail` ends with a blank line."""
    if call.rest not in ("", "detail"):
        raise NotUnderstood(UNKNOWN)
    talk.say_raw(ETH0.format(address=talk.node.address, gateway=gateway_of(talk.node), domain=talk.cluster.domain))
    if call.rest:
        talk.say("")


def gateway_of(node: Node) -> str:
    """The first address of the node's /24: its gateway, DNS server and, on the publisher, NTP server."""
    return f"{node.address.rpartition('.')[0]}.1"


def _row(talk: Conversation, node: Node) -> str:
    role = "Publisher" if node.is_publisher else "Subscriber"
    kind = KINDS[node.product]
    first = _first_of(talk.cluster, node.product) is node
    place = "DBPub" if first else "DBSub"
    return f"{node.address} {node.fqdn} {node.name} {role} {kind} {place} {_standing(talk, node)}"


def _first_of(cluster: Cluster, product: str) -> Node:
    """The publisher of a product's own database: the IM&P publisher is the first IM&P node."""
    return next(node for node in cluster.nodes.values() if node.product == product)


def _standing(talk: Conversation, node: Node) -> str:
    """`authenticated` for oneself; the connection is as old as the younger Service Manager of the two."""
    if node is talk.node:
        return "authenticated"
    here, there = (one.services["Service Manager"].started_at for one in (talk.node, node))
    if node.down or here is None or there is None:
        return f"not authenticated - INITIATOR since {since_date(here or talk.node.now())}"
    theirs = there - node.clock_offset_s + talk.node.clock_offset_s
    return f"authenticated using TCP since {since_date(max(here, theirs))}"


COMMANDS = (
    Command(
        words="show network cluster",
        run=show_cluster,
        operation="network-cluster",
        about="lists the nodes of the cluster",
        takes_s=1.0,
    ),
    Command(
        words="show network eth0",
        run=show_eth0,
        operation="network-eth0",
        about="shows the settings of the Ethernet interface",
        arguments="[detail]",
        most=1,
    ),
)
