"""What `ucmlab inspect --json` prints: per node what is stored, loaded and served, with fingerprints only, no keys."""

from typing import Any

from ucmlab.cluster.certificates.records import spki_sha256
from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.node import Node
from ucmlab.cluster.trust_lists.model import TrustFile

SCHEMA_VERSION = 1


def snapshot(cluster: Cluster) -> dict[str, Any]:
    """The whole cluster as plain JSON values. Fingerprints: SHA-256 of the DER, lower-case hex; times: epoch seconds.

    Per identity: `stored` on disk, `loaded_by` each service, `loaded` by the one whose port shows it (else the first),
    `served_on` each open port, `served` on the lowest of them (null while nothing answers).
    """
    return {
        "schema": SCHEMA_VERSION,
        "cluster": cluster.name,
        "domain": cluster.domain,
        "seed": cluster.seed,
        "at": cluster.clock.now(),
        "security_mode": cluster.security_mode,
        "sso": cluster.sso.enabled,
        "backup_running": cluster.drs.running is not None,
        "nodes": [_node(node) for node in cluster.nodes.values()],
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "fqdn": node.fqdn,
        "role": node.role,
        "product": node.product,
        "version": node.version,
        "address": node.address,
        "clock": node.now(),
        "down": node.down,
        "ntp": node.ntp,
        "replication": node.replication,
        "web_ready": node.web_ready(),
        "identities": [_identity(node, stored.purpose) for stored in node.certificates.identities()],
        "csrs": [
            {"purpose": csr.purpose, "public_key_sha256": csr.public_key_sha256, "distribution": csr.distribution}
            for csr in node.certificates.csrs()
        ],
        "tftp": _tftp(node),
        "trust": {store: _trust(node, store) for store in node.certificates.trust_stores()},
        "services": [
            {
                "name": service.name,
                "kind": service.kind,
                "state": service.state,
                "reason": service.reason,
                "activated": service.activated,
                "started_at": service.started_at,
            }
            for service in node.services.values()
        ],
    }


def _tftp(node: Node) -> dict[str, Any] | None:
    """What its TFTP server holds: null on IM&P. `ctl` is the file on the disk, `ctl_offered` whether phones get it."""
    files = node.tftp
    if files is None:
        return None
    signer = files.config_signer
    return {
        "serving": files.serving,
        "config_signer": None if signer is None else signer.sha256,
        "itl": _list(files.itl),
        "ctl": _list(files.ctl_on_disk),
        "ctl_offered": files.ctl is not None,
    }


def _list(file: TrustFile | None) -> dict[str, Any] | None:
    if file is None:
        return None
    return {
        "md5": file.md5,
        "sha1": file.sha1,
        "length": len(file.data),
        "signer": file.signer,
        "built_at": file.built_at,
        "entries": [{"role": entry.role, "sha256": entry.sha256} for entry in file.entries],
    }


def _identity(node: Node, purpose: str) -> dict[str, Any]:
    stored = node.certificates.identity(purpose)
    if stored is None:
        raise KeyError(purpose)
    certificate = stored.certificate()
    loaded_by = {name: identity.sha256 for name, identity in node.loaded(purpose).items()}
    shower = next((s.name for s in node.services.values() for _, shows in s.row.ports if shows == purpose), None)
    served_on = {str(port): identity.sha256 for port, identity in node.served(purpose).items()}
    return {
        "purpose": purpose,
        "stored": stored.sha256,
        "loaded": loaded_by.get(shower or "", next(iter(loaded_by.values()), None)),
        "loaded_by": loaded_by,
        "served": next(iter(served_on.values()), None),
        "served_on": served_on,
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "serial": f"{certificate.serial_number:x}",
        "not_before": certificate.not_valid_before_utc.timestamp(),
        "not_after": certificate.not_valid_after_utc.timestamp(),
        "public_key_sha256": spki_sha256(certificate),
        "description": stored.description,
        "multi_server": stored.multi_server,
    }


def _trust(node: Node, store: str) -> list[dict[str, Any]]:
    return [
        {"filename": entry.filename, "sha256": entry.sha256, "description": entry.description}
        for entry in node.certificates.trust(store)
    ]
