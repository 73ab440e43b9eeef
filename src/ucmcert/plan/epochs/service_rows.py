"""Restarts of an epoch that phones notice, and the looks that prove them: services one by one, nodes one by one."""

from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.lint.phone_world import cucm_nodes, etoken_ctl, mixed, signer, tftp_nodes
from ucmcert.lint.service_names import shown_ports
from ucmcert.model.cluster import NodeFacts
from ucmcert.model.plan import StepKind
from ucmcert.plan.epochs.draft import Draft
from ucmcert.plan.epochs.pace import rebuild_s
from ucmcert.plan.restarts import service_by_service
from ucmcert.plan.roles import publisher_first

CTL_UPDATE_S = 30
SERVED_S = 30


def restart_rows(draft: Draft, renewed: frozenset[str], *, purpose: str = "", only: tuple[str, ...] = ()) -> None:
    """Append the restarts of the epoch, publisher first; each waits for the one before it.

    `purpose` names the row of the restart table when it is not the draft's own, `only` keeps some of its services.
    Source: procedure.md 3.3-3.5; phones.md I5.
    """
    nodes = tuple(sorted(cucm_nodes(draft.cluster), key=lambda facts: publisher_first(facts.node.role)))
    rows = service_by_service(
        nodes, purpose or draft.purpose, renewed, restart_set=draft.options.restart_set, only=only
    )
    for facts, (service, name) in rows:
        draft.add(
            StepKind.SERVICE_RESTART,
            "UCM-STEP-RESTART",
            at=facts,
            name=name,
            detail={"service": name, "after": "identity"},
            estimate_s=service.restart_s,
        )


def served_rows(draft: Draft, nodes: list[NodeFacts]) -> None:
    """Append a look at the port of every node of `nodes` that must show the certificate, side by side."""
    row = PURPOSES[draft.purpose]
    showing = [facts for facts in nodes if shown_ports(facts, draft.purpose)]
    ports = ",".join(str(port) for port in row.ports)
    draft.beside(StepKind.SERVED_CHECK, "UCM-STEP-SERVED", showing, detail={"ports": ports}, estimate_s=SERVED_S)


def list_rows(draft: Draft, lists: str, signed_by: str, name: str = "") -> None:
    """Append a look at the lists of every TFTP node, side by side. `signed_by` "" takes any signer."""
    phones = draft.cluster.phones.total if draft.cluster.phones else 0
    draft.beside(
        StepKind.LISTS_CHECK,
        "UCM-STEP-LISTS",
        tftp_nodes(draft.cluster),
        name=name or lists,
        detail={"lists": lists, "signer": signed_by},
        estimate_s=rebuild_s(phones),
    )


def settled_lists(draft: Draft, name: str = "") -> None:
    """Append the look that ends the servers' part: ITL, and CTL in mixed mode, all by the signer of the release."""
    cluster = draft.cluster
    main = signer(cluster)
    if not mixed(cluster):
        list_rows(draft, "itl", main, name)
    elif etoken_ctl(cluster):
        list_rows(draft, "itl", main, name)
        list_rows(draft, "ctl", "", f"{name}ctl/tokens")
    else:
        list_rows(draft, "itl,ctl", main, name)


def ctl_update(draft: Draft, name: str = "") -> None:
    """Append the CTL update, by a person where tokens sign the CTL. Source: procedure.md 3.7, CAP-2, CCM-2."""
    if etoken_ctl(draft.cluster):
        pub = draft.cluster.publisher
        draft.add(StepKind.PERSON, "UCM-STEP-ETOKEN", at=pub, name="etoken.ctl", detail={"ask": "etoken.ctl"})
        return
    draft.add(StepKind.CTL_UPDATE, "UCM-STEP-CTL", at=draft.cluster.publisher, name=name, estimate_s=CTL_UPDATE_S)
