"""Promise: where only a person can make a multi-server CSR, the run asks for exactly that one and makes none itself."""

import msgspec
import pytest
from fake_cluster import NOW, World

from factory.certificates import DAY, Requested, request, self_signed
from factory.clusters import RELEASE_14SU3, cluster, node_facts
from ucmcert.model.cluster import Cluster, Identity, PendingRequest
from ucmcert.model.event import Held, Verified, Waiting
from ucmcert.model.node import Node, Release, Role
from ucmcert.plan.options import Options
from ucmcert.plan.reasons import sentence
from ucmcert.report.pages.plan_page import plan_blocks
from ucmcert.report.words import speaker
from ucmcert.run.outcome import Outcome

RELEASE_125 = Release(12, 5, 1, 18900, 40)
HOSTS = ("cucm-pub", "cucm-sub1", "cucm-sub2")
NAMES = tuple(f"dns:{host}.lab.example" for host in HOSTS)
SHARED = self_signed("cucm-pub-ms.lab.example", NAMES, not_after=NOW + 20 * DAY, key_label="shared")
PERSON = {lang: speaker(lang)("plan.person") for lang in ("en", "fr")}
GENERATE = "tomcat/cucm-pub/csr.generate"


def made_by_hand(*sans: str, name: str = "cucm-pub-ms.lab.example", label: str = "by hand") -> Requested:
    return request(name, sans, key_label=label)


def shared_cluster(release: Release, *, pending: Requested | None = None) -> Cluster:
    """Three nodes that live on one multi-server tomcat certificate."""
    nodes = []
    for host in HOSTS:
        facts = node_facts(host, Role.PUBLISHER if host == HOSTS[0] else Role.SUBSCRIBER, release=release)
        kept = tuple(one for one in facts.holding.identities if one.purpose != "tomcat")
        waits = (PendingRequest(purpose="tomcat", request=pending.request),) if pending and host == HOSTS[0] else ()
        held = msgspec.structs.replace(
            facts.holding, identities=(*kept, Identity(purpose="tomcat", certificate=SHARED)), requests=waits
        )
        nodes.append(msgspec.structs.replace(facts, holding=held))
    return cluster(*nodes)


class SharedWorld(World):
    """A renewal of that certificate; what is uploaded on the publisher arrives everywhere."""

    def __init__(
        self, release: Release = RELEASE_125, *, pending: Requested | None = None, options: Options | None = None
    ) -> None:
        super().__init__(shared_cluster(release, pending=pending), purposes=("tomcat",), options=options)
        if pending is not None:
            self.makes(pending)
        upload = self.client.upload_identity

        async def everywhere(node: Node, *about: object) -> str:
            words = await upload(node, *about)  # type: ignore[arg-type]
            for here in self.client.nodes.values():
                here.identities["tomcat"] = self.client.nodes["cucm-pub"].identities["tomcat"]
            return words

        self.client.upload_identity = everywhere  # type: ignore[method-assign]

    def makes(self, asked: Requested) -> None:
        """Somebody makes this CSR on the web page of the publisher."""
        self.client.made[asked.request.spki_sha256] = asked
        self.client.nodes["cucm-pub"].requests["tomcat"] = asked


def test_a_person_is_asked_with_the_exact_words_and_the_run_goes_on_with_what_they_made() -> None:
    world = SharedWorld()
    assert Outcome.WAITING is world.run()
    waiting = world.of(Waiting)[-1]
    assert (GENERATE, "person") == (waiting.step, waiting.who)
    for words in (
        "cucm-pub:",
        "OS Administration > Security > Certificate Management > Generate CSR",
        "Certificate Purpose: tomcat",
        "Distribution: Multi-server (SAN)",
        "Common Name: cucm-pub-ms.lab.example",
    ):
        assert words in waiting.next
    assert all(f"{host}.lab.example" in waiting.what for host in HOSTS)
    asked = made_by_hand(*NAMES, "dns:lab.example")
    world.makes(asked)
    assert Outcome.DONE is world.resume()
    assert [] == world.acts("generate_csr")
    assert asked.request.spki_sha256 == world.of(Verified, GENERATE)[0].facts["spki_sha256"]
    assert [("upload_identity", "cucm-pub", "tomcat")] == world.acts("upload_identity")
    spread = {one.step for one in world.of(Verified) if one.step.endswith("identity.spread")}
    assert {"tomcat/cucm-sub1/identity.spread", "tomcat/cucm-sub2/identity.spread"} == spread
    assert {asked.request.spki_sha256} == {one.identities["tomcat"].spki_sha256 for one in world.client.nodes.values()}


