"""Which ways of help fit this cluster, and what each would do to every phone: played on the model, never assumed.

A way is a row of worlds: what phones meet when they boot after each of its acts. A phone is helped when one of its TFTP
nodes leads it through all of them; one that is fine is harmed when any of them does not. Source: phones.md 1.5, 1.7.
"""

from collections.abc import Iterable

import msgspec

from ucmcert.knowledge.purposes import ANCHORS
from ucmcert.lint.list_facts import open_gaps
from ucmcert.lint.phone_world import cucm_nodes, etoken_ctl, mixed, publisher_has
from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.plan.phone_trust import Held, Servers, booted, localkey, lock, settled, up_to_date
from ucmcert.plan.recovery.rows import ROWS, Way

KEY_LENGTH = "UCM-RECOVER-001"
NO_COMMAND = "UCM-RECOVER-002"
UNSETTLED = "UCM-RECOVER-003"
HARMS = "UCM-RECOVER-004"
KEY_SOURCE = "phones.md 1.7 [S2]; interfaces-cli.md 4.7"


def ways_for(cluster: Cluster) -> tuple[Way, ...]:
    """The ways a run can go on this cluster, the quietest first; what stands against each is told by `objections`."""
    if unsettled(cluster):
        return (Way.SETTLE,)  # a key is changed only where everything else has arrived
    found = [Way.RESET]
    if publisher_has(cluster, "recovery_key"):
        if not publisher_has(cluster, "recovery_key_signs"):
            found.append(Way.ITL_KEY_MIXED_OLD if mixed(cluster) and not etoken_ctl(cluster) else Way.ITL_KEY_OLD)
        else:
            found.append(Way.CTL_KEY if mixed(cluster) and not etoken_ctl(cluster) else Way.ITL_KEY)
    return tuple(found)


def unsettled(cluster: Cluster) -> bool:
    """Whether something stored has not arrived in a list, or is not shown: a restart comes before any key."""
    return bool(open_gaps(cluster, [name for name in ANCHORS if name]))


def boots(way: Way, servers: Servers) -> tuple[Servers, ...]:
    """What phones meet at each boot of the way, in order."""
    final = settled(servers)
    if way in (Way.SETTLE, Way.RESET):
        return (final,)
    if way is Way.ITL_KEY_OLD:
        return (localkey(final, "itl"),)
    if way is Way.ITL_KEY_MIXED_OLD:
        return (localkey(final, "itl"),) * 2
    if way is Way.ITL_KEY:
        return (localkey(final, "itl"), final)
    if way is Way.CTL_KEY:
        return (localkey(final, "ctl"), final)
    return ()


def helps(way: Way, servers: Servers, held: Held) -> bool:
    """Whether a phone that boots when the way resets it holds in the end what is served."""
    return any(_through(way, servers, held, tftp) for tftp in servers.itl)


def harms(way: Way, servers: Servers, held: Held) -> bool:
    """Whether a phone that is fine now could lose by it, from the TFTP nodes whose list it holds, or by being away."""
    met = boots(way, servers)
    homes = [tftp for tftp, served in servers.itl.items() if served == held.itl] or list(servers.itl)
    if not met or any(not _through(way, servers, held, tftp) for tftp in homes):
        return True
    seen: set[Held] = {held}
    for world in met:
        seen |= {booted(world, one, tftp)[0] for one in seen for tftp in world.itl}
    return any(lock(met[-1], one) != "none" for one in seen)


def objections(way: Way, cluster: Cluster, *, harmed: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What stands against going that way here. An ERROR closes it."""
    source = ROWS[way].source
    found = []
    if way in (Way.ITL_KEY_OLD, Way.ITL_KEY, Way.ITL_KEY_MIXED_OLD):
        found += [
            finding(KEY_LENGTH, Severity.ERROR, node, KEY_SOURCE, node=node, recovery=one, other=two)
            for node, one, two in _short_keys(cluster)
        ]
    if way is Way.CTL_KEY and not publisher_has(cluster, "ctl_localkey"):
        release = cluster.publisher.node.release.text
        found.append(finding(NO_COMMAND, Severity.ERROR, cluster.name, "interfaces-cli.md 4.6", release=release))
    if way is Way.SETTLE:
        gaps = open_gaps(cluster, [name for name in ANCHORS if name])
        told = "; ".join(f"{one.holder} of {one.where}: {one.purpose} {one.state}".strip() for one in gaps[:3])
        found.append(finding(UNSETTLED, Severity.WARNING, cluster.name, source, gaps=told, count=str(len(gaps))))
    names = tuple(harmed)
    if names:
        first = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        found.append(finding(HARMS, Severity.ERROR, cluster.name, source, count=str(len(names)), names=first))
    return tuple(found)


def _through(way: Way, servers: Servers, held: Held, tftp: str) -> bool:
    met = boots(way, servers)
    for world in met:
        held, _ = booted(world, held, tftp)
    return bool(met) and up_to_date(met[-1], held)


def _short_keys(cluster: Cluster) -> list[tuple[str, str, str]]:
    """Nodes whose ITLRecovery key is shorter than their CallManager key: there the command fails."""
    found = []
    for facts in cucm_nodes(cluster):
        recovery, other = (facts.holding.identity(name) for name in ("ITLRecovery", "CallManager"))
        if recovery is None or other is None:
            continue
        one, two = recovery.key, other.key
        if one.startswith("RSA") and two.startswith("RSA") and _bits(one) < _bits(two):
            found.append((facts.node.name, one, two))
    return found


def _bits(key: str) -> int:
    return int("".join(letter for letter in key if letter.isdigit()) or 0)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One way with whom it would help, by name, and what stands against it. `open` False: it is not gone."""

    way: Way
    helped: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nothing stands against it."""
        return not any(one.severity is Severity.ERROR for one in self.findings)
