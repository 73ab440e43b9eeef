"""The phones a scenario asks for, before anything has happened to them: names, addresses, kinds, configurations."""

import math
import random

import msgspec

from ucmlab.cluster.phones.memory import Config, Memory
from ucmlab.cluster.phones.rows.device import Device, Line
from ucmlab.scenarios.schema import GROUP_MAX, PhonesSpec, Scenario, runs_calls


class Pool(msgspec.Struct, frozen=True):
    """A device pool and the nodes of its CallManager group."""

    name: str
    group: tuple[str, ...]


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """A phone that has never been switched on. `mismatched`: it comes from another cluster, with its lists."""

    device: Device
    mismatched: bool


def line_of(spec: PhonesSpec, scenario: Scenario) -> Line:
    """One `[[phones]]` table with its defaults filled in."""
    callers = tuple(node.name for node in scenario.nodes if runs_calls(node))
    return Line(
        pool=spec.pool,
        model=spec.model,
        protocol=spec.protocol,
        secure=spec.secure,
        sbd=spec.sbd,
        group=spec.group or callers[:GROUP_MAX],
        tftp=spec.tftp or callers[:2],
        in_call_share=spec.in_call_share,
    )


def pools_of(scenario: Scenario) -> tuple[Pool, ...]:
    """Device pools by the order of the scenario."""
    lines = [line_of(spec, scenario) for spec in scenario.phones]
    return tuple({line.pool: Pool(line.pool, line.group) for line in reversed(lines)}.values())[::-1]


def populate(scenario: Scenario, *, seed: int) -> list[Newcomer]:
    """All phones, the same for the same scenario and seed."""
    draw = random.Random(f"phones {seed}")  # noqa: S311 - a repeatable population
    newcomers: list[Newcomer] = []
    configs: dict[Config, Config] = {}
    for spec in scenario.phones:
        line = line_of(spec, scenario)
        page, absent, mismatched, slow = (
            _drawn(share, spec.count, draw)
            for share in (spec.page_share, spec.absent_share, spec.mismatched_share, spec.slow_share)
        )
        for place in range(spec.count):
            record = Config(group=line.group, secure=line.secure, page=place in page)
            number = len(newcomers) + 1
            device = Device(
                name=f"SEP0077AA{number:06X}",
                address=f"127.{80 + (number >> 16)}.{number >> 8 & 255}.{number & 255}",
                line=line,
                record=configs.setdefault(record, record),
                memory=Memory(),
                powered=place not in absent,
                slow=place in slow,
                real=place < spec.real,
            )
            newcomers.append(Newcomer(device=device, mismatched=place in mismatched))
    return newcomers


def _drawn(share: float, count: int, draw: random.Random) -> frozenset[int]:
    """Places of a share of `count`. A share of a small table is met on average: 0.002 of 100 is mostly nobody."""
    exact = share * count
    size = math.floor(exact) + (draw.random() < exact - math.floor(exact))
    return frozenset(draw.sample(range(count), size))
