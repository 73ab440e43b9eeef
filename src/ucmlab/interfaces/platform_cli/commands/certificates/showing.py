"""`show cert list`, `show cert`, `show csr list`, `show csr`. Source: interfaces-cli.md 2.1-2.3."""

from cryptography import x509

from ucmlab.cluster.certificates.records import TrustEntry
from ucmlab.cluster.certificates.refusals import csr_missing, no_such_certificate
from ucmlab.cluster.node import Node
from ucmlab.cluster.releases import release_has
from ucmlab.interfaces.platform_cli.commands.certificates.dump import FROM_14SU2, OLDER, dump_certificate
from ucmlab.interfaces.platform_cli.commands.certificates.names import purpose_asked
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command


async def list_own(talk: Conversation, _call: Call) -> None:
    """One line per identity."""
    identities = talk.node.certificates.identities()
    talk.say("", *(f"{row.purpose}/{row.purpose}.pem: {row.description}" for row in identities), "")


async def list_trust(talk: Conversation, _call: Call) -> None:
    """One line per trust entry, store by store."""
    entries = _trust_entries(talk.node)
    talk.say("", *(f"{row.store}/{row.filename}: {row.description or 'Trust Certificate'}" for row in entries), "")


async def show_own(talk: Conversation, call: Call) -> None:
    """The dump and PEM of an identity, by unit or file."""
    name = call.arguments[0]
    for stored in talk.node.certificates.identities():
        if name in (stored.purpose, f"{stored.purpose}/{stored.purpose}.pem"):
            _show(talk, stored.certificate())
            return
    raise no_such_certificate(name)


async def show_trust(talk: Conversation, call: Call) -> None:
    """The dump and PEM of a trust entry, by store and file, or by file alone."""
    name = call.arguments[0]
    for entry in _trust_entries(talk.node):
        if name in (f"{entry.store}/{entry.filename}", entry.filename):
            _show(talk, entry.certificate())
            return
    raise no_such_certificate(name)


async def list_csrs(talk: Conversation, _call: Call) -> None:
    """One line per live CSR."""
    talk.say("", *(f"{csr.purpose}/{csr.purpose}.csr" for csr in talk.node.certificates.csrs()), "")


async def show_csr(talk: Conversation, call: Call) -> None:
    """The PEM of a CSR, by unit or file."""
    unit = call.arguments[0].partition("/")[0]
    csr = talk.node.certificates.csr(unit)
    if csr is None or call.arguments[0] not in (unit, f"{unit}/{unit}.csr"):
        purposes = [purpose for purpose in talk.node.site.purposes() if purpose.name == unit]
        raise csr_missing(purposes[0]) if purposes else no_such_certificate(call.arguments[0])
    talk.say_raw(csr.csr_pem)


def _show(talk: Conversation, certificate: x509.Certificate) -> None:
    newer = release_has(talk.node.version, "certificate dump tags 14SU2")
    talk.say_raw(dump_certificate(certificate, FROM_14SU2 if newer else OLDER))


def _trust_entries(node: Node) -> list[TrustEntry]:
    return [entry for store in node.certificates.trust_stores() for entry in node.certificates.trust(store)]


COMMANDS = (
    Command(
        words="show cert list own",
        run=list_own,
        operation="cert-list",
        about="lists the identity certificates of this server",
        takes_s=1.0,
    ),
    Command(
        words="show cert list trust",
        run=list_trust,
        operation="cert-list",
        about="lists the trusted certificates of this server",
        takes_s=1.0,
    ),
    Command(
        words="show cert own",
        run=show_own,
        operation="cert-show",
        about="shows an identity certificate",
        arguments="<unit>",
        least=1,
        most=1,
        purpose=purpose_asked,
        takes_s=1.0,
    ),
    Command(
        words="show cert trust",
        run=show_trust,
        operation="cert-show",
        about="shows a trusted certificate",
        arguments="<name>",
        least=1,
        most=1,
        purpose=purpose_asked,
        takes_s=1.0,
    ),
    Command(
        words="show csr list own",
        run=list_csrs,
        operation="csr-list",
        about="lists the certificate signing requests of this server",
        takes_s=1.0,
    ),
    Command(
        words="show csr own",
        run=show_csr,
        operation="csr-show",
        about="shows a certificate signing request",
        arguments="<unit>",
        least=1,
        most=1,
        purpose=purpose_asked,
        takes_s=1.0,
    ),
)
