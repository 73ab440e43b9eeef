"""Promise: a chain is put in order by names and signatures, whatever came, or the missing issuer is named."""

import pytest

from factory.certificates import authority, request, self_signed, sign, two_tier
from ucmcert.lint.chain import is_root, issued_by, order_chain

CA = two_tier()
LEAF = sign(request("a.example"), CA.intermediate)


def test_a_shuffled_bag_is_ordered_and_strangers_are_left_out() -> None:
    bag = (CA.root.certificate, authority("Stranger").certificate, LEAF, CA.intermediate.certificate)
    assert order_chain(LEAF, bag) == CA.chain


def test_a_leaf_signed_by_the_root_has_a_chain_of_one() -> None:
    assert order_chain(sign(request("a.example"), CA.root), CA.chain) == (CA.root.certificate,)


def test_a_self_signed_leaf_needs_nobody() -> None:
    assert order_chain(self_signed("a.example"), ()) == ()


@pytest.mark.parametrize(
    ("bag", "missing"),
    [
        ((), "Example Issuing CA"),
        ((CA.root.certificate,), "Example Issuing CA"),
        ((CA.intermediate.certificate,), "Example Root CA"),
    ],
)
def test_the_missing_issuer_is_named(bag: tuple, missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        order_chain(LEAF, bag)


def test_a_cross_signed_intermediate_takes_the_way_that_ends_in_a_root() -> None:
    other = authority("Other Root CA")
    cross = authority("Example Issuing CA", by=other)
    bag = (cross.certificate, CA.intermediate.certificate, CA.root.certificate)
    assert order_chain(LEAF, bag) == CA.chain
    assert order_chain(LEAF, (cross.certificate, other.certificate)) == (cross.certificate, other.certificate)


def test_a_loop_of_cross_signatures_ends() -> None:
    one = authority("One")
    two = authority("Two", by=one)
    loop = authority("One", by=two)
    leaf = sign(request("a.example"), two)
    with pytest.raises(ValueError, match="is missing"):
        order_chain(leaf, (two.certificate, loop.certificate))


def test_a_name_alone_makes_no_issuer() -> None:
    twin = authority("Example Root CA", key="ec", key_label="twin").certificate
    assert not issued_by(CA.intermediate.certificate, twin)
    assert is_root(twin)
    assert not is_root(CA.intermediate.certificate)
