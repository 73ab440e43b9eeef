"""The writing half of the certificate API: CSR, uploads, deletion. Source: interfaces-http.md 1.2, 1.5, 10.

Words of a success: the banner of tomcat is Cisco's (procedure.md 1.2), the shorter one is cut from it, and that of a
trust upload is the administration page's (interfaces-http.md 7).
"""

import msgspec

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.certificates.refusals import not_for_csr, older_trust
from ucmlab.cluster.releases import release_has
from ucmlab.errors import Refusal
from ucmlab.interfaces.rest.bodies import (
    CsrBody,
    IdentityBody,
    TrustBody,
    as_bytes,
    judge_alt_names,
    read_body,
    upload_response,
)
from ucmlab.interfaces.rest.names import purpose_named, required, store_named
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked, Response, json_response

UPLOADED = (
    "Success: Certificate Uploaded. Perform a Disaster Recovery backup so the latest backup contains the uploaded "
    "certificate."
)
TOMCAT_RESTARTS = (
    " Restart the Cisco Tomcat web service using the CLI 'utils service restart Cisco Tomcat' on all cluster nodes"
    " (UCM/IMP). Restart Cisco UDS Tomcat and Cisco AXL Tomcat web services using the CLI 'utils service restart Cisco"
    " UDS Tomcat' and 'utils service restart Cisco AXL Tomcat' on all the UCM cluster nodes. Also, restart the Cisco"
    " DRF Master and Cisco DRF Local services on the publisher node. Restart only the Cisco DRF Local service on the"
    " subscriber node(s)."
)
TRUST_UPLOADED = "Certificate upload operation successful"


async def make_csr(asked: Asked) -> Result:
    """POST csr: a new key and CSR; the pending one, if any, is lost.

    Raises: Refusal E8, E9, E10, CSR-PENDING, BAD-JSON, BAD-NAME.
    """
    body = read_body(asked.request.body, CsrBody)
    try:
        purpose = purpose_named(asked, body.service)
    except Refusal as refusal:
        raise not_for_csr() from refusal
    request = CsrRequest(
        distribution=_distribution(asked, body.distribution),
        common_name=body.common_name,
        key_type=body.key_type,
        key_length=body.key_length,
        hash_algorithm=body.hash_algorithm,
        alt_names=judge_alt_names(body.alt_names),
    )
    csr = asked.node.certificates.generate_csr(purpose, request)
    return Result(json_response(200, {"csr": csr.csr_pem}))


async def upload_identity(asked: Asked) -> Result:
    """POST identity/certificates: the leaf, alone or with its chain. Raises: Refusal E1..E5, E7..E12, BAD-JSON."""
    body = read_body(asked.request.body, IdentityBody)
    purpose = purpose_named(asked, body.service)
    blobs = [as_bytes(text) for text in body.certificates]
    _upload(asked, purpose, blobs)
    words = UPLOADED + (TOMCAT_RESTARTS if purpose.startswith("tomcat") else "")
    return Result(upload_response(words, asked.cluster.switches))


async def upload_trust(asked: Asked) -> Result:
    """POST trust/certificates: all stores and certificates or none, unless switch trust_batch says one by one.

    An older certificate than the one in place is passed over in silence, or refused (switch older_trust_status).
    Raises: Refusal E5, E6, E7, E9, E10, E12, BAD-JSON.
    """
    body = read_body(asked.request.body, TrustBody)
    names = {store_named(asked, name): name for name in body.service}
    took_all = asked.node.certificates.upload_trust_files(
        list(names),
        [as_bytes(text) for text in body.certificates],
        body.description,
        refuse_older=asked.cluster.switches["older_trust_status"] == "400",
    )
    words = f"refused: {older_trust().words}"
    outcomes = {names[store]: words for store, stored in took_all.items() if not stored}
    return Result(upload_response(TRUST_UPLOADED, asked.cluster.switches), outcomes=outcomes)


async def delete_trust(asked: Asked) -> Result:
    """DELETE trust/certificate?service=&filename=, where switch rest_delete lets it. Raises: Refusal E7, NO-CERT."""
    store = store_named(asked, required(asked, "service"))
    asked.node.certificates.delete_trust(store, required(asked, "filename"))
    return Result(Response(204, {}, b""))


def _distribution(asked: Asked, word: str) -> str:
    """The product's word for a distribution as it is spelled on the wire (switch multi_server_word)."""
    words = {"this-server": "this-server", asked.cluster.switches["multi_server_word"]: "multi-server"}
    if word not in words:
        raise Refusal("BAD-DISTRIBUTION", f"Invalid distribution {word[:40]}", invented=True)
    return words[word]


def _upload(asked: Asked, purpose: str, blobs: list[bytes]) -> None:
    """Hand the certificate to the store; what a multi-server one may do over REST is switch rest_multi_san (14SU2+)."""
    held, how = asked.node.certificates, asked.cluster.switches["rest_multi_san"]
    csr = held.csr(purpose)
    limited = release_has(asked.node.version, "multi-server not by CLI")
    if csr is None or csr.distribution == "this-server" or how == "accept" or not limited:
        held.upload_identity(purpose, blobs)
        return
    if how == "refuse":
        raise Refusal("E11", "Multi-server certificates cannot be uploaded over this interface", invented=True)
    held.install_csr(msgspec.structs.replace(csr, distribution="this-server"))  # nothing carries it to other nodes
    try:
        held.upload_identity(purpose, blobs)
    except Refusal:
        held.install_csr(csr)
        raise
