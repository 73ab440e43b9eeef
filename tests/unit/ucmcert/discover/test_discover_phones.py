"""Promise: phones and lists are told as they were seen; what could not be seen is unknown, never absent, never fine."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from factory.certificates import NOW
from factory.clusters import cluster
from ucmcert.discover import look_at_list, look_at_lists, look_at_phones
from ucmcert.discover.phones import PAGES_AT_ONCE, PhoneDepth
from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.cluster import Cluster
from ucmcert.model.node import Node
from ucmcert.model.phone import NOT_INSTALLED, HeldLists, Phone, Picture, Sighting
from ucmcert.model.trust_list import ListKind, ListRecord, ListRole
from ucmcert.ucm.platform_cli.parsers.trust_list import ShownList
from unit.ucmcert.trust_list.list_writer import itl, sha1

ITL = itl()
SERVED = sha1(ITL)
OLDER = "9d7da73d16c1501b4d27dc1ed79211f390659982"
SILENT = OutcomeUnknown("UCM-NET-003", "no answer", where="x", why="nothing came")
THROTTLED = OutcomeUnknown("UCM-RIS-001", "too often", where="x", why="others ask too", sent=False)


def phone(name: str, **more: Any) -> Phone:
    return Phone(name=name, model="Cisco 8851", protocol="SIP", **{"pool": "Paris", "group": ("cucm-pub",), **more})


def seen(name: str, *, registered: bool = True, page: bool | None = True) -> Sighting:
    return Sighting(name=name, node="sub1", registered=registered, changed_at=NOW, page=page, address="10.0.0.9")


class Frozen:
    """Our clock, which stands still."""

    def now(self) -> float:
        return float(NOW)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Telling:
    """A client whose answers stand in a table: a value, or the trouble that it raises. Keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {
            "files": {"ITLFile.tlv": ITL},
            "shown": SILENT,
            "phones": (),
            "parameters": {},
            "picture": None,
            "held": {},
            "devices": ("nightly",),
            **answers,
        }
        self.manual_value = ""
        self.asked: list[str] = []
        self.pages_open = 0
        self.most_pages_open = 0

    def _answer(self, name: str) -> Any:
        self.asked.append(name)
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def tftp_file(self, node: Node, name: str) -> bytes | None:
        files = self._answer("files")
        return files.get(name)

    async def show_list(self, node: Node, kind: ListKind) -> ShownList | None:
        return self._answer("shown")

    async def phones(self, publisher: Node) -> tuple[Phone, ...]:
        return self._answer("phones")

    async def parameters(self, publisher: Node) -> dict[str, str]:
        return self._answer("parameters")

    async def sightings(self, publisher: Node, names: Sequence[str] | None = None) -> Picture:
        return self._answer("picture")

    async def held_lists(self, sighting: Sighting) -> HeldLists | None:
        self.pages_open += 1
        self.most_pages_open = max(self.most_pages_open, self.pages_open)
        await asyncio.sleep(0)
        self.pages_open -= 1
        answer = self._answer("held").get(sighting.name)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def backup_devices(self, publisher: Node) -> tuple[str, ...]:
        return self._answer("devices")


def looked(client: Telling, depth: PhoneDepth = "lists", before: Cluster | None = None) -> Cluster:
    return asyncio.run(look_at_phones(client, before or cluster(), clock=Frozen(), depth=depth))  # type: ignore[arg-type]


def picture(*sightings: Sighting, complete: bool = True, missing: str = "") -> Picture:
    return Picture(observed_at=float(NOW), sightings=sightings, complete=complete, missing=missing)


def held(name: str, told: str, ctl: str = "") -> HeldLists:
    return HeldLists(name=name, itl=told, ctl=ctl, told_by="page")


CROWD = (
    phone("SEPA"),
    phone("SEPB", pool="Lyon", group=("cucm-pub", "cucm-sub1"), secure=True),
    phone("SEPC"),
    phone("SEPD", sbd=False),
    phone("SEPE"),
    phone("SEPF"),
)
SEEN = picture(seen("SEPA"), seen("SEPB"), seen("SEPC", page=False), seen("SEPD"), seen("SEPE", registered=False))


def test_who_did_not_ask_gets_the_cluster_as_it_was_and_nobody_is_asked() -> None:
    before, client = cluster(), Telling()
    assert before is looked(client, "none", before)
    assert [] == client.asked


