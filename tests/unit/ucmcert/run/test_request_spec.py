"""Promise: a new CSR asks for the purpose's own name and a key no weaker than today's and no weaker than 2048 bits."""

import msgspec
import pytest

from factory.clusters import cluster
from ucmcert.model.cluster import Holding, Identity, NodeFacts
from ucmcert.run.limits import Limits
from ucmcert.run.request_spec import request_spec

FACTS = cluster().publisher


def with_key(key: str) -> NodeFacts:
    held = FACTS.holding.identity("tomcat")
    assert held is not None
    identity = Identity(purpose="tomcat", certificate=msgspec.structs.replace(held, key=key))
    return msgspec.structs.replace(FACTS, holding=Holding(identities=(identity,), requests=(), trust=()))


@pytest.mark.parametrize(
    ("key", "bits"),
    [
        ("RSA 1024", 2048),
        ("RSA 2048", 2048),
        ("RSA 3072", 3072),
        ("RSA 4096", 4096),
        ("EC secp384r1", 2048),
        ("Ed25519PublicKey", 2048),
    ],
)
def test_the_length_of_today_is_kept_unless_it_is_too_short(key: str, bits: int) -> None:
    spec = request_spec(with_key(key), "tomcat")
    assert ("cucm-pub.lab.example", "rsa", bits, "sha256") == (
        spec.common_name,
        spec.key_type,
        spec.key_length,
        spec.hash_algorithm,
    )


def test_without_a_present_certificate_the_default_is_asked_for() -> None:
    bare = msgspec.structs.replace(FACTS, holding=Holding(identities=(), requests=(), trust=()))
    assert 2048 == request_spec(bare, "tomcat").key_length


def test_a_service_gets_the_time_that_restarts_are_seen_to_take() -> None:
    """interfaces-cli.md 3.3: 600 s are seen; the settling time must end before the patience does."""
    limits = Limits()
    assert limits.restart_s >= 600
    assert limits.poll_first_s < limits.poll_last_s < limits.settle_s < limits.patience_s
    assert limits.attempts > 1


@pytest.mark.parametrize(
    ("key", "bits", "hash_algorithm"),
    [
        ("EC secp256r1", 256, "sha256"),
        ("EC secp521r1", 521, "sha512"),
        ("RSA 2048", 384, "sha384"),
        ("", 384, "sha384"),
    ],
)
def test_an_ec_twin_keeps_its_curve_and_gets_a_hash_as_strong(key: str, bits: int, hash_algorithm: str) -> None:
    held = FACTS.holding.identity("tomcat")
    assert held is not None
    twin = Identity(purpose="tomcat-ECDSA", certificate=msgspec.structs.replace(held, key=key))
    facts = msgspec.structs.replace(FACTS, holding=Holding(identities=(twin,), requests=(), trust=()))
    spec = request_spec(facts, "tomcat-ECDSA")
    assert ("cucm-pub-EC.lab.example", "ec", bits, hash_algorithm) == (
        spec.common_name,
        spec.key_type,
        spec.key_length,
        spec.hash_algorithm,
    )


def test_a_shared_certificate_has_the_shared_name() -> None:
    assert "cucm-pub-ms.lab.example" == request_spec(FACTS, "tomcat", multi_server=True).common_name
    assert "cucm-pub-EC-ms.lab.example" == request_spec(FACTS, "tomcat-ECDSA", multi_server=True).common_name


def test_capf_never_keeps_its_name_and_asks_for_the_same_new_one_again() -> None:
    held = FACTS.holding.identity("tomcat")
    assert held is not None
    names = set()
    for sha256 in ("a" * 64, "b" * 64, "a" * 64):
        old = Identity(purpose="CAPF", certificate=msgspec.structs.replace(held, sha256=sha256))
        facts = msgspec.structs.replace(FACTS, holding=Holding(identities=(old,), requests=(), trust=()))
        names.add(request_spec(facts, "CAPF").common_name)
    assert 2 == len(names)
    assert all(len("CAPF-01234567") == len(name) for name in names)
