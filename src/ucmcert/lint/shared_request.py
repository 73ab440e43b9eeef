"""Is a CSR one for all nodes that share a certificate? Below 14 a person makes it, and it must not be another one."""

from collections.abc import Iterable

from ucmcert.model.certificate import CertificateRequest


def lacks(request: CertificateRequest, nodes: Iterable[str]) -> tuple[str, ...]:
    """The nodes (FQDN) whose name the SAN does not hold; () for a multi-server CSR that serves them all.

    The SAN of one node alone says nothing about its kind: there the `-ms` in the common name must tell.
    Source: procedure.md 1.1, 3.7 multi-SAN.
    """
    named = {san.lower() for san in request.sans}
    wanted = tuple(dict.fromkeys(nodes))
    missing = tuple(one for one in wanted if f"dns:{one.lower()}" not in named)
    if not missing and len(wanted) == 1 and not request.common_name.split(".", 1)[0].lower().endswith("-ms"):
        return wanted
    return missing
