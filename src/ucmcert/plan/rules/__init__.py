"""What may never happen. Asked when the plan is made, and again before each act on freshly observed facts.

A rule looks at one step, the cluster as it is now, the plan and what is verified; an objection is an ERROR finding and
closes the gate. Rules of order need no fresh facts and are asked at planning too; the others make sense at the act.
Invariants of phones.md 5.2: I1 forecast, I2 I5 013-014, I3 017 024 025, I4 007 012, I6 008-009, I7 015 020, I8 019,
I9 016, I10 018 026, I11 022, I12 027, I13 025, I14 the runner.
"""

from ucmcert.knowledge.purposes import noticed_by_phones
from ucmcert.lint.rule import Rule, judge
from ucmcert.model.cluster import Cluster
from ucmcert.model.finding import Finding
from ucmcert.model.phone import PhoneState
from ucmcert.model.plan import NEW_IDENTITY, Phase, Plan, Step, StepKind
from ucmcert.plan.roles import publisher_first
from ucmcert.plan.rules import certificates, order, phones, services
from ucmcert.plan.rules.asked import ACTS, MOVING, Asked, blocks_of, renewals_of
from ucmcert.plan.rules.phones import approved_away

__all__ = ["ACTS", "MOVING", "NEW_IDENTITY", "ORDER_RULES", "RULES", "Asked", "approved_away", "ask", "objections_to"]
__all__ += ["publisher_first", "rules_for"]

Rules = tuple[Rule[Asked], ...]
ORDER_RULES: Rules = (
    order.publisher_identity_first,
    order.one_node_at_a_time,
    order.one_epoch_at_a_time,
    order.chain_before_identity,
    services.services_in_order,
    services.ctl_before_restarts,
    phones.anchors_apart,
    phones.baseline_first,
    phones.lists_before_reset,
    phones.restarts_before_reset,
    phones.canary_first,
    phones.backup_between,
    phones.quiet_between_uploads,
    phones.recovery_in_two_passes,
)
RULES: Rules = (
    *ORDER_RULES,
    services.backup_idle,
    services.only_running_services,
    services.sso_off,
    certificates.lint_is_clean,
    certificates.csr_is_still_ours,
    certificates.nobody_elses_csr,
    certificates.single_stays_single,
    services.nobody_else_moving,
    services.elsewhere_it_runs,
    certificates.old_capf_stays_trusted,
    phones.other_anchors_arrived,
    phones.nobody_else_renewed,
    phones.phones_proven,
    phones.phone_settings_known,
    phones.list_short_enough,
)
PLAIN: dict[StepKind, Rules] = {
    StepKind.CSR_GENERATE: (certificates.nobody_elses_csr, certificates.single_stays_single),
    StepKind.TRUST_UPLOAD: (certificates.lint_is_clean,),
    StepKind.IDENTITY_UPLOAD: (
        order.publisher_identity_first,
        order.one_epoch_at_a_time,
        certificates.lint_is_clean,
        certificates.csr_is_still_ours,
        certificates.single_stays_single,
    ),
    StepKind.IDENTITY_REGENERATE: (order.publisher_identity_first, order.one_epoch_at_a_time),
    StepKind.SERVICE_RESTART: (
        order.one_node_at_a_time,
        services.nobody_else_moving,
        order.one_epoch_at_a_time,
        services.backup_idle,
        services.only_running_services,
    ),
    StepKind.CTL_UPDATE: (order.one_epoch_at_a_time, services.backup_idle),
    StepKind.LIST_RESET: (order.one_epoch_at_a_time, services.backup_idle, phones.phone_settings_known),
    StepKind.PHONES_RESET: (
        order.one_epoch_at_a_time,
        phones.lists_before_reset,
        phones.restarts_before_reset,
        phones.canary_first,
    ),
    StepKind.PHONES_LSC: (order.one_epoch_at_a_time, phones.lists_before_reset, phones.restarts_before_reset),
    StepKind.PHONES_INTERACTION: (order.one_epoch_at_a_time,),
    StepKind.PHONES_PAGES: (order.one_epoch_at_a_time,),
}
NOTICED_IDENTITY: Rules = (
    order.chain_before_identity,
    services.backup_idle,
    phones.anchors_apart,
    phones.baseline_first,
    phones.backup_between,
    phones.quiet_between_uploads,
    phones.other_anchors_arrived,
    phones.nobody_else_renewed,
    phones.phones_proven,
    phones.phone_settings_known,
    phones.list_short_enough,
)
NOTICED_RESTART: Rules = (services.services_in_order, services.elsewhere_it_runs, services.ctl_before_restarts)


