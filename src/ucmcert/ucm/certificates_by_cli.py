"""Certificate work of releases without the REST API: the same verbs as `rest`, by the command line of the node.

Slow, since the node shows one certificate a command (interfaces-cli.md 1.5), and blind to the settings of a CSR.
"""

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Holding, HoldingPart
from ucmcert.ucm.holdings import HoldingBuilder
from ucmcert.ucm.platform_cli import certificate_verbs as verbs
from ucmcert.ucm.platform_cli.parsers.certificate_lists import Listed
from ucmcert.ucm.platform_cli.shell import Shell

MISSING_ARGUMENT = "UCM-CLI-011"


async def holding(shell: Shell, node_name: str, part: HoldingPart | None = None) -> Holding:
    """Everything certificate-like on the node, or the `part` of it: each certificate costs a command.

    What is listed and cannot be shown becomes a finding.
    """
    builder = HoldingBuilder(node_name, "platform CLI, show cert and show csr")
    purposes = part.purposes if part else None
    for listed in _of((await verbs.list_own(shell)).value, purposes):
        certificate = await _shown(shell, listed, builder, "UCM-STORE-001")
        if certificate is not None:
            builder.add_identity(listed.unit, certificate)
    for listed in _of((await verbs.list_requests(shell)).value, purposes):
        try:
            builder.add_request(listed.unit, (await verbs.show_request(shell, listed)).value)
        except (Refused, OutcomeUnknown) as error:
            _note(shell, builder, "UCM-STORE-002", listed, error)
    stores = part.stores if part else None
    trusted = (await verbs.list_trust(shell)).value if stores is None or stores else ()
    for listed in _of(trusted, stores):
        certificate = await _shown(shell, listed, builder, "UCM-STORE-003")
        if certificate is not None:
            builder.add_trusted(listed.unit, listed.file, certificate)
    return builder.holding()


async def upload_identity(shell: Shell, purpose: str, leaf: Certificate, chain: tuple[Certificate, ...]) -> str:
    """Import the identity; the node's words. Its chain must be in the trust store already.

    A release that misses the argument has done nothing, so it is asked again with the issuer's file name, which old
    releases want (interfaces-cli.md 2.4). Raises Refused UCM-CLI-*, OutcomeUnknown.
    """
    try:
        return await verbs.import_identity(shell, purpose, leaf.pem)
    except Refused as error:
        if error.code != MISSING_ARGUMENT or not chain:
            raise
        issuer = await _file_of(shell, purpose, chain[0])
        if not issuer:
            raise
    return await verbs.import_identity(shell, purpose, leaf.pem, issuer)


def _of(found: tuple[Listed, ...], names: frozenset[str] | None) -> tuple[Listed, ...]:
    return found if names is None else tuple(one for one in found if one.purpose in names)


async def _file_of(shell: Shell, purpose: str, certificate: Certificate) -> str:
    """The name under which `certificate` lies in the trust store of `purpose`; "" when it does not."""
    for listed in (await verbs.list_trust(shell)).value:
        if listed.purpose == purpose:
            stored = (await verbs.show_certificate(shell, listed)).value
            if stored.sha256 == certificate.sha256:
                return listed.file
    return ""


async def _shown(shell: Shell, listed: Listed, builder: HoldingBuilder, code: str) -> Certificate | None:
    try:
        return (await verbs.show_certificate(shell, listed)).value
    except (Refused, OutcomeUnknown) as error:
        _note(shell, builder, code, listed, error)
    return None


def _note(shell: Shell, builder: HoldingBuilder, code: str, listed: Listed, error: Refused | OutcomeUnknown) -> None:
    """Keep the trouble as a finding. Raises it when it is the session that is in trouble, not the certificate."""
    if shell.broken:
        raise error
    builder.unreadable(code, listed.name, error.answer[:300] if isinstance(error, Refused) else error.why)