def test_one_that_serves_every_node_is_taken_at_once_whatever_the_case_of_its_names() -> None:
    world = SharedWorld(pending=made_by_hand(*(name.replace("cucm", "CUCM") for name in NAMES)))
    world.authority.waiting = {("cucm-pub", "tomcat")}
    assert Outcome.WAITING is world.run()
    assert "ca" == world.of(Waiting)[-1].who
    assert [] == world.acts("generate_csr")


@pytest.mark.parametrize("options", [Options(), Options(replace_csr=True)], ids=["plain", "replace"])
def test_one_that_is_taken_is_never_replaced(options: Options) -> None:
    asked = made_by_hand(*NAMES)
    world = SharedWorld(pending=asked, options=options)
    assert Outcome.DONE is world.run()
    assert [] == world.acts("generate_csr")
    assert asked.request.spki_sha256 == world.of(Verified, GENERATE)[0].facts["spki_sha256"]


@pytest.mark.parametrize(
    ("sans", "missing"),
    [
        (NAMES[:1], "cucm-sub1.lab.example, cucm-sub2.lab.example"),
        (NAMES[:2], "cucm-sub2.lab.example"),
        (("dns:other.example",), "cucm-pub.lab.example, cucm-sub1.lab.example, cucm-sub2.lab.example"),
    ],
)
def test_another_csr_is_a_surprise_that_names_the_nodes_it_lacks(sans: tuple[str, ...], missing: str) -> None:
    world = SharedWorld(pending=made_by_hand(*sans))
    assert Outcome.HELD is world.run()
    found = world.of(Held)[-1].finding
    assert ("UCM-RUN-048", True) == (found.code, f"it lacks {missing}" in found.what)
    assert [] == world.client.acts
    world.makes(made_by_hand(*NAMES, label="the right one"))
    assert Outcome.DONE is world.resume()


def test_one_that_the_plan_may_replace_is_replaced_by_a_person() -> None:
    world = SharedWorld(pending=made_by_hand(*NAMES[:1]), options=Options(replace_csr=True))
    assert Outcome.WAITING is world.run()
    assert (GENERATE, "person") == (world.of(Waiting)[-1].step, world.of(Waiting)[-1].who)
    assert [] == world.client.acts


def test_from_14_on_the_run_makes_it_itself() -> None:
    world = SharedWorld(RELEASE_14SU3)
    world.authority.waiting = {("cucm-pub", "tomcat")}
    assert Outcome.WAITING is world.run()
    assert ["ca"] == [one.who for one in world.of(Waiting)]
    assert [("generate_csr", "cucm-pub", "tomcat")] == world.acts("generate_csr")


def test_the_plan_says_beforehand_that_a_person_is_needed() -> None:
    code = {True: "UCM-STEP-CSR-PERSON", False: "UCM-STEP-CSR"}
    for release, by_hand in ((RELEASE_125, True), (RELEASE_14SU3, False)):
        plan = SharedWorld(release).plan
        assert code[by_hand] == plan.step(GENERATE).reason.code
        for lang in ("en", "fr"):
            blocks = plan_blocks(plan, lang)
            person = next(place for place, one in enumerate(blocks) if getattr(one, "words", "") == PERSON[lang])
            assert by_hand == (sentence("UCM-STEP-CSR-PERSON", lang) in repr(blocks[person + 1]))
