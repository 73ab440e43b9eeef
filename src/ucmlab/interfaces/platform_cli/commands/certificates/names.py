"""How certificates are named: a unit (`tomcat`), a file (`tomcat/tomcat.pem`), a store (`tomcat-trust`)."""

from ucmlab.cluster.certificates.refusals import wrong_type
from ucmlab.cluster.node import Node
from ucmlab.interfaces.platform_cli.conversation import Call


def unit_of(text: str) -> str:
    """`tomcat` for `tomcat`, `tomcat/tomcat.pem`, `tomcat-trust` and `tomcat-trust/x.pem`; "" for a bare file name."""
    unit, slash, _ = text.partition("/")
    return "" if not slash and unit.endswith(".pem") else unit.removesuffix("-trust")


def purpose_asked(call: Call) -> str:
    """The purpose of a certificate command, for faults and log."""
    return unit_of(call.arguments[0]) if call.arguments else ""


def store_of(node: Node, unit: str) -> str:
    """The trust store that a unit stands for: `tomcat-ECDSA` and `tomcat` share theirs. Raises Refusal E7."""
    for purpose in node.site.purposes():
        if purpose.name == unit and purpose.trust_store:
            return purpose.trust_store
    store = unit if unit.endswith("-trust") else f"{unit}-trust"
    if store not in node.certificates.trust_stores():
        raise wrong_type()
    return store
