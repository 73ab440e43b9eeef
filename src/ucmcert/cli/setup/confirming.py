"""Nobody is trusted by itself: fingerprints are compared with those given, or shown and confirmed by a person."""

from collections.abc import Iterable, Iterator

import msgspec

from ucmcert.cli.conduct.asking import ask
from ucmcert.cli.held import SafetyHold
from ucmcert.cli.printing import Printer
from ucmcert.cli.setup.found import Shown
from ucmcert.cli.words import Say, speaker
from ucmcert.report.moments import day
from ucmcert.report.paper.blocks import Block, Facts, Heading, Line, Text, line, paragraph


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What automation knows beforehand. `yes` takes what is shown as it is; empty sets expect nothing."""

    tls_sha256: frozenset[str] = frozenset()
    ssh_host_keys: frozenset[str] = frozenset()
    yes: bool = False

    @property
    def given(self) -> bool:
        """Fingerprints were given: then only those count."""
        return bool(self.tls_sha256 or self.ssh_host_keys)


def normal_sha256(text: str) -> str:
    """A SHA-256 fingerprint in any common spelling as 64 lower-case hex digits."""
    return text.replace(":", "").replace(" ", "").strip().lower()


def confirm(printer: Printer, shown: Iterable[Shown], expected: Expected) -> None:
    """Returns when every node is who it should be. Shows what it compares.

    Raises: SafetyHold UCM-INIT-001 (not what was given), UCM-INIT-002 (a person said no); UsageError UCM-ASK-001.
    """
    nodes = tuple(shown)
    if not nodes:
        return
    printer.ask_about(shown_blocks(nodes, printer.lang))
    if expected.given:
        for one in nodes:
            _compare(one, expected)
        return
    if expected.yes:
        return
    names = ", ".join(one.node.name for one in nodes)
    question = speaker(printer.lang)("ask.nodes", nodes=names)
    if not ask(question, instead="give the fingerprints with --tls-sha256 and --ssh-host-key, or --yes to take them"):
        raise SafetyHold(
            "UCM-INIT-002",
            "the fingerprints were not confirmed",
            where=names,
            why="a person said no, so no password was sent and nothing was written",
            next="compare them on the nodes' consoles (`show cert own tomcat`), then run init again",
        )


def shown_blocks(nodes: tuple[Shown, ...], lang: str) -> Iterator[Block]:
    """Every node with what it showed, whole, so that it can be compared digit by digit."""
    say = speaker(lang)
    for one in nodes:
        yield Heading(f"{one.node.name}  ({one.node.role}, {one.node.address})", 2)
        pairs = tuple(_pairs(one, say))
        if pairs:
            yield Facts(pairs)
        if one.trouble:
            yield paragraph(Text(one.trouble, "bad"))


def _pairs(shown: Shown, say: Say) -> Iterator[tuple[str, Line]]:
    if shown.leaf is not None:
        leaf = shown.leaf
        colons = ":".join(leaf.sha256[at : at + 2] for at in range(0, 64, 2)).upper()
        yield say("init.tls"), line(Text(leaf.sha256, "code"))
        yield "", line(Text(colons, "dim"))
        yield say("init.subject"), line(leaf.subject)
        yield say("init.issuer"), line(leaf.issuer)
        yield say("init.valid"), line(f"{day(leaf.not_before)} - {day(leaf.not_after)}")
    if shown.ssh_host_key:
        yield say("init.ssh"), line(Text(shown.ssh_host_key, "code"))


def _compare(shown: Shown, expected: Expected) -> None:
    leaf = shown.leaf.sha256 if shown.leaf else "nothing"
    if leaf not in expected.tls_sha256:
        raise _stranger(shown, "TLS fingerprint", leaf, "--tls-sha256")
    if shown.ssh_host_key not in expected.ssh_host_keys:
        raise _stranger(shown, "SSH host key", shown.ssh_host_key or "nothing", "--ssh-host-key")


def _stranger(shown: Shown, kind: str, seen: str, option: str) -> SafetyHold:
    return SafetyHold(
        "UCM-INIT-001",
        f"the {kind} of {shown.node.name} is none of those given",
        where=f"{shown.node.name} ({shown.node.address})",
        why=f"it showed {seen}; the password was not sent there",
        next=f"compare it on the node's console; if it is right, give it with {option}",
    )
