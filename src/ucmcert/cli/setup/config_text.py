"""The text of a new configuration: TOML with a word on every table. Pure: found facts in, text out."""

import json
import re

from ucmcert.cli.setup.found import Account, Found, Shown

HEAD = """\
# ucmcert: one cluster. Written by `ucmcert init`; edit it freely. It holds no password and must not: only references.
# Keep it readable for yourself alone, and keep it in your version control if you like.
"""
CREDENTIALS = """\
# Where a password is: env:NAME, file:PATH (chmod 600), keyring:SERVICE/USER or command:PROGRAM ARGUMENTS.
# os_admin is the platform administrator (SSH and the certificate API), app_admin an application user for AXL and
# Control Center ("Standard AXL API Access", "Standard CCM Admin Users", "Standard SERVICEABILITY").
"""
TRUST = """\
# Whom a node must be. These leaves were shown by the nodes and confirmed by a person; after a renewal ucmcert expects
# the certificate that it had signed, so they need no care. Once your CA signs them all: anchors = ["root.pem"].
"""
NODES = """\
# What was confirmed of each node. The host key of SSH is always pinned. `address` is where to connect; a node behind
# other ports has e.g. ports = { https = 10443, https_alt = 18443, ssh = 10022 }.
"""
AUTHORITY = """\
# Who signs. "files" hands the CSRs over in a folder and waits for `ucmcert submit`; "local" signs with a CA in it.
[authority]
kind = "files"
folder = "ca-exchange"
"""
RENEW = """\
# A certificate is due when fewer days are left than this.
[renew]
threshold_days = 45
"""
WINDOW = """\
# Without a window everything may be cut over at any time. A window holds uploads and restarts until it opens:
# [[window]]
# days = ["sat"]
# from = "22:00"
# to = "04:00"
# timezone = "Europe/Paris"
"""


def config_text(found: Found) -> str:
    """The whole file. Every value comes from `found`, quoted; nodes that showed nothing stand there as comments."""
    publisher = found.nodes[0].node
    parts = [
        HEAD,
        f"cluster = {quoted(found.cluster)}\n",
        _publisher(found.nodes[0]),
        CREDENTIALS + _account("os_admin", found.os_admin),
        _account("app_admin", found.app_admin),
        TRUST + _trust(found.nodes),
        NODES + "\n".join(_node(one) for one in found.nodes if one.node == publisher or one.complete),
        *(_left_out(one) for one in found.nodes if one.node != publisher and not one.complete),
        AUTHORITY,
        RENEW,
        WINDOW,
    ]
    return "\n".join(parts)


def quoted(text: str) -> str:
    """`text` as a TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def cluster_name(host: str) -> str:
    """A name for the cluster made of its publisher's: letters, digits, dots and dashes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", host).strip("-._")[:63] or "cluster"


def _publisher(shown: Shown) -> str:
    address = f"address = {quoted(shown.node.address)}\n" if shown.node.address != shown.node.name else ""
    return f"[publisher]\nname = {quoted(shown.node.name)}\n{address}"


def _account(key: str, account: Account) -> str:
    return f"[credentials.{key}]\nuser = {quoted(account.user)}\npassword = {quoted(account.reference)}\n"


def _trust(nodes: tuple[Shown, ...]) -> str:
    pins = "".join(f"  {quoted(one.leaf.sha256)},  # {_plain(one.node.name)}\n" for one in nodes if one.leaf)
    return f"[trust]\ntls_sha256 = [\n{pins}]\n"


def _node(shown: Shown) -> str:
    node = shown.node
    lines = [f"[[nodes]]\nname = {quoted(node.name)}\naddress = {quoted(node.address)}"]
    lines.append(f"ssh_host_key = {quoted(shown.ssh_host_key)}")
    if node.ports:
        lines.append("ports = { " + ", ".join(f"{name} = {port}" for name, port in node.ports.items()) + " }")
    return "\n".join(lines) + "\n"


def _left_out(shown: Shown) -> str:
    """A node that could not be seen: run init again, or fill in what is missing."""
    reason = _plain(shown.trouble) or "it showed nothing"
    return f"# Not pinned, because it could not be seen: {_plain(shown.node.name)} ({reason})\n"


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)
