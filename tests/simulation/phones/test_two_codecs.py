"""Promise: what the lab's hand writes the client's hand reads, written apart; and no flipped byte goes unnoticed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.ports import EPOCH
from ucmcert.model.trust_list import ListKind, ListRole
from ucmcert.trust_list import decode, decode_signed, facts_of, verify, verify_signed
from ucmlab.clock import StillClock
from ucmlab.cluster.certificates.records import StoredCertificate
from ucmlab.cluster.opening import build_cluster
from ucmlab.cluster.trust_lists.model import TrustFile
from ucmlab.cluster.trust_lists.records import Form, Record
from ucmlab.cluster.trust_lists.writing import Digest, Signer, write_list, write_signed
from ucmlab.scenarios.loader import load_scenario

ROLES = st.sampled_from([int(role) for role in ListRole if role is not ListRole.SAST])
FORMS: st.SearchStrategy[Form] = st.sampled_from(["full", "full", "unsigned", "emptied", "hash"])
HOSTS = st.sampled_from(["", "cucm-sub1", "10.48.47.153", "a-host-name-of-some-length.lab.example"])
ADDRESSES = st.sampled_from(["", "10.48.47.153", "127.77.0.10"])
DIGESTS: st.SearchStrategy[Digest] = st.sampled_from(["sha1", "sha512"])


@cache
def stored() -> tuple[StoredCertificate, ...]:
    """Every identity of a lab."""
    lab = build_cluster(load_scenario("pair"), clock=StillClock(EPOCH), seed=3, calm=True)
    return tuple(one for node in lab.nodes.values() for one in node.certificates.identities())


@cache
def signers() -> tuple[Signer, ...]:
    """Every RSA identity of the lab, with its key."""
    return tuple(
        Signer(certificate_pem=one.certificate_pem, key_pem=one.key_pem)
        for one in stored()
        if not one.purpose.endswith("-ECDSA")
    )


@cache
def leaves() -> tuple[str, ...]:
    """Every identity of the lab, EC twins included, PEM."""
    return tuple(one.certificate_pem for one in stored())


@st.composite
def trust_files(draw: st.DrawFn) -> TrustFile:
    """Any list: some signer among its anchors, any records behind it."""
    signer = draw(st.sampled_from(signers()))
    other = draw(st.sampled_from(signers()))
    anchors = [Record(role=0, certificate_pem=one.certificate_pem, dns_name=draw(HOSTS)) for one in {signer, other}]
    records = draw(
        st.lists(
            st.builds(
                Record,
                role=ROLES,
                certificate_pem=st.sampled_from(leaves()),
                dns_name=HOSTS,
                address=ADDRESSES,
                form=FORMS,
            ),
            max_size=8,
        )
    )
    kind: ListKind = draw(st.sampled_from(["itl", "ctl"]))
    version = draw(st.sampled_from([None, (1, 0), (1, 1)]))
    at = draw(st.integers(min_value=0, max_value=2**32 - 1))
    return write_list(kind, [*anchors, *records], signer, at=at, digest=draw(DIGESTS), signer_version=version)


@settings(max_examples=60)
@given(trust_files())
def test_any_list_of_the_lab_is_read_and_verified_by_the_client(file: TrustFile) -> None:
    found = facts_of("cucm-pub.lab.example", file.kind, file.data, "the lab")
    assert (True, "") == (found.verified, found.problem)
    assert (file.sha1, file.md5, len(file.data)) == (found.sha1, found.md5, found.length)
    assert file.signer == found.signer_sha256
    assert [(one.role, one.sha256) for one in file.entries] == [(one.role, one.sha256) for one in found.records]
    assert int(file.built_at) == found.made_at


@settings(max_examples=60)
@given(file=trust_files(), data=st.data())
def test_one_flipped_byte_of_any_list_is_always_detected(file: TrustFile, data: st.DataObject) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(file.data) - 1))
    flip = data.draw(st.integers(min_value=1, max_value=255))
    broken = bytearray(file.data)
    broken[place] ^= flip
    assert not facts_of("cucm-pub.lab.example", file.kind, bytes(broken), "the lab").verified


@pytest.mark.parametrize("digest", ["sha1", "sha512"])
def test_a_signed_configuration_is_read_and_each_flipped_byte_detected(digest: Digest) -> None:
    signer = signers()[0]
    anchors = [Record(role=role, certificate_pem=signer.certificate_pem) for role in (0, 3)]
    trusted = decode(write_list("itl", anchors, signer, at=EPOCH).data)
    assert verify(trusted).verified
    payload = b"<device><versionStamp>1</versionStamp></device>"
    signed = write_signed("SEP0077AA000001.cnf.xml.sgn", payload, signer, at=EPOCH, digest=digest)
    found = decode_signed(signed)
    assert payload == found.payload
    assert verify_signed(found, trusted).verified
    for place in range(len(signed)):
        broken = bytearray(signed)
        broken[place] ^= 0x21
        try:
            read = decode_signed(bytes(broken))
        except ValueError:
            continue
        assert not verify_signed(read, trusted).verified, place
