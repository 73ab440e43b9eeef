"""Promise: the publisher's own list says what each node is, a Unity Connection publisher included."""

from factory.clusters import RELEASE_14SU3, cluster, node_facts
from ucmcert.discover import nodes_of
from ucmcert.model.node import Node, Role
from ucmcert.ucm.platform_cli.parsers.cluster_rows import ClusterRow

PUBLISHER = Node(
    name="first.lab.example", host="first", address="127.0.0.1", role=Role.PUBLISHER, release=RELEASE_14SU3
)


def row(host: str, product: str, *, publisher: bool) -> ClusterRow:
    return ClusterRow(
        address="127.0.0.1" if publisher else "127.0.0.2",
        fqdn=f"{host}.lab.example",
        host=host,
        publisher=publisher,
        product=product,
        database_publisher=publisher,
        authenticated=True,
        own=publisher,
    )


def roles(product: str) -> list[tuple[str, Role]]:
    rows = (row("first", product, publisher=True), row("another", product, publisher=False))
    nodes, strangers = nodes_of(rows, PUBLISHER, ())
    assert () == strangers
    return [(node.host, node.role) for node in nodes]


def test_a_node_is_what_the_publisher_lists() -> None:
    assert [("first", Role.PUBLISHER), ("another", Role.SUBSCRIBER)] == roles("callmanager")


def test_both_nodes_of_unity_connection_are_of_that_product() -> None:
    assert [("first", Role.UNITY_CONNECTION), ("another", Role.UNITY_CONNECTION)] == roles("connection")


def test_where_no_role_tells_the_publisher_it_is_the_first() -> None:
    whole = cluster(node_facts("first", Role.UNITY_CONNECTION), node_facts("another", Role.UNITY_CONNECTION))
    assert "first" == whole.publisher.node.host
