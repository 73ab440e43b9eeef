"""The certificate REST API of a node (release 14 and later): make a CSR, upload, and see all a node holds.

Every verb is one exchange; a write is never repeated here. Source: interfaces-http.md 1.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ucmcert.errors import OutcomeUnknown
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Holding
from ucmcert.model.ports import HttpAnswer
from ucmcert.ucm.csr_spec import CsrSpec
from ucmcert.ucm.holdings import HoldingBuilder
from ucmcert.ucm.origin import Origin, plain_words
from ucmcert.ucm.rest_answers import accepted, decode, words

BASE = "/platformcom/api/v1/certmgr/config"
PORT = 443
READ_TIMEOUT_S = 60.0
CSR_TIMEOUT_S = 60.0  # clients use 30 s; a key of 4096 bits takes its time
UPLOAD_TIMEOUT_S = 120.0
THIS_SERVER, ALL_SERVERS = "this-server", "multi-server"


async def snapshot(origin: Origin) -> Holding:
    """Everything certificate-like on the node. Raises OutcomeUnknown, Refused UCM-REST-003, UsageError."""
    answer = await origin.http.request(
        "GET", f"{BASE}/snapshot/server", headers=_accept(), body=b"", timeout_s=READ_TIMEOUT_S
    )
    return read_snapshot(accepted(answer, origin).body, origin)


async def generate_csr(origin: Origin, purpose: str, spec: CsrSpec) -> str:
    """Have the node make a key and a CSR; its words. A CSR that was pending is lost by this. Raises as `snapshot`."""
    return await _post(
        origin,
        "csr",
        {
            "service": purpose,
            "distribution": ALL_SERVERS if spec.multi_server else THIS_SERVER,
            "commonName": spec.common_name,
            "keyType": spec.key_type,
            "keyLength": spec.key_length,
            "hashAlgorithm": spec.hash_algorithm,
            **({"altNames": spec.alt_names} if spec.alt_names else {}),  # left out when empty: interfaces-http.md 1.2
        },
        CSR_TIMEOUT_S,
    )


async def upload_trust(origin: Origin, purpose: str, certificate: Certificate) -> str:
    """Upload one CA certificate to the trust store of `purpose`; the node's words. Here `service` is an array."""
    body = {"service": [purpose], "certificates": [certificate.pem], "description": certificate.common_name}
    return await _post(origin, "trust/certificates", body, UPLOAD_TIMEOUT_S)


async def upload_identity(origin: Origin, purpose: str, leaf: Certificate, chain: tuple[Certificate, ...]) -> str:
    """Upload the identity with its chain, leaf first; the node's words. Here `service` is a string."""
    body = {"service": purpose, "certificates": [one.pem for one in (leaf, *chain)]}
    return await _post(origin, "identity/certificates", body, UPLOAD_TIMEOUT_S)


def read_snapshot(body: bytes, origin: Origin) -> Holding:
    """The holding in a snapshot. Missing, null and "" are one. Raises OutcomeUnknown UCM-REST-002 when it is none."""
    found = decode(body)
    if not isinstance(found, dict) or not isinstance(found.get("identities"), list):
        why = "it has no list of identities" if isinstance(found, dict) else "it is no JSON object"
        raise OutcomeUnknown("UCM-REST-002", "the snapshot cannot be read", where=origin.where, why=why)
    builder = HoldingBuilder(origin.node.name, "certificate REST API, snapshot/server")
    for row in _rows(found.get("identities")):
        if certificate := _text(row.get("certificate")):
            builder.identity(_text(row.get("service")), certificate)
        if request := _text(row.get("csr")):
            builder.request(_text(row.get("service")), request)
    for store in _rows(found.get("trusts")):
        for entry in _rows(store.get("certificate_data")):
            if certificate := _text(entry.get("certificate")):
                builder.trusted(_text(store.get("service")), _text(entry.get("filename")), certificate)
    return builder.holding()


async def _post(origin: Origin, path: str, body: Mapping[str, object], timeout_s: float) -> str:
    answer = await origin.http.request(
        "POST",
        f"{BASE}/{path}",
        headers={**_accept(), "Content-Type": "application/json"},
        body=msgspec.json.encode(body),
        timeout_s=timeout_s,
    )
    return _said(accepted(answer, origin))


def _said(answer: HttpAnswer) -> str:
    return words(answer) or plain_words(answer) or f"HTTP status {answer.status}"


def _accept() -> dict[str, str]:
    return {"Accept": "application/json"}


def _rows(found: Any) -> Iterator[dict[str, Any]]:
    return (row for row in found if isinstance(row, dict)) if isinstance(found, list) else iter(())


def _text(found: Any) -> str:
    return found.strip() if isinstance(found, str) else ""
