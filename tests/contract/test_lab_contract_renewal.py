"""Promise: a certificate is uploaded long before it is served: only a restart of Cisco Tomcat shows it to a client."""

import base64
import http.client
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paramiko
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lab_process import LabProcess, accepts, pinned, served_sha256, ucmlab

BASE = "/platformcom/api/v1/certmgr/config/"
WITHIN_S = 20.0


def rest(lab: LabProcess, method: str, path: str, body: object | None = None) -> tuple[int, Any]:
    """One call of the certificate API on the publisher, with the leaf pinned."""
    address = lab.address("https")
    connection = http.client.HTTPSConnection(*address, context=pinned(address), timeout=10)
    login = base64.b64encode(f"admin:{lab.password('os_admin')}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
    connection.request(method, BASE + path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return response.status, json.loads(answer)


def signed(csr_pem: str, ca: Path) -> x509.Certificate:
    """The leaf that answers a CSR, by the CA of the lab's folder; it begins now."""
    request = x509.load_pem_x509_csr(csr_pem.encode())
    issuer = x509.load_pem_x509_certificate((ca / "intermediate.pem").read_bytes())
    key = serialization.load_pem_private_key((ca / "intermediate.key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    now = datetime.now(tz=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer.subject)
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=397))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for extension in request.extensions:
        builder = builder.add_extension(extension.value, critical=extension.critical)
    return builder.sign(key, hashes.SHA256())


def restart_tomcat(lab: LabProcess) -> None:
    """`utils service restart Cisco Tomcat` by SSH, and away."""
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    host, port = lab.address("ssh")
    client.connect(host, port, "admin", lab.password("os_admin"), look_for_keys=False, allow_agent=False, timeout=10)
    channel = client.invoke_shell(width=200, height=100)
    channel.settimeout(WITHIN_S)
    shown = ""
    while not shown.endswith("admin:"):
        shown += channel.recv(65536).decode()
    channel.send(b"utils service restart Cisco Tomcat\n")
    while "Tomcat" not in shown or "[STOPPING]" not in shown.upper():
        shown += channel.recv(65536).decode()
    client.close()


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_renewed_certificate_is_served_after_the_restart_only(tmp_path: Path) -> None:
    with LabProcess(tmp_path, "--calm", "--speed", "50") as lab:
        address = lab.address("https_alt")
        old = served_sha256(address)
        ca = Path(lab.ready["ca"])
        authorities = [(ca / name).read_text() for name in ("root.pem", "intermediate.pem")]

        asked = {"service": "tomcat", "distribution": "this-server", "commonName": lab.node("cucm-pub")["fqdn"]}
        status, answer = rest(lab, "POST", "csr", asked)
        assert 200 == status
        leaf = signed(answer["csr"], ca)
        for authority in authorities:
            trusted = {"service": ["tomcat"], "certificates": [authority], "description": "Trust Certificate"}
            assert rest(lab, "POST", "trust/certificates", trusted)[0] in (200, 201)
        identity = {"service": "tomcat", "certificates": [leaf.public_bytes(Encoding.PEM).decode()]}
        assert rest(lab, "POST", "identity/certificates", identity)[0] in (200, 201)

        assert old == served_sha256(address)
        restart_tomcat(lab)
        wait_for(lambda: not accepts(address))
        assert accepts(lab.address("ssh"))
        wait_for(lambda: accepts(address))
        new = leaf.fingerprint(hashes.SHA256()).hex()
        assert new == served_sha256(address) == served_sha256(lab.address("https"))

        lab.kill()
    with LabProcess(tmp_path, "--calm") as again:
        assert new == served_sha256(again.address("https")) == again.node("cucm-pub")["tls_sha256"]
        seen = json.loads(ucmlab("inspect", "--state", again.state, "--json"))
        tomcat = next(row for row in seen["nodes"][0]["identities"] if row["purpose"] == "tomcat")
        assert (new, new, new) == (tomcat["stored"], tomcat["loaded"], tomcat["served"])


def test_an_injected_reset_breaks_the_connection_of_one_request(tmp_path: Path) -> None:
    with LabProcess(tmp_path, "--calm", "--speed", "50") as lab:
        ucmlab("fault", "add", "drop-before", "--interface", "rest", "--state", lab.state)

        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            rest(lab, "GET", "snapshot/server")
        assert 200 == rest(lab, "GET", "snapshot/server")[0]
        listed = json.loads(ucmlab("fault", "list", "--state", lab.state, "--json"))
        assert [1] == [rule["struck"] for rule in listed]
