"""Looks at the whole cluster: the publisher names the nodes, then everything is asked of all of them at once.

Rules of this room: the publisher must answer, or there is nothing to say and its error is the caller's; any other
silence becomes a finding of that node and hides nothing else. Nothing here writes to a node.
"""

from ucmcert.discover.cluster import discover, nodes_of
from ucmcert.discover.lists import look_at_list, look_at_lists
from ucmcert.discover.looking import problem
from ucmcert.discover.phones import PhoneDepth, look_at_phones

__all__ = ["PhoneDepth", "discover", "look_at_list", "look_at_lists", "look_at_phones", "nodes_of", "problem"]
