"""Promise: a wrong answer of the CA is seen before anything is written; put right, the same run ends well."""

from pathlib import Path

import pytest
from cryptography import x509

from factory.certificates import DAY, NOW, authority
from simulation.end_state import end_state
from simulation.upload_catalogue.case import PUBLISHER, SUBSCRIBER, cluster
from simulation.world import Wish, World, in_world
from simulation.wrong_answers import WRONG_ANSWERS, Spoil, WrongAtFirst, requests, stores
from ucmcert.model.certificate import CertificateRequest
from ucmcert.model.event import Abandoned, AnyEvent, Held, Intended
from ucmcert.model.signing import Issued
from ucmcert.plan.options import Options
from ucmcert.run.outcome import Outcome

TOMCAT = Wish(purposes=("tomcat",), force=True)
AGAIN = Wish(purposes=("tomcat",), force=True, options=Options(replace_csr=True))
NAMES = [f"{error} {name}" for error, name, _, _ in WRONG_ANSWERS]
WRITING = ("trust.upload", "identity.upload", "service.restart")


def told_by(world: World) -> tuple[list[str], list[str]]:
    """The codes a run is held with, and the writes it meant to make, as they come."""
    held: list[str] = []
    meant: list[str] = []

    def hear(event: AnyEvent) -> None:
        if isinstance(event, Held):
            held.append(event.finding.values.get("codes", event.finding.code))  # a rule tells which codes stand
        if isinstance(event, Intended) and any(kind in event.step for kind in WRITING):
            meant.append(event.step)

    world.listeners.append(hear)
    return held, meant


def written(world: World) -> dict[str, int]:
    """How often each node was asked for a CSR and given an identity."""
    return {key: count for key, count in end_state(world.lab).writes.items() if "/restart/" not in key}


def once_each(world: World) -> dict[str, int]:
    """One CSR and one upload a node."""
    return {f"{node}/{what}/tomcat": 1 for node in world.lab.nodes for what in ("csr", "identity")}


@pytest.mark.parametrize("release", ["12.5", "14SU3"])
@pytest.mark.parametrize(("code", "spoil"), [one[2:] for one in WRONG_ANSWERS], ids=NAMES)
def test_a_wrong_answer_is_never_written_and_the_right_one_ends_the_run(
    code: str, spoil: Spoil, release: str, tmp_path: Path
) -> None:
    async def run(world: World) -> None:
        held, meant = told_by(world)
        ca = WrongAtFirst(world.authority.behind, spoil)
        world.authority.behind = ca
        before = stores(world.lab)
        outcome, _ = await world.process(TOMCAT)
        waiting = requests(world.lab)
        assert (Outcome.HELD, [code], []) == (outcome, held, meant)
        assert (before, {(node, "tomcat") for node in world.lab.nodes}) == (stores(world.lab), set(waiting))

        outcome, _ = await world.process(TOMCAT)  # resumed while the CA is as wrong as before
        assert (Outcome.HELD, [code, code], []) == (outcome, held, meant)
        assert (before, waiting) == (stores(world.lab), requests(world.lab))

        ca.wrong = False
        outcome, history = await world.process(TOMCAT)
        assert Outcome.DONE is outcome, history.stop
        assert ({}, once_each(world)) == (requests(world.lab), written(world))

    in_world(run, tmp_path, of=cluster(release, hosts=(PUBLISHER, SUBSCRIBER)))


def test_a_newer_ca_of_that_name_in_the_store_holds_before_the_first_upload(tmp_path: Path) -> None:
    """E6: CUCM would say yes and store nothing."""

    async def run(world: World) -> None:
        held, meant = told_by(world)
        newer = authority("Lab Issuing CA G2", not_before=NOW + 30 * DAY, not_after=NOW + 900 * DAY)
        for node in world.lab.nodes.values():
            node.certificates.put_trust("tomcat-trust", x509.load_der_x509_certificate(newer.certificate.der), "")
        before = stores(world.lab)
        outcome, _ = await world.process(TOMCAT)
        waiting = requests(world.lab)
        assert (Outcome.HELD, ["UCM-TRUST-002"], []) == (outcome, held, meant)
        assert (before, {(node, "tomcat") for node in world.lab.nodes}) == (stores(world.lab), set(waiting))

        for node in world.lab.nodes.values():
            for entry in node.certificates.trust("tomcat-trust"):
                if entry.sha256 == newer.certificate.sha256:
                    node.certificates.drop_trust("tomcat-trust", entry.filename)
        outcome, history = await world.process(TOMCAT)
        assert Outcome.DONE is outcome, history.stop
        assert ({}, once_each(world)) == (requests(world.lab), written(world))

    in_world(run, tmp_path, of="pair")


def test_a_csr_that_went_while_the_ca_signed_holds_before_the_identity_upload(tmp_path: Path) -> None:
    """E2: the certificate in hand cannot be used, and no other CSR may suffer; a new run makes a new one."""

    async def run(world: World) -> None:
        held, meant = told_by(world)
        publisher = world.lab.publisher.certificates

        def lost(_: CertificateRequest, good: Issued) -> Issued:
            stored = publisher.identity("tomcat")
            assert stored is not None
            publisher.install_identity(stored)  # as an upload of somebody else would: the CSR goes
            return good

        ca = WrongAtFirst(world.authority.behind, lost)
        world.authority.behind = ca
        before = [node.certificates.identities() for node in world.lab.nodes.values()]
        outcome, history = await world.process(TOMCAT)
        assert (Outcome.HELD, ["UCM-RUN-004"]) == (outcome, held)
        assert [] == [step for step in meant if "trust.upload" not in step]  # the chain is right, and harms nobody
        assert before == [node.certificates.identities() for node in world.lab.nodes.values()]
        assert {("cucm-sub1", "tomcat")} == set(requests(world.lab))

        ca.wrong = False
        outcome, _ = await world.process(TOMCAT)
        assert (Outcome.HELD, before) == (
            outcome,
            [node.certificates.identities() for node in world.lab.nodes.values()],
        )
        world.ledger.append(Abandoned(at=world.clock.now(), run=history.run, by="a person", why="its CSR went"))
        outcome, history = await world.process(AGAIN)
        assert (Outcome.DONE, {}) == (outcome, requests(world.lab)), history.stop

    in_world(run, tmp_path, of="pair")
