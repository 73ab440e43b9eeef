"""Looks at the whole cluster: the publisher names the nodes, then everything is asked of all of them at once.

Rules of this room: the publisher must answer, or there is nothing to say and its error is the caller's; any other
silence becomes a finding of that node and hides nothing else. Nothing here writes to a node.
"""

from ucmcert.discover.cluster import discover, nodes_of
from ucmcert.discover.consumers import look_at_consumers, peer_node, peer_trust
from ucmcert.discover.lists import look_at_list, look_at_lists
from ucmcert.discover.looking import problem
from ucmcert.discover.phone_facts import PhonesSeen
from ucmcert.discover.phones import PhoneDepth, look_at_phones, look_phone_by_phone

__all__ = [
    "PhoneDepth",
    "PhonesSeen",
    "discover",
    "look_at_consumers",
    "look_at_list",
    "look_at_lists",
    "look_at_phones",
]
__all__ += ["look_phone_by_phone", "nodes_of", "peer_node", "peer_trust", "problem"]
