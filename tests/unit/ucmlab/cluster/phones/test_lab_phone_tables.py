# Promise: the decision tables of phones.md 2.1 and 2.2 come out of the lab's phones, row by row.
import pytest

from ucmlab.cluster.phones.trust import TrustState, trust_state
from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.cluster.phones.abstract_cluster import AbstractPhone
from unit.ucmlab.cluster.phones.tables import CASES, CM, F8, F10, F12, HARD, OK, ROWS, SOFT, TRUSTED, TVS, WINDOW

STEPS = {"tftp": "restart TFTP", "tvs": "restart TVS@A,restart TVS@B", "cm": "restart CM", "ctl": "ctl update"}


def state_of(phone: AbstractPhone, s: model.St) -> TrustState:
    return trust_state(phone.phone(), phone.rules, phone.outlook(s))


@pytest.mark.parametrize(("fam", "mixed", "renewed", "expected"), CASES)
def test_everything_renewed_in_one_window(fam: str, mixed: bool, renewed: int, expected: TrustState) -> None:
    phone = AbstractPhone(fam, mixed=mixed, strict_ctl=fam == F12)
    s = model.settle(model.first(fam, mixed=mixed)._replace(g=renewed), fam)
    found = state_of(phone, s)
    assert expected == (OK if found is TrustState.STALE_BLIND and renewed & TVS else found)
    assert ("ok" if expected is OK else "fail") == phone.boot(s)[0]
    assert (expected is OK) == (state_of(phone, s) is TrustState.TRUSTED)


@pytest.mark.parametrize("renewed", [row[0] for row in WINDOW])
def test_with_tvs_for_the_ctl_mixed_mode_locks_as_non_secure_does(renewed: int) -> None:
    locks = []
    for mixed in (False, True):
        phone = AbstractPhone(F12, mixed=mixed, strict_ctl=False)
        locks.append(phone.locked(model.first(F12, mixed=mixed)._replace(g=renewed)))
    assert locks[0] == locks[1]


def test_a_strict_reading_would_lock_tokenless_ctls_of_f10_by_callmanager_alone() -> None:
    s = model.settle(model.first(F10, mixed=True)._replace(g=CM), F10)
    assert 1 == AbstractPhone(F10, mixed=True, strict_ctl=True).locked(s)
    assert 0 == AbstractPhone(F10, mixed=True, strict_ctl=False).locked(s)


def do(phone: AbstractPhone, s: model.St, kind: str, acts: str) -> model.St:
    """Renew one type and do what is to be done, in this order."""
    s = s._replace(g=s.g | (CM if kind == "CM" else TVS))
    for act in acts.split():
        if act == "reset":
            phone.boot(s)
            continue
        for step in STEPS[act].split(","):
            s = dict(model.successors(s, phone.fam, phone.mixed)).get(step, s)
    return s


@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
@pytest.mark.parametrize("fam", [F10, F12])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_one_type_renewed_and_steps_missing(fam: str, mixed: bool, row: tuple[str, str, TrustState, bool]) -> None:
    kind, acts, state, registers = row
    phone = AbstractPhone(fam, mixed=mixed, strict_ctl=fam == F12, tvs_vouches_tls=False)
    s = do(phone, model.first(fam, mixed=mixed), kind, acts)
    assert (state, registers or not mixed) == (state_of(phone, s), phone.registers(s))


@pytest.mark.parametrize(("fam", "expected"), [(F8, HARD), (F10, SOFT), (F12, TRUSTED)])
def test_tvs_then_callmanager_without_a_reset_between(fam: str, expected: TrustState) -> None:
    phone = AbstractPhone(fam, mixed=False, strict_ctl=False)
    s = do(phone, model.first(fam, mixed=False), "TVS", "tftp tvs cm")
    s = do(phone, s, "CM", "tftp tvs cm reset")
    assert expected == state_of(phone, s)
