"""What somebody does by hand to a calm lab, so that a check has something to say. Each is done once."""

from cryptography import x509

from factory.certificates import DAY, authority, self_signed
from simulation.checks.trip import SUB, Deed
from simulation.world import World
from ucmcert.model.certificate import Certificate
from ucmlab.cluster.certificates.records import CsrRequest, StoredCertificate, to_pem

SETTLED_S = 900.0
TFTP, TVS, CTI = "Cisco Tftp", "Cisco Trust Verification Service", "Cisco CTIManager"
TOMCAT, UDS, DRF = "Cisco Tomcat", "Cisco UDS Tomcat", "Cisco DRF Local"
OLD_NAME = "cucm-old.lab.example"


def regenerated(purpose: str, host: str) -> Deed:
    """Somebody renews `purpose` of a node by hand and restarts nothing."""

    async def do(world: World) -> None:
        world.lab.nodes[host].certificates.regenerate(purpose)
        await world.clock.sleep(SETTLED_S)

    return do


def moved(service: str, action: str, *hosts: str, wait_s: float = SETTLED_S) -> Deed:
    """Somebody starts, stops, restarts or deactivates a service on these nodes; `wait_s` later we look."""

    async def do(world: World) -> None:
        for host in hosts:
            world.lab.nodes[host].services[service].begin(action)
        await world.clock.sleep(wait_s)

    return do


def requested(purpose: str, host: str) -> Deed:
    """Somebody makes a CSR on a node and goes home."""

    async def do(world: World) -> None:
        world.lab.nodes[host].certificates.generate_csr(purpose, CsrRequest())

    return do


async def itl_signed_by_the_other_key(world: World) -> None:
    """`utils itl reset localkey`, and nobody restarts Cisco Tftp afterwards."""
    world.lab.trust_lists.reset_itl_localkey()
    await world.clock.sleep(SETTLED_S)


async def ctl_signed_by_the_other_key(world: World) -> None:
    """`utils ctl reset localkey`, and no update afterwards."""
    world.lab.trust_lists.reset_ctl_localkey()
    await world.clock.sleep(SETTLED_S)


async def issuers_deleted(world: World) -> None:
    """Somebody tidies up the ipsec-trust of the subscriber."""
    store = world.lab.nodes[SUB].certificates
    for entry in store.trust("ipsec-trust"):
        store.delete_trust("ipsec-trust", entry.filename)


async def an_authority_expired(world: World) -> None:
    """The tomcat-trust of the subscriber holds a CA that ended a day ago."""
    ended = int(world.clock.now()) - DAY
    old = authority("Old CA", key="ec", not_before=ended - 3650 * DAY, not_after=ended).certificate
    world.lab.nodes[SUB].certificates.put_trust("tomcat-trust", lab_form(old), "uploaded ten years ago")


async def named_otherwise(world: World) -> None:
    """The ipsec certificate of the subscriber is from the days when the node had another name."""
    stored = StoredCertificate(
        purpose="ipsec", certificate_pem=to_pem(lab_form(self_signed(OLD_NAME))), key_pem="", description="Self-signed"
    )
    world.lab.nodes[SUB].certificates.install_identity(stored)


async def sessions_taken(world: World) -> None:
    """Eight people are logged in to the command line of the subscriber."""
    world.lab.nodes[SUB].open_sessions += 8


async def replication_breaks(world: World) -> None:
    """The subscriber is no longer replicated."""
    world.lab.nodes[SUB].replication = 3


async def phones_lose_power(world: World) -> None:
    """Every phone goes dark, and long enough for its node to notice."""
    for name in world.lab.phones.names():
        world.lab.phones.power(name, False)
    await world.clock.sleep(SETTLED_S)


def lab_form(certificate: Certificate) -> x509.Certificate:
    """The same certificate as the lab takes it."""
    return x509.load_der_x509_certificate(certificate.der)
