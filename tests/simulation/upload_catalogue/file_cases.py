"""E7, the file is not what CUCM can read; and files that only look so, of which ucmcert makes what it can."""

from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7

from factory.keys import key_for
from simulation.upload_catalogue.answers import right
from simulation.upload_catalogue.bench import Bench
from simulation.upload_catalogue.case import Case, File, Identity, Prepare, cluster

HERE = cluster()
PEM = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


def made_of(content: Callable[[Identity], bytes]) -> Prepare:
    """The right answer in a file of this make."""

    def prepare(bench: Bench) -> File:
        one = right(bench)
        return File(purpose=one.purpose, content=content(one), request=one.request, beside=one.chain)

    return prepare


def csr(one: Identity) -> bytes:
    """The CSR itself."""
    return x509.load_der_x509_csr(one.request.der).public_bytes(Encoding.PEM)


def private_key(_: Identity) -> bytes:
    """A private key."""
    return key_for("a key in a file", "ec").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def cut_off(one: Identity) -> bytes:
    """A download that broke off."""
    return one.leaf.pem.encode()[:-200]


def bundle(one: Identity) -> bytes:
    """PKCS#7 with the chain, as Windows CAs give it."""
    return pkcs7.serialize_certificates(
        [x509.load_der_x509_certificate(each.der) for each in (one.leaf, *one.chain)], Encoding.PEM
    )


def der(one: Identity) -> bytes:
    """DER, as another button of the same CA gives it."""
    return one.leaf.der


def with_words(one: Identity) -> bytes:
    """Text around the armour, as openssl writes it."""
    return b"Certificate:\n    Data:\n        Version: 3\n" + one.leaf.pem.encode() + b"Best regards, your PKI team\n"


def windows(one: Identity) -> bytes:
    """Line ends of Windows."""
    return one.leaf.pem.replace("\n", "\r\n").encode()


CASES = (
    *(
        Case(error="E7", name=name, prepare=made_of(content), codes=codes, scenario=scenario)
        for name, content, codes, scenario in (
            ("a CSR", csr, ("UCM-FILE-006",), HERE),
            ("a private key", private_key, ("UCM-FILE-003",), HERE),
            ("cut off", cut_off, ("UCM-FILE-007",), HERE),
            (
                "a web page",
                lambda _: b"<!DOCTYPE html><html><body>Session expired</body></html>",
                ("UCM-FILE-004",),
                HERE,
            ),
            ("blanks", lambda _: b" \n\n ", ("UCM-FILE-001",), HERE),
            ("words", lambda _: b"Your request has been received and will be processed.", ("UCM-FILE-005",), HERE),
            ("armour around nothing", lambda _: PEM.format("QUJDREVGR0g=").encode(), ("UCM-FILE-007",), HERE),
            ("a CSR, 15SU2", csr, ("UCM-FILE-006",), cluster("15SU2")),
        )
    ),
    *(
        Case(error="accepted", name=name, prepare=made_of(content), scenario=HERE)
        for name, content in (
            ("file: PKCS#7 with the chain", bundle),
            ("file: DER", der),
            ("file: words around the armour", with_words),
            ("file: line ends of Windows", windows),
        )
    ),
)
