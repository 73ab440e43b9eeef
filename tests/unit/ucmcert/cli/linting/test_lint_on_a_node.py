"""Promise: with --node the lint is as strong as the upload: the CSR that waits there, and that node's trust store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from factory.certificates import DAY, authority, request, self_signed
from factory.clusters import cluster, four_nodes, with_node
from ucmcert.check.node_rules import UNREADABLE
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.cluster import Cluster, Holding, Identity, PendingRequest, TrustEntry
from ucmcert.model.finding import Severity, worded
from unit.ucmcert.cli.cli_bench import Ended, ucmcert
from unit.ucmcert.cli.linting.lint_files import CA, OTHER_CA, TODAY, answer

NODE = "cucm-pub.lab.example"
ASKED = request(NODE, key="ec", key_label="asked on the node")
OLD = request(NODE, key="ec", key_label="before")
LEAF = answer(ASKED)
STORED = answer(OLD, not_before=TODAY - 300 * DAY, not_after=TODAY + 9 * DAY)


def holding(
    identity: Certificate | None, trust: tuple[Certificate, ...], waiting: CertificateRequest | None = None
) -> Holding:
    return Holding(
        identities=(Identity(purpose="tomcat", certificate=identity),) if identity else (),
        requests=(PendingRequest(purpose="tomcat", request=waiting),) if waiting else (),
        trust=tuple(TrustEntry(purpose="tomcat", filename=f"{one.sha256}.pem", certificate=one) for one in trust),
    )


@pytest.fixture
def lint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Lint on a node with this holding, with these certificates in a file."""

    def on(held: Holding, *given: Certificate, words: tuple[object, ...] = (), **facts: object) -> Ended:
        whole = with_node(cluster(*four_nodes()), "cucm-pub", holding=held, **facts)

        async def look() -> Cluster:
            return whole

        @asynccontextmanager
        async def session(_: Path) -> AsyncIterator[SimpleNamespace]:
            yield SimpleNamespace(look=look)

        monkeypatch.setattr("ucmcert.cli.linting.asking.open_session", session)
        file = tmp_path / "given.pem"
        file.write_text("".join(one.pem for one in given))
        files = (file,) if given else ()
        return ucmcert("lint", *files, "--node", "cucm-pub", "--purpose", "tomcat", "--json", *words)

    return on


def codes(ended: Ended) -> list[str]:
    """What is about files and nodes, and every error; what rules only remark is theirs."""
    found = ended.last["findings"]
    return [one["code"] for one in found if one["code"].startswith("UCM-PAIR") or one["severity"] == "error"]


def test_an_identity_with_its_whole_chain_in_the_nodes_own_store_is_good(lint) -> None:
    ended = lint(holding(STORED, CA.chain))
    assert (0, [], f"tomcat {NODE}") == (ended.code, codes(ended), ended.last["pairs"][0]["certificate"])
    assert 2 == len(ended.last["pairs"][0]["chain"])


def test_an_identity_whose_issuer_left_the_store_is_an_error(lint) -> None:
    ended = lint(holding(STORED, (CA.root.certificate,)))
    assert (3, True) == (ended.code, "UCM-TRUST-001" in codes(ended))


def test_a_self_signed_identity_and_a_missing_one_are_told_apart(lint) -> None:
    own = self_signed(NODE, not_after=TODAY + 9 * DAY)
    assert "UCM-TRUST-001" not in codes(lint(holding(own, ())))
    assert ["UCM-PAIR-012"] == codes(lint(holding(None, ())))


def test_a_csr_that_waits_is_told_and_missed(lint) -> None:
    ended = lint(holding(STORED, CA.chain, ASKED.request))
    assert (0, ["UCM-PAIR-010"]) == (ended.code, codes(ended))
    assert [("certificate", f"tomcat {NODE}")] == [(one["what"], one["file"]) for one in ended.last["missing"]]


def test_an_answer_is_judged_against_the_csr_and_the_store_of_the_node(lint) -> None:
    ended = lint(holding(STORED, CA.chain, ASKED.request), LEAF)
    assert (0, [], f"tomcat {NODE}") == (ended.code, codes(ended), ended.last["pairs"][0]["csr"])


def test_a_chain_that_is_not_there_yet_goes_first(lint) -> None:
    ended = lint(holding(STORED, (), ASKED.request), LEAF, *CA.chain)
    assert (0, ["UCM-PAIR-011"] * 2) == (ended.code, codes(ended))
    assert 3 == lint(holding(STORED, (), ASKED.request), LEAF).code


def test_a_newer_ca_of_the_same_name_in_the_store_would_silently_stay(lint) -> None:
    newer = authority("Lint Root CA", key="ec", key_label="newer root", not_before=TODAY)
    ended = lint(holding(STORED, (newer.certificate,), ASKED.request), LEAF, *CA.chain)
    assert (3, True) == (ended.code, "UCM-TRUST-002" in codes(ended))


def test_an_answer_to_an_older_csr_and_one_of_a_foreign_ca_are_refused(lint) -> None:
    held = holding(STORED, CA.chain, ASKED.request)
    assert "UCM-KEY-001" in codes(lint(held, answer(request(NODE, key="ec", key_label="older still")), *CA.chain))
    assert "UCM-CHAIN-001" in codes(lint(held, answer(ASKED, OTHER_CA)))


def test_without_a_csr_on_the_node_nothing_can_be_uploaded(lint, tmp_path: Path) -> None:
    ended = lint(holding(STORED, CA.chain), LEAF, *CA.chain, words=("--sarif", tmp_path / "x.sarif"))
    assert (3, True) == (ended.code, "UCM-PAIR-009" in codes(ended))
    assert "physicalLocation" in (tmp_path / "x.sarif").read_text()


def test_dates_are_judged_by_the_clock_of_the_node(lint) -> None:
    held = holding(STORED, CA.chain, ASKED.request)
    assert 3 == lint(held, LEAF, clock_offset_s=-2.0 * DAY).code
    assert 0 == lint(held, LEAF, clock_offset_s=2.0 * DAY).code


def test_what_the_node_did_not_tell_is_never_fine(lint) -> None:
    values = {"fact": "certificates", "trouble": "no answer", "step": "look again"}
    unread = worded(UNREADABLE, Severity.ERROR, NODE, "design.md 3", values)
    assert 3 == lint(holding(STORED, CA.chain), problems=(unread,)).code


def test_an_unknown_node_names_the_nearest(lint) -> None:
    ended = lint(holding(STORED, ()), words=("--node", "cucm-pab"))
    assert (2, "UCM-ARG-002") == (ended.code, ended.last["error"]["code"])
