"""E10, keys and signatures CUCM does not take. The node's own key is refused at the CSR already, so CAs bring these."""

from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from factory.certificates import DAY, NOW, two_tier
from factory.odd_certificates import plain_name
from simulation.upload_catalogue.answers import CA, right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Case, Identity, Prepare, Trusted, cluster
from simulation.upload_catalogue.signing import signed, signed_again
from ucmcert.model.certificate import Certificate, read_certificate

HERE = cluster()
WEAK = ("UCM-KEY-002",)
EC_CA = two_tier("Catalogue EC", key="ec")


def below_the_root(key: CertificatePublicKeyTypes) -> Certificate:
    """A CA certificate with that key, signed by the root of the catalogue."""
    root = x509.load_der_x509_certificate(CA.root.certificate.der)
    builder = x509.CertificateBuilder().subject_name(plain_name("Catalogue Odd CA")).issuer_name(root.subject)
    builder = builder.public_key(key).serial_number(7)
    builder = builder.not_valid_before(datetime.fromtimestamp(NOW - DAY, UTC))
    builder = builder.not_valid_after(datetime.fromtimestamp(NOW + 900 * DAY, UTC))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return read_certificate(builder.sign(CA.root.key, hashes.SHA256()).public_bytes(Encoding.DER))


def rsa_of(bits: int) -> rsa.RSAPublicKey:
    """A public key of that length that nobody has the private half of."""
    return rsa.RSAPublicNumbers(e=65537, n=(1 << (bits - 1)) + 1).public_key()


def curve(kind: ec.EllipticCurve) -> CertificatePublicKeyTypes:
    """A key on that curve."""
    return ec.derive_private_key(20_261_125, kind).public_key()


def along(key: CertificatePublicKeyTypes) -> Prepare:
    """The right answer came with one CA certificate more, which goes to the trust store as all of them do."""

    def prepare(bench: Bench) -> Trusted:
        return Trusted(purpose="tomcat", certificate=below_the_root(key), beside=right(bench))

    return prepare


def by_ec(bench: Bench) -> Identity:
    """The CA's own key is an EC one (U-P3)."""
    request = bench.request("tomcat")
    bench.trust("tomcat-trust", *reversed(EC_CA.chain))
    return Identity(purpose="tomcat", request=request, leaf=signed(request, EC_CA.intermediate), chain=EC_CA.chain)


def by_sha1(bench: Bench) -> Identity:
    """The CA signs as it did ten years ago."""
    one = right(bench)
    return msgspec.structs.replace(one, leaf=signed_again(one.leaf, CA.intermediate))


CASES = (
    Case(error="E10", name="CA with RSA 4352", prepare=along(rsa_of(4352)), codes=WEAK, scenario=HERE),
    Case(error="E10", name="CA with RSA 8192", prepare=along(rsa_of(8192)), codes=WEAK, scenario=cluster("15SU2")),
    Case(error="E10", name="CA on secp256k1", prepare=along(curve(ec.SECP256K1())), codes=WEAK, scenario=HERE),
    Case(error="E10", name="CA on P-224", prepare=along(curve(ec.SECP224R1())), codes=WEAK, scenario=HERE),
    Case(
        error="E10",
        name="CA on brainpool, by the command line",
        prepare=along(curve(ec.BrainpoolP256R1())),
        codes=WEAK,
        scenario=cluster("12.5"),
    ),
    Case(
        error="E10",
        name="CA with Ed25519",
        prepare=along(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()),
        codes=WEAK,
        scenario=HERE,
    ),
    Case(
        error="E10",
        name="CA with RSA 1024, FIPS",
        prepare=along(rsa_of(1024)),
        codes=WEAK,
        scenario=cluster(fips=True),
    ),
    Case(
        error="E10",
        name="signed by a CA with an EC key (U-P3)",
        prepare=by_ec,
        codes=("UCM-KEY-005",),
        scenario=HERE,
        left_open=True,
    ),
    Case(
        error="E10",
        name="signed with SHA-1",
        prepare=by_sha1,
        codes=("UCM-KEY-003",),
        scenario=HERE,
    ),
)
