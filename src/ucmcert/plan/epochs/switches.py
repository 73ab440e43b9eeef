"""What a run turns for its own time and turns back at its end: automatic resets of phones, and their web pages."""

from ucmcert.lint.phone_world import automatic, no_phones
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Phase, Step, StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.pace import look_s, pages_s
from ucmcert.plan.options import Options

AUTOMATIC, MANUAL = "automatic", "manual"


def switched_to_manual(cluster: Cluster, options: Options) -> bool:
    """Whether the run itself keeps phones from resetting: the operator wants it, parameter and value are known."""
    phones = cluster.phones
    if options.interaction != "manual-for-the-run" or phones is None or not automatic(cluster):
        return False
    return phones.interaction == AUTOMATIC and bool(phones.interaction_parameter and phones.manual_value)


def before_phones(
    cluster: Cluster, purpose: str, *, needs: tuple[str, ...], options: Options, away: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Once, before the first epoch that phones notice: who is there and holds what, then what is turned for the run.

    `away` are the absent phones that the plan takes out of the gates by name. Source: procedure.md 4.1 P10; phones.md
    2.4, 2.5.
    """
    if no_phones(cluster):
        return ()
    draft = Draft(cluster, purpose, needs, options)
    phones = cluster.phones
    total = phones.total if phones else 0
    detail = {"away": ",".join(away)} if away else {}
    draft.add(StepKind.PHONES_BASELINE, "UCM-STEP-BASELINE", detail=detail, estimate_s=look_s(total))
    if switched_to_manual(cluster, options):
        _interaction(draft, MANUAL)
    if opens_pages(cluster, options):
        draft.add(
            StepKind.PHONES_PAGES, "UCM-STEP-PAGES-ON", name="on", detail={"to": "on"}, estimate_s=_pages_s(cluster)
        )
    return tuple(draft.steps)


def after_phones(cluster: Cluster, purpose: str, *, needs: tuple[str, ...], options: Options) -> tuple[Step, ...]:
    """At the end, turn back what `before_phones` turned, the last first."""
    if no_phones(cluster):
        return ()
    draft = Draft(cluster, purpose, needs, options, phase=Phase.CLOSE)
    if opens_pages(cluster, options):
        detail = {"to": "off"}
        draft.add(StepKind.PHONES_PAGES, "UCM-STEP-PAGES-OFF", name="off", detail=detail, estimate_s=_pages_s(cluster))
    if switched_to_manual(cluster, options):
        _interaction(draft, AUTOMATIC)
    return tuple(draft.steps)


def opens_pages(cluster: Cluster, options: Options) -> bool:
    """Whether the run gives a web page to the phones that have none."""
    silent = cluster.phones is None or bool(cluster.phones.silent)
    return options.pages == "open-for-the-run" and silent


def _pages_s(cluster: Cluster) -> int:
    return pages_s(len(cluster.phones.silent) if cluster.phones else 0)


def _interaction(draft: Draft, to: str) -> None:
    """Append the change, in the values that the database holds."""
    phones = draft.cluster.phones
    if phones is None:
        return
    values = {AUTOMATIC: phones.interaction_value, MANUAL: phones.manual_value}
    code = "UCM-STEP-INTERACTION" if to == MANUAL else "UCM-STEP-INTERACTION-BACK"
    detail = {
        "parameter": phones.interaction_parameter,
        "to": values.pop(to),
        "back": values.popitem()[1],
    }
    draft.add(StepKind.PHONES_INTERACTION, code, at=None, name=to, detail=detail, estimate_s=10)
