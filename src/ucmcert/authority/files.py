"""Hands CSRs over as files and waits, weeks if need be: outgoing/ for the CA, answers/ for what `submit` took in.

outgoing/manifest.json lists every CSR by key footprint; answers/<key footprint>.pem is leaf, issuer ... root, in order.
"""

import re
import shlex
from pathlib import Path

import msgspec

from ucmcert.authority.durable_file import write_durably
from ucmcert.errors import UsageError
from ucmcert.model.certificate import Certificate, CertificateRequest, read_certificates_pem, read_request
from ucmcert.model.ports import Clock
from ucmcert.model.signing import Issued, Pending, Profile, Ticket

NAME = "files"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One CSR of the manifest. `submitted_at` is UTC epoch seconds."""

    node: str
    purpose: str
    file: str
    subject: str
    sans: tuple[str, ...]
    key: str
    spki_sha256: str
    submitted_at: float


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the folder asks the CA for. `next` is the command for the day the answers are there."""

    version: int = 1
    next: str = ""
    requests: tuple[Listed, ...] = ()


class OpenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A CSR of the manifest with its content. `answered` when its chain is in answers/ already."""

    listed: Listed
    request: CertificateRequest
    answered: bool


class FilesAuthority:
    """`config_file` goes into the next command only."""

    def __init__(self, folder: Path, clock: Clock, config_file: Path) -> None:
        self._folder = folder
        self._clock = clock
        self._next = f"ucmcert submit FOLDER --config {shlex.quote(str(config_file))}"

    async def submit(self, request: CertificateRequest, profile: Profile) -> Ticket:
        """Write the CSR and list it. A newer CSR for the same node and purpose takes the place of the older."""
        manifest = read_manifest(self._folder)
        known = next((one for one in manifest.requests if one.spki_sha256 == request.spki_sha256), None)
        listed = known or Listed(
            node=profile.node,
            purpose=profile.purpose,
            file=_file_name(profile),
            subject=request.subject,
            sans=request.sans,
            key=request.key,
            spki_sha256=request.spki_sha256,
            submitted_at=self._clock.now(),
        )
        others = [one for one in manifest.requests if one.file != listed.file]
        manifest = Manifest(next=self._next, requests=tuple(sorted([*others, listed], key=lambda one: one.file)))
        outgoing = self._folder / "outgoing"
        try:
            write_durably(outgoing / listed.file, request.pem.encode())
            write_durably(outgoing / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        except OSError as error:
            raise trouble(outgoing, f"it cannot be written: {error.strerror}") from error
        return Ticket(
            authority=NAME,
            reference=listed.file,
            node=listed.node,
            purpose=listed.purpose,
            spki_sha256=listed.spki_sha256,
            submitted_at=listed.submitted_at,
            next=self._next,
        )

    async def collect(self, ticket: Ticket) -> Issued | Pending:
        """The chain that was taken in for this key, else Pending with the exact next command."""
        path = answer_path(self._folder, ticket.spki_sha256)
        if not path.exists():
            csr = self._folder / "outgoing" / ticket.reference
            return Pending(waiting_for=f"the CA's answer to {csr}", next=self._next)
        found = _certificates(path)
        if found[0].spki_sha256 != ticket.spki_sha256:
            raise trouble(path, "its first certificate has another key than the CSR")
        return Issued(leaf=found[0], chain=found[1:])


def read_manifest(folder: Path) -> Manifest:
    """The manifest of `folder`, empty when nothing was handed over yet. Raises UsageError UCM-CA-003."""
    path = folder / "outgoing" / "manifest.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except (OSError, msgspec.DecodeError) as error:
        raise trouble(path, str(error)) from error


def open_requests(folder: Path) -> tuple[OpenRequest, ...]:
    """Every CSR that was handed over, answered or not. Raises UsageError UCM-CA-003 when one cannot be read."""
    found = []
    for listed in read_manifest(folder).requests:
        path = folder / "outgoing" / listed.file
        try:
            request = read_request(path.read_bytes())
        except (OSError, ValueError) as error:
            raise trouble(path, str(error)) from error
        answered = answer_path(folder, listed.spki_sha256).exists()
        found.append(OpenRequest(listed=listed, request=request, answered=answered))
    return tuple(found)


def write_answer(folder: Path, leaf: Certificate, chain: tuple[Certificate, ...]) -> Path:
    """Keep the ordered answer where `collect` finds it. Raises UsageError UCM-CA-003."""
    path = answer_path(folder, leaf.spki_sha256)
    try:
        write_durably(path, "".join(one.pem for one in (leaf, *chain)).encode())
    except OSError as error:
        raise trouble(path, f"it cannot be written: {error.strerror}") from error
    return path


def answer_path(folder: Path, spki: str) -> Path:
    """Where the answer for a key lies."""
    return folder / "answers" / f"{spki}.pem"


def trouble(path: Path, why: str) -> UsageError:
    """UCM-CA-003: something in the hand-over folder is missing or wrong."""
    return UsageError(
        "UCM-CA-003",
        "the hand-over folder of the certificate authority cannot be used",
        where=str(path),
        why=why,
        next="check `folder` in the [authority] table and who may write there, then resume",
    )


def _certificates(path: Path) -> tuple[Certificate, ...]:
    try:
        found = read_certificates_pem(path.read_bytes())
    except (OSError, ValueError) as error:
        raise trouble(path, str(error)) from error
    if not found:
        raise trouble(path, "it holds no certificate")
    return found


def _file_name(profile: Profile) -> str:
    """`cucm-pub.lab.example_tomcat.csr`, with nothing in it that a path could misread."""
    return re.sub(r"[^A-Za-z0-9._-]|^\.+", "-", f"{profile.node}_{profile.purpose}") + ".csr"
