"""Asks the lab's web door in memory: REST and SOAP requests as a client writes them, one or many in a row."""

import asyncio
import base64
import json
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from simulation.virtual_loop import VirtualLoop
from ucmlab.clock import LoopClock
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.opening import build_cluster
from ucmlab.interfaces.http import Request, Response, answer
from ucmlab.scenarios.schema import Scenario
from unit.ucmlab.lab_bench import NOW, scenario

BASE = "/platformcom/api/v1/certmgr/config/"
AXL_PATH = "/axl/"
RIS_PATH = "/realtimeservice2/services/RISService70"
CC_PATH = "/controlcenterservice2/services/ControlCenterServices"
AXL_NS = "http://www.cisco.com/AXL/API/14.0"
AST_NS = "http://schemas.cisco.com/ast/soap"
MINIMAL = {"service": "tomcat", "distribution": "this-server", "commonName": "cucm-pub.lab.example"}
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"


def basic(user: str, password: str) -> dict[str, str]:
    """An Authorization header."""
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def login(cluster: Cluster, kind: str) -> dict[str, str]:
    """The header of the lab's own account of a kind."""
    account = next(account for account in cluster.accounts if account.kind == kind)
    return basic(account.user, account.password)


async def ask(
    cluster: Cluster,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    headers: dict[str, str] | None = None,
    node: Node | None = None,
    port: int = 8443,
) -> Response:
    """One request, as it stands."""
    path, _, query = path.partition("?")
    return await answer(cluster, node or cluster.publisher, port, Request(method, path, query, headers or {}, body))


async def rest(cluster: Cluster, method: str, path: str, value: Any = None, **more: Any) -> Response:
    """One call of the certificate API; `value` becomes the JSON body."""
    body = b"" if value is None else json.dumps(value).encode()
    return await ask(cluster, method, BASE + path, body, headers=login(cluster, "platform"), **more)


async def soap(cluster: Cluster, path: str, namespace: str, content: str, **more: Any) -> Response:
    """One SOAP call; `content` uses the prefix `n` for the operation's namespace."""
    text = f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:n="{namespace}"><s:Header/><s:Body>{content}</s:Body></s:Envelope>'
    return await ask(cluster, "POST", path, text.encode(), headers=login(cluster, "application"), **more)


async def axl(cluster: Cluster, content: str, *, namespace: str = AXL_NS, **more: Any) -> Response:
    """One AXL call."""
    return await soap(cluster, AXL_PATH, namespace, content, **more)


async def ris(cluster: Cluster, content: str, **more: Any) -> Response:
    """One RIS call."""
    return await soap(cluster, RIS_PATH, AST_NS, content, **more)


async def control_center(cluster: Cluster, content: str, **more: Any) -> Response:
    """One Control Center call."""
    return await soap(cluster, CC_PATH, AST_NS, content, **more)


def control(kind: str, *services: str, node: str = "") -> str:
    """A soapDoControlServices."""
    named = f"<n:NodeName>{node}</n:NodeName>" if node else ""
    items = "".join(f"<n:item>{service}</n:item>" for service in services)
    return (
        f"<n:soapDoControlServices><n:ControlServiceRequest>{named}<n:ControlType>{kind}</n:ControlType>"
        f"<n:ServiceList>{items}</n:ServiceList></n:ControlServiceRequest></n:soapDoControlServices>"
    )


def texts(response: Response, name: str) -> list[str]:
    """Texts of all elements of a local name."""
    return [element.text or "" for element in etree.fromstring(response.body).iter("{*}" + name)]


def value(response: Response) -> Any:
    """A JSON body."""
    assert response.headers["Content-Type"] == "application/json;charset=UTF-8"
    return json.loads(response.body)


def is_page(response: Response, status: int) -> bool:
    """Whether a response is Tomcat's HTML page of a status."""
    html = response.headers["Content-Type"] == "text/html;charset=utf-8" and b"<html" in response.body
    return html and response.status == status


def logged(cluster: Cluster) -> list[tuple[str, str, str, str]]:
    """The log as (interface, operation, purpose, outcome)."""
    return [(row.interface, row.operation, row.purpose, row.outcome) for row in cluster.log.operations()]


class OpenLab:
    """A lab that stays open while many requests come, one after the other."""

    def __init__(self, runner: asyncio.Runner, cluster: Cluster) -> None:
        self._runner = runner
        self.cluster = cluster

    def run(self, work: Coroutine[Any, Any, Response]) -> Response:
        """Let one request run to its end."""
        return self._runner.run(work)


@contextmanager
def open_lab(of: Scenario | None = None) -> Iterator[OpenLab]:
    """A calm lab on a virtual loop."""

    async def begin() -> Cluster:
        cluster = build_cluster(of or scenario(), clock=LoopClock(epoch=NOW), seed=7, calm=True)
        cluster.start()
        return cluster

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        cluster = runner.run(begin())
        yield OpenLab(runner, cluster)
        cluster.close()
