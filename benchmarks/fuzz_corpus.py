"""What the fuzzer starts from, real files of every kind that is read, and how it bends them."""

import base64
import io
import random
import zipfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7, pkcs12
from cryptography.x509.oid import NameOID

from factory.certificates import TOMCAT_EKU, authority, request, sign, two_tier
from factory.keys import key_for
from ucmcert.model.certificate import pem
from unit.ucmcert.trust_list.list_writer import CALL_MANAGER, Style, itl, signed

INTERESTING = (0, 1, 0x02, 0x04, 0x06, 0x13, 0x16, 0x1F, 0x30, 0x31, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xA0, 0xA3, 0xFF)
WORDS = (
    b"-----BEGIN ",
    b"-----END ",
    b"-----",
    b"CERTIFICATE",
    b"PRIVATE KEY-----",
    b"\r\n",
    b"\0",
    b"PK\x03\x04",
    b"<html>",
)


def corpus() -> tuple[bytes, ...]:
    """Every seed, smallest first."""
    rsa, ec = two_tier("Fuzz RSA"), two_tier("Fuzz EC", key="ec")
    phone_file = Style(version=b"\x01\0", filename="SEP001122334455.cnf.xml.sgn")
    seeds: list[bytes] = [itl(), signed(CALL_MANAGER, b"<device/>", phone_file)]
    for ca, kind in ((rsa, "rsa"), (ec, "ec")):
        asked = request(f"node-{kind}.lab.example", key=kind)  # type: ignore[arg-type]
        capf = request("CAPF-0a1b2c3d", key=kind, key_usage=("digital_signature", "key_cert_sign"))  # type: ignore[arg-type]
        leaf = sign(asked, ca.intermediate)
        many = request("many.lab.example", tuple(f"dns:n{at}.lab.example" for at in range(200)), key=kind)  # type: ignore[arg-type]
        everything = (leaf, *ca.chain, sign(capf, ca.intermediate, ca=True), sign(many, ca.intermediate))
        loaded = [x509.load_der_x509_certificate(one.der) for one in everything]
        pems = "".join(one.pem for one in everything).encode()
        seeds += [one.der for one in everything] + [asked.der, capf.der, many.der, leaf.pem.encode(), pems]
        seeds += [asked.request.pem.encode(), asked.request.pem.encode() + pems, base64.encodebytes(leaf.der)]
        seeds += [pkcs7.serialize_certificates(loaded, encoding) for encoding in (Encoding.DER, Encoding.PEM)]
        seeds += [leaf.pem.encode("utf-16"), b"\xef\xbb\xbf" + leaf.pem.replace("\n", "\r\n").encode()]
        seeds += [
            _zip(asked.der, leaf.der, pems, compression=way) for way in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ]
        seeds += [authority(f"Path {kind}", key=kind, path_length=0).certificate.der]  # type: ignore[arg-type]
    key = key_for("fuzz", "ec")
    seeds += [key.private_bytes(one, PrivateFormat.PKCS8, NoEncryption()) for one in (Encoding.PEM, Encoding.DER)]
    seeds += [
        pkcs12.serialize_key_and_certificates(b"x", key, None, None, NoEncryption()),
        _edwards(),
        b"<html>no</html>",
    ]
    return tuple(sorted(seeds, key=len))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with one thing changed."""
    bent = bytearray(data)
    at = chance.randrange(len(bent) + 1)
    size = chance.choice((1, 1, 2, 4, 16, 200))
    match chance.randrange(8):
        case 0:
            del bent[at : at + size]
        case 1:
            bent[at:at] = bent[at : at + size]
        case 2:
            bent[at:at] = chance.randbytes(size)
        case 3:
            del bent[at:]
        case 4:
            bent[at:at] = chance.choice(WORDS)
        case 5 if bent:
            bent[at % len(bent)] ^= 1 << chance.randrange(8)
        case _ if bent:
            bent[at % len(bent)] = chance.choice(INTERESTING)
    return bytes(bent)


def joined(one: bytes, other: bytes, chance: random.Random) -> bytes:
    """The begin of one file and the end of another."""
    return one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :]


def armoured_among(der: bytes, seeds: tuple[bytes, ...], chance: random.Random) -> bytes:
    """`der` as PEM, as a certificate or a CSR, before the PEM files of the corpus that hold whole ones."""
    label = chance.choice(("CERTIFICATE", "CERTIFICATE", "CERTIFICATE REQUEST", "PKCS7"))
    texts = [one for one in seeds if one.startswith(b"-----BEGIN CERTIFICATE")]
    return pem(label, der).encode() + chance.choice(texts)


def _zip(*contents: bytes, compression: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"folder/{number}.cer", content)
    return out.getvalue()


def _edwards() -> bytes:
    """A CSR with a key that CUCM does not know."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(hashes.SHA256.name.ljust(32).encode())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ed.lab.example")])
    usages = x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in TOMCAT_EKU])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name).add_extension(usages, critical=False)
    return builder.sign(key, None).public_bytes(Encoding.DER)
