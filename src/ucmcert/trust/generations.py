"""Which trusted certificates were, or are, somebody's identity here: living ones, earlier ones, and issuers of LSCs."""

from collections.abc import Iterable

import msgspec

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.knowledge.trust_stores import CAPF_NAME, RECOVERY_NAME
from ucmcert.model.certificate import Certificate
from ucmcert.model.cluster import Cluster
from ucmcert.trust.entries import Entry
from ucmcert.trust.known import Known

CAPF, RECOVERY = "CAPF", "ITLRecovery"


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose identity it is or was; `told_by` is a run of the ledger, "" where the name alone tells."""

    purpose: str
    node: str
    told_by: str = ""


class Generations(msgspec.Struct, frozen=True, kw_only=True):
    """By fingerprint: the identities of now, the earlier ones the ledger tells, and every CAPF, by name too.

    `capf_keys` are footprints of the keys of CAPFs: the same key under another certificate issued the same LSCs.
    """

    living: dict[str, tuple[Owner, ...]]
    earlier: dict[str, Owner]
    capf: dict[str, Certificate | None]
    capf_keys: frozenset[str]
    named: dict[str, tuple[tuple[Owner, Certificate], ...]]

    def issued_lscs(self, one: Certificate) -> bool:
        """Whether it is a CAPF of now or of the past: its LSCs may live on. Source: phones.md 1.6, I9."""
        return one.sha256 in self.capf or one.spki_sha256 in self.capf_keys

    def owner_before(self, entry: Entry) -> Owner | None:
        """Whose earlier identity `entry` is: as the ledger tells, or older and of the name of the one that lives now.

        By name alone only a leaf counts, in a store where the living one's purpose puts its chain or its copy. An entry
        younger than what lives now is no earlier generation, whatever its name.
        """
        one = entry.certificate
        if one.common_name.upper().startswith(RECOVERY_NAME):
            return Owner(purpose=RECOVERY, node="")
        if one.sha256 in self.earlier:
            return self.earlier[one.sha256]
        if one.is_ca or not one.common_name:
            return None
        namesakes = [
            (owner, living)
            for owner, living in self.named.get(one.common_name.lower(), ())
            if owner.purpose in PURPOSES and entry.store in PURPOSES[owner.purpose].stores
        ]
        if not namesakes or any(one.not_before >= living.not_before for _, living in namesakes):
            return None
        return namesakes[0][0]


def generations(cluster: Cluster, known: Known, pool: Iterable[Certificate]) -> Generations:
    """All generations that the nodes and the ledger tell; `pool` is everything that any store holds."""
    living: dict[str, list[Owner]] = {}
    named: dict[str, list[tuple[Owner, Certificate]]] = {}
    capf: dict[str, Certificate | None] = {}
    for facts in cluster.nodes:
        for held in facts.holding.identities:
            owner = Owner(purpose=held.purpose, node=facts.node.name)
            living.setdefault(held.certificate.sha256, []).append(owner)
            named.setdefault(held.certificate.common_name.lower(), []).append((owner, held.certificate))
            if held.purpose == CAPF:
                capf[held.certificate.sha256] = held.certificate
    for one in known.former:
        if one.purpose == CAPF:
            capf[one.sha256] = capf.get(one.sha256) or one.certificate
    for arriving in known.incoming:
        if arriving.purpose == CAPF and not arriving.stores:
            capf[arriving.certificate.sha256] = arriving.certificate
    for held_in_store in pool:
        if held_in_store.sha256 in capf or held_in_store.common_name.upper().startswith(CAPF_NAME):
            capf[held_in_store.sha256] = held_in_store
    earlier = {
        one.sha256: Owner(purpose=one.purpose, node=one.node, told_by=one.run)
        for one in known.former
        if one.sha256 not in living
    }
    return Generations(
        living={sha256: tuple(owners) for sha256, owners in living.items()},
        earlier=earlier,
        capf=capf,
        capf_keys=frozenset(one.spki_sha256 for one in capf.values() if one is not None),
        named={name: tuple(owners) for name, owners in named.items()},
    )
