"""What a person does to the cluster beside ucmcert: over the certificate REST interface, and typed by SSH."""

import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import paramiko

from end_to_end.programs import Lab

BASE = "/platformcom/api/v1/certmgr/config/"
WITHIN_S = 30.0


def rest(lab: Lab, method: str, path: str, body: object | None = None) -> Any:
    """One call of the certificate API of the publisher, as with `curl -k -u admin`."""
    node = lab.ready["nodes"][0]
    url = f"https://{node['address']}:{node['ports']['https']}{BASE}{path}"
    login = (lab.ready["credentials"]["os_admin"]["user"], lab.password("os_admin"))
    with httpx.Client(verify=False, auth=login, timeout=WITHIN_S) as client:
        answer = client.request(method, url, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json() if answer.content else None


def new_csr(lab: Lab, purpose: str) -> str:
    """Generate CSR, as somebody at the administration page does: PEM."""
    asked = {"service": purpose, "distribution": "this-server", "commonName": lab.ready["nodes"][0]["fqdn"]}
    return str(rest(lab, "POST", "csr", asked)["csr"])


def upload(lab: Lab, purpose: str, leaf_pem: bytes, issuers: tuple[bytes, ...] = ()) -> None:
    """Upload the issuers to the trust store, root first, then the identity certificate."""
    for issuer in issuers:
        rest(lab, "POST", "trust/certificates", {"service": [purpose], "certificates": [issuer.decode()]})
    rest(lab, "POST", "identity/certificates", {"service": purpose, "certificates": [leaf_pem.decode()]})


def typed(lab: Lab, command: str, *answers: str, node: int = 0) -> str:
    """Type `command` at a node's prompt, answer its questions, and return what was shown until the next prompt."""
    card = lab.ready["nodes"][node]
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(
        card["address"],
        card["ports"]["ssh"],
        lab.ready["credentials"]["os_admin"]["user"],
        lab.password("os_admin"),
        look_for_keys=False,
        allow_agent=False,
        timeout=WITHIN_S,
    )
    try:
        channel = client.invoke_shell(width=500, height=1000)
        channel.settimeout(WITHIN_S)
        _until(channel, r"admin:$")
        channel.send(command.encode() + b"\n")
        shown = ""
        for answer in answers:
            shown += _until(channel, r"\(yes[/|]no\)\s*\??\s*$")
            channel.send(answer.encode() + b"\n")
        return shown + _until(channel, r"admin:$")
    finally:
        client.close()


def _until(channel: paramiko.Channel, end: str) -> str:
    shown, deadline = "", time.monotonic() + WITHIN_S
    while not re.search(end, shown):
        assert time.monotonic() < deadline, shown
        shown += channel.recv(65536).decode()
    return shown


def edit_state(lab_state: Path, **facts: object) -> None:
    """Change facts of a stopped lab's cluster, as somebody who knows its state folder may."""
    path = lab_state / "cluster.json"
    known = json.loads(path.read_text())
    assert set(facts) <= set(known), sorted(known)
    path.write_text(json.dumps({**known, **facts}))
