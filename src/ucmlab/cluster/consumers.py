"""Systems outside the cluster that its database names: SIP trunks, remote clusters, LDAP hosts, application servers.

They are rows and nothing else: no trunk carries a call, and nobody answers at their addresses. Tables, columns and
numbers are general product knowledge, not in our sources: [I]. A trunk is a device, and never a phone.
"""

from collections.abc import Callable, Iterable

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.primary_keys import pkid
from ucmlab.scenarios.consumers import TrunkSpec

TRUNK_MODEL, TRUNK_CLASS = 131, 13
Row = tuple[str | int | None, ...]


def trunks_of(cluster: Cluster) -> tuple[TrunkSpec, ...]:
    """The SIP trunks, in the order of the scenario."""
    return cluster.scenario.trunks


def trunk_key(trunk: TrunkSpec) -> str:
    """Primary key of a trunk among the devices."""
    return pkid("device", trunk.name)


def trunk_named(cluster: Cluster, name: str) -> TrunkSpec | None:
    """The trunk of a name, in any case."""
    return next((trunk for trunk in trunks_of(cluster) if trunk.name.lower() == name.lower()), None)


def remote_clusters(cluster: Cluster) -> Iterable[Row]:
    """Rows of remotecluster."""
    for other in cluster.scenario.remote_clusters:
        yield pkid("remotecluster", other.cluster_id), other.cluster_id, other.fqdn, other.description, other.version


def ldap_hosts(cluster: Cluster) -> Iterable[Row]:
    """Rows of directorypluginhost; priority 0 is asked first."""
    for priority, host in enumerate(cluster.scenario.ldap_hosts):
        yield pkid("directorypluginhost", host.name, str(host.port)), host.name, host.port, priority


def application_servers(cluster: Cluster) -> Iterable[Row]:
    """Rows of appserver."""
    for server in cluster.scenario.application_servers:
        yield pkid("appserver", server.name), server.name, server.address, server.url


CONSUMER_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Cluster], Iterable[Row]]], ...] = (
    ("remotecluster", ("pkid", "clusterid", "fullyqualifiedname", "description", "version"), remote_clusters),
    ("directorypluginhost", ("pkid", "hostname", "ldapportnumber", "priority"), ldap_hosts),
    ("appserver", ("pkid", "name", "ipaddress", "url"), application_servers),
)


def has_table(cluster: Cluster, name: str) -> bool:
    """Whether the database has a table of this name: all but those above always (switch consumer_tables)."""
    return cluster.switches["consumer_tables"] == "known" or name not in {table for table, _, _ in CONSUMER_TABLES}
