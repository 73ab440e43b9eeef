# Promise: the decision tables of phones.md come out of the lab's own servers, at 14SU3 and at 11.5.
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.cluster.phones.trust import TrustState
from unit.ucmlab.cluster.phones import phones_model as model
from unit.ucmlab.cluster.phones.real_cluster import CALLMANAGER, TFTP, TVS, VERSIONS, RealPhone, pair
from unit.ucmlab.cluster.phones.tables import CASES, F10, F12, OK, ROWS, SOFT, TRUSTED
from unit.ucmlab.lab_bench import in_lab

SERVICES = {"tftp": TFTP, "tvs": TVS, "cm": CALLMANAGER}


async def do(phone: RealPhone, renewed: int, acts: str) -> None:
    """Renew, then do what is to be done, in this order."""
    for name, one in model.BIT.items():
        if renewed & one:
            phone.renew(name)
    for act in acts.split():
        if act == "reset":
            phone.boot()
        elif act == "ctl":
            if phone.cluster.security_mode:
                phone.cluster.trust_lists.update_ctl()
        else:
            await phone.restart(SERVICES[act])


@pytest.mark.parametrize(("fam", "mixed", "renewed", "expected"), [case for case in CASES if case[0] in (F10, F12)])
def test_everything_renewed_in_one_window(fam: str, mixed: bool, renewed: int, expected: TrustState) -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster, secure=mixed)
        await do(phone, renewed, "ctl tvs tftp cm")
        found = phone.state()
        assert expected == (OK if found is TrustState.STALE_BLIND and renewed & model.TVSA else found)
        assert ("ok" if expected is OK else "failed") == phone.boot().lists

    in_lab(test, pair(VERSIONS[fam], mixed=mixed))


@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
@pytest.mark.parametrize("fam", [F10, F12])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_one_type_renewed_and_steps_missing(fam: str, mixed: bool, row: tuple[str, str, TrustState, bool]) -> None:
    kind, acts, state, registers = row

    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster, secure=mixed)
        await do(phone, sum(one for name, one in model.BIT.items() if model.TYPE[name] == kind), acts)
        assert (state, registers or not mixed) == (phone.state(), phone.registers())

    in_lab(test, pair(VERSIONS[fam], mixed=mixed, tvs_knowledge="live"))


@pytest.mark.parametrize("purpose", ["CAPF", "tomcat"])
@pytest.mark.parametrize("mixed", [False, True], ids=["non-secure", "mixed"])
@pytest.mark.parametrize("fam", [F10, F12])
def test_capf_and_tomcat_leave_a_phone_trusted(fam: str, mixed: bool, purpose: str) -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster, secure=mixed)
        cluster.publisher.certificates.regenerate(purpose)
        await do(phone, 0, "ctl tvs tftp reset")
        assert TRUSTED is phone.state()
        assert phone.registers()

    in_lab(test, pair(VERSIONS[fam], mixed=mixed))


@pytest.mark.parametrize(("fam", "expected"), [(F10, SOFT), (F12, TRUSTED)])
def test_tvs_then_callmanager_without_a_reset_between(fam: str, expected: TrustState) -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        await do(phone, model.TVSA | model.TVSB, "tftp tvs")
        await do(phone, model.CMA | model.CMB, "tvs tftp cm reset")
        assert expected is phone.state()

    in_lab(test, pair(VERSIONS[fam], mixed=False))


def test_a_tvs_that_has_not_been_restarted_does_not_know_the_new_signer() -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        await do(phone, model.CMA, "tftp")
        assert TrustState.FAILING is phone.state()
        assert "failed" == phone.boot().lists
        await do(phone, 0, "tvs reset")
        assert TRUSTED is phone.state()

    in_lab(test, pair(VERSIONS[F10], mixed=False))


@pytest.mark.parametrize("fam", [F10, F12])
def test_localkey_brings_a_soft_locked_phone_back(fam: str) -> None:
    renewed = model.TVSA | model.TVSB | (model.CMA | model.CMB if fam == F10 else model.ITLR)

    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        await do(phone, renewed, "tvs tftp cm reset")
        assert SOFT is phone.state()
        cluster.trust_lists.reset_itl_localkey()
        assert "ok" == phone.boot().lists
        await do(phone, 0, "tftp reset")
        assert TRUSTED is phone.state()

    in_lab(test, pair(VERSIONS[fam], mixed=False))


def test_old_identities_put_back_free_a_hard_locked_phone() -> None:
    async def test(cluster: Cluster) -> None:
        phone = RealPhone(cluster)
        nodes = list(cluster.nodes.values())
        before = [node.certificates.identities() for node in nodes]
        await do(phone, sum(model.BIT.values()), "tvs tftp cm reset")
        assert TrustState.HARD_LOCKED is phone.state()
        for node, identities in zip(nodes, before, strict=True):
            for stored in identities:
                node.certificates.install_identity(stored)
            node.changed()
        await do(phone, 0, "tvs tftp cm reset")
        assert TRUSTED is phone.state()

    in_lab(test, pair(VERSIONS[F12], mixed=False))
