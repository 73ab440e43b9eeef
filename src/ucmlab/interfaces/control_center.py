"""Control Center Services: what runs on this node, since when, and the release. Source: interfaces-http.md 4.

Works only on the node that is asked. Restarts are next door in `service_control`.
"""

from lxml import etree

from ucmlab.cluster.database_tables import processnode_name
from ucmlab.cluster.services.service import Service
from ucmlab.interfaces.service_control import OPERATION as CONTROL
from ucmlab.interfaces.service_control import control_services, name_control
from ucmlab.interfaces.service_report import AST, find_service, listed_services, report, service_list, unknown
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, add, reply, text_of
from ucmlab.interfaces.soap_site import SoapSite
from ucmlab.interfaces.web.exchange import Call, Result
from ucmlab.interfaces.web.messages import Answer, Asked
from ucmlab.interfaces.web.pages import page

PRODUCTS = {
    "cucm": ("Cisco Unified Communications Manager", "CCM"),
    "imp": ("Cisco Unified IM and Presence", "IMP"),
    "unity-connection": ("Cisco Unity Connection", "CUC"),
}
GROUPS = {"network": "Network Services", "feature": "Feature Services"}


async def get_service_status(asked: Asked, call: SoapCall) -> Result:
    """State of the services named, of all when none is named; an unknown name is reported as `Unknown`."""
    names = [text_of(element) for element in call.children("ServiceStatus", qualified=True)]
    names = [name for name in names if name] or [service.name for service in listed_services(asked.node)]
    found = [(name, find_service(asked.node, name)) for name in names]
    reports = [
        unknown(name) if service is None else report(service, asked.node, asked.cluster.switches)
        for name, service in found
    ]
    return Result(reply(service_list("soapGetServiceStatus", reports)))


async def get_static_service_list(asked: Asked, call: SoapCall) -> Result:
    """Every service of the node with its type and group."""
    response, returned = _answer_to(call)
    for service in listed_services(asked.node):
        _describe(add(returned, "item", namespace=AST), service)
    return Result(reply(response))


async def get_product_information(asked: Asked, call: SoapCall) -> Result:
    """Release, nodes, the product and its services."""
    node = asked.node
    response, returned = _answer_to(call)
    add(returned, "ActiveServerVersion", node.version, namespace=AST)
    add(returned, "PrimaryNode", processnode_name(asked.cluster, asked.cluster.publisher), namespace=AST)
    add(returned, "SecondaryNode", "", namespace=AST)  # may be nil; what it names is not known
    name, short = PRODUCTS[node.product]
    product = add(add(returned, "Products", namespace=AST), "item", namespace=AST)
    texts = {
        "ProductName": name,
        "ProductVersion": node.version,
        "ProductDescription": name,
        "ProductID": short,
        "ShortName": short,
    }
    for field, text in texts.items():
        add(product, field, text, namespace=AST)
    services = add(returned, "Services", namespace=AST)
    for service in listed_services(node):
        _describe(add(services, "item", namespace=AST), service)
    return Result(reply(response))


def _describe(item: etree._Element, service: Service) -> None:
    servlet = service.name.endswith(("Servlet", "Web Service", "APIs", "Extension Mobility"))
    texts = {
        "ServiceName": service.name,
        "ServiceType": "Servlet" if servlet else "Service",
        "Deployable": "true" if service.kind == "feature" else "false",
        "GroupName": GROUPS[service.kind],
        "ProductID": "Common" if len(service.row.products) > 2 else PRODUCTS[service.row.products[0]][1],
    }
    for field, text in texts.items():
        add(item, field, text, namespace=AST)
    depends = add(item, "DependentServices", namespace=AST)
    for follower in service.followers:
        add(depends, "Service", follower.name, namespace=AST)


def _answer_to(call: SoapCall) -> tuple[etree._Element, etree._Element]:
    response = etree.Element(f"{{{AST}}}{call.operation}Response", nsmap={"ns1": AST})
    return response, add(response, f"{call.operation}Return", namespace=AST)


def judge_namespace(_asked: Asked, call: SoapCall) -> None:
    """Raises SoapFault for an operation outside the serviceability namespace."""
    if call.namespace != AST:
        raise SoapFault(f"The operation {{{call.namespace}}}{call.operation} is not known", code=CLIENT)


def name_call(call: SoapCall) -> Call:
    """Restarts go by what they do to which service, everything else by its own name."""
    if call.operation == CONTROL:
        return name_control(call)
    return Call(interface="control-center", operation=call.operation)


OPERATIONS = {
    "soapGetServiceStatus": get_service_status,
    "soapGetStaticServiceList": get_static_service_list,
    "soapDoControlServices": control_services,
    "getProductInformationList": get_product_information,
}
ANSWERS = tuple(
    Answer(name=operation, interface="control-center", call=operation, source="interfaces-http.md 4")
    for operation in OPERATIONS
)
CONTROL_CENTER = SoapSite(
    interface="control-center",
    paths=(
        "/controlcenterservice2/services/ControlCenterServices",
        "/controlcenterservice2/services/ControlCenterServicesEx",
    ),
    role="Standard SERVICEABILITY Administration",
    wsdl="control_center.xml",
    operations=OPERATIONS,
    unavailable=lambda _asked: None,
    judge_namespace=judge_namespace,
    detail=lambda _fault, _operation: (),
    name_call=name_call,
    throttled=lambda _asked: page(503),
)