def ask(
    step: Step,
    cluster: Cluster,
    plan: Plan,
    done: frozenset[str],
    *,
    standing: tuple[Finding, ...] = (),
    csr_spki: str = "",
    begun: bool = False,
    open_phones: tuple[PhoneState, ...] = (),
    signed: frozenset[str] = frozenset(),
    closed_gates: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """May `step` happen now? () is a yes; every finding is an ERROR and a no.

    Call it right before the act. Needs fresh facts of `step.node`, and of the publisher its backup and SSO state;
    before a new identity that phones notice also the lists of every TFTP node, what each CUCM node serves, and
    `open_phones`: the phones that nothing proves now. `signed` and `closed_gates` come from the ledger.
    """
    window = _window(plan)
    asked = Asked(
        step=step,
        cluster=cluster,
        plan=plan,
        done=done,
        window=window,
        renewals=renewals_of(window),
        blocks=blocks_of(window),
        standing=standing,
        csr_spki=csr_spki,
        begun=begun,
        open_phones=open_phones,
        signed=signed,
        closed_gates=closed_gates,
    )
    return judge((one for one in RULES if one.code in step.rules), asked, step.id)


def objections_to(plan: Plan, cluster: Cluster) -> tuple[Finding, ...]:
    """What the rules of order say to every step of `plan` when each is done in its turn: () for a sound plan."""
    found: list[Finding] = []
    done: set[str] = set()
    window = _window(plan)
    renewals, blocks = renewals_of(window), blocks_of(window)
    for step in plan.steps:
        if step.phase is not Phase.PREPARE:
            asked = Asked(
                step=step, cluster=cluster, plan=plan, done=done, window=window, renewals=renewals, blocks=blocks
            )
            found += judge((one for one in ORDER_RULES if one.code in step.rules), asked, step.id)
        done.add(step.id)
    return tuple(found)


def rules_for(kind: StepKind, purpose: str, *, reused: bool = False) -> tuple[str, ...]:
    """The codes a step of this kind and purpose must pass. `reused`: phones notice, though the purpose is tomcat's."""
    noticed = noticed_by_phones(purpose) or reused
    found = PLAIN.get(kind, ())
    if kind in (StepKind.IDENTITY_UPLOAD, StepKind.SERVICE_RESTART) and purpose in ("tomcat", "tomcat-ECDSA"):
        found = (*found, services.sso_off)
    if kind is StepKind.IDENTITY_UPLOAD and purpose == "ipsec":
        found = (*found, services.backup_idle)
    if kind in NEW_IDENTITY and noticed:
        found = (*found, *NOTICED_IDENTITY)
    if kind is StepKind.IDENTITY_UPLOAD and purpose == "CAPF":
        found = (*found, certificates.old_capf_stays_trusted)
    if kind is StepKind.PHONES_RESET and purpose == "ITLRecovery":
        found = (*found, phones.recovery_in_two_passes)
    if kind is StepKind.SERVICE_RESTART and noticed_by_phones(purpose):
        found = tuple(one for one in found if one is not order.one_node_at_a_time) + NOTICED_RESTART
    return tuple(sorted(one.code for one in found))


def _window(plan: Plan) -> tuple[Step, ...]:
    return tuple(step for step in plan.steps if step.phase is Phase.CUT_OVER)
