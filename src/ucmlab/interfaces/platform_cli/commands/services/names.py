"""How the command line spells services: the switch svc_naming says Master or Primary.

A name is taken exactly as the list spells it. Source: interfaces-cli.md 3.1, 3.2, 3.4.
"""

from ucmlab.cluster.services.service import Service
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import Conversation


def listed_name(talk: Conversation, service: Service) -> str:
    """The name that the list prints."""
    return service.name.replace("Master", talk.switches["svc_naming"])


def service_named(talk: Conversation, name: str) -> Service:
    """The service of that listed name. Raises Refusal SVC-UNKNOWN (switch svc_unknown_text)."""
    for service in talk.node.services.values():
        if listed_name(talk, service) == name:
            return service
    raise Refusal("SVC-UNKNOWN", talk.switches["svc_unknown_text"].replace("{name}", name), invented=True)
