"""Recognises and reads the description of a CA: an AD CS template, a Vault role or an ACME directory."""

import codecs
import re

import msgspec

from ucmcert.errors import UsageError
from ucmcert.lint.authority_profile.acme import read_acme
from ucmcert.lint.authority_profile.adcs import KNOWN, fields_of_text, read_adcs
from ucmcert.lint.authority_profile.fields import Fields
from ucmcert.lint.authority_profile.profile import CaProfile, Kind
from ucmcert.lint.authority_profile.vault import read_vault
from ucmcert.model.finding import Finding

BYTES_MAX = 1_000_000
READERS = {"adcs": read_adcs, "vault": read_vault, "acme": read_acme}
SIGNS: dict[Kind, tuple[str, ...]] = {
    "adcs": tuple(name for name in KNOWN if name not in ("cn", "flags", "extensions")),
    "vault": ("allow_any_name", "use_csr_sans", "use_csr_common_name", "key_usage", "server_flag", "max_ttl"),
    "acme": ("newOrder", "directory"),
}
JSON = re.compile(r"\s*(\{|\[\s*[\[{\]])")  # certutil begins with [Template], which is none
NEXT = "docs/ca-profiles.md says which commands print a description that is understood"


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """The profile of a description, and a finding for each field that could not be read."""

    profile: CaProfile
    findings: tuple[Finding, ...]


def read_description(content: bytes, *, where: str, kind: Kind | None = None) -> Described:
    """The profile that `content` describes; `where` names the file, `kind` what it is, None to find out.

    Raises UsageError: UCM-CA-041 too big, UCM-CA-042 unreadable, UCM-CA-043 nothing known in it, UCM-CA-044 more than
    one template.
    """
    if len(content) > BYTES_MAX:
        raise _wrong("UCM-CA-041", "the description is too big", where, f"more than {BYTES_MAX} bytes")
    text = _text(content, where)
    values = _json(text, where) if JSON.match(text) else fields_of_text(_single(text, where))
    found = kind or next((one for one, names in SIGNS.items() if any(name in values for name in names)), None)
    if found not in READERS or not any(name in values for name in SIGNS[found]):
        wanted = ", ".join(SIGNS[found][:3]) if found in SIGNS else "AD CS, Vault or ACME"
        raise _wrong("UCM-CA-043", "nothing in it describes a CA", where, f"looked for the fields of: {wanted}")
    fields = Fields(where=where, values=values, troubles=[])
    return Described(profile=READERS[found](fields), findings=tuple(fields.troubles))


def _text(content: bytes, where: str) -> str:
    """PowerShell writes UTF-16 with a mark; everything else is UTF-8, or the old code page of a console."""
    if b"\x00" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _wrong("UCM-CA-042", "the description is no text", where, "it holds bytes that no text has")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _json(text: str, where: str) -> dict[str, object]:
    """The object itself, or the `data` in it that Vault wraps around a role."""
    try:
        read = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise _wrong("UCM-CA-042", "the description is no JSON", where, f"{error}"[:200]) from None
    if isinstance(read, list) and len(read) == 1:
        read = read[0]
    if not isinstance(read, dict):
        raise _wrong("UCM-CA-042", "the description is no JSON object", where, "one object with named fields is read")
    data = read.get("data")
    return {**data} if isinstance(data, dict) else read


def _single(text: str, where: str) -> str:
    names = sum(line.strip().startswith("TemplatePropCommonName") for line in text.splitlines())
    if names > 1:
        raise _wrong("UCM-CA-044", "it describes more than one template", where, f"{names} templates are in it")
    return text


def _wrong(code: str, what: str, where: str, why: str) -> UsageError:
    return UsageError(code, what, where=where, why=why, next=NEXT)
