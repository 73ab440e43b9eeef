"""The manifest of a pack: a SHA-256 for each file, the two digests that tie it to the ledger, and one over itself."""

import hashlib

import msgspec

from ucmcert.report.pack.layout import FORMAT


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is SHA-256 of the canonical JSON without `digest`; `files` maps every other file to its SHA-256."""

    format: int = FORMAT
    tool: str
    lang: str
    cluster: str
    run: str
    plan_digest: str
    entries: int
    last_digest: str
    files: dict[str, str]
    digest: str = ""


def signed(manifest: Manifest) -> Manifest:
    """The manifest with its own digest filled in."""
    fields = msgspec.structs.asdict(manifest)
    return msgspec.structs.replace(manifest, digest=own_digest(fields))


def own_digest(fields: dict[str, object]) -> str:
    """SHA-256 hex of the canonical JSON of a manifest's fields without `digest`; fields of newer releases count."""
    covered = {name: value for name, value in fields.items() if name != "digest"}
    return hashlib.sha256(msgspec.json.encode(covered, order="sorted")).hexdigest()


def written(manifest: Manifest) -> bytes:
    """The bytes of MANIFEST.json."""
    return as_written(msgspec.structs.asdict(manifest))


def as_written(fields: dict[str, object]) -> bytes:
    """The only bytes a manifest with these fields may have: every other spelling was edited."""
    return msgspec.json.format(msgspec.json.encode(fields, order="sorted"), indent=2) + b"\n"