def test_phones_are_counted_classed_and_compared_with_what_is_served() -> None:
    client = Telling(phones=CROWD, picture=SEEN, held={"SEPA": held("SEPA", SERVED), "SEPB": held("SEPB", OLDER)})
    found = looked(client).phones
    assert found is not None
    assert (6, 4, True, "") == (found.total, found.registered, found.complete, found.problem)
    assert ("SEPE", "SEPF") == found.absent
    assert (("SEPB",), ("SEPC",), ("SEPD",)) == (found.mismatched, found.silent, found.without_lists)
    assert {"Lyon": 1, "Paris": 3} == found.pools
    assert 1 == found.classes["secure, group of 2, lists, page"]
    assert 1 == found.classes["not secure, group of 1, no lists, page"]
    assert ("nightly",) == looked(client).backup_devices


def test_counts_alone_read_no_page() -> None:
    client = Telling(phones=CROWD, picture=SEEN, held=AssertionError("nobody asked for pages"))
    found = looked(client, "counts").phones
    assert found is not None
    assert ((), ("SEPC",)) == (found.mismatched, found.silent)


@pytest.mark.parametrize(
    ("told", "mismatched", "silent"),
    [
        (held("SEPA", SERVED), (), ()),
        (held("SEPA", SERVED, OLDER), (), ()),  # a CTL that is left over where none is served
        (held("SEPA", NOT_INSTALLED), (), ()),
        (held("SEPA", ""), (), ("SEPA",)),
        (held("SEPA", OLDER), ("SEPA",), ()),
        (None, (), ("SEPA",)),
        (SILENT, (), ("SEPA",)),
    ],
)
def test_only_another_checksum_is_a_mismatch(told: Any, mismatched: tuple[str, ...], silent: tuple[str, ...]) -> None:
    client = Telling(phones=(phone("SEPA"),), picture=picture(seen("SEPA")), held={"SEPA": told})
    found = looked(client).phones
    assert found is not None
    assert (mismatched, silent) == (found.mismatched, found.silent)


def test_an_incomplete_picture_makes_nobody_absent_but_who_was_seen_away() -> None:
    gap = picture(seen("SEPA"), seen("SEPE", registered=False), complete=False, missing="sub2 did not report")
    found = looked(Telling(phones=CROWD, picture=gap)).phones
    assert found is not None
    assert (("SEPE",), 1, False, "sub2 did not report") == (
        found.absent,
        found.registered,
        found.complete,
        found.problem,
    )


def test_a_throttled_cluster_is_unknown_never_none_registered() -> None:
    found = looked(Telling(phones=CROWD, picture=THROTTLED)).phones
    assert found is not None
    assert (6, (), False) == (found.total, found.absent, found.complete)
    assert "real-time data: UCM-RIS-001" in found.problem


def test_a_database_that_does_not_answer_is_no_cluster_without_phones() -> None:
    found = looked(Telling(phones=SILENT)).phones
    assert found is not None
    assert (0, False) == (found.total, found.complete)
    assert "phones of the database: UCM-NET-003" in found.problem


def test_a_cluster_without_phones_costs_one_question_to_its_database() -> None:
    client = Telling()
    after = looked(client)
    assert after.phones is not None
    assert (0, True, "", ()) == (after.phones.total, after.phones.complete, after.phones.problem, after.backup_devices)
    assert {"files", "phones"} == set(client.asked)


def test_parameters_that_cannot_be_read_are_unknown_not_automatic() -> None:
    client = Telling(phones=CROWD, picture=SEEN, parameters=SILENT)
    found = looked(client).phones
    assert found is not None
    assert ("unknown", "", None) == (found.interaction, found.interaction_parameter, found.rollback)
    read = looked(Telling(phones=CROWD, picture=SEEN, parameters={"RollBackToPreGrayback": "F"})).phones
    assert read is not None
    assert ("automatic", False) == (read.interaction, read.rollback)


def test_backup_devices_that_cannot_be_read_are_a_warning_of_the_publisher() -> None:
    refused = Refused("UCM-CLI-010", "unknown", where="x", why="no", next="no", answer="no")
    after = looked(Telling(phones=CROWD, picture=SEEN, devices=refused))
    assert () == after.backup_devices
    assert ["backup devices"] == [one.values["fact"] for one in after.publisher.problems]


