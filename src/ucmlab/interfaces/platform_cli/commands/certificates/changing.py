"""`set csr gen`, `set cert import`, `set cert regen`, `set cert delete`. Source: interfaces-cli.md 2.3-2.5."""

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.certificates.refusals import no_such_certificate, unreadable
from ucmlab.cluster.releases import release_has
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.commands.certificates.names import purpose_asked, store_of
from ucmlab.interfaces.platform_cli.commands.certificates.paste import pasted
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.registry import Command, NotUnderstood

DESCRIPTION = "Trust Certificate"
OVERWRITES = "WARNING: This operation will overwrite any CA signed certificate previously imported for  {unit}"
RECOVERY = "WARNING: This operation will regenerate the ITLRecovery certificate. Are you sure want\nto proceed?"
UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)


async def generate_csr(talk: Conversation, call: Call) -> None:
    """A new key and CSR for this server; the one before is lost. Releases that leave the OU out ask for it."""
    unit = call.arguments[0]
    asks = release_has(talk.node.version, "OU optional")
    talk.node.site.purpose(unit)
    include_ou = asks and await talk.agrees("Include OU in CSR (yes|no)?")
    await talk.think(3.0)
    talk.node.certificates.generate_csr(unit, CsrRequest(include_ou=include_ou))
    talk.say(f"Successfully Generated CSR  for {unit}" if asks else f"Successfully Generated CSR for {unit}.")


async def import_own(talk: Conversation, call: Call) -> None:
    """Take the pasted certificate in answer to the live CSR."""
    unit = call.arguments[0]
    blobs = await pasted(talk)
    await talk.think(1.5)
    with _judged(talk):
        _judge_issuer_file(talk, call)
        talk.node.certificates.upload_identity(unit, blobs, by_cli=True)
    _say_imported(talk, unit)


async def import_trust(talk: Conversation, call: Call) -> None:
    """Put the pasted CA certificate into the unit's trust store; an older one of that name changes nothing (E6)."""
    unit = call.arguments[0]
    blobs = await pasted(talk)
    await talk.think(1.5)
    with _judged(talk):
        store = store_of(talk.node, unit)
        _judge_issuer_file(talk, call)
        talk.node.certificates.upload_trust_files([store], blobs, DESCRIPTION)
    _say_imported(talk, unit.removesuffix("-trust"))


async def regenerate(talk: Conversation, call: Call) -> None:
    """Replace an identity by a self-signed one, after a yes."""
    unit = call.arguments[0]
    talk.node.site.purpose(unit)
    talk.say("", RECOVERY if unit == "ITLRecovery" else OVERWRITES.format(unit=unit))
    await talk.must_agree("Proceed with regeneration (yes|no)? ")
    await talk.think(4.0)
    talk.node.certificates.regenerate(unit)
    talk.say(
        "",
        f"Successfully Regenerated Certificate for {unit}.",
        f"You must restart services related to {unit} for the regenerated certificates to become active.",
    )


async def delete(talk: Conversation, call: Call) -> None:
    """Remove a trust entry, without a question."""
    unit, name = call.arguments
    filename = name.rpartition("/")[2]
    talk.node.certificates.delete_trust(store_of(talk.node, unit), filename)
    words = talk.switches["cert_delete_text"].replace("{name}", filename)
    talk.say(*([words] if words else []))


@contextmanager
def _judged(talk: Conversation) -> Iterator[None]:
    """Refusals of an import, in the style that the switch import_error_style asks for."""
    try:
        yield
    except Refusal as refusal:
        raise _styled(talk, refusal) from refusal
    except UNREADABLE as error:
        raise _styled(talk, unreadable()) from error


def _styled(talk: Conversation, refusal: Refusal) -> Refusal | NotUnderstood:
    return NotUnderstood(refusal.words) if talk.switches["import_error_style"] == "cause-only" else refusal


def _judge_issuer_file(talk: Conversation, call: Call) -> None:
    """Older releases want the issuing CA's file named; where it is named it must be in the unit's trust store."""
    if len(call.arguments) < 2:
        return
    store = store_of(talk.node, call.arguments[0])
    if call.arguments[1] not in [entry.filename for entry in talk.node.certificates.trust(store)]:
        raise no_such_certificate(f"{store}/{call.arguments[1]}")


def _say_imported(talk: Conversation, unit: str) -> None:
    talk.say(
        f"Successfully imported certificate for {unit}.",
        f"Please restart services related to {unit} for the new certificate to",
        "become active.",
    )


COMMANDS = (
    Command(
        words="set csr gen",
        run=generate_csr,
        operation="csr",
        about="generates a certificate signing request",
        arguments="<unit>",
        least=1,
        most=1,
        purpose=purpose_asked,
        privilege=1,
    ),
    Command(
        words="set cert import own",
        run=import_own,
        operation="identity",
        about="imports a signed certificate for this server",
        arguments="<unit> [caCert.pem]",
        least=1,
        most=2,
        purpose=purpose_asked,
        privilege=1,
    ),
    Command(
        words="set cert import trust",
        run=import_trust,
        operation="trust",
        about="imports a trusted certificate",
        arguments="<unit> [caCert.pem]",
        least=1,
        most=2,
        purpose=purpose_asked,
        privilege=1,
    ),
    Command(
        words="set cert regen",
        run=regenerate,
        operation="regenerate",
        about="regenerates a self-signed certificate",
        arguments="<unit>",
        least=1,
        most=1,
        purpose=purpose_asked,
        privilege=1,
    ),
    Command(
        words="set cert delete",
        run=delete,
        operation="delete",
        about="deletes a trusted certificate",
        arguments="<unit> <name>",
        least=2,
        most=2,
        purpose=purpose_asked,
        privilege=1,
    ),
)
