"""Verifies an evidence pack offline, from a folder or a zip: files, ledger, plan, certificates, states, in that order.

How it works: everything in a pack follows from its events. What any release can check is checked first; when this very
release wrote the pack, every file is made again from the events and compared byte for byte.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.model.event import Entry
from ucmcert.model.finding import Finding, Severity
from ucmcert.report.pack import layout
from ucmcert.report.pack.certificates import certificate_findings
from ucmcert.report.pack.chain import read_chain
from ucmcert.report.pack.claims import event_findings, plan_findings, result_findings
from ucmcert.report.pack.contents import contents
from ucmcert.report.pack.manifest import Manifest, as_written, own_digest
from ucmcert.report.pack.pack_finding import pack_finding
from ucmcert.report.pack.read import NotAPack, read_pack
from ucmcert.report.pack.release import release


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying said; the first finding is the first broken thing. `unknown` counts kinds of a newer release."""

    pack: str
    cluster: str = ""
    run: str = ""
    tool: str = ""
    plan_digest: str = ""
    entries: int = 0
    last_digest: str = ""
    unknown: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def intact(self) -> bool:
        """Nothing is broken; notices may stand."""
        return all(one.severity in (Severity.NOTICE, Severity.WARNING) for one in self.findings)


def verify_pack(path: Path) -> Verdict:
    """Judge the pack at `path`. Needs no network, no ledger and no configuration; changes nothing."""
    try:
        files = read_pack(path)
        manifest = _manifest(files[layout.MANIFEST])
    except NotAPack as error:
        return Verdict(pack=path.name, findings=(pack_finding("UCM-PACK-001", path.name, reason=f"{error}"),))
    if isinstance(manifest, Finding):
        return Verdict(pack=path.name, findings=(manifest,))
    found = [*_files(files, manifest)]
    entries, broken = read_chain(files.get(layout.EVENTS, b""))
    found += [broken] if broken else _anchors(entries, manifest)
    if not broken:
        found += _content(files, entries, manifest)
    return Verdict(
        pack=path.name,
        cluster=manifest.cluster,
        run=manifest.run,
        tool=manifest.tool,
        plan_digest=manifest.plan_digest,
        entries=len(entries),
        last_digest=entries[-1].digest if entries else "",
        unknown=sum(one.event is None for one in entries),
        findings=tuple(found),
    )


def _manifest(content: bytes) -> Manifest | Finding:
    try:
        fields = msgspec.json.decode(content, type=dict[str, object])
        manifest = msgspec.convert(fields, Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError):
        return pack_finding("UCM-PACK-002", layout.MANIFEST)
    if own_digest(fields) != manifest.digest or as_written(fields) != content:
        return pack_finding("UCM-PACK-002", layout.MANIFEST)
    return manifest


def _files(files: dict[str, bytes], manifest: Manifest) -> Iterator[Finding]:
    for name, sha256 in sorted(manifest.files.items()):
        if name not in files:
            yield pack_finding("UCM-PACK-003", name)
        elif hashlib.sha256(files[name]).hexdigest() != sha256:
            yield pack_finding("UCM-PACK-004", name)
    for name in sorted(files.keys() - manifest.files.keys() - {layout.MANIFEST}):
        yield pack_finding("UCM-PACK-005", name)


def _anchors(entries: tuple[Entry, ...], manifest: Manifest) -> list[Finding]:
    last = entries[-1].digest if entries else ""
    if (len(entries), last) == (manifest.entries, manifest.last_digest):
        return []
    return [
        pack_finding(
            "UCM-PACK-007",
            layout.EVENTS,
            entries=f"{len(entries)}",
            expected=f"{manifest.entries}",
            last=last[:16] or "-",
            expected_last=manifest.last_digest[:16],
        )
    ]


def _content(files: dict[str, bytes], entries: tuple[Entry, ...], manifest: Manifest) -> list[Finding]:
    """Plan, certificates and states; then, unless something is broken already, everything made again and compared."""
    run = manifest.run
    found = [*plan_findings(files, entries, run, manifest.plan_digest), *certificate_findings(files)]
    try:
        found += [*event_findings(entries, run), *result_findings(files, entries, run)]
    except (ValueError, KeyError) as error:
        found.append(pack_finding("UCM-PACK-018", layout.EVENTS, reason=f"{error}"))
    unknown = [one.number for one in entries if one.event is None]
    if unknown:
        found.append(pack_finding("UCM-PACK-015", f"{layout.EVENTS}:{unknown[0]}", count=f"{len(unknown)}"))
    if manifest.tool != release() or manifest.format != layout.FORMAT:
        return [*found, pack_finding("UCM-PACK-016", layout.MANIFEST, wrote=manifest.tool, reads=release())]
    return (
        found
        if any(one.severity is Severity.ERROR for one in found)
        else [*found, *_made_again(files, entries, manifest)]
    )


def _made_again(files: dict[str, bytes], entries: tuple[Entry, ...], manifest: Manifest) -> Iterator[Finding]:
    try:
        again = contents(entries, manifest.run, manifest.lang)
    except (KeyError, ValueError, FileNotFoundError) as error:
        yield pack_finding("UCM-PACK-017", layout.EVENTS, reason=f"{error}")
        return
    names = sorted((again.keys() | files.keys()) - {layout.MANIFEST, layout.SUMS})
    other = [name for name in names if again.get(name) != files.get(name)]
    if not other and again[layout.SUMS] != files.get(layout.SUMS):
        other = [layout.SUMS]
    yield from (pack_finding("UCM-PACK-014", name) for name in other)
