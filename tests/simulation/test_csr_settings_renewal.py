"""Promise: configured CSR settings come out in the certificate that is served, or the run holds before a CA signs."""

from pathlib import Path

from simulation.world import Wish, World, in_world
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings
from ucmcert.model.event import Held, TicketTaken
from ucmcert.plan.options import Options
from ucmcert.run.outcome import Outcome

TOMCAT = ("tomcat",)


def wish(*rows: CsrRow, nodes: tuple[str, ...] = ()) -> Wish:
    return Wish(purposes=TOMCAT, nodes=nodes, force=True, options=Options(csr=CsrRules(rows=rows)))


def row(**settings: object) -> CsrRow:
    return CsrRow(purpose="tomcat", settings=CsrSettings(**settings))  # type: ignore[arg-type]


def test_key_and_names_of_the_configuration_are_served(tmp_path: Path) -> None:
    async def run(world: World) -> None:
        outcome, history = await world.process(wish(row(rsa_bits=3072, hash="sha384", names=("phones.lab.example",))))
        assert Outcome.DONE is outcome, history.stop
        async with world.connected(Wish()) as (_, seen):
            leaves = [one.leaf for facts in seen.nodes for one in facts.served if one.port == 8443 and one.leaf]
        assert len(world.lab.nodes) == len(leaves)
        assert {("RSA 3072", True)} == {(leaf.key, "dns:phones.lab.example" in leaf.sans) for leaf in leaves}

    in_world(run, tmp_path, of="pair")


def test_a_single_certificate_becomes_multi_server_and_single_again(tmp_path: Path) -> None:
    async def run(world: World) -> None:
        for distribution, several in (("multi-server", False), ("this-server", True)):
            outcome, history = await world.process(wish(row(distribution=distribution)))
            assert Outcome.DONE is outcome, history.stop
            shown = {leaf.sha256 for node in world.lab.nodes.values() if (leaf := node.tls_certificate(8443))}
            assert several == (len(shown) > 1)

    in_world(run, tmp_path, of="pair")


def test_a_name_that_only_the_node_could_add_holds_before_anything_is_signed(tmp_path: Path) -> None:
    async def run(world: World) -> None:
        heard: list[object] = []
        world.listeners.append(heard.append)
        outcome, _ = await world.process(wish(row(names=("10.9.9.9",)), nodes=("cucm-pub",)))
        assert Outcome.HELD is outcome
        held = [one.finding for one in heard if isinstance(one, Held)]
        assert (["UCM-CSR-020"], True) == ([one.code for one in held], "ip:10.9.9.9" in held[0].what)
        assert [] == [one for one in heard if isinstance(one, TicketTaken)]

    in_world(run, tmp_path, of="pair")