def test_pages_are_read_some_at_a_time() -> None:
    many = tuple(phone(f"SEP{number:03}") for number in range(100))
    client = Telling(phones=many, picture=picture(*(seen(one.name) for one in many)))
    looked(client)
    assert (PAGES_AT_ONCE, 100) == (client.most_pages_open, client.asked.count("held"))


def test_lists_are_looked_at_on_nodes_whose_tftp_runs() -> None:
    after = asyncio.run(look_at_lists(Telling(), cluster()))  # type: ignore[arg-type]
    itls = {facts.node.host: facts.trust_list("itl") for facts in after.nodes}
    assert {"cucm-pub", "cucm-sub1", "cucm-sub2"} == {host for host, one in itls.items() if one is not None}
    served = itls["cucm-pub"]
    assert served is not None
    assert (SERVED, True, True) == (served.sha1, served.present, served.verified)
    ctl = after.publisher.trust_list("ctl")
    assert ctl is not None
    assert (False, "") == (ctl.present, ctl.problem)


CERTIFICATE_SHA1 = "e9d433645bc88ced514d8fe5ea5b6d21a5a38c9c"
SHOWN = ShownList(
    kind="itl",
    md5="a" * 32,
    sha1="b" * 40,
    length=5302,
    modified="Wed Feb 26 10:24:27 PST 2014",
    signer_subject="CN=ITLRECOVERY_pub",
    signer_serial="0A",
    records=(
        ListRecord(role=ListRole.SAST, subject="s", issuer="s", serial="0A", sha256="", sha1=CERTIFICATE_SHA1),
        ListRecord(role=ListRole.TVS, subject="t", issuer="t", serial="0B", sha256="", sha1="c" * 40),
    ),
    signer=0,
    verified=True,
)


def one_list(client: Telling, known: dict[str, str] | None = None) -> Any:
    return asyncio.run(look_at_list(client, cluster().publisher.node, "itl", known or {}))  # type: ignore[arg-type]


@pytest.mark.parametrize("files", [SILENT, {"ITLFile.tlv": b"nonsense"}], ids=["silent", "undecodable"])
def test_what_cannot_be_fetched_or_decoded_is_asked_of_the_command_line(files: Any) -> None:
    found = one_list(Telling(files=files, shown=SHOWN), {CERTIFICATE_SHA1: "d" * 64})
    assert ("show itl", "b" * 40, True, "") == (found.told_by, found.sha1, found.verified, found.problem)
    assert ["d" * 64, ""] == [one.sha256 for one in found.records]
    assert "d" * 64 == found.signer_sha256


def test_a_list_the_node_does_not_verify_has_a_problem() -> None:
    found = one_list(Telling(files=SILENT, shown=msgspec.structs.replace(SHOWN, verified=False)))
    assert (False, True) == (found.verified, bool(found.problem))


def test_what_neither_tells_is_the_first_trouble() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        one_list(Telling(files=SILENT, shown=THROTTLED))
    assert "UCM-NET-003" == caught.value.code


def test_an_undecodable_file_that_is_not_shown_either_keeps_its_checksum_and_its_problem() -> None:
    found = one_list(Telling(files={"ITLFile.tlv": b"nonsense"}))
    assert (sha1(b"nonsense"), False) == (found.sha1, found.verified)
    assert found.problem


def test_a_list_that_cannot_be_read_is_a_problem_of_its_node_alone() -> None:
    after = asyncio.run(look_at_lists(Telling(files=SILENT), cluster()))  # type: ignore[arg-type]
    assert ["ITL file", "CTL file"] == [one.values["fact"] for one in after.publisher.problems]
    assert () == after.facts("imp-pub.lab.example").problems


@pytest.mark.parametrize(
    ("value", "manual", "means"),
    [
        ("1", "1", "manual"),
        ("0", "1", "automatic"),
        ("1", "", "unknown"),
        ("0", "", "automatic"),
        ("Manual", "", "manual"),
    ],
)
def test_the_operator_may_say_which_value_means_manual(value: str, manual: str, means: str) -> None:
    client = Telling(phones=CROWD, picture=SEEN, parameters={"PhoneInteractionOnCertificateUpdate": value})
    client.manual_value = manual
    found = looked(client, "counts").phones
    assert found is not None
    assert (means, value) == (found.interaction, found.interaction_value)
