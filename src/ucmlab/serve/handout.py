"""What a client is handed: the ready file of the contract and a client configuration for this very lab."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from ucmlab.atomic_file import write_atomically
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.parameters import manual_value
from ucmlab.serve.places import Place

PORT_NAMES = {
    22: "ssh",
    69: "tftp",
    443: "https",
    2443: "sccp_tls",
    2445: "tvs",
    3804: "capf",
    5061: "sip_tls",
    5062: "cup",
    5222: "xmpp",
    5269: "xmpp_s2s",
    6970: "tftp_http",
    6971: "tftp_https",
    8443: "https_alt",
}
CONFIG_PORT_NAMES = {22: "ssh", 443: "https", 8443: "https_alt"}


class NodeCard(msgspec.Struct, frozen=True, kw_only=True):
    """One node as a client meets it."""

    name: str
    fqdn: str
    role: str
    version: str
    address: str
    ports: dict[str, int]
    ssh_host_key: str
    tls_sha256: str


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """An account: `password` is a reference `file:PATH`, never the password."""

    user: str
    password: str


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The ready file. `phone_page_port`: where phones answer on their own addresses, 0 without phones."""

    config: str
    cluster: str
    ca: str
    nodes: tuple[NodeCard, ...]
    credentials: dict[str, Login]
    state: str
    seed: int
    speed: float
    pid: int
    phone_page_port: int = 0


def node_cards(cluster: Cluster, places: Sequence[Place], host_keys: dict[str, str]) -> tuple[NodeCard, ...]:
    """How every node is reached and recognised. `host_keys`: `SHA256:...` by node name."""
    return tuple(
        NodeCard(
            name=node.name,
            fqdn=node.fqdn,
            role=node.role,
            version=node.version,
            address=place.reached_at,
            ports={PORT_NAMES[port]: real for port, real in place.ports.items()},
            ssh_host_key=host_keys[node.name],
            tls_sha256=tomcat_fingerprints(node)[0],
        )
        for node, place in ((cluster.nodes[place.node], place) for place in places)
    )


def tomcat_fingerprints(node: Node) -> tuple[str, ...]:
    """What port 8443 shows, or would show were the node up: lower-case hex, RSA first."""
    shown = [node.tls_certificate(8443, key_type=key_type) for key_type in ("rsa", "ec")]
    found = [identity.sha256 for identity in shown if identity is not None]
    if found:
        return tuple(dict.fromkeys(found))
    loaded = node.services["Cisco Tomcat"].loaded.get("tomcat") or node.certificates.load("tomcat")
    return () if loaded is None else (loaded.sha256,)


def logins(cluster: Cluster, folder: Path) -> dict[str, Login]:
    """The accounts of a lab, by name."""
    return {
        account.name: Login(user=account.user, password=f"file:{folder / 'credentials' / account.name}.password")
        for account in cluster.accounts
    }


def client_config(
    cluster: Cluster, places: Sequence[Place], cards: Sequence[NodeCard], folder: Path, *, page_port: int = 0
) -> str:
    """TOML text of a client configuration that fits this lab; `folder` is the state folder, absolute."""
    publisher = cards[0]
    pins = [pin for card in cards for pin in tomcat_fingerprints(cluster.nodes[card.name])]
    parts = [
        f"# Written by `ucmlab up` for the lab {cluster.name!r}; written again at every start.\n",
        _table("", {"cluster": cluster.name, "state": "ucmcert-state", "pace": cluster.clock.speed}),
        _table("[publisher]", {"name": publisher.fqdn, "address": publisher.address}),
    ]
    for name, login in logins(cluster, folder).items():
        parts.append(_table(f"[credentials.{name}]", {"user": login.user, "password": login.password}))
    parts.append(_table("[trust]", {"tls_sha256": list(dict.fromkeys(pins))}))
    for card, place in zip(cards, places, strict=True):
        row: dict[str, Any] = {"name": card.fqdn, "address": card.address, "ssh_host_key": card.ssh_host_key}
        if place.moved:
            row["ports"] = {CONFIG_PORT_NAMES.get(port, str(port)): real for port, real in place.moved.items()}
        parts.append(_table("[[nodes]]", row))
    if page_port:
        parts.append(_table("[phones]", _phones(cluster, page_port)))
    parts.append(_table("[authority]", {"kind": "local", "folder": str(folder / "ca")}))
    return "\n".join(parts)


def _phones(cluster: Cluster, page_port: int) -> dict[str, Any]:
    """How a run may treat phones that are nobody's: pages opened while it lasts, no resets but its own."""
    row: dict[str, Any] = {"page_port": page_port, "pages": "open-for-the-run"}
    manual = manual_value(cluster.publisher.version, cluster.switches)
    return row | ({"interaction": "manual-for-the-run", "manual_value": manual} if manual else {})


def write_ready(path: Path, ready: Ready) -> None:
    """Write the ready file all at once."""
    write_atomically(path, msgspec.json.format(msgspec.json.encode(ready)) + b"\n", mode=0o644)


def _table(head: str, row: dict[str, Any]) -> str:
    lines = [head] if head else []
    lines += [f"{key} = {_value(value)}" for key, value in row.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + "".join(f"\n  {_value(item)}," for item in value) + "\n]" if value else "[]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.isidentifier() else json.dumps(key)
