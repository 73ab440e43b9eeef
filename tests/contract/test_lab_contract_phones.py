"""Promise: phones and the files they trust are there over real sockets: TFTP, HTTP, TVS, TLS leaves, web pages."""

import hashlib
import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lab_process import LabProcess, served_leaf, served_sha256, ucmlab

WITHIN_S = 15.0
PHONE = "SEP0077AA000001"
SCENARIO = """
name = "two-phones"
title = "Two nodes of 12.5, mixed mode, four phones of which two speak over the wire"
version = "12.5.1.11900-146"
mixed = true
nodes = [{ name = "cucm-pub", role = "publisher" }, { name = "cucm-sub1", role = "subscriber" }]
phones = [{ count = 4, real = 2, secure = true, page_share = 1.0, slow_share = 0.0 }]
phone_times = { boot_median_s = 5.0, boot_p95_s = 8.0, tftp_rebuild_s = 3.0 }
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    folder = tmp_path_factory.mktemp("phones")
    scenario = folder / "two-phones.toml"
    scenario.write_text(SCENARIO)
    with LabProcess(folder, "--calm", "--speed", "30", scenario=str(scenario)) as running:
        yield running


def over_http(lab: LabProcess, name: str, node: str = "cucm-pub") -> tuple[int, bytes]:
    """GET in clear on the port of 6970."""
    connection = http.client.HTTPConnection(*lab.address("tftp_http", node), timeout=5)
    connection.request("GET", f"/{name}")
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def over_udp(lab: LabProcess, name: str, *, options: bytes = b"") -> bytes:
    """RFC 1350 by hand, blocks of 512 or of what `options` ask for; raises LookupError for an error."""
    data, number, size = b"", 0, 512
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(5)
        line.sendto(b"\0\1" + name.encode() + b"\0octet\0" + options, lab.address("tftp"))
        while True:
            packet, far_end = line.recvfrom(65536)
            kind, number = packet[1], int.from_bytes(packet[2:4], "big")
            if kind == 5:
                raise LookupError(number)
            if kind == 6:
                size, number = 1024, 0
            else:
                data += packet[4:]
            line.sendto(b"\0\4" + number.to_bytes(2, "big"), far_end)
            if kind == 3 and len(packet) < 4 + size:
                return data


def any_leaf() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def element(tag: int, value: bytes) -> bytes:
    return bytes((tag,)) + len(value).to_bytes(2, "big") + value


def asked_of_tvs(lab: LabProcess, certificate: x509.Certificate, node: str = "cucm-pub") -> dict[int, bytes]:
    """Elements of the answer to QUERY_CERT_REQ, by tag."""
    names = [
        ";".join(f"{part.rfc4514_attribute_name}={part.value}" for part in reversed(list(name))).encode() + b"\0"
        for name in (certificate.subject, certificate.issuer)
    ]
    serial = certificate.serial_number.to_bytes((certificate.serial_number.bit_length() + 7) // 8, "big")
    body = element(1, b"\1CP-8851-" + PHONE.encode())
    body += element(3, names[0]) + element(4, names[1]) + element(5, serial)
    with (
        socket.create_connection(lab.address("tvs", node), timeout=5) as plain,
        any_leaf().wrap_socket(plain) as tls,
    ):
        tls.sendall(b"\x57\1\3\0" + (9).to_bytes(4, "big") + len(body).to_bytes(2, "big") + body)
        stream = tls.makefile("rb")
        header = stream.read(10)
        assert b"\x57\1\4\0\0\0\0\x09" == header[:8]
        answer = stream.read(int.from_bytes(header[8:], "big"))
    found, at = {}, 0
    while at < len(answer):
        end = at + 3 + int.from_bytes(answer[at + 1 : at + 3], "big")
        found[answer[at]] = answer[at + 3 : end]
        at = end
    return found


def command(lab: LabProcess, line: str) -> str:
    """A command of the platform's shell, its question answered with yes."""
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    host, port = lab.address("ssh")
    client.connect(host, port, "admin", lab.password("os_admin"), look_for_keys=False, allow_agent=False, timeout=10)
    channel = client.invoke_shell(width=200, height=100)
    channel.settimeout(WITHIN_S)
    shown = ""
    while not shown.endswith("admin:"):
        shown += channel.recv(65536).decode()
    channel.send(line.encode() + b"\n")
    shown = ""
    while not shown.rstrip().endswith("admin:"):
        shown += channel.recv(65536).decode()
        if "yes" in shown and shown.rstrip().endswith(("?", ":", ")")) and "admin:" not in shown:
            channel.send(b"yes\n")
            shown += "\n\n"
    client.close()
    return shown


