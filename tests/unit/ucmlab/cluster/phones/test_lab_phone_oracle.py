# Promise: a phone of the lab takes, refuses and locks exactly as the abstract model of phones.md says, step by step.
import random
from functools import cache

import pytest

from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.cluster.phones.abstract_cluster import AbstractPhone, ctl, itl

WALKS, STEPS = 100, 40


@cache
def generations_of(fam: str) -> dict[bytes, int]:
    """Which generations a list of this family speaks of, by its bytes."""
    return {file(g, k, fam).data: g for file in (itl, ctl) for g in range(32) for k in ("CM", "ITLR")}


def judge(phone: AbstractPhone, s: model.St, path: list[str]) -> None:
    known, memory = generations_of(phone.fam), phone.memory
    assert s.itl == (None if memory.itl is None else known[memory.itl.data]), path
    assert s.ctl == (None if memory.ctl is None else known[memory.ctl.data]), path


@pytest.mark.parametrize("strict_ctl", [False, True], ids=["tvs-for-ctl", "strict-ctl"])
@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
@pytest.mark.parametrize("fam", list(model.FAM))
def test_random_walks_agree_with_the_model_at_every_step(fam: str, mixed: bool, strict_ctl: bool) -> None:
    locks = set()
    for seed in range(WALKS):
        draw = random.Random(f"{fam} {mixed} {strict_ctl} {seed}")
        s, phone, path = model.first(fam, mixed=mixed), AbstractPhone(fam, mixed=mixed, strict_ctl=strict_ctl), []
        for _ in range(STEPS):
            act, after = draw.choice(list(model.successors(s, fam, mixed, strict_ctl)))
            path.append(act)
            if act == "phone reboot":
                assert model.boot(s, fam, mixed, strict_ctl)[1:] == phone.boot(s), path
            s = after
            judge(phone, s, path)
            locks.add(model.locked(s, fam, mixed, strict_ctl))
            assert model.locked(s, fam, mixed, strict_ctl) == phone.locked(s), path
            if mixed:
                assert model.secure_registration(s) == phone.registers(s), path
    assert {0, 2} <= locks, "the walks must reach what they are to compare"
