# Promise: against the lab's own servers, with real certificates and lists, a phone fares as the abstract model says.
import random

import pytest

from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.cluster.phones.real_cluster import (
    BITS_IN,
    CALLMANAGER,
    HOSTS,
    TFTP,
    TVS,
    VERSIONS,
    RealPhone,
    pair,
)
from unit.ucmlab.lab_bench import in_lab

WALKS, STEPS = 6, 22
LISTS = {"ok": "ok", "failed": "fail", "unreached": "no-tftp"}


def seen(mask: int | None, kind: str) -> int | None:
    return None if mask is None else mask & sum(model.BIT[name] for name in BITS_IN[kind])


async def act(phone: RealPhone, name: str) -> None:
    """Do in the lab what the oracle's act is called."""
    match name.split():
        case ["renew", identity]:
            phone.renew(identity)
        case ["restart", "TFTP"]:
            await phone.restart(TFTP, ["A"])
        case ["restart", "TVS@A"]:
            await phone.restart(TVS, ["A"])
        case ["restart", "TVS@B"]:
            await phone.restart(TVS, ["B"])
        case ["restart", "CM"]:
            await phone.restart(CALLMANAGER)
        case ["ctl", "update"]:
            phone.cluster.trust_lists.update_ctl()
        case ["itl", "localkey"]:
            phone.cluster.trust_lists.reset_itl_localkey()
        case [node, "down/up"]:
            phone.cluster.nodes[HOSTS[node]].down = not phone.cluster.nodes[HOSTS[node]].down


async def walk(cluster: Cluster, fam: str, mixed: bool, seed: int) -> set[int]:
    strict = fam == "12.0+"
    draw = random.Random(f"{fam} {mixed} {seed}")
    s, phone, path, locks = model.first(fam, mixed=mixed), RealPhone(cluster, secure=mixed), [], set()
    for _ in range(STEPS):
        choices = [one for one in model.successors(s, fam, mixed, strict) if not (s.down & 1 and "localkey" in one[0])]
        name, after = draw.choice(choices)
        path.append(name)
        if name == "phone reboot":
            booted = phone.boot()
            _, lists, config = model.boot(s, fam, mixed, strict)
            assert (lists, config) == (LISTS[booted.lists], {"applied": "ok"}.get(booted.config, "kept")), path
        else:
            await act(phone, name)
        s = after
        held = (phone.masks(phone.memory.itl, "itl"), phone.masks(phone.memory.ctl, "ctl"))
        assert (seen(s.itl, "itl"), seen(s.ctl, "ctl")) == held, path
        assert model.locked(s, fam, mixed, strict) == phone.locked(), path
        if mixed:
            assert model.secure_registration(s) == phone.registers(), path
        locks.add(phone.locked())
    return locks


@pytest.mark.parametrize(
    ("fam", "mixed"),
    [("8.0-9.x", False), ("10.0-11.5", False), ("10.0-11.5", True), ("12.0+", False), ("12.0+", True)],
)
def test_random_walks_of_the_real_servers_agree_with_the_model(fam: str, mixed: bool) -> None:
    of = pair(VERSIONS[fam], mixed=mixed, tvs_knowledge="live", tvs_vouches_tls="yes")
    locks = set()
    for seed in range(WALKS):
        locks |= in_lab(lambda cluster, seed=seed: walk(cluster, fam, mixed, seed), of)
    assert {0, 2} <= locks | ({2} if fam == "12.0+" else set()), locks
