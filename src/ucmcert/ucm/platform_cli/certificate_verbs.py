"""Certificate management by the platform CLI: list, show, make a CSR, import. Source: interfaces-cli.md 2.

The words of the node are not proof: after an import the identity is read back by whoever asked for it. No write is ever
repeated here.
"""

import re
from collections.abc import Awaitable, Callable

from ucmcert.errors import OutcomeUnknown, Refused, UsageError
from ucmcert.knowledge.upload_errors import recognise
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.csr_settings import WebSecurity
from ucmcert.ucm.platform_cli.parsers import certificate_lists as lists
from ucmcert.ucm.platform_cli.parsers import certificate_text as texts
from ucmcert.ucm.platform_cli.parsers.certificate_lists import Listed
from ucmcert.ucm.platform_cli.parsers.web_security import parse_web_security
from ucmcert.ucm.platform_cli.questions import Answer
from ucmcert.ucm.platform_cli.shell import Shell
from ucmcert.ucm.platform_cli.told import Told, read

READ_S = 120.0
GENERATE_S = 300.0
IMPORT_S = 300.0
NO_OU = Answer(question="Include OU in CSR", yes=False)
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
ONE_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----")


async def list_own(shell: Shell) -> Told[tuple[Listed, ...]]:
    """The identity certificates of the node, by name."""
    command = "show cert list own"
    return read(lists.parse_own, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def list_trust(shell: Shell) -> Told[tuple[Listed, ...]]:
    """The trust certificates of all stores of the node, by name."""
    command = "show cert list trust"
    return read(lists.parse_trust, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def show_certificate(shell: Shell, listed: Listed) -> Told[Certificate]:
    """One certificate of a list, read from its PEM."""
    place = "trust" if listed.purpose != listed.unit else "own"
    command = f"show cert {place} {listed.name}"
    return read(texts.parse_certificate, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def list_requests(shell: Shell) -> Told[tuple[Listed, ...]]:
    """The CSRs that wait on the node, by name."""
    command = "show csr list own"
    return read(lists.parse_requests, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def show_request(shell: Shell, listed: Listed) -> Told[CertificateRequest]:
    """One waiting CSR."""
    command = f"show csr own {listed.name}"
    return read(texts.parse_request, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def web_security(shell: Shell) -> Told[WebSecurity]:
    """The subject and the alternate names that the node puts into its CSRs, where its words are understood."""
    command = "show web-security"
    return read(parse_web_security, await shell.ask(command, timeout_s=READ_S), command=command, where=shell.where)


async def generate_request(shell: Shell, purpose: str) -> str:
    """Make a CSR for this node alone; the node's words. It replaces the private key of a CSR that waits already.

    Raises: Refused UCM-CLI-010 to -014; OutcomeUnknown UCM-CLI-003 without the sentence of success.
    """
    command = f"set csr gen {word(shell, purpose)}"
    raw = await _asked(shell, command, shell.ask(command, timeout_s=GENERATE_S, answers=(NO_OU,)))
    return _succeeded(shell, command, raw, lambda text: texts.check_generated(text, purpose))


async def import_trust(shell: Shell, purpose: str, pem: str) -> str:
    """Put one CA certificate into `<purpose>-trust`; the node's words. Raises as `import_identity`."""
    command = f"set cert import trust {word(shell, purpose)}"
    raw = await _asked(shell, command, shell.paste(command, _one_pem(shell, pem), timeout_s=IMPORT_S))
    return _succeeded(shell, command, raw, lambda text: texts.check_imported(text, purpose, trust=True))


async def import_identity(shell: Shell, purpose: str, pem: str, issuer_file: str = "") -> str:
    """Replace the identity of `purpose`; the node's words. `issuer_file` names the issuer's file in the trust store.

    Raises: Refused UCM-CLI-013 for a refusal we know, UCM-CLI-010 to -014; OutcomeUnknown UCM-CLI-003 for all words but
    the sentence of success; UsageError UCM-CLI-020 for what is not one PEM certificate.
    """
    issuer = f" {word(shell, issuer_file)}" if issuer_file else ""
    command = f"set cert import own {word(shell, purpose)}{issuer}"
    raw = await _asked(shell, command, shell.paste(command, _one_pem(shell, pem), timeout_s=IMPORT_S))
    return _succeeded(shell, command, raw, lambda text: texts.check_imported(text, purpose, trust=False))


async def _asked(shell: Shell, command: str, conversation: Awaitable[str]) -> str:
    """The answer; a refusal whose words we know is raised as such."""
    try:
        return await conversation
    except Refused as error:
        if error.code == "UCM-CLI-012":
            _raise_if_known(shell, command, error.answer, error)
        raise


def _succeeded(shell: Shell, command: str, raw: str, check: Callable[[str], None]) -> str:
    try:
        return read(check, raw, command=command, where=shell.where).raw
    except OutcomeUnknown as error:
        _raise_if_known(shell, command, raw, error)
        raise


def _raise_if_known(shell: Shell, command: str, answer: str, cause: Exception) -> None:
    known = recognise(answer)
    if known is not None:
        raise Refused(
            "UCM-CLI-013",
            f"the node refuses: {known.texts[0]}",
            where=shell.where,
            why=f"it was asked: {command}",
            next="put right what its words name, and resume",
            answer=answer,
        ) from cause


def word(shell: Shell, text: str) -> str:
    """One word of a command: a name with a blank in it would become another command. Raises UsageError UCM-CLI-020."""
    if not WORD.fullmatch(text):
        raise _unusable(shell, f"not a name the command line takes: {text!r}")
    return text


def _one_pem(shell: Shell, pem: str) -> str:
    text = "\n".join(line.strip() for line in pem.strip().splitlines())
    if not ONE_PEM.fullmatch(text):
        raise _unusable(shell, "what should be pasted is not one PEM certificate")
    return text


def _unusable(shell: Shell, what: str) -> UsageError:
    why = "whatever is typed at the prompt acts at once"
    return UsageError("UCM-CLI-020", what, where=shell.where, why=why, next="correct it and run again")
