"""The verdict on a look: the fate of every phone, the ways that are open and whom they help, the list to visit."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from ucmcert.lint.rule import finding
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding, Severity
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.plan.phone_trust import Held, Servers
from ucmcert.plan.recovery.fates import Fate, Holder, KnownLists, fate_of, known_by_checksum
from ucmcert.plan.recovery.restore import KnownBackup, Restore, restores
from ucmcert.plan.recovery.rows import Way
from ucmcert.plan.recovery.ways import Offer, harms, helps, objections, unsettled, ways_for
from ucmcert.plan.recovery.world import World, world_of

NOT_SEEN = "UCM-RECOVER-005"
LOST = (Fate.HARD, Fate.SOFT, Fate.UNKNOWN, Fate.RESET)
HELPABLE = (Fate.SOFT, Fate.RESET)  # what several boots might do for a hard lock, Cisco denies (phones.md 1.6, FN70613)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One phone with its fate, and the first open way that helps it ("" for none that a run can go)."""

    holder: Holder
    fate: Fate
    way: Way


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`phones` are those with another fate than FINE, by name; `counts` every fate. `best` is the way to go first.

    `restores` are backups that would bring back what the HARD phones know; `recovery_keys` SHA-256 of ITLRecovery
    certificates of theirs that are not stored any more: whoever kept such a key can sign with it. `probes` is one
    phone for every unknown list: its reset tells what it takes.
    """

    cluster: str
    observed_at: float
    total: int
    counts: dict[str, int]
    phones: tuple[Judged, ...]
    offers: tuple[Offer, ...]
    best: Offer | None
    restores: tuple[Restore, ...] = ()
    recovery_keys: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of(self, *fates: Fate) -> tuple[Judged, ...]:
        """The phones of these fates."""
        return tuple(one for one in self.phones if one.fate in fates)

    @property
    def wrong(self) -> bool:
        """Whether some phone is known to hold another list than is served."""
        return any(one.fate in LOST for one in self.phones)


class _Seen(msgspec.Struct, kw_only=True):
    holder: Holder
    fate: Fate
    held: Held | None
    servers: Servers


def judge_phones(
    cluster: Cluster,
    holders: Sequence[Holder],
    lists: Iterable[TrustListFacts],
    *,
    backups: Iterable[KnownBackup] = (),
) -> Verdict:
    """What became of each phone and what can be done. `lists` are all lists of this cluster that anybody ever saw.

    Phones of equal lists and group share one answer, so that 40,000 of them cost no more than their classes.
    """
    served = [one for facts in cluster.nodes for one in facts.lists]
    known = known_by_checksum((*lists, *served))
    seen = _seen(cluster, holders, known)
    offers = tuple(_offer(cluster, way, seen) for way in ways_for(cluster))
    best = _best(offers, settling=unsettled(cluster))
    ways = {name: one.way for one in reversed(offers) if one.open for name in one.helped}
    judged = tuple(
        Judged(holder=one.holder, fate=one.fate, way=ways.get(one.holder.name, _by_people(one.fate)))
        for one in sorted(seen, key=lambda one: one.holder.name)
        if one.fate is not Fate.FINE
    )
    counts = Counter(one.fate for one in seen)
    hard = [one.holder for one in seen if one.fate is Fate.HARD]
    return Verdict(
        cluster=cluster.name,
        observed_at=cluster.observed_at,
        total=len(holders),
        counts={fate.value: counts[fate] for fate in Fate if counts[fate]},
        phones=judged,
        offers=offers,
        best=best,
        restores=restores(cluster, hard, known, backups),
        recovery_keys=_recovery_keys(hard, known),
        probes=_probes(seen),
        findings=_findings(cluster),
    )


def _seen(cluster: Cluster, holders: Sequence[Holder], known: KnownLists) -> list[_Seen]:
    worlds: dict[tuple[str, ...], World] = {}
    answers: dict[tuple[object, ...], tuple[Fate, Held | None]] = {}
    found = []
    for one in holders:
        world = worlds.get(one.group) or worlds.setdefault(one.group, world_of(cluster, one.group))
        key = (one.group, one.lists, one.registered, one.itl, one.ctl)
        if key not in answers:
            answers[key] = fate_of(cluster, world, one, known)
        fate, held = answers[key]
        found.append(_Seen(holder=one, fate=fate, held=held, servers=world.servers))
    return found


def _offer(cluster: Cluster, way: Way, seen: list[_Seen]) -> Offer:
    helped = _those(seen, HELPABLE, lambda servers, held: helps(way, servers, held))
    harmed = _those(_supposed(seen), (Fate.FINE,), lambda servers, held: harms(way, servers, held))
    return Offer(way=way, helped=helped, findings=objections(way, cluster, harmed=harmed))


def _supposed(seen: list[_Seen]) -> list[_Seen]:
    """`seen` and those who tell nothing: they may be fine, from any TFTP node, and must not be harmed either."""
    quiet = [one for one in seen if one.fate in (Fate.UNTOLD, Fate.AWAY) and one.holder.lists]
    return seen + [
        _Seen(holder=one.holder, fate=Fate.FINE, held=Held(itl, one.servers.ctl), servers=one.servers)
        for one in quiet
        for itl in dict.fromkeys(one.servers.itl.values())
    ]


def _those(seen: list[_Seen], fates: tuple[Fate, ...], ask: Callable[[Servers, Held], bool]) -> tuple[str, ...]:
    """Names of the phones of these fates for whom `ask` says yes, equal ones asked once."""
    answers: dict[tuple[object, ...], bool] = {}
    found = []
    for one in seen:
        if one.fate in fates and one.held is not None:
            key = (one.servers.group, one.held)
            if key not in answers:
                answers[key] = ask(one.servers, one.held)
            if answers[key]:
                found.append(one.holder.name)
    return tuple(sorted(set(found)))


def _best(offers: tuple[Offer, ...], *, settling: bool) -> Offer | None:
    """The open way that helps most; of equal ones the quietest. What is half done is finished first in any case."""
    fit = [one for one in offers if one.open and (one.helped or (settling and one.way is Way.SETTLE))]
    return max(fit, key=lambda one: len(one.helped), default=None)


def _by_people(fate: Fate) -> Way:
    return {Fate.UNKNOWN: Way.PROBE, Fate.UNTOLD: Way.PROBE, Fate.AWAY: Way.PROBE}.get(fate, Way.VISIT)


def _recovery_keys(hard: list[Holder], known: KnownLists) -> tuple[str, ...]:
    """Recovery certificates in the lists of these phones."""
    lists = [known[told] for one in hard for told in (one.itl, one.ctl) if told in known]
    return tuple(
        sorted(
            {
                record.sha256
                for one in lists
                for record in one.records
                if record.role == 0 and record.sha256 and "ITLRECOVERY" in record.subject.upper()
            }
        )
    )


def _probes(seen: list[_Seen]) -> tuple[str, ...]:
    """Of the phones with the same unknown lists, the first registered one."""
    classes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in seen:
        if one.fate is Fate.UNKNOWN and one.holder.registered:
            classes[one.holder.itl, one.holder.ctl].append(one.holder.name)
    return tuple(sorted(min(names) for names in classes.values()))


def _findings(cluster: Cluster) -> tuple[Finding, ...]:
    phones = cluster.phones
    if phones is not None and phones.complete and not phones.problem:
        return ()
    trouble = (phones.problem if phones else "") or "-"
    return (finding(NOT_SEEN, Severity.ERROR, cluster.name, "phones.md 4.3, 5.2 I13", trouble=trouble),)
