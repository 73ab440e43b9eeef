"""How we may enter a cluster: its two accounts and whom its nodes must prove to be."""

import msgspec

from ucmcert.model.node import Credential
from ucmcert.model.ports import Trust


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """`os_admin` opens SSH and the certificate API of each node, `app_admin` AXL, RIS and Control Center.

    `trust` is what the configuration trusts; leaves that are expected after a renewal come on top, node by node.
    Source: interfaces-http.md 0 item 3.
    """

    os_admin: Credential
    app_admin: Credential
    trust: Trust


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from a usual cluster: where phones serve their own page, which value of the interaction parameter
    means manual ("" where nobody told), and how many times faster than real ones a lab's nodes and phones are.
    """

    page_port: int = 80
    manual_value: str = ""
    pace: float = 1.0


USUAL = Manners()
