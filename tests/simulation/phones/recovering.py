"""One night by hand that costs phones their trust, and then lives of `ucmcert recover`, as its command joins them."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from simulation.joined import JoinedConnect
from simulation.ports import SeededRandom
from simulation.world import World
from ucmcert.cli.embedded.wrong_order.by_hand import one_night
from ucmcert.cli.embedded.wrong_order.cases import Case
from ucmcert.discover import discover, look_phone_by_phone
from ucmcert.model.cluster import Cluster
from ucmcert.model.plan import Plan
from ucmcert.model.ports import Ledger
from ucmcert.model.trust_list import TrustListFacts
from ucmcert.plan.options import Options
from ucmcert.plan.recovery import Verdict, judge_phones, recovery_plan
from ucmcert.run.history import History
from ucmcert.run.holders import holders_of
from ucmcert.run.known_past import past_of
from ucmcert.run.limits import Limits
from ucmcert.run.outcome import Outcome
from ucmcert.run.renewal import Renewal, carry_on, start, take_up
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.scenarios.schema import NodeSpec, PhonesSpec, Scenario

REST_S = 3_600.0
PLAIN = Options()


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one look of `ucmcert recover` saw and judged."""

    cluster: Cluster
    verdict: Verdict


def three_nodes(release: str, *, mixed: bool, phones: Sequence[PhonesSpec] = ()) -> Scenario:
    """A publisher and two subscribers whose phones show their own pages, in two pools."""
    groups = (("cucm-pub", "cucm-sub1"), ("cucm-sub1", "cucm-sub2"))
    usual = tuple(
        PhonesSpec(
            count=4 - number,
            pool=f"Pool{number}",
            group=group,
            tftp=("cucm-pub", "cucm-sub1"),
            secure=mixed and number == 0,
            page_share=1.0,
            slow_share=0.0,
        )
        for number, group in enumerate(groups)
    )
    return Scenario(
        name="recovery",
        title=f"{release}, {'mixed' if mixed else 'non-secure'}",
        version=release,
        mixed=mixed,
        nodes=(
            NodeSpec(name="cucm-pub", role="publisher"),
            NodeSpec(name="cucm-sub1", role="subscriber"),
            NodeSpec(name="cucm-sub2", role="subscriber"),
        ),
        ca_signed=("tomcat", "ipsec"),
        phones=(*usual, *phones),
    )


def states(world: World) -> Counter[str]:
    """How the phones with lists stand, by the lab's own knowledge."""
    phones = world.lab.phones
    return Counter(str(phones.trust_state(name)) for name in phones.names() if phones.phone(name).line.sbd)


async def lists_now(world: World) -> tuple[TrustListFacts, ...]:
    """Every list that is served at this moment, as a person would have kept the files."""
    cluster = (await look(world)).cluster
    return tuple(one for facts in cluster.nodes for one in facts.lists)


async def lost_night(world: World, case: Case) -> Counter[str]:
    """Renew everything of `case` by hand, reset once, wait until all is at rest."""
    connect = JoinedConnect(world.lab)
    client = ClusterClient(connect, world.clock, world.access())
    try:
        cluster = await world.look(client)
        await one_night(client, cluster, case, world.authority, lambda _key, _what: None)
    finally:
        await client.close()
        await connect.close()
    await world.clock.sleep(REST_S)
    return states(world)


async def look(world: World, kept: Sequence[TrustListFacts] = ()) -> Look:
    """One look, judged with what the ledger and a person kept."""
    connect = JoinedConnect(world.lab)
    client = ClusterClient(connect, world.clock, world.access())
    try:
        return await _look(world, client, kept)
    finally:
        await client.close()
        await connect.close()


async def _look(world: World, client: ClusterClient, kept: Sequence[TrustListFacts]) -> Look:
    cluster = await discover(client, world.publisher(), (), clock=world.clock, name=world.lab.name)
    cluster, seen = await look_phone_by_phone(client, cluster, clock=world.clock)
    past = past_of(world.ledger.entries())
    verdict = judge_phones(cluster, holders_of(seen), (*past.lists, *kept), backups=past.backups)
    return Look(cluster=cluster, verdict=verdict)


async def recover(
    world: World,
    kept: Sequence[TrustListFacts] = (),
    *,
    ledger: Ledger | None = None,
    options: Options = PLAIN,
) -> tuple[Outcome, History]:
    """One life of `ucmcert recover --run --yes`, or of `resume` when a run is open."""
    world.lives += 1
    connect = JoinedConnect(world.lab)
    client = ClusterClient(connect, world.clock, world.access())
    renewal = Renewal(
        client=client,
        clock=world.clock,
        random=SeededRandom(world.seed * 1000 + world.lives),
        ledger=ledger or world.ledger,
        authority=world.authority,
        limits=Limits(),
    )
    try:
        history = world.open_run()
        if history is None:
            seen = await _look(world, client, kept)
            plan = recovery_plan(seen.cluster, seen.verdict, now=world.clock.now(), options=options)
            must_be_fit(plan)
            history, cluster = start(renewal, plan, seen.cluster, "the simulation"), seen.cluster
        else:
            cluster = await world.look(client)
            take_up(renewal, history, cluster)
        return await carry_on(renewal, history, cluster), history
    finally:
        await client.close()
        await connect.close()


def must_be_fit(plan: Plan) -> None:
    """No error stands in the plan."""
    wrong = [f"{one.code} {one.what}" for one in plan.findings if one.severity == "error"]
    assert not wrong, wrong
