"""A plan: ordered steps as data, each with its needs, its rules, its estimate and its reason."""

from enum import StrEnum
from typing import Literal

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
    TRUST_KEPT = "trust.kept"
    PERSON = "person"
    BACKUP_IDLE = "backup.idle"
    IDENTITY_UPLOAD = "identity.upload"
    SERVICE_RESTART = "service.restart"
    SERVED_CHECK = "served.check"
    IDENTITY_SPREAD = "identity.spread"
    IDENTITY_REGENERATE = "identity.regenerate"
    CTL_UPDATE = "ctl.update"
    LIST_RESET = "list.reset"
    LISTS_CHECK = "lists.check"
    PHONES_BASELINE = "phones.baseline"
    PHONES_INTERACTION = "phones.interaction"
    PHONES_PAGES = "phones.pages"
    PHONES_QUIET = "phones.quiet"
    PHONES_LSC = "phones.lsc"
    PHONES_RESET = "phones.reset"
    PHONES_GATE = "phones.gate"
    BACKUP_FRESH = "backup.fresh"


NEW_IDENTITY = (StepKind.IDENTITY_UPLOAD, StepKind.IDENTITY_REGENERATE)


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is in the plan: stable word, plain sentence, source of the rule."""

    code: str
    words: str
    source: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `needs` are ids of steps that must be verified before; `detail` holds what the kind needs to know:

    csr.generate:    {"replaces": key footprint of the CSR that may be replaced} or {}, {"distribution": "multi-server"}
                     and what the [csr] tables choose: see `plan.csr_expected.csr_detail`
    service.restart: {"service": name as the node spells it, "after": "identity" | "trust"}
    served.check:    {"ports": "443,8443"} (real port numbers)
    trust.upload:    {"store": "tomcat-trust"}
    trust.kept:      {"stores": "CAPF-trust,CallManager-trust", "of": node} (what it replaced is still here)
    person:          {"ask": "sso.disable" | "sso.enable" | "etoken.ctl"}
    identity.spread: {"of": name of the node whose multi-server upload must show here too}
    identity.regenerate: {} (self-signed: CAPF left on a subscriber, ITLRecovery)
    ctl.update:      {} (publisher; recognised by the CTL's own time stamp and by the leaves it holds)
    list.reset:      {"list": "itl" | "ctl"} (`utils itl|ctl reset localkey`; recognised by who signed the list)
    lists.check:     {"lists": "itl" | "ctl" | "itl,ctl", "signer": purpose that must have signed, "" for any}
    phones.baseline: {} (who is registered, what each holds; before the first epoch that phones notice)
    phones.interaction: {"parameter": paramname, "to": value, "back": value it had}
    phones.pages:    {"to": "on" | "off"} (web access of the phones that had none, for the run only)
    phones.quiet:    {} (no phone changed its status for a while: automatic resets are over)
    phones.lsc:      {"authentication": how a phone proves itself to CAPF, in the product's words} (secure phones get a
                     new LSC at the reset that follows; recognised by the operation that waits in the database)
    phones.reset:    {"pools": "a,b" or "*", "wave": "canary" | "rest" | "all", "pass": "1" | "2"}
    phones.gate:     {"pools", "wave", "pass": as above, "limit": most unproven phones a canary wave may leave}
    backup.fresh:    {"device": name or "" (then a person makes it)}
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
    `shared_from` names the node whose multi-server CSR and upload this one lives on, "" for a certificate of its own.
    """

    node: str
    purpose: str
    old_sha256: str
    not_after: int
    reason: Reason
    last_state: str
    skipped: dict[str, str] = {}
    shared_from: str = ""


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """What people will notice of one step or purpose."""

    where: str
    what: str
    seconds: int
    source: str


class PhoneForecast(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of the phones of one class: how many there are, and how many lose trust for good.

    `order` is "plan" or "naive" (everything at once, one reset at the end); `lock` says whether a command can mend it.
    """

    phone_class: str
    phones: int
    order: Literal["plan", "naive"]
    lost: int
    lock: Literal["none", "soft", "hard"]
    source: str


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how loud: seconds of work, seconds of the window, critical path, impacts."""

    prepare_s: int
    window_s: int
    critical_path_s: int
    impacts: tuple[Impact, ...]
    phones: tuple[PhoneForecast, ...] = ()


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What a person brings to systems outside the cluster. `code` has its words; `names` are those we know of.

    `basis`: found in the cluster's database, told by the configuration, or asked, because nothing tells.
    """

    kind: str
    code: str
    when: Literal["before", "after"]
    purposes: tuple[str, ...]
    names: tuple[str, ...]
    basis: Literal["found", "told", "asked"]
    source: str


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
    errands: tuple[Errand, ...] = ()
    digest: str = ""

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises KeyError."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
