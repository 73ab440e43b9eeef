"""Promise: a CSR that is not what was configured holds before a CA sees it; what a node cannot be told, people make."""

import msgspec
import pytest
from fake_cluster import World

from factory.certificates import Requested, request
from factory.clusters import RELEASE_14SU3, cluster, node_facts
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings
from ucmcert.model.event import Held, TicketTaken, Verified, Waiting
from ucmcert.model.node import Release, Role
from ucmcert.plan.options import Options
from ucmcert.run.outcome import Outcome

RELEASE_125 = Release(12, 5, 1, 18900, 40)
GENERATE = "ipsec/cucm-pub/csr.generate"
NAME = "cucm-pub.lab.example"


def made(*names: str, bits: int, label: str) -> Requested:
    """A CSR with an RSA key that says it is of that length."""
    asked = request(NAME, tuple(f"dns:{name}" for name in (NAME, *names)), key_label=label)
    return msgspec.structs.replace(asked, request=msgspec.structs.replace(asked.request, key=f"RSA {bits}"))


class ConfiguredWorld(World):
    """A renewal of ipsec on one node, with settings."""

    def __init__(self, release: Release, **settings: object) -> None:
        row = CsrRow(purpose="ipsec", settings=CsrSettings(**settings))  # type: ignore[arg-type]
        whole = cluster(node_facts("cucm-pub", Role.PUBLISHER, release=release))
        super().__init__(whole, options=Options(csr=CsrRules(rows=(row,))))

    def makes(self, asked: Requested) -> None:
        """Somebody makes this CSR on the node's web page."""
        self.client.made[asked.request.spki_sha256] = asked
        self.client.nodes["cucm-pub"].requests["ipsec"] = asked


def test_a_csr_without_the_configured_name_holds_until_a_person_made_the_right_one() -> None:
    world = ConfiguredWorld(RELEASE_14SU3, names=("x.lab.example",))
    assert Outcome.HELD is world.run()
    found = world.of(Held)[-1].finding
    assert ("UCM-CSR-020", True) == (
        found.code,
        "names dns:cucm-pub.lab.example instead of dns:x.lab.example" in found.what,
    )
    assert Outcome.HELD is world.resume()
    assert [] == world.of(TicketTaken)
    assert 1 == len(world.acts("generate_csr"))
    right = made("x.lab.example", bits=2048, label="right")
    world.makes(right)
    assert Outcome.DONE is world.resume()
    assert 1 == len(world.acts("generate_csr"))
    assert right.request.spki_sha256 == world.of(Verified, GENERATE)[0].facts["spki_sha256"]


@pytest.mark.parametrize("lang_word", ["Key Length 4096", "Certificate Purpose: ipsec"])
def test_below_14_a_key_that_the_command_line_cannot_be_told_is_made_by_a_person(lang_word: str) -> None:
    world = ConfiguredWorld(RELEASE_125, rsa_bits=4096)
    assert Outcome.WAITING is world.run()
    waiting = world.of(Waiting)[-1]
    assert (GENERATE, "person", True) == (waiting.step, waiting.who, lang_word in waiting.next)
    world.makes(made(bits=2048, label="too short"))
    assert Outcome.HELD is world.resume()
    assert "UCM-CSR-020" == world.of(Held)[-1].finding.code
    world.makes(made(bits=4096, label="as asked"))
    assert Outcome.DONE is world.resume()
    assert [] == world.acts("generate_csr")


def test_what_differs_and_may_is_kept_as_evidence() -> None:
    world = ConfiguredWorld(RELEASE_14SU3, organisation="Hospital")
    assert Outcome.DONE is world.run()
    told = [one.fact for one in world.of(Verified, GENERATE)[0].evidence]
    assert 2 == len(told)
    assert "organisation Example instead of Hospital" in told[1]


def test_without_settings_nothing_is_compared_and_no_evidence_is_added() -> None:
    world = World(nodes=("cucm-pub",))
    assert Outcome.DONE is world.run()
    assert 1 == len(world.of(Verified, GENERATE)[0].evidence)
