"""Promise: a new CSR asks for the node's own name and a key no weaker than today's and no weaker than 2048 bits."""

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