def phone(lab: LabProcess) -> dict[str, object]:
    """The phone as `ucmlab phones` shows it."""
    shown = json.loads(ucmlab("phones", "--state", lab.state, "--json"))
    found: dict[str, object] = next(row for row in shown if row["name"] == PHONE)
    return found


def fetched(lab: LabProcess) -> list[str]:
    """What the phone has asked of any TFTP server."""
    rows = [json.loads(line) for line in (lab.state / "operations.jsonl").read_text().splitlines()]
    return [row["operation"] for row in rows if row["interface"] == "tftp" and PHONE in row["operation"]]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("name", ["CTLFile.tlv", "ITLFile.tlv", f"{PHONE}.cnf.xml", f"{PHONE}.cnf.xml.sgn"])
def test_the_same_file_comes_over_http_and_udp(lab: LabProcess, name: str) -> None:
    status, data = over_http(lab, name)

    assert 200 == status
    assert data == over_udp(lab, name)
    assert data == over_udp(lab, name, options=b"blksize\x001024\0tsize\x000\0")


def test_every_node_has_an_itl_of_its_own_and_one_ctl(lab: LabProcess) -> None:
    itls, ctls = (
        {over_http(lab, name, node) for node in ("cucm-pub", "cucm-sub1")} for name in ("ITLFile.tlv", "CTLFile.tlv")
    )

    assert 2 == len(itls)
    assert 1 == len(ctls)
    assert b"\x01\x00\x02\x01\x02" == next(iter(ctls))[1][:5]


def test_what_is_not_there_is_an_error(lab: LabProcess) -> None:
    assert 404 == over_http(lab, "nothing")[0]
    with pytest.raises(LookupError, match="1"):
        over_udp(lab, "nothing")


def test_tvs_vouches_for_the_signer_of_configurations(lab: LabProcess) -> None:
    leaf = x509.load_der_x509_certificate(served_leaf(lab.address("sip_tls", "cucm-sub1")))
    answer = asked_of_tvs(lab, leaf)

    assert b"\0" == answer[7]
    assert hashlib.sha256(answer[2]).digest() == leaf.fingerprint(hashes.SHA256())
    assert b"\0\3" == answer[8]
    assert (86_400).to_bytes(4, "big") == answer[9]


def test_tvs_does_not_know_a_stranger(lab: LabProcess) -> None:
    stranger = x509.load_pem_x509_certificate((Path(lab.ready["ca"]) / "intermediate.pem").read_bytes())

    assert {7: b"\1"} == asked_of_tvs(lab, stranger)


def test_both_signalling_ports_show_the_callmanager(lab: LabProcess) -> None:
    assert served_sha256(lab.address("sip_tls")) == served_sha256(lab.address("sccp_tls"))
    assert 64 == len(served_sha256(lab.address("capf")))


def test_a_phone_page_answers_on_the_address_of_its_phone(lab: LabProcess) -> None:
    connection = http.client.HTTPConnection(str(phone(lab)["address"]), lab.ready["phone_page_port"], timeout=5)
    connection.request("GET", "/CGI/Java/Serviceability?adapter=device.statistics.configuration")
    response = connection.getresponse()
    shown = response.read().decode()
    connection.close()

    assert 200 == response.status
    assert PHONE in shown
    assert hashlib.sha1(over_http(lab, "ITLFile.tlv")[1]).hexdigest() in shown


def test_a_renewed_tvs_is_shown_after_its_restart_and_a_real_phone_takes_the_new_list(lab: LabProcess) -> None:
    old_leaf, old_itl = served_sha256(lab.address("tvs")), over_http(lab, "ITLFile.tlv")[1]
    assert "TRUSTED" == phone(lab)["trust_state"]
    command(lab, "set cert regen TVS")
    assert old_leaf == served_sha256(lab.address("tvs"))

    command(lab, "utils service restart Cisco Trust Verification Service")
    assert old_leaf != served_sha256(lab.address("tvs"))
    assert old_itl == over_http(lab, "ITLFile.tlv")[1]
    command(lab, "utils service restart Cisco Tftp")
    wait_for(lambda: over_http(lab, "ITLFile.tlv")[0] == 200)
    new_itl = over_http(lab, "ITLFile.tlv")[1]
    assert old_itl != new_itl
    assert "STALE-OK" == phone(lab)["trust_state"]

    asked_before = len(fetched(lab))
    ucmlab("phones", "reset", "--state", lab.state, PHONE)
    wait_for(lambda: hashlib.sha1(new_itl).hexdigest() == phone(lab)["itl_sha1"])
    wait_for(lambda: phone(lab)["registered_on"] == "cucm-pub")
    assert "TRUSTED" == phone(lab)["trust_state"]
    assert [f"CTL{PHONE}.tlv", f"ITL{PHONE}.tlv", f"{PHONE}.cnf.xml.sgn"] == fetched(lab)[asked_before:]
