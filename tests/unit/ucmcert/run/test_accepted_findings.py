"""Promise: an error that CUCM does not refuse may be let pass with a reason, is told for ever, and nothing else may."""

import pytest
from fake_cluster import CA, World

from factory.certificates import sign
from ucmcert.cli.conduct.accepting import acceptance
from ucmcert.errors import UsageError
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.lint.catalogue import may_accept
from ucmcert.model.event import FindingsAccepted, Held
from ucmcert.model.signing import Issued
from ucmcert.report.pages.summary_page import summary_blocks
from ucmcert.report.paper import plain
from ucmcert.report.story import tell
from ucmcert.run.outcome import Outcome

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CODE = "UCM-KU-005"


def without_client_auth() -> World:
    """A CA that gives out no clientAuth, as public CAs do by now."""
    world = World(purposes=("tomcat",))
    world.authority.spoil = lambda asked, profile: Issued(
        leaf=sign(asked, CA.intermediate, eku=(SERVER_AUTH,), serial_label=profile.node), chain=CA.chain
    )
    return world


def accept(world: World, *codes: str) -> None:
    world.record(FindingsAccepted(at=world.clock.now(), run="r1", codes=codes, by="ana", why="peers ignore it"))


def test_without_an_acceptance_nothing_is_written_and_with_one_the_run_goes_on() -> None:
    world = without_client_auth()
    assert Outcome.HELD is world.run()
    assert CODE == world.of(Held)[-1].finding.code
    assert [] == world.acts("upload_trust") + world.acts("upload_identity")
    accept(world, CODE)
    assert Outcome.DONE is world.run()


def test_what_was_accepted_stands_in_the_paper_of_the_run() -> None:
    world = without_client_auth()
    world.run()
    accept(world, CODE)
    world.run()
    paper = plain.render(summary_blocks(tell(world.ledger.entries(), "r1"), "en", complete=False))
    assert f"{CODE} by ana" in paper
    assert "peers ignore it" in paper


def test_an_error_that_cucm_refuses_holds_in_spite_of_an_acceptance_in_the_ledger() -> None:
    world = World(purposes=("tomcat",))
    world.authority.spoil = lambda asked, _: Issued(
        leaf=sign(asked, CA.intermediate, sans=("dns:other.lab.example",)), chain=CA.chain
    )
    accept(world, "UCM-SAN-001")
    assert Outcome.HELD is world.run()
    assert "UCM-SAN-001" == world.of(Held)[-1].finding.code


@pytest.mark.parametrize(
    ("codes", "reason", "trouble"),
    [
        (("UCM-SAN-001",), "why not", "UCM-ACCEPT-002"),
        (("UCM-TIME-005",), "it is a warning", "UCM-ACCEPT-002"),
        (("UCM-RULE-017",), "no", "UCM-ACCEPT-001"),
        ((CODE,), "  ", "UCM-ACCEPT-003"),
        ((), "for nothing", "UCM-ACCEPT-003"),
    ],
)
def test_what_cannot_be_accepted_is_told_before_anything_is_sent(
    codes: tuple[str, ...], reason: str, trouble: str
) -> None:
    with pytest.raises(UsageError) as told:
        acceptance(codes, reason)
    assert trouble == told.value.code


def test_codes_are_taken_in_any_case_and_once() -> None:
    one = acceptance((CODE.lower(), CODE), " peers  ignore it ")
    assert one is not None
    assert ((CODE,), "peers ignore it") == (one.codes, one.why)
    assert acceptance((), "") is None


def test_only_errors_can_be_accepted() -> None:
    assert may_accept(CODE)
    assert not may_accept("UCM-KEY-001")
    assert not may_accept("UCM-NOBODY-1")


def test_a_request_that_the_described_ca_cannot_answer_is_not_sent() -> None:
    world = World(purposes=("tomcat",))
    world.ca = CaProfile(kind="vault", drops_sans=("dns",), adds_names=())
    assert Outcome.HELD is world.run()
    assert "UCM-CA-001" == world.of(Held)[-1].finding.code
    assert [] == world.authority.submitted
    world.ca = None
    assert Outcome.DONE is world.run()
