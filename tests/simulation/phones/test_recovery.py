"""Promise: phones that a night by hand has locked are found; a soft lock is mended by a run, a hard one is listed.

What the client says is compared with what the lab knows, before and after, and a recovery that is killed resumes.
"""

import asyncio
import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from simulation.joined import JoinedConnect
from simulation.killing import Killed
from simulation.phones.recovering import Look, lists_now, look, lost_night, recover, states, three_nodes
from simulation.ports import SeededRandom
from simulation.world import Wish, World, in_world
from ucmcert.cli.conduct.carry import Nobody
from ucmcert.cli.embedded.wrong_order.cases import Case
from ucmcert.cli.places import open_places
from ucmcert.cli.printing import Printer
from ucmcert.cli.recovering.carrying import Asked
from ucmcert.cli.recovering.carrying import recover as recover_command
from ucmcert.cli.session import Session
from ucmcert.model.event import Entry, Event, Verified
from ucmcert.model.ports import Ledger
from ucmcert.model.signing import Ticket
from ucmcert.plan.recovery.fates import Fate
from ucmcert.plan.recovery.rows import Way
from ucmcert.report.pack.verify import verify_pack
from ucmcert.run.outcome import Outcome
from ucmcert.ucm.cluster_client import ClusterClient
from ucmlab.scenarios.schema import PhonesSpec

OLD, MIDDLE, NEW = "11.5.1.10000-6", "12.5.1.11900-146", "14.0.1.13900-155"
SAME = {
    "TRUSTED": Fate.FINE,
    "STALE-OK": Fate.RESET,
    "SOFT-LOCKED": Fate.SOFT,
    "HARD-LOCKED": Fate.HARD,
}


def night(release: str, *signed: str, mixed: bool = False, regenerated: tuple[str, ...] = ()) -> Case:
    return Case(key="night", release=release, told=release, mixed=mixed, signed=signed, regenerated=regenerated)


SOFT = {
    "11.5 CallManager+TVS": (night(OLD, "CallManager", "TVS"), Way.ITL_KEY_OLD),
    "14SU3 TVS+ITLRecovery": (night(NEW, "TVS", regenerated=("ITLRecovery",)), Way.ITL_KEY),
    "12.5 mixed ITLRecovery": (night(MIDDLE, mixed=True, regenerated=("ITLRecovery",)), Way.CTL_KEY),
    "14SU3 mixed ITLRecovery": (night(NEW, mixed=True, regenerated=("ITLRecovery",)), Way.CTL_KEY),
    "11.5 mixed CallManager+TVS": (night(OLD, "CallManager", "TVS", mixed=True), Way.ITL_KEY_MIXED_OLD),
}


@pytest.mark.parametrize("name", SOFT)
def test_a_soft_lock_is_seen_and_mended(name: str, tmp_path: Path) -> None:
    case, way = SOFT[name]

    async def run(world: World) -> None:
        kept = await lists_now(world)
        after = await lost_night(world, case)
        assert after["SOFT-LOCKED"]
        seen = await look(world, kept)
        assert_agreed(world, seen)
        assert seen.verdict.best is not None
        assert way == seen.verdict.best.way
        outcome, history = await recover(world, kept)
        assert (Outcome.DONE, None) == (outcome, history.stop)
        assert {"TRUSTED"} == set(states(world))
        assert_agreed(world, await look(world, kept))

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=case.mixed))


def test_a_hard_lock_is_a_list_to_visit_and_no_run(tmp_path: Path) -> None:
    case = night(MIDDLE, "CallManager", "TVS", regenerated=("ITLRecovery",))

    async def run(world: World) -> None:
        kept = await lists_now(world)
        after = await lost_night(world, case)
        assert {"HARD-LOCKED"} == set(after)
        verdict = (await look(world, kept)).verdict
        assert verdict.best is None
        assert {(Fate.HARD, Way.VISIT)} == {(one.fate, one.way) for one in verdict.phones}
        assert after.total() == len(verdict.phones)

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False))


def test_without_the_old_lists_nobody_is_called_lost_for_good(tmp_path: Path) -> None:
    case = night(OLD, "CallManager", "TVS")

    async def run(world: World) -> None:
        await lost_night(world, case)
        verdict = (await look(world)).verdict
        assert {(Fate.UNKNOWN, Way.PROBE)} == {(one.fate, one.way) for one in verdict.phones}
        assert verdict.best is None
        assert verdict.probes

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False))


def test_one_reset_brings_back_who_missed_it(tmp_path: Path) -> None:
    away = PhonesSpec(count=2, pool="Pool2", group=("cucm-pub",), page_share=1.0, slow_share=0.0)

    async def run(world: World) -> None:
        kept = await lists_now(world)
        await lost_night(world, night(MIDDLE, "CallManager"))
        behind = {name for name in world.lab.phones.names() if str(world.lab.phones.trust_state(name)) != "TRUSTED"}
        seen = await look(world, kept)
        assert_agreed(world, seen)
        assert behind == {one.holder.name for one in seen.verdict.phones}

    in_world(run, tmp_path, of=three_nodes(MIDDLE, mixed=False, phones=(away,)))


def test_the_ledger_of_an_earlier_run_knows_what_lost_phones_hold(tmp_path: Path) -> None:
    case = night(OLD, "CallManager", "TVS")

    async def run(world: World) -> None:
        outcome, history = await world.process(Wish(purposes=("CAPF",), force=True))
        assert (Outcome.DONE, None) == (outcome, history.stop)
        assert {"SOFT-LOCKED"} == set(await lost_night(world, case))
        outcome, history = await recover(world)
        assert (Outcome.DONE, None) == (outcome, history.stop)
        assert {"TRUSTED"} == set(states(world))

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False))


