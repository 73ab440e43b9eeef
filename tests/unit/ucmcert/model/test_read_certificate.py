"""Promise: a certificate is read as it is, and hostile bytes are refused with one plain kind of error."""

import base64
import contextlib
import hashlib
import ssl

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.certificates import (
    CLIENT_AUTH,
    DAY,
    NOW,
    SERVER_AUTH,
    authority,
    request,
    self_signed,
    sign,
    two_tier,
)
from ucmcert.model.certificate import (
    Certificate,
    CertificateRequest,
    read_certificate,
    read_certificates_pem,
    read_request,
)

CA = two_tier()
NAME = "cucm-pub.lab.example"
ASKED = request(NAME, (f"dns:{NAME}", "dns:lab.example", "ip:192.0.2.7"))
LEAF = sign(ASKED, CA.intermediate)
CSR_PEM = ASKED.request.pem.encode()


def test_facts_are_those_of_the_bytes() -> None:
    assert (NAME, "Example Issuing CA", NOW - DAY, NOW + 397 * DAY, "RSA 2048", "sha256", False) == (
        LEAF.common_name,
        next(part[3:] for part in LEAF.issuer.split(",") if part.startswith("CN=")),
        LEAF.not_before,
        LEAF.not_after,
        LEAF.key,
        LEAF.signature_hash,
        LEAF.is_ca,
    )
    assert (f"dns:{NAME}", "dns:lab.example", "ip:192.0.2.7") == LEAF.sans
    assert {"digital_signature", "data_encipherment"} == set(LEAF.key_usage)
    assert (SERVER_AUTH, CLIENT_AUTH) == LEAF.extended_key_usage
    assert ASKED.request.spki_sha256 == LEAF.spki_sha256


def test_the_fingerprint_is_that_of_the_der_alone() -> None:
    assert hashlib.sha256(LEAF.der).hexdigest() == LEAF.sha256


def test_roots_issue_themselves_and_leaves_do_not() -> None:
    assert CA.root.certificate.self_issued
    assert CA.root.certificate.is_ca
    assert not LEAF.self_issued
    assert "EC secp256r1" == self_signed(NAME).key


def test_a_certificate_without_extensions_has_none() -> None:
    bare = authority("Bare", ca=False).certificate
    assert ((), ()) == (bare.sans, bare.extended_key_usage)
    assert not bare.is_ca


def test_pem_goes_round_and_python_agrees() -> None:
    assert (LEAF,) == read_certificates_pem(LEAF.pem.encode())
    assert ssl.PEM_cert_to_DER_cert(LEAF.pem) == LEAF.der
    assert 64 == max(len(line) for line in LEAF.pem.splitlines()[1:-1])
    assert ASKED.request == read_request(ASKED.request.pem.encode()) == read_request(ASKED.request.der)


@pytest.mark.parametrize("header", ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "CERTIFICATE SIGN REQUEST"])
def test_the_three_headers_of_a_request_are_known(header: str) -> None:
    text = ASKED.request.pem.replace("CERTIFICATE REQUEST", header)
    assert ASKED.request == read_request(text.encode())


def test_line_ends_and_stray_text_around_armour_do_not_matter() -> None:
    text = f"subject=/CN=x\r\n{LEAF.pem}garbage -- here\n{CA.root.certificate.pem}".replace("\n", "\r\n")
    assert (LEAF, CA.root.certificate) == read_certificates_pem(text.encode())


def test_text_without_a_certificate_holds_none() -> None:
    assert () == read_certificates_pem(b"nothing to see here")
    assert () == read_certificates_pem(CSR_PEM)


def test_one_bad_block_among_good_ones_is_not_passed_over() -> None:
    bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(ValueError, match="not a readable"):
        read_certificates_pem((LEAF.pem + bad).encode())


def test_a_request_whose_signature_does_not_verify_is_refused() -> None:
    broken = bytearray(ASKED.request.der)
    broken[-1] ^= 1
    with pytest.raises(ValueError, match="not a readable certificate request"):
        read_request(bytes(broken))


@pytest.mark.parametrize("hostile", [b"", b"0", b"0\x82\xff\xff", b"\x30\x80" * 5000, CSR_PEM, b"\x00" * 100_000])
def test_what_is_no_certificate_is_a_plain_value_error(hostile: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a readable X\.509 certificate"):
        read_certificate(hostile)


@given(st.binary(max_size=400))
def test_no_bytes_get_out_of_the_readers_but_as_value_errors(hostile: bytes) -> None:
    for read in (read_certificate, read_certificates_pem, read_request):
        try:
            read(hostile)
        except ValueError:
            continue


@given(st.integers(0, len(LEAF.der) - 1), st.integers(1, 255), st.integers(0, 3))
def test_a_flipped_byte_is_refused_or_read_as_another_certificate(at: int, mask: int, cut: int) -> None:
    broken = bytearray(LEAF.der)
    broken[at] ^= mask
    try:
        read = read_certificate(bytes(broken[: len(broken) - cut]))
    except ValueError:
        return
    assert isinstance(read, Certificate)
    assert LEAF.sha256 != read.sha256


@example(at=503, mask=1)
@given(at=st.integers(0, len(ASKED.request.der) - 1), mask=st.integers(1, 255))
def test_no_flipped_byte_makes_a_request_say_something_else(at: int, mask: int) -> None:
    """Its own signature stands for every fact; only the unused bits after the signature may differ."""
    broken = bytearray(ASKED.request.der)
    broken[at] ^= mask
    try:
        read = read_request(bytes(broken))
    except ValueError:
        return
    assert ASKED.request == msgspec.structs.replace(read, der=ASKED.request.der)


@given(st.binary(max_size=120), st.binary(max_size=120))
def test_armour_around_anything_is_a_value_error_or_nothing(inside: bytes, around: bytes) -> None:
    text = around + b"-----BEGIN CERTIFICATE-----\n" + inside + b"\n-----END CERTIFICATE-----" + around
    armoured = b"-----BEGIN CERTIFICATE REQUEST-----\n" + base64.b64encode(inside) + b"\n-----END"
    found: tuple[Certificate, ...] = ()
    with contextlib.suppress(ValueError):
        found = read_certificates_pem(text)
    assert () == found
    with pytest.raises(ValueError, match="not a readable certificate request"):
        read_request(armoured)


@given(st.lists(st.sampled_from([LEAF, CA.root.certificate, CA.intermediate.certificate]), max_size=5), st.text())
def test_every_block_is_found_in_its_order_whatever_stands_between(chain: list[Certificate], between: str) -> None:
    text = "".join(f"{one.pem}{between.replace('-', '_')}\n" for one in chain)
    assert tuple(chain) == read_certificates_pem(text.encode("utf-8", "surrogatepass"))


def test_the_facts_of_a_request_are_those_of_the_bytes() -> None:
    asked: CertificateRequest = ASKED.request
    assert (NAME, (f"dns:{NAME}", "dns:lab.example", "ip:192.0.2.7"), (SERVER_AUTH, CLIENT_AUTH)) == (
        asked.common_name,
        asked.sans,
        asked.extended_key_usage,
    )
