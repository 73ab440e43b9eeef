"""The reading half of the certificate API: identities, trust stores, the snapshot, options.

Source: interfaces-http.md 1.2, 1.3. Shapes marked unknown there are ours: identity, options, and a `csr` that is left
out while none is pending.
"""

from typing import Any

from ucmlab.cluster.certificates.keys import CURVES
from ucmlab.cluster.certificates.requests import DISTRIBUTIONS, RSA_LENGTHS
from ucmlab.cluster.primary_keys import pkid
from ucmlab.interfaces.rest.names import base_name, purpose_named, required, store_named
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked, json_response

REUSED = {"CallManager": "tomcat", "CallManager-ECDSA": "tomcat-ECDSA"}


async def list_identity(asked: Asked) -> Result:
    """GET identity/certificate?service=. Raises: Refusal E7, NO-FIELD."""
    purpose = purpose_named(asked, required(asked, "service"))
    stored = asked.node.certificates.identity(purpose)
    certificate = "" if stored is None else stored.certificate_pem
    return Result(json_response(200, {"service": purpose, "certificate": certificate}))


async def list_trust(asked: Asked) -> Result:
    """GET trust/certificate?service=, in the shape of switch trust_list_shape. Raises: Refusal E7, NO-FIELD."""
    store = store_named(asked, required(asked, "service"))
    entries = [{"certificate": entry.certificate_pem} for entry in asked.node.certificates.trust(store)]
    shape = asked.cluster.switches["trust_list_shape"]
    return Result(json_response(200, entries if shape == "array" else {"certificates": entries}))


async def take_snapshot(asked: Asked) -> Result:
    """GET snapshot/server: everything this node holds."""
    node = asked.node
    answer = {
        "trackingId": pkid("snapshot", node.name, repr(node.now())),
        "server": node.fqdn,
        "identities": _identities(asked),
        "trusts": [_trust(asked, store) for store in node.certificates.trust_stores()],
        "revokedCertificates": [],
    }
    return Result(json_response(200, answer))


async def list_options(asked: Asked) -> Result:
    """GET options and snapshot/options: what a CSR may ask for."""
    services = [
        {"service": purpose.name, "keyType": purpose.key_type, "multiServer": purpose.multi_server}
        for purpose in asked.node.site.purposes()
        if purpose.signable
    ]
    this_server = DISTRIBUTIONS[0]
    answer = {
        "services": services,
        "distributions": [this_server, asked.cluster.switches["multi_server_word"]],
        "keyLengths": {"rsa": list(RSA_LENGTHS), "ec": list(CURVES)},
    }
    return Result(json_response(200, answer))


def _identities(asked: Asked) -> list[dict[str, str]]:
    held = asked.node.certificates
    rows: list[dict[str, str]] = []
    for stored in held.identities():
        if asked.cluster.switches["reuse_shown"] == "hidden" and _is_reused(asked, stored.purpose):
            continue
        row = {"service": stored.purpose, "certificate": stored.certificate_pem}
        csr = held.csr(stored.purpose)
        if csr is not None:
            row["csr"] = csr.csr_pem
        rows.append(row)
    return rows


def _is_reused(asked: Asked, purpose: str) -> bool:
    """Whether this identity is the tomcat certificate used again (14+). Source: procedure.md 3.10."""
    own = asked.node.certificates.identity(purpose)
    source = asked.node.certificates.identity(REUSED.get(purpose, ""))
    return own is not None and source is not None and own.sha256 == source.sha256


def _trust(asked: Asked, store: str) -> dict[str, Any]:
    plain = asked.cluster.switches["snapshot_trust_name"] == "plain"
    entries = asked.node.certificates.trust(store)
    return {
        "service": base_name(store) if plain else store,
        "certificate_data": [{"filename": entry.filename, "certificate": entry.certificate_pem} for entry in entries],
    }
