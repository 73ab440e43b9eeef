"""The question that every safety rule answers, and the few things most of them look up in it."""

from collections.abc import Iterator

import msgspec

from ucmcert.knowledge.purposes import PURPOSES, noticed_by_phones
from ucmcert.lint.phone_world import REUSES, no_phones
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.phone import PhoneState
from ucmcert.model.plan import NEW_IDENTITY, Plan, Step, StepKind

MOVING = ("starting", "stopping")
UNUSED = "UCM-STEP-REGENERATE-UNUSED"
ACTS = (
    *NEW_IDENTITY,
    StepKind.SERVICE_RESTART,
    StepKind.CTL_UPDATE,
    StepKind.LIST_RESET,
    StepKind.PHONES_LSC,
    StepKind.PHONES_RESET,
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The question: may `step` happen now? `done` are ids of verified steps, `window` the plan's cut-over steps.

    `standing` are the lint findings about the certificate of this step; `csr_spki` is the SHA-256 of the key of our own
    outstanding CSR for (node, purpose), "" when we have none. `begun` is whether this step has acted before.
    `open_phones` are the phones that nothing proves at this moment, `signed` the names a person took out of the gates;
    `closed_gates` are the ids of gates that closed, None while nobody can know (at planning). `renewals` and `blocks`
    follow from the window: see the functions of these names.
    """

    step: Step
    cluster: Cluster
    plan: Plan
    done: frozenset[str] | set[str]
    window: tuple[Step, ...]
    standing: tuple[Finding, ...] = ()
    csr_spki: str = ""
    begun: bool = False
    open_phones: tuple[PhoneState, ...] = ()
    signed: frozenset[str] = frozenset()
    closed_gates: frozenset[str] | None = None
    renewals: tuple[Step, ...] = ()
    blocks: dict[str, str] = {}

    def others(self, *kinds: StepKind, purpose: str = "") -> Iterator[Step]:
        """The other steps of the window of these kinds, of one purpose when it is given."""
        for other in self.window:
            if other.id != self.step.id and other.kind in kinds and purpose in ("", other.purpose):
                yield other

    def anchor(self, step: Step) -> str:
        """The anchor type that a new identity of `step`'s purpose touches (phones.md I3), "" for none."""
        row = PURPOSES.get(self.blocks.get(step.purpose, step.purpose))
        return row.anchor if row else ""

    def noticed(self, purpose: str) -> bool:
        """Whether phones notice this purpose, tomcat's reuse included."""
        return noticed_by_phones(self.blocks.get(purpose, purpose))

    def last_gate(self, purpose: str) -> Step | None:
        """The gate that ends the epoch of `purpose`: the last one of the plan that looks at every phone."""
        gates = [one for one in self.window if one.kind is StepKind.PHONES_GATE and one.purpose == purpose]
        whole = [one for one in gates if one.detail.get("pools") == "*"]
        return max(whole, key=lambda one: int(one.detail.get("pass", "1")), default=None)

    @property
    def nobody_has_phones(self) -> bool:
        """Whether it is certain that no phone holds a list of this cluster."""
        return no_phones(self.cluster)


def renewals_of(window: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps of the window that put a new identity in place which somebody uses."""
    return tuple(one for one in window if one.kind in NEW_IDENTITY and one.reason.code != UNUSED)


def blocks_of(window: tuple[Step, ...]) -> dict[str, str]:
    """tomcat purposes whose renewal is a CallManager renewal too, with that purpose: the plan has its block.

    A block is an epoch without uploads of its own (procedure.md 3.10).
    """
    uploaded = {one.purpose for one in renewals_of(window)}
    with_lists = {one.purpose for one in window if one.kind is StepKind.LISTS_CHECK}
    return {web: call for web, call in REUSES.items() if web in uploaded and call in with_lists - uploaded}
