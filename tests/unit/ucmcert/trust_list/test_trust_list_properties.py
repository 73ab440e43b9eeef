"""Promise: whatever bytes come, the reader answers with a list or a ValueError; and it reads back what was written."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from list_writer import MADE_AT, RECOVERY, Named, Style, header, itl, raw_record, signed, text, tlv

from ucmcert.trust_list import TrustList, Verdict, decode, decode_signed, facts_of, verify, verify_signed

ITL = itl()
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=40)
SERIALS = st.binary(min_size=1, max_size=20).filter(lambda raw: raw[0] != 0)
STRANGE = st.lists(st.tuples(st.integers(100, 255), st.binary(max_size=8)), max_size=3)


@st.composite
def records(draw: st.DrawFn) -> dict[int, bytes]:
    """The elements of a record, some of them left out."""
    parts = {
        2: text(draw(NAMES)), 3: text(draw(NAMES)), 5: text(draw(NAMES)), 6: draw(SERIALS),
        7: draw(st.binary(min_size=1, max_size=90)), 8: draw(st.binary(min_size=1, max_size=40)),
        9: draw(st.binary(min_size=1, max_size=90)), 10: draw(st.binary(min_size=4, max_size=4)),
        11: draw(st.binary(min_size=1, max_size=64)), 12: draw(st.binary(min_size=1, max_size=1)),
    }  # fmt: skip
    kept = draw(st.sets(st.sampled_from(sorted(parts))))
    return {tag: parts[tag] for tag in kept} | {4: draw(st.binary(min_size=2, max_size=2))}


def read(data: bytes) -> tuple[TrustList | None, str]:
    """The list, or why it is none."""
    try:
        return decode(data), ""
    except ValueError as error:
        return None, str(error)


def all_asked(data: bytes) -> None:
    """Everything the room can be asked about bytes; only a ValueError is allowed to come out."""
    facts = facts_of("n", "itl", data, "test")
    assert facts.present
    found, trouble = read(data)
    if found is None:
        assert trouble.startswith("byte ")
        assert not facts.verified
        return
    assert isinstance(verify(found), Verdict)
    assert isinstance(verify_signed(decode_signed(data), found), Verdict)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\x0d" * 400)
@example(b"\x01\0\x02" + b"\x0d" * 60_000)
@example(b"\x01\0\0" * 20_000)
def test_arbitrary_bytes_raise_nothing_but_a_value_error(data: bytes) -> None:
    all_asked(data)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(ITL) - 1), st.integers(0, 255)), min_size=1, max_size=12), st.integers(0, 600)
)
def test_a_list_changed_anywhere_raises_nothing_but_a_value_error(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(ITL)
    for at, value in changes:
        data[at] = value
    all_asked(bytes(data[: len(data) - cut]))


@settings(max_examples=150, deadline=None)
@given(st.lists(records(), max_size=6), st.integers(1, 64))
def test_records_of_anything_are_judged_without_a_crash(bodies: list[dict[int, bytes]], size: int) -> None:
    front = header(Named(name="CN=x", serial=b"\x01", issuer="CN=x"), Style(), b"\x5a" * size)
    all_asked(front + b"".join(raw_record(*one.items()) for one in bodies))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), max_size=8), st.randoms(use_true_random=False), st.sampled_from([1, 2, 3]), STRANGE)
def test_what_was_written_is_read_back(bodies, chance, digest, strange) -> None:
    written = []
    for one in bodies:
        parts = [*one.items(), *strange]
        chance.shuffle(parts)
        written.append(raw_record(*parts))
    more = b"".join(tlv(tag, value) for tag, value in strange)
    data = signed(RECOVERY, b"".join(written), Style(digest=digest, more=more))
    found = decode(data)
    assert (len(data), digest, MADE_AT) == (found.size, found.header.digest, found.header.made_at)
    assert sorted(strange) == sorted((one.tag, one.value) for one in found.header.unknown)
    assert [len(one) for one in written] == [one.length for one in found.records]
    for one, read in zip(bodies, found.records, strict=True):
        assert int.from_bytes(one[4], "big") == read.role
        assert one.get(6, b"").hex().upper() == read.serial
        names = [one.get(tag, b"\0")[:-1].decode().strip() for tag in (2, 3, 5)]
        assert names == [read.host, read.subject, read.issuer]
        values = [one.get(tag, b"") for tag in (7, 8, 9, 11)]
        assert values == [read.public_key, read.signature, read.certificate, read.hash]
        assert sorted(strange) == sorted((left.tag, left.value) for left in read.unknown)
