"""How `init` tells what it wrote, to a person and to a program."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ucmcert.cli.setup.confirming import shown_blocks
from ucmcert.cli.setup.found import Found
from ucmcert.cli.words import speaker
from ucmcert.report.paper.blocks import Block, Text, paragraph


class PinnedShape(msgspec.Struct, frozen=True, kw_only=True):
    """One node. Empty fingerprints mean that it could not be seen and is not pinned: `trouble` says why."""

    name: str
    role: str
    address: str
    tls_sha256: str
    ssh_host_key: str
    trouble: str


class InitShape(msgspec.Struct, frozen=True, kw_only=True):
    """`init --json`. `outcome` is `findings` when a node could not be seen, else `done`."""

    version: int = 1
    outcome: str
    config: str
    cluster: str
    nodes: tuple[PinnedShape, ...]


def init_shape(found: Found, file: Path) -> InitShape:
    """The JSON of it."""
    return InitShape(
        outcome="done" if all(one.complete for one in found.nodes) else "findings",
        config=str(file.absolute()),
        cluster=found.cluster,
        nodes=tuple(
            PinnedShape(
                name=one.node.name,
                role=one.node.role.value,
                address=one.node.address,
                tls_sha256=one.leaf.sha256 if one.leaf else "",
                ssh_host_key=one.ssh_host_key,
                trouble=one.trouble,
            )
            for one in found.nodes
        ),
    )


def init_blocks(found: Found, file: Path, lang: str) -> Iterator[Block]:
    """What was written where, which nodes are missing in it, and the next command."""
    say = speaker(lang)
    unseen = tuple(one for one in found.nodes if not one.complete)
    if unseen:
        yield paragraph(Text(say("init.unseen"), "bad"))
        yield from shown_blocks(unseen, lang)
    pinned = len(found.nodes) - len(unseen)
    yield paragraph(say("init.written", file=file, pinned=pinned, all=len(found.nodes)))
    yield paragraph(say("init.next"), " ", Text(f"ucmcert scan --config {shlex.quote(str(file))}", "code"))
