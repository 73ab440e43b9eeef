# Promise: trust stores keep one certificate per name, the later start wins in silence, and changes travel as CUCM's do.
import pytest
from cryptography.x509 import Certificate

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.issuing import CA_USAGE, Draft, Issuer, issue, subject_name
from ucmlab.cluster.certificates.keys import KeySource
from ucmlab.cluster.certificates.records import CsrRequest, to_pem
from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import Refusal
from ucmlab.scenarios.schema import Organisation
from unit.ucmlab.lab_bench import NOW, a_ca, in_lab, scenario, sign, trust


def root(name: str = "Peer CA", *, serial: int = 1, since_days: float = -10.0, ends_days: float = 900.0, o: str = "A"):
    key = KeySource(seed=serial).for_authority(0)
    draft = Draft(
        subject=subject_name(name, Organisation(organisation=o)),
        public_key=key.public_key(),
        serial=serial,
        not_before=NOW + since_days * DAY_S,
        not_after=NOW + ends_days * DAY_S,
        usage=CA_USAGE,
        ca=True,
    )
    return issue(draft, Issuer(key=key))


def after_uploads(*certificates: Certificate, switches: dict[str, str] | None = None) -> list[str]:
    async def upload(cluster: Cluster) -> list[str]:
        store = cluster.publisher.certificates
        for certificate in certificates:
            store.upload_trust("directory-trust", to_pem(certificate).encode())
        return [f"{entry.certificate().serial_number}" for entry in store.trust("directory-trust")]

    return in_lab(upload, scenario("single", switches=switches or {}))


def test_a_later_start_replaces_the_entry_of_that_name() -> None:
    assert after_uploads(root(serial=1), root(serial=2, since_days=-5)) == ["2"]


def test_an_older_start_is_silently_not_stored() -> None:
    assert after_uploads(root(serial=1), root(serial=2, since_days=-50)) == ["1"]


def test_equal_starts_keep_the_first_unless_the_switch_says_replace() -> None:
    rivals = root(serial=1), root(serial=2)
    assert after_uploads(*rivals) == ["1"]
    assert after_uploads(*rivals, switches={"equal_not_before": "replace"}) == ["2"]


def test_the_same_common_name_collides_across_subjects_by_default() -> None:
    rivals = root(serial=1), root(serial=2, since_days=-5, o="B")
    assert after_uploads(*rivals) == ["2"]
    assert after_uploads(*rivals, switches={"trust_collision": "dn"}) == ["1", "2"]


def test_an_expired_certificate_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        after_uploads(root(since_days=-800, ends_days=-1))
    assert refused.value.code == "E5"


def test_the_same_certificate_twice_is_one_entry() -> None:
    assert after_uploads(root(serial=1), root(serial=1)) == ["1"]


def test_file_names_carry_the_serial_from_14su1() -> None:
    async def upload(cluster: Cluster) -> str | None:
        outcome = cluster.publisher.certificates.upload_trust("directory-trust", to_pem(root(serial=0xAB)).encode())
        return outcome.entry.filename if outcome.entry else None

    assert in_lab(upload) == "Peer_CA_ab.pem"
    assert in_lab(upload, scenario("legacy")) == "Peer_CA.pem"


def holders(store: str, *, after_s: float, of=None) -> list[str]:
    async def upload(cluster: Cluster) -> list[str]:
        certificate = root(serial=99)
        cluster.publisher.certificates.upload_trust(store, to_pem(certificate).encode())
        await cluster.clock.sleep(after_s)
        return [
            node.name
            for node in cluster.nodes.values()
            if store in node.certificates.trust_stores()
            and "Peer_CA_63.pem" in [entry.filename for entry in node.certificates.trust(store)]
        ]

    return in_lab(upload, of or scenario("demo"))


def test_tomcat_trust_reaches_subscribers_in_seconds_and_presence_in_minutes() -> None:
    assert holders("tomcat-trust", after_s=0) == ["cucm-pub"]
    assert holders("tomcat-trust", after_s=20) == ["cucm-pub", "cucm-sub1", "cucm-sub2"]
    assert holders("tomcat-trust", after_s=1800) == ["cucm-pub", "cucm-sub1", "cucm-sub2", "imp-pub"]


@pytest.mark.parametrize("store", ["ipsec-trust", "CAPF-trust", "TVS-trust"])
def test_stores_outside_the_notification_stay_where_they_are(store) -> None:
    assert holders(store, after_s=7200) == ["cucm-pub"]


def test_a_node_without_the_notifier_gets_the_certificate_at_the_next_round() -> None:
    async def upload(cluster: Cluster) -> list[bool]:
        subscriber = cluster.nodes["cucm-sub1"]
        subscriber.service("Cisco Certificate Change Notification").begin("stop")
        await cluster.clock.sleep(30)
        cluster.publisher.certificates.upload_trust("tomcat-trust", to_pem(root(serial=99)).encode())
        seen = []
        for seconds, action in ((60, "start"), (60, None), (1800, None)):
            await cluster.clock.sleep(seconds)
            if action:
                subscriber.service("Cisco Certificate Change Notification").begin(action)
            names = [entry.filename for entry in subscriber.certificates.trust("tomcat-trust")]
            seen.append("Peer_CA_63.pem" in names)
        return seen

    assert in_lab(upload, scenario("pair")) == [False, False, True]


def test_deleting_removes_one_entry_on_one_node() -> None:
    async def delete(cluster: Cluster) -> tuple[bool, bool]:
        first, second = cluster.nodes.values()
        name = next(e.filename for e in first.certificates.trust("tomcat-trust") if "Root" in e.filename)
        first.certificates.delete_trust("tomcat-trust", name)
        await cluster.clock.sleep(4000)
        kept = [name in [e.filename for e in node.certificates.trust("tomcat-trust")] for node in (first, second)]
        return kept[0], kept[1]

    assert in_lab(delete, scenario("pair")) == (False, True)
    everywhere = scenario("pair", switches={"trust_delete_scope": "cluster"})
    assert in_lab(delete, everywhere) == (False, False)


def test_one_multi_server_upload_reaches_every_node_with_its_key() -> None:
    async def upload(cluster: Cluster) -> tuple[set[str], int]:
        ca, node = a_ca(), cluster.publisher
        csr = node.certificates.generate_csr("tomcat", CsrRequest(distribution="multi-server"))
        await cluster.clock.sleep(10)
        pending = sum(1 for other in cluster.nodes.values() if other.certificates.csr("tomcat") == csr)
        trust(node, ca)
        node.certificates.upload_identity("tomcat", [sign(csr, ca)])
        await cluster.clock.sleep(10)
        stored = {other.certificates.identity("tomcat").sha256 for other in cluster.nodes.values()}
        assert not any(other.certificates.csrs() for other in cluster.nodes.values())
        return stored, pending

    stored, pending = in_lab(upload, scenario("demo"))
    assert (len(stored), pending) == (1, 4)
    never, _ = in_lab_expecting_leftovers(upload)
    assert len(never) == 4


def in_lab_expecting_leftovers(upload):
    return in_lab(upload, scenario("demo", switches={"multi_server_spread": "never"}))
