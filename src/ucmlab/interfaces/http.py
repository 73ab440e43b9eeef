"""The web door of a node: which application answers a path on ports 443 and 8443, and what answers while none does.

Rules of the room: a connection that a node would not accept is refused before anything is looked at; the application
judges the login; only what reached an application is logged. Source: interfaces-http.md, seam of the lab.
"""

from collections.abc import Awaitable, Callable

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection
from ucmlab.interfaces.axl.site import AXL
from ucmlab.interfaces.control_center import CONTROL_CENTER
from ucmlab.interfaces.rest.api import BASE, answer_rest
from ucmlab.interfaces.ris import RIS
from ucmlab.interfaces.soap_site import answer_soap
from ucmlab.interfaces.uds import UDS_PATHS, answer_uds
from ucmlab.interfaces.web.messages import Asked, Request, Response
from ucmlab.interfaces.web.pages import page

__all__ = ["Request", "Response", "answer"]

WEB_PORTS = (443, 8443)
SOAP_SITES = {path: site for site in (AXL, RIS, CONTROL_CENTER) for path in site.paths}
STARTING_WORDS = "The web applications of this server are starting."


async def answer(cluster: Cluster, node: Node, port: int, request: Request) -> Response:
    """What `node` answers on the product's port (443 or 8443).

    Raises: NodeDown, RefuseConnection, DropConnection: the connection itself is the answer, and nothing else is raised.
    """
    if node.down:
        raise NodeDown(node.name)
    if port not in WEB_PORTS or not node.listening(port):
        raise RefuseConnection(node.name)
    if not node.web_ready():
        return _while_starting(cluster, node)
    asked = Asked(cluster, node, port, request)
    application = _application(request.path)
    return page(404) if application is None else await application(asked)


def _application(path: str) -> Callable[[Asked], Awaitable[Response]] | None:
    if path.startswith(BASE):
        return answer_rest
    if path in UDS_PATHS:
        return answer_uds
    site = SOAP_SITES.get(path)
    if site is None:
        return None
    return lambda asked: answer_soap(asked, site)


def _while_starting(cluster: Cluster, node: Node) -> Response:
    """Tomcat is up and its applications are not yet: switch rest_during_tomcat, for every path.

    `html` is Tomcat's page 404: it does not know the application yet.
    """
    how = cluster.switches["rest_during_tomcat"]
    if how == "refused":
        raise RefuseConnection(node.name)
    if how == "reset":
        raise DropConnection(node.name, applied=False)
    return page(503, STARTING_WORDS) if how == "503" else page(404)
