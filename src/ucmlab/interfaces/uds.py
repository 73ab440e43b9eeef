"""UDS: two pages that answer without a login. Source: interfaces-http.md 7, a mock only, so the XML is ours."""

from lxml import etree

from ucmlab.interfaces.web.exchange import Call, Result, carry_out
from ucmlab.interfaces.web.messages import Answer, Asked, Response, xml_response
from ucmlab.interfaces.web.pages import page, wrong_method

SOURCE = "interfaces-http.md 7"
UDS_PATHS = {"/cucm-uds/version": "version", "/cucm-uds/servers": "servers"}
ANSWERS = tuple(
    Answer(name=f"uds-{operation}", interface="web", call=f"GET {path}", source=SOURCE)
    for path, operation in UDS_PATHS.items()
)


async def answer_uds(asked: Asked) -> Response:
    """Version of the node, or the call-processing nodes of the cluster.

    404 where UDS does not run, 503 while its container restarts. Raises: NodeDown, RefuseConnection, DropConnection.
    """
    services = asked.node.services
    if asked.node.product != "cucm":
        return page(404)
    if "Cisco UDS Tomcat" in services and not services["Cisco UDS Tomcat"].running:
        return page(503)
    if asked.request.method != "GET":
        return wrong_method("GET")
    operation = UDS_PATHS[asked.request.path]

    async def work() -> Result:
        root = _version(asked) if operation == "version" else _servers(asked)
        return Result(xml_response(200, etree.tostring(root, xml_declaration=True, encoding="UTF-8")))

    return await carry_out(
        asked, Call(interface="web", operation=f"uds-{operation}"), work, throttled=lambda: page(503)
    )


def _version(asked: Asked) -> etree._Element:
    root = etree.Element("versionInformation", {"version": asked.node.version.partition("-")[0]})
    etree.SubElement(root, "version").text = asked.node.version.partition("-")[0]
    return root


def _servers(asked: Asked) -> etree._Element:
    root = etree.Element("servers")
    for node in asked.cluster.nodes.values():
        if node.product == "cucm":
            etree.SubElement(root, "server").text = node.fqdn
    return root
