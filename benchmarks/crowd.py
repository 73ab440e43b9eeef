"""Figures of the largest renewal: 40,000 phones and five purposes, simulated, against what no client could save."""

import resource
import time
from pathlib import Path

from lxml import etree

from benchmarks.table import Figure, seconds
from simulation.phones.crowds import RESETS, busiest_minute, crowd_with_pages, renew_crowd
from simulation.world import World, in_world
from ucmcert.ucm import ris
from ucmcert.ucm.phones.realtime import NAMES_A_QUESTION
from ucmlab.interfaces.ris import selection
from ucmlab.interfaces.ris_devices import ANY_MODEL, DEVICES_PER_REPLY, Criteria, devices_of

HOUR_S = 3600.0
ALL_BACK_S = 2 * HOUR_S  # until the last phone is back after a reset


def crowd(folder: Path) -> list[Figure]:
    """The renewal as the simulation runs it, every phone looked at at every event."""
    seen = renew_crowd(crowd_with_pages(), folder / "renewed")
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert seen.watched.locked == 0
    phones_s, one_s = in_world(_alone, folder / "alone", of=crowd_with_pages())
    parsing_s = one_s * len(seen.questions)
    asking_s = len(seen.questions) / ris.OUR_SHARE * ris.MINUTE_S
    name = f"5 purposes, {seen.watched.phones:,} phones, simulated"
    return [
        Figure(
            what=f"renewal of {name}",
            measured=seconds(seen.wall_s),
            bound=f"{seconds(phones_s + parsing_s)}: the phones' own events in {RESETS} resets of all of them "
            f"{seconds(phones_s)}, bare parsing of {len(seen.questions)} real-time answers {seconds(parsing_s)}",
        ),
        Figure(
            what="time of the cluster in that renewal",
            measured=f"{seen.virtual_s / HOUR_S:.1f} h",
            bound=f"{asking_s / HOUR_S:.1f} h: its real-time questions at {ris.OUR_SHARE} a minute, of which "
            f"{busiest_minute(seen.questions)} were asked in the busiest one",
        ),
        Figure(
            what="client and lab, peak memory in that renewal",
            measured=f"{peak_kib / 1024:.0f} MB",
            bound="1024 MB are allowed; the lab's phones and the client's picture of them",
        ),
    ]


async def _alone(world: World) -> tuple[float, float]:
    """Seconds that the phones take when every epoch resets them once and nobody looks; and those of parsing the XML
    of one real-time answer."""
    began = time.perf_counter()
    for _ in range(RESETS):
        world.lab.phones.reset_all()
        await world.clock.sleep(ALL_BACK_S)
    phones_s = time.perf_counter() - began
    criteria = Criteria(
        most=DEVICES_PER_REPLY,
        device_class="Phone",
        model=ANY_MODEL,
        status="Any",
        node_name="",
        select_by="Name",
        items=world.lab.phones.names()[:NAMES_A_QUESTION],
        protocol="Any",
        download_status="Any",
    )
    body = etree.tostring(selection(world.lab, criteria, wildcards=False, source=devices_of))
    return phones_s, min(_parsing_s(body) for _ in range(5))


def _parsing_s(body: bytes) -> float:
    began = time.perf_counter()
    etree.fromstring(body)
    return time.perf_counter() - began
