# Promise: what the cluster has said yes to survives a kill of the lab, and looking at its folder changes nothing.
import json
import stat

import msgspec

from simulation.virtual_loop import run_virtually
from ucmlab.clock import LoopClock
from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.cluster.opening import open_cluster, prepare_state, view_cluster
from ucmlab.cluster.snapshot import snapshot
from ucmlab.cluster.state import has_state
from unit.ucmlab.lab_bench import NOW, a_ca, renewed, scenario


def lab(folder, test, *, of=None):
    """Open the folder's cluster, run `test` and then vanish without a goodbye, as a killed lab does."""

    async def run():
        return await test(open_cluster(folder, of or scenario("pair"), clock=LoopClock(epoch=NOW), seed=5, calm=True))

    return run_virtually(run())


def test_everything_is_there_again_after_a_kill(tmp_path) -> None:
    async def change(cluster):
        new = renewed(cluster.publisher, a_ca())
        csr = cluster.nodes["cucm-sub1"].certificates.generate_csr("ipsec", CsrRequest())
        cluster.disable_sso(cluster.publisher)
        cluster.set_parameter("ClusterSecurityMode", "1")
        return new, csr.public_key_sha256

    async def look(cluster):
        csr = cluster.nodes["cucm-sub1"].certificates.csr("ipsec")
        assert cluster.security_mode == 1
        assert not cluster.sso_enabled(cluster.publisher)
        return cluster.publisher.certificates.identity("tomcat").sha256, csr.public_key_sha256

    assert lab(tmp_path, change) == lab(tmp_path, look)


def test_the_served_certificate_is_still_the_old_one_after_a_kill(tmp_path) -> None:
    async def upload(cluster):
        served = cluster.publisher.served("tomcat")[443].sha256
        renewed(cluster.publisher, a_ca())
        return served

    async def look(cluster):
        return cluster.publisher.served("tomcat")[443].sha256

    assert lab(tmp_path, upload) == lab(tmp_path, look)


def test_a_service_killed_in_mid_restart_comes_up_with_the_new_certificate(tmp_path) -> None:
    async def restart(cluster):
        new = renewed(cluster.publisher, a_ca())
        cluster.publisher.service("Cisco Tomcat").begin("restart")
        await cluster.clock.sleep(1)
        return "STOPPING", new

    async def look(cluster):
        return cluster.publisher.service("Cisco Tomcat").state, cluster.publisher.served("tomcat")[443].sha256

    _, new = lab(tmp_path, restart)
    assert view_cluster(tmp_path, now=NOW).publisher.service("Cisco Tomcat").state == "STOPPING"
    assert lab(tmp_path, look) == ("STARTED", new)


def test_csr_keys_never_repeat_across_starts(tmp_path) -> None:
    async def ask(cluster):
        return cluster.publisher.certificates.generate_csr("tomcat", CsrRequest()).public_key_sha256

    assert len({lab(tmp_path, ask) for _ in range(4)}) == 4


def test_a_trust_upload_on_its_way_arrives_after_the_next_start(tmp_path) -> None:
    async def upload(cluster):
        renewed(cluster.publisher, a_ca())

    async def wait(cluster):
        cluster.start()
        await cluster.clock.sleep(120)
        cluster.close()
        return [entry.filename for entry in cluster.nodes["cucm-sub1"].certificates.trust("tomcat-trust")]

    lab(tmp_path, upload)
    assert any("Root_CA_G2" in name for name in lab(tmp_path, wait))


def test_the_folder_holds_a_ca_and_the_account_files_of_the_ready_file(tmp_path) -> None:
    prepare_state(tmp_path, scenario("single"), seed=5, now=NOW)
    assert has_state(tmp_path)
    assert sorted(path.name for path in (tmp_path / "ca").iterdir()) == [
        "intermediate.key",
        "intermediate.pem",
        "root.pem",
    ]
    for secret in ("ca/intermediate.key", "credentials/os_admin.password", "cluster.json", "nodes/cucm-pub.json"):
        assert stat.S_IMODE((tmp_path / secret).stat().st_mode) == 0o600


