"""An abstract phone and the servers it meets: who it would believe after each event of a plan. No bytes, no clock.

Certificates are (purpose, node, generation); a list is the set of those it holds and who signed it. Two readings are
never mixed: this one was made from phones.md 1.2-1.6 alone, and tests compare it with the reference's own model.
Careful where nobody knows: TVS knows current identities only (U2), a new CTL signer is not taken through TVS from 12.0
on (U15), the TVS cache does not survive a boot (U16).
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Lock = Literal["none", "soft", "hard"]
SignedBy = Literal["CallManager", "ITLRecovery", "token"]
Leaf = tuple[str, str, int]
ORDER: tuple[Lock, ...] = ("none", "soft", "hard")


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """What a release signs lists with. `spare` is the other key a localkey command can sign with, "" when none.

    `new_ctl_signer` is whether a phone takes a new signer of the CTL through TVS. Source: phones.md 1.3, 1.6.
    """

    itl: SignedBy
    ctl: SignedBy
    spare: Literal["", "CallManager", "ITLRecovery"]
    new_ctl_signer: bool


class TrustFile(msgspec.Struct, frozen=True):
    """A list as it is served or held: the leaves in it, and the one that signed it (None: an eToken)."""

    leaves: frozenset[Leaf]
    signer: Leaf | None


class Servers(msgspec.Struct, frozen=True, kw_only=True):
    """The cluster as phones meet it. `stored` and `shown` map (purpose, node) to a generation; `itl` is by TFTP node.

    `keeper` is the node whose ITLRecovery signs everywhere, "" when each TFTP node has its own.
    """

    family: Family
    publisher: str
    group: tuple[str, ...]
    stored: dict[tuple[str, str], int]
    shown: dict[tuple[str, str], int]
    itl: dict[str, TrustFile]
    ctl: TrustFile | None
    keeper: str = ""


class Held(msgspec.Struct, frozen=True):
    """What one phone holds; None is no list of that kind. A model without trust lists never has an ITL."""

    itl: TrustFile | None
    ctl: TrustFile | None
    lists: bool = True


def founded(
    family: Family, *, publisher: str, group: tuple[str, ...], tftp: tuple[str, ...], mixed: bool, keeper: str
) -> Servers:
    """Servers on which nothing was ever renewed: every certificate is of generation 0 and has arrived everywhere."""
    nodes = tuple(dict.fromkeys((publisher, *group, *tftp)))
    stored = {(purpose, node): 0 for node in nodes for purpose in ("CallManager", "TVS", "ITLRecovery")}
    empty = Servers(
        family=family,
        publisher=publisher,
        group=group,
        stored=stored,
        shown=dict(stored),
        itl={},
        ctl=None,
        keeper=keeper,
    )
    lists = {node: made_itl(empty, node) for node in tftp}
    return msgspec.structs.replace(empty, itl=lists, ctl=made_ctl(empty) if mixed else None)


def holding(servers: Servers, tftp: str, *, lists: bool = True) -> Held:
    """A phone that holds exactly what `tftp` serves."""
    return Held(servers.itl[tftp] if lists else None, servers.ctl, lists)


def renewed(servers: Servers, purpose: str, node: str) -> Servers:
    """A new identity is stored; nothing shows it yet."""
    stored = {**servers.stored, (purpose, node): servers.stored.get((purpose, node), 0) + 1}
    return msgspec.structs.replace(servers, stored=stored)


def restarted(servers: Servers, service: Literal["tvs", "tftp"], node: str) -> Servers:
    """TVS shows what is stored; TFTP builds its ITL anew, signed by the release's signer."""
    if service == "tvs":
        key = ("TVS", node)
        return msgspec.structs.replace(servers, shown={**servers.shown, key: servers.stored.get(key, 0)})
    if node not in servers.itl:
        return servers
    return msgspec.structs.replace(servers, itl={**servers.itl, node: made_itl(servers, node)})


def ctl_updated(servers: Servers) -> Servers:
    """The CTL holds what is stored, signed by the release's signer."""
    return msgspec.structs.replace(servers, ctl=made_ctl(servers)) if servers.ctl else servers


def localkey(servers: Servers, kind: Literal["itl", "ctl"]) -> Servers:
    """`utils itl|ctl reset localkey`: lists made anew, signed by the spare key."""
    spare = servers.family.spare
    if not spare:
        return servers
    by_token = servers.family.ctl == "token"
    other = msgspec.structs.replace(servers.family, itl=spare, ctl="token" if by_token else spare)
    by_spare = msgspec.structs.replace(servers, family=other)  # the lists alone; the release's signer stays
    if kind == "ctl":
        return msgspec.structs.replace(servers, ctl=made_ctl(by_spare) if servers.ctl else None)
    return msgspec.structs.replace(servers, itl={node: made_itl(by_spare, node) for node in servers.itl})


