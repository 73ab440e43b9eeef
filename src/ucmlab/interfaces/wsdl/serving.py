"""Serves a WSDL with the address the caller used and the namespace of the node's release."""

import re
from importlib.resources import files
from string import Template

from ucmlab.cluster.releases import release_tuple
from ucmlab.interfaces.web.messages import Asked, Response, xml_response

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?", re.ASCII)


def wsdl_response(asked: Asked, file_name: str) -> Response:
    """The WSDL; its endpoint is the asked node under the name the caller used, else under its FQDN."""
    host = asked.request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = f"{asked.node.fqdn}:{asked.port}"
    template = Template((files("ucmlab.interfaces.wsdl") / file_name).read_text(encoding="utf-8"))
    release = ".".join(str(part) for part in release_tuple(asked.node.version)[:2])
    text = template.substitute(address=f"https://{host}{asked.request.path}", release=release)
    return xml_response(200, text.encode())