def test_the_account_files_open_the_accounts(tmp_path) -> None:
    async def login(cluster):
        password = (tmp_path / "credentials" / "os_admin.password").read_text().strip()
        return [
            cluster.account("platform", "admin", password) is not None,
            cluster.account("application", "admin", password) is not None,
            cluster.account("platform", "admin", password + "x") is not None,
        ]

    assert lab(tmp_path, login) == [True, False, False]


def test_passwords_stand_in_the_account_files_only(tmp_path) -> None:
    prepare_state(tmp_path, scenario("single"), seed=5, now=NOW)
    password = (tmp_path / "credentials" / "app_admin.password").read_text().strip()
    holders = [path.name for path in tmp_path.rglob("*") if path.is_file() and password in path.read_text()]
    assert holders == ["app_admin.password"]


def test_the_ca_of_the_folder_answers_a_csr_of_the_cluster(tmp_path) -> None:
    from ucmlab.cluster.certificates.authority import Authority
    from ucmlab.cluster.certificates.keys import load_key
    from ucmlab.cluster.certificates.records import load_certificate

    async def renew(cluster):
        read = {name: (tmp_path / "ca" / name).read_text() for name in ("root.pem", "intermediate.pem")}
        ca = Authority(
            root=load_certificate(read["root.pem"]),
            issuing=load_certificate(read["intermediate.pem"]),
            issuing_key=load_key((tmp_path / "ca" / "intermediate.key").read_text()),
        )
        return [renewed(node, ca, purpose) for node in cluster.nodes.values() for purpose in ("tomcat", "ipsec")]

    assert len(set(lab(tmp_path, renew, of=scenario("demo")))) == 8


def test_inspect_tells_stored_from_loaded_and_served(tmp_path) -> None:
    async def upload(cluster):
        return renewed(cluster.publisher, a_ca())

    new = lab(tmp_path, upload)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    told = snapshot(view_cluster(tmp_path, now=NOW))
    tomcat = next(row for row in told["nodes"][0]["identities"] if row["purpose"] == "tomcat")
    ipsec = next(row for row in told["nodes"][0]["identities"] if row["purpose"] == "ipsec")
    assert tomcat["stored"] == new
    assert tomcat["loaded"] == tomcat["served"] != new
    assert ipsec["loaded"] == ipsec["stored"] == ipsec["loaded_by"]["Cisco DRF Local"]
    assert ipsec["served"] is None
    assert "PRIVATE" not in json.dumps(told)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*.json")}


def test_the_same_seed_founds_the_same_cluster(tmp_path) -> None:
    for folder in ("one", "two"):
        prepare_state(tmp_path / folder, scenario("demo"), seed=5, now=NOW)
    prepare_state(tmp_path / "other", scenario("demo"), seed=6, now=NOW)
    told = [snapshot(view_cluster(tmp_path / folder, now=NOW)) for folder in ("one", "two", "other")]
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_initial_certificates_are_ca_signed_and_near_their_end(tmp_path) -> None:
    prepare_state(tmp_path, scenario("demo"), seed=5, now=NOW)
    for node in snapshot(view_cluster(tmp_path, now=NOW))["nodes"]:
        days = {row["purpose"]: (row["not_after"] - NOW) / 86400 for row in node["identities"]}
        assert 19.9 < days["tomcat"] <= 20.0
        assert 19.9 < days["ipsec"] <= 20.0
        assert all(left > 365 for purpose, left in days.items() if purpose not in ("tomcat", "ipsec"))
        assert all("Lab Issuing CA G1" in row["issuer"] for row in node["identities"] if row["purpose"] == "tomcat")


def test_every_state_file_is_plain_json(tmp_path) -> None:
    prepare_state(tmp_path, scenario("pair"), seed=5, now=NOW)
    for path in tmp_path.rglob("*.json"):
        assert msgspec.json.decode(path.read_bytes()) is not None
