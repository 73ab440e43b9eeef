"""Every file of a pack as bytes: a pure function of the ledger, so that anybody can make it again and compare."""

import hashlib
from collections.abc import Iterator

import msgspec

from ucmcert.model.cluster import Cluster
from ucmcert.model.event import Entry
from ucmcert.report.inventory import inventory
from ucmcert.report.json_shapes import run_shape
from ucmcert.report.pack import layout
from ucmcert.report.pages.history_page import evidence_blocks
from ucmcert.report.pages.inventory_page import inventory_blocks
from ucmcert.report.pages.summary_page import summary_blocks, summary_title
from ucmcert.report.paper import html, markdown, plain
from ucmcert.report.proof import proofs
from ucmcert.report.story import Story, tell, upto


class EventLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of events.jsonl. `body` is the ledger's own text: SHA-256 of `previous`, newline, `body` is `digest`."""

    number: int
    previous: str
    digest: str
    body: str


class _Started(msgspec.Struct, frozen=True, kw_only=True):
    plan: msgspec.Raw


def contents(entries: tuple[Entry, ...], run: str, lang: str) -> dict[str, bytes]:
    """File name -> bytes, all but the manifest, in order of name. `entries` is the whole ledger, oldest first.

    Raises KeyError when the ledger has no such run that this release can read.
    """
    listed = upto(entries, run)
    story = tell(listed, run)
    found = dict(_files(story, listed, lang))
    found[layout.SUMS] = sums(found)
    return dict(sorted(found.items()))


def sums(found: dict[str, bytes]) -> bytes:
    """What `sha256sum -c` reads."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(found.items()))
    return "".join(lines).encode()


def approved_plan(plan: bytes) -> bytes:
    """The canonical JSON a plan's digest is taken of, from its raw JSON: fields of newer releases are kept."""
    fields = msgspec.json.decode(plan, type=dict[str, object])
    covered = {name: value for name, value in fields.items() if name not in ("made_at", "digest")}
    return msgspec.json.encode(covered, order="sorted")


def recorded_plan(body: bytes) -> bytes:
    """The plan inside the body of a `run_started` entry, as it stands there."""
    return bytes(msgspec.json.decode(body, type=_Started).plan)


def _files(story: Story, listed: tuple[Entry, ...], lang: str) -> Iterator[tuple[str, bytes]]:
    plan = recorded_plan(next(one.body for one in listed if _starts(one, story.run)))
    yield layout.EVENTS, b"".join(_event_line(one) for one in listed)
    yield layout.PLAN, _indented(plan)
    yield layout.APPROVED, approved_plan(plan)
    yield layout.RESULT, _indented(msgspec.json.encode(run_shape(story, ledger="", evidence="")))
    yield layout.EVIDENCE, _indented(msgspec.json.encode(proofs(story)))
    yield layout.EVIDENCE_TEXT, plain.render(evidence_blocks(story, lang)).encode()
    yield layout.SUMMARY, markdown.render(summary_blocks(story, lang, complete=False)).encode()
    page = html.render(summary_blocks(story, lang, complete=True), title=summary_title(story, lang), lang=lang)
    yield layout.REPORT, page.encode()
    for name, cluster in (("before", story.before), ("after", story.after)):
        if cluster is not None:
            yield from _inventory(name, cluster, lang)
    for item in story.plan.items:
        yield from _certificate(story, item.node, item.purpose)


def _starts(entry: Entry, run: str) -> bool:
    event = entry.event
    return event is not None and event.run == run and event.__struct_config__.tag == "run_started"


def _event_line(entry: Entry) -> bytes:
    line = EventLine(number=entry.number, previous=entry.previous, digest=entry.digest, body=entry.body.decode())
    return msgspec.json.encode(line) + b"\n"


def _inventory(name: str, cluster: Cluster, lang: str) -> Iterator[tuple[str, bytes]]:
    listed = inventory(cluster)
    yield f"inventory/{name}.json", _indented(msgspec.json.encode(listed))
    yield f"inventory/{name}.txt", plain.render(inventory_blocks(listed, lang, trust=True)).encode()


def _certificate(story: Story, node: str, purpose: str) -> Iterator[tuple[str, bytes]]:
    folder = layout.certificate_folder(node, purpose)
    request, issued = story.request_pem(node, purpose), story.certificate(node, purpose)
    if request:
        yield f"{folder}/{layout.REQUEST}", request.encode()
    if issued:
        yield f"{folder}/{layout.LEAF}", issued.leaf.pem.encode()
        yield f"{folder}/{layout.CHAIN}", "".join(one.pem for one in issued.chain).encode()


def _indented(json: bytes) -> bytes:
    return msgspec.json.format(json, indent=2) + b"\n"