def booted(servers: Servers, held: Held, tftp: str) -> tuple[Held, bool]:
    """What the phone holds after a boot from `tftp`, and whether it took every list it was offered.

    Source: phones.md 1.2; a phone with a CTL looks the ITL's signer up in the CTL first.
    """
    fine, ctl, itl = True, held.ctl, held.itl
    offered = servers.ctl
    if offered is not None:
        through = servers.family.new_ctl_signer
        if ctl is None or _believes(servers, offered, ctl, itl) or (through and _vouched(servers, offered, itl)):
            ctl = offered
        else:
            fine = False
    if held.lists:
        offered = servers.itl[tftp]
        if _believes(servers, offered, ctl, itl) or _vouched(servers, offered, itl) or (itl is None and ctl is None):
            itl = offered
        else:
            fine = False
    return Held(itl, ctl, held.lists), fine


def settled(servers: Servers) -> Servers:
    """Every service restarted, every list rebuilt: what phones meet when all the work is done."""
    done = msgspec.structs.replace(servers, shown=dict(servers.stored), ctl=made_ctl(servers) if servers.ctl else None)
    return msgspec.structs.replace(done, itl={node: made_itl(done, node) for node in done.itl})


def lock(servers: Servers, held: Held) -> Lock:
    """Whether the phone is lost once all is settled: "soft" when a localkey command would bring it back.

    A phone that meets several TFTP nodes is lost when it takes the lists of none: the others are only a wait.
    Source: phones.md 1.5 lock predicates.
    """
    final = settled(servers)
    if any(booted(final, held, tftp)[1] for tftp in final.itl):
        return "none"
    other = localkey(localkey(final, "itl"), "ctl")
    mends = servers.family.spare and any(booted(other, held, tftp)[1] for tftp in other.itl)
    return "soft" if mends else "hard"


def up_to_date(servers: Servers, held: Held) -> bool:
    """Whether the phone holds what one of the TFTP nodes serves now, and the CTL that is served."""
    return held.ctl == servers.ctl and (not held.lists or held.itl in servers.itl.values())


def after_any_boot(servers: Servers, phones: Iterable[Held]) -> frozenset[Held]:
    """What these phones may hold when each may boot now, from any TFTP node, as often as it likes, or not at all."""
    known: frozenset[Held] = frozenset()
    new = frozenset(phones)
    while new:
        known |= new
        new = frozenset(booted(servers, held, tftp)[0] for held in new for tftp in servers.itl) - known
    return known


def made_itl(servers: Servers, tftp: str) -> TrustFile:
    """The ITL `tftp` would build now: its own CallManager, every TVS, the recovery key (phones.md 1.3, U4)."""
    stored = servers.stored
    keeper = servers.keeper or tftp
    leaves = {("CallManager", tftp, stored[("CallManager", tftp)])}
    leaves |= {("TVS", node, generation) for (purpose, node), generation in stored.items() if purpose == "TVS"}
    if servers.family.spare:
        leaves.add(("ITLRecovery", keeper, stored[("ITLRecovery", keeper)]))
    home = tftp if servers.family.itl == "CallManager" else keeper
    return TrustFile(frozenset(leaves), (servers.family.itl, home, stored[(servers.family.itl, home)]))


def made_ctl(servers: Servers) -> TrustFile:
    """The CTL that an update would make now: every CallManager and the recovery key. Source: phones.md 1.3, 1.6."""
    stored, by = servers.stored, servers.family.ctl
    leaves = {
        ("CallManager", node, generation) for (purpose, node), generation in stored.items() if purpose == "CallManager"
    }
    home = servers.publisher if by == "CallManager" else servers.keeper or servers.publisher
    if servers.family.spare:
        keeper = servers.keeper or servers.publisher
        leaves.add(("ITLRecovery", keeper, stored[("ITLRecovery", keeper)]))
    return TrustFile(frozenset(leaves), None if by == "token" else (by, home, stored[(by, home)]))


def _believes(servers: Servers, offered: TrustFile, ctl: TrustFile | None, itl: TrustFile | None) -> bool:
    """Whether the signer of `offered` stands, as a signer, in a list the phone holds. A token never changes."""
    signer = offered.signer
    if signer is None:
        return True
    in_ctl = ctl is not None and signer in ctl.leaves and _signs_ctl(servers, signer)
    return in_ctl or (itl is not None and signer in itl.leaves)


def _signs_ctl(servers: Servers, signer: Leaf) -> bool:
    """Of a CTL's CallManager records only the publisher's is a signer's too, and where tokens sign, none is."""
    return servers.family.ctl != "token" and _first_of_its_kind(servers, signer)


def _first_of_its_kind(servers: Servers, signer: Leaf) -> bool:
    return signer[0] != "CallManager" or signer[1] == servers.publisher


def _vouched(servers: Servers, offered: TrustFile, itl: TrustFile | None) -> bool:
    """Whether some TVS of the phone's group, which it can believe, knows the signer of `offered`."""
    signer = offered.signer
    if signer is None or itl is None or servers.stored.get(signer[:2]) != signer[2]:
        return False
    return any(("TVS", node, servers.shown[("TVS", node)]) in itl.leaves for node in servers.group)
