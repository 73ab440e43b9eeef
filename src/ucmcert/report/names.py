"""Short names for long things: the common name of a subject, the head of a fingerprint, a step in words."""

from cryptography import x509

from ucmcert.model.plan import Step, StepKind
from ucmcert.report.words import Say

HEAD = 16
STEP_KEYS: dict[StepKind, str] = {
    StepKind.CSR_GENERATE: "step.csr_generate",
    StepKind.CSR_SIGN: "step.csr_sign",
    StepKind.TRUST_UPLOAD: "step.trust_upload",
    StepKind.BACKUP_IDLE: "step.backup_idle",
    StepKind.IDENTITY_UPLOAD: "step.identity_upload",
    StepKind.SERVICE_RESTART: "step.service_restart",
    StepKind.SERVED_CHECK: "step.served_check",
    StepKind.IDENTITY_SPREAD: "step.identity_spread",
    StepKind.IDENTITY_REGENERATE: "step.identity_regenerate",
    StepKind.CTL_UPDATE: "step.ctl_update",
    StepKind.LIST_RESET: "step.list_reset",
    StepKind.LISTS_CHECK: "step.lists_check",
    StepKind.PHONES_BASELINE: "step.phones_baseline",
    StepKind.PHONES_INTERACTION: "step.phones_interaction",
    StepKind.PHONES_PAGES: "step.phones_pages",
    StepKind.PHONES_QUIET: "step.phones_quiet",
    StepKind.TRUST_KEPT: "step.trust_kept",
    StepKind.PHONES_LSC: "step.phones_lsc",
    StepKind.PHONES_RESET: "step.phones_reset",
    StepKind.PHONES_GATE: "step.phones_gate",
    StepKind.BACKUP_FRESH: "step.backup_fresh",
}
PERSON_KEYS = {
    "sso.disable": "step.sso_disable",
    "sso.enable": "step.sso_enable",
    "etoken.ctl": "step.etoken_ctl",
}


def common_name(subject: str) -> str:
    """The common name in an RFC 4514 subject; the subject itself when it has none or is not one."""
    try:
        found = x509.Name.from_rfc4514_string(subject).get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    except ValueError:
        return subject
    return str(found[0].value) if found else subject


def head(sha256: str, *, whole: bool = False) -> str:
    """A fingerprint short enough for a table, or whole; "-" for none."""
    if not sha256:
        return "-"
    return sha256 if whole or len(sha256) <= HEAD else f"{sha256[:HEAD]}…"


def step_words(step: Step, say: Say) -> str:
    """What `step` does, in a few words."""
    if step.kind is StepKind.PERSON:
        return say(PERSON_KEYS[step.detail["ask"]]) if step.detail.get("ask") in PERSON_KEYS else step.id
    return say(
        STEP_KEYS[step.kind],
        purpose=step.purpose,
        service=step.detail.get("service", ""),
        store=step.detail.get("store", step.detail.get("stores", "").replace(",", ", ")),
        ports=step.detail.get("ports", "").replace(",", ", "),
        lists=step.detail.get("lists", step.detail.get("list", "")).replace(",", ", ").upper(),
        pools=_pools(step, say),
        to=step.detail.get("to", ""),
        source=step.detail.get("of", ""),
    )


def _pools(step: Step, say: Say) -> str:
    """The pools of a wave, or that it is about all phones."""
    pools = step.detail.get("pools", "*")
    return say("step.every_pool") if pools == "*" else pools.replace(",", ", ")
