"""A plan: ordered steps as data, each with its needs, its rules, its estimate and its reason."""

from enum import StrEnum

import msgspec

from ucmcert.model.finding import Finding


class Phase(StrEnum):
    """PREPARE disturbs nobody; CUT_OVER needs a window; CLOSE is what is left when the new certificates are served."""

    PREPARE = "prepare"
    CUT_OVER = "cut-over"
    CLOSE = "close"


class StepKind(StrEnum):
    """What a step does. One module of `run/steps` per kind."""

    CSR_GENERATE = "csr.generate"
    CSR_SIGN = "csr.sign"
    TRUST_UPLOAD = "trust.upload"
    PERSON = "person"
    BACKUP_IDLE = "backup.idle"
    IDENTITY_UPLOAD = "identity.upload"
    SERVICE_RESTART = "service.restart"
    SERVED_CHECK = "served.check"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is in the plan: stable word, plain sentence, source of the rule."""

    code: str
    words: str
    source: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `needs` are ids of steps that must be verified before; `detail` holds what the kind needs to know:

    csr.generate:    {"replaces": key footprint of the CSR that may be replaced} or {}
    service.restart: {"service": name as the node spells it, "after": "identity" | "trust"}
    served.check:    {"ports": "443,8443"} (real port numbers)
    trust.upload:    {"store": "tomcat-trust"}
    person:          {"ask": "sso.disable" | "sso.enable"}
    """

    id: str
    kind: StepKind
    phase: Phase
    node: str
    purpose: str
    needs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    estimate_s: int = 0
    reason: Reason
    detail: dict[str, str] = {}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate that will be renewed. `old_sha256` is "" when nothing readable is stored today.

    `last_state` is the state that means done for this purpose; `skipped` maps a state it has not to the reason.
    """

    node: str
    purpose: str
    old_sha256: str
    not_after: int
    reason: Reason
    last_state: str
    skipped: dict[str, str] = {}


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """What people will notice of one step or purpose."""

    where: str
    what: str
    seconds: int
    source: str


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how loud: seconds of work, seconds of the window, critical path, impacts."""

    prepare_s: int
    window_s: int
    critical_path_s: int
    impacts: tuple[Impact, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The whole plan. `digest` is SHA-256 of its canonical JSON without `made_at` and `digest`: what a yes refers to.

    `facts_digest` covers the cluster facts the plan was made from; a fresh look that differs voids the approval.
    """

    version: int
    cluster: str
    made_at: float
    facts: dict[str, str]
    facts_digest: str
    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    forecast: Forecast
    digest: str = ""

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
