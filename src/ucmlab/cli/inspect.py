"""`ucmlab inspect`: what every node stores, has loaded and serves."""

from pathlib import Path
from typing import Any

import click

from ucmlab.cli.options import json_option, state_option
from ucmlab.cli.output import moment, print_json, table
from ucmlab.clock import wall_epoch
from ucmlab.cluster.opening import view_cluster
from ucmlab.cluster.snapshot import snapshot
from ucmlab.errors import ScenarioError
from ucmlab.serve.running import is_running

SHORT = 16


@click.command("inspect")
@state_option
@json_option
@click.option("--node", "only", help="Only this node: host name, FQDN or address.")
def command(*, folder: Path, as_json: bool, only: str | None) -> None:
    """What every node stores, has loaded and serves, with SHA-256 fingerprints.

    The lab may be running or stopped; a stopped one shows what it would serve.
    """
    seen = snapshot(view_cluster(folder, now=wall_epoch())) | {"running": is_running(folder)}
    if only is not None:
        seen["nodes"] = [_only(seen["nodes"], only)]
    if as_json:
        print_json(seen)
        return
    state = "running" if seen["running"] else "stopped"
    click.echo(f"{seen['cluster']}: {state}, seed {seen['seed']}, security mode {seen['security_mode']}")
    for node in seen["nodes"]:
        click.echo("")
        _print_node(node)


def _only(nodes: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    for node in nodes:
        if wanted.lower() in (node["name"].lower(), node["fqdn"].lower(), node["address"]):
            return node
    known = ", ".join(node["name"] for node in nodes)
    raise ScenarioError(f"there is no node {wanted!r}", where="--node", next_step=f"Nodes of this lab: {known}.")


def _print_node(node: dict[str, Any]) -> None:
    down = ", DOWN" if node["down"] else ""
    click.echo(f"{node['fqdn']}  {node['role']}  {node['version']}  {node['address']}{down}")
    rows = [
        (
            row["purpose"],
            _short(row["stored"]),
            _short(row["loaded"]),
            _short(row["served"]),
            ",".join(row["served_on"]) or "-",
            moment(row["not_after"]),
            row["description"],
        )
        for row in node["identities"]
    ]
    head = ("PURPOSE", "STORED", "LOADED", "SERVED", "ON PORTS", "NOT AFTER", "DESCRIPTION")
    click.echo(table(head, rows, indent="  "))
    for csr in node["csrs"]:
        click.echo(f"  CSR pending: {csr['purpose']} ({csr['distribution']}), key {_short(csr['public_key_sha256'])}")
    stores = ", ".join(f"{name} {len(entries)}" for name, entries in node["trust"].items())
    click.echo(f"  trust stores: {stores}")
    idle = [service for service in node["services"] if service["state"] != "STARTED" and service["activated"]]
    started = sum(service["state"] == "STARTED" for service in node["services"])
    others = "".join(f"; {service['name']} [{service['state']}]" for service in idle)
    click.echo(f"  services: {started} started{others}")


def _short(fingerprint: str | None) -> str:
    return "-" if fingerprint is None else fingerprint[:SHORT]