def test_phones_without_a_page_are_told_and_hold_no_gate_open(tmp_path: Path) -> None:
    silent = PhonesSpec(count=2, pool="Pool1", group=("cucm-pub",), page_share=0.0, slow_share=0.0)
    case = night(OLD, "CallManager", "TVS")

    async def run(world: World) -> None:
        kept = await lists_now(world)
        await lost_night(world, case)
        seen = await look(world, kept)
        assert 2 == len(seen.verdict.of(Fate.UNTOLD))
        outcome, history = await recover(world, kept)
        assert (Outcome.DONE, None) == (outcome, history.stop)
        assert {"TRUSTED"} == set(states(world))

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False, phones=(silent,)))


@pytest.mark.parametrize("kill_at", [3, 9, 14, 21, 30, 40])
def test_a_killed_recovery_resumes(kill_at: int, tmp_path: Path) -> None:
    case = night(MIDDLE, "TVS", regenerated=("ITLRecovery",))

    async def run(world: World) -> None:
        kept = await lists_now(world)
        await lost_night(world, case)
        with pytest.raises(Killed):
            await recover(world, kept, ledger=DeadlyLedger(world.ledger, kill_at))
        outcome, history = await recover(world, kept)
        assert (Outcome.DONE, None) == (outcome, history.stop)
        assert {"TRUSTED"} == set(states(world))
        told = [one.event.step for one in world.ledger.entries() if isinstance(one.event, Verified)]
        assert len(told) == len(set(told))

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False))


def test_the_command_shows_asks_runs_and_leaves_evidence(tmp_path: Path) -> None:
    case = night(OLD, "CallManager", "TVS")

    async def run(world: World) -> None:
        kept = []
        for one in await lists_now(world):
            data = await file_of(world, one.node)
            kept.append(tmp_path / f"{one.node}.tlv")
            kept[-1].write_bytes(data)
        await lost_night(world, case)
        session = session_of(world, tmp_path)
        try:
            looked = await told(session, kept, go=False)
            assert (3, "findings", "itl-localkey-one-reset") == looked[:3]
            assert "itl reset localkey" in looked[3]
            assert 8 == len((tmp_path / "phones.csv").read_text().splitlines())
            ran = await told(session, kept, go=True)
            assert (0, "done") == ran[:2]
            packs = sorted(one for one in (tmp_path / "state" / "evidence").iterdir() if one.is_dir())
            assert [()] == [verify_pack(one).findings for one in packs]
            after = await told(session, kept, go=False)
            assert (0, "done", "") == after[:3]
        finally:
            await session.client.close()

    in_world(run, tmp_path, of=three_nodes(case.release, mixed=False))


def assert_agreed(world: World, seen: Look) -> None:
    """The verdict names the very state that the lab knows, phone by phone."""
    phones = world.lab.phones
    fates = {one.holder.name: one.fate for one in seen.verdict.phones if one.fate is not Fate.AWAY}
    away = {one.holder.name for one in seen.verdict.of(Fate.AWAY)}
    names = [name for name in phones.names() if phones.phone(name).line.sbd and name not in away]
    known = {name: SAME[str(phones.trust_state(name))] for name in names}
    assert known == {name: fates.get(name, Fate.FINE) for name in names}


class DeadlyLedger:
    """The process dies right after the append of that number."""

    def __init__(self, ledger: Ledger, at: int) -> None:
        self._ledger = ledger
        self._left = at

    def append(self, event: Event) -> Entry:
        if self._left <= 0:
            raise Killed
        self._left -= 1
        entry = self._ledger.append(event)
        if not self._left:
            raise Killed
        return entry

    def entries(self) -> Iterator[Entry]:
        return self._ledger.entries()


async def file_of(world: World, node: str) -> bytes:
    """The ITL as a person would have saved it."""
    connect = JoinedConnect(world.lab)
    client = ClusterClient(connect, world.clock, world.access())
    cluster = await world.look(client)
    data = await client.tftp_file(cluster.facts(node).node, "ITLFile.tlv")
    await client.close()
    assert data is not None
    return data


def session_of(world: World, folder: Path) -> Session:
    """The session that the command would open, without sockets. Nobody is configured to sign."""
    config = folder / "ucmcert.toml"
    pub = world.publisher()
    config.write_text(
        f'cluster = "{world.lab.name}"\nstate = "{folder / "state"}"\n'
        f'[publisher]\nname = "{pub.name}"\naddress = "{pub.address}"\n'
        '[credentials]\nos_admin = { user = "a", password = "env:A" }\napp_admin = { user = "b", password = "env:B" }\n'
        f'[trust]\ntls_sha256 = ["{"0" * 64}"]\n'
    )
    connect = JoinedConnect(world.lab)
    return Session(
        places=open_places(config),
        clock=world.clock,
        random=SeededRandom(world.seed),
        client=ClusterClient(connect, world.clock, world.access()),
        connect=connect,
        publisher=pub,
        overrides=(),
    )


async def told(session: Session, kept: list[Path], *, go: bool) -> tuple[int, str, str, str]:
    """Exit code, outcome, way and page of one call of the command."""
    paper = io.StringIO()
    output = session.places.config_file.parent / "phones.csv"
    asked = Asked(run=go, yes=True, plan_hash="", kept=tuple(kept), output=output)
    with redirect_stdout(paper), redirect_stderr(io.StringIO()):
        found = await recover_command(session, asked, Printer(lang="en", as_json=False))
    return found.exit_code, found.shape.outcome, getattr(found.shape, "best", ""), paper.getvalue()


NO_TICKET = Ticket(authority="", reference="", node="", purpose="", spki_sha256="", submitted_at=0.0)


def test_nobody_signs_in_a_recovery() -> None:
    with pytest.raises(AssertionError):
        asyncio.run(Nobody().collect(NO_TICKET))
