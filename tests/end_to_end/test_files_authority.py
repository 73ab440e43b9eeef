"""Promise: where people sign, CSRs go out as files, answers come back in any form, and nothing wrong reaches a node."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import clear
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7

from end_to_end.benches import files_config, renewed, writes
from end_to_end.clear import DONE, FINDINGS, HELD, USAGE, WAITING
from end_to_end.operator_hands import new_csr, typed, upload
from end_to_end.programs import Finished, Lab, lab, ucmcert
from end_to_end.side_by_side import side_by_side
from end_to_end.site_ca import SiteCa, Wrong, site_ca

SPEED = 400
NODE = "cucm-pub.lab.example"
ENDED = "finished: every certificate"


class Desk:
    """A run that waits for the CA, the CSRs it handed out, and the folder in which answers come back."""

    def __init__(self, one: Lab, folder: Path, *words: str) -> None:
        self.lab, self.folder, self.config, self.ca = (
            one,
            folder,
            files_config(one, folder),
            site_ca(Path(one.ready["ca"])),
        )
        self.first = ucmcert("renew", "--yes", "--config", self.config, *words)
        clear.ending(self.first, WAITING, "waiting for the CA")

    def csr(self, purpose: str) -> Path:
        """A CSR that was handed out."""
        return self.folder / "handover" / "outgoing" / f"{NODE}_{purpose}.csr"

    def leaf(self, purpose: str, wrong: Wrong | None = None) -> x509.Certificate:
        """What the CA makes of it."""
        return x509.load_pem_x509_certificate(self.ca.answer(self.csr(purpose), wrong or Wrong()))

    def submit(self, files: dict[str, bytes], *words: str) -> Finished:
        """Put `files` into a new folder and hand it in."""
        place = self.folder / "came back"
        shutil.rmtree(place, ignore_errors=True)
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        place.mkdir(exist_ok=True)
        return ucmcert("submit", place, "--config", self.config, *words)

    def kept(self) -> list[Path]:
        """Every file of the client, the answers that came back left out."""
        return [path for path in self.folder.rglob("*") if path.is_file() and "came back" not in path.parts]


@contextmanager
def desk(folder: Path, *words: str) -> Iterator[Desk]:
    """A desk with a lab of its own."""
    with lab(folder / "lab", "single", "--calm", speed=SPEED) as one:
        yield Desk(one, folder / "client", *words)


def pem(*certificates: x509.Certificate) -> bytes:
    """All of them in one PEM file."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def der(certificate: x509.Certificate) -> bytes:
    """One in DER."""
    return certificate.public_bytes(Encoding.DER)


def forms(ca: SiteCa, tomcat: x509.Certificate, ipsec: x509.Certificate) -> dict[str, dict[str, bytes]]:
    """The same two answers as CAs send them."""
    chain = [ca.intermediate, ca.root]
    return {
        "whole chains in PEM": {"a": pem(tomcat, *chain), "b": pem(ipsec, *chain)},
        "root first": {"answer.txt": pem(ca.root, ca.intermediate, tomcat), "x.bundle": pem(*chain, ipsec)},
        "DER beside CA files": {
            "certnew.cer": der(tomcat),
            "certnew (1).cer": der(ipsec),
            "CA/issuing.crt": der(ca.intermediate),
            "CA/root.crt": pem(ca.root),
        },
        "PKCS#7": {
            "certnew.p7b": pkcs7.serialize_certificates([tomcat, *chain], Encoding.DER),
            "certnew2.p7b": pkcs7.serialize_certificates([*chain, ipsec], Encoding.PEM),
        },
        "CRLF and text around": {
            "mail.eml": b"Hello,\r\n\r\nplease find it below.\r\n"
            + pem(tomcat, *chain).replace(b"\n", b"\r\n")
            + b"Best\r\n",
            "dump.txt": b"Certificate:\n    Data:\n        Version: 3 (0x2)\n" + pem(ipsec),
        },
    }


@pytest.mark.long
def test_answers_are_known_by_their_content_and_carry_the_run_to_its_end(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        command = re.search(r"ucmcert submit FOLDER --config \S+", at.first.err)
        assert f"ucmcert submit FOLDER --config {at.config}" == (command and command.group())
        tomcat, ipsec = at.leaf("tomcat"), at.leaf("ipsec")
        for name, files in forms(at.ca, tomcat, ipsec).items():
            done = at.submit(files, "--no-resume", "--json")
            assert (name, DONE, "done") == (name, done.code, done.last["outcome"]), done.out
            taken = {row["purpose"]: row["sha256"] for row in done.last["taken"]}
            assert (name, tomcat.fingerprint(hashes.SHA256()).hex()) == (name, taken["tomcat"])
            assert (name, ipsec.fingerprint(hashes.SHA256()).hex()) == (name, taken["ipsec"])
            shutil.rmtree(at.folder / "handover" / "answers")
        waiting = ucmcert("status", "--config", at.config)
        clear.plain(waiting, WAITING, "waiting for the CA", f"ucmcert submit FOLDER --config {at.config}")
        state, seed = at.lab.state, at.lab.ready["seed"]
    with lab(state, "single", "--calm", speed=SPEED, seed=seed) as later:  # the site's machines slept meanwhile
        half = at.submit({"ipsec only": pem(ipsec, at.ca.intermediate, at.ca.root)})
        clear.plain(half, WAITING, f"tomcat {NODE}", "Still without an answer", "waiting for the CA")
        assert f"ipsec {NODE}  (" not in half.out
        rest = at.submit({"the other half": pem(tomcat, at.ca.intermediate, at.ca.root)}, "--json")
        assert (DONE, "done") == (rest.code, rest.last["outcome"]), rest.err
        assert {"served", "active"} == {row["state"] for row in rest.last["run"]["certificates"]}
        for purpose in ("tomcat", "ipsec"):
            renewed(later, purpose)
            assert {"csr": 1, "identity": 1} == writes(later, purpose)


def other_key(at: Desk) -> bytes:
    """A certificate for a CSR that no node made."""
    key = ec.generate_private_key(ec.SECP256R1())
    csr = x509.CertificateSigningRequestBuilder().subject_name(at.leaf("ipsec").subject).sign(key, hashes.SHA256())
    return pem(at.ca.sign(csr), at.ca.intermediate, at.ca.root)


def bad_answers(at: Desk) -> dict[str, tuple[dict[str, bytes], int, tuple[str, ...]]]:
    """What came back, the exit code, and what must be said of it."""
    chain = (at.ca.intermediate, at.ca.root)

    def signed(**how: object) -> dict[str, bytes]:
        return {"leaf.cer": pem(at.leaf("ipsec", Wrong(**how)), *chain)}  # type: ignore[arg-type]

    return {
        "the wrong CSR": ({"leaf.cer": other_key(at)}, FINDINGS, ("UCM-FILE-010", "answers none of our requests")),
        "no intermediate": (
            {"leaf.cer": pem(at.leaf("ipsec")), "root.cer": pem(at.ca.root)},
            FINDINGS,
            ("UCM-FILE-013", "the issuer CN=Lab Issuing CA G2", "is missing", "same folder"),
        ),
        "root only": (
            {"root.cer": pem(at.ca.root)},
            FINDINGS,
            ("UCM-FILE-015", "root.cer", "only certificates of CAs"),
        ),
        "expired": (signed(begins_days=-30.0, lasts_days=-1.0), FINDINGS, ("UCM-TIME-001", "leaf.cer", "expired at")),
        "not yet valid": (signed(begins_days=3.0), FINDINGS, ("UCM-TIME-002", "leaf.cer", "valid from")),
        "a name added": (signed(more_names=("evil.example",)), FINDINGS, ("UCM-SAN-001", "Added: dns:evil.example")),
        "a name dropped": (signed(drop_names=(NODE,)), FINDINGS, ("UCM-SAN-001", f"Missing: dns:{NODE}")),
        "a web page": ({"cert.cer": b"<!DOCTYPE html><html>Log in</html>"}, FINDINGS, ("UCM-FILE-004", "cert.cer")),
        "the CSR itself": ({"r.csr": at.csr("ipsec").read_bytes()}, WAITING, ("UCM-FILE-006", "r.csr")),
    }


@pytest.mark.long
def test_a_bad_answer_is_explained_and_reaches_no_node_and_the_right_one_ends_the_run(tmp_path: Path) -> None:
    with desk(tmp_path, "--purpose", "ipsec") as at:
        for name, (files, code, words) in bad_answers(at).items():
            done = at.submit(files)
            try:
                clear.plain(done, code, *words, "Still without an answer", f"ipsec {NODE}", "Next ")
            except AssertionError as error:
                error.add_note(name)
                raise
        clear.error(at.submit({}), USAGE, "UCM-FILE-000", "there is no file in it", "came back")
        clear.error(ucmcert("submit", at.folder / "no", "--config", at.config), USAGE, "UCM-FILE-000", "no such folder")

        key = ec.generate_private_key(ec.SECP256R1())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        refused = at.submit({"bundle.pem": pem(at.leaf("ipsec"), at.ca.intermediate, at.ca.root) + secret})
        clear.plain(refused, FINDINGS, "UCM-FILE-003", "bundle.pem", "holds a private key", "keep it safe")
        line = secret.splitlines()[1]
        assert [] == [path for path in at.kept() if line in path.read_bytes()]
        assert line.decode() not in refused.out + refused.err

        assert {"csr": 1, "identity": 0} == writes(at.lab, "ipsec")
        clear.ledger_is_intact(at.config)
        done = at.submit({"right.pem": pem(at.leaf("ipsec"), at.ca.intermediate, at.ca.root)})
        clear.plain(done, DONE, ENDED)
        renewed(at.lab, "ipsec")
        assert {"csr": 1, "identity": 1} == writes(at.lab, "ipsec")


def _somebody_makes_another_csr(folder: Path) -> None:
    with desk(folder, "--purpose", "ipsec") as at:
        answer = {"leaf.pem": pem(at.leaf("ipsec"), at.ca.intermediate, at.ca.root)}
        typed(at.lab, "set csr gen ipsec", "yes")
        held = at.submit(answer)
        clear.ending(held, HELD, "UCM-RUN-005", "another one than ours", "somebody generated a CSR", "ucmcert abandon")
        assert {"csr": 2, "identity": 0} == writes(at.lab, "ipsec")
        clear.error(ucmcert("renew", "--yes", "--config", at.config), HELD, "UCM-RUNS-005", "ucmcert abandon")
        given_up = ucmcert("abandon", "--reason", "our key is gone", "--yes", "--config", at.config)
        clear.plain(given_up, DONE, "our key is gone")
        stays = ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", at.config)
        clear.error(stays, HELD, "UCM-CHECK-012", "that is not ours", "--replace-csr")
        again = ucmcert("renew", "--purpose", "ipsec", "--replace-csr", "--yes", "--config", at.config)
        clear.ending(again, WAITING, "waiting for the CA")
        clear.plain(at.submit({"new.pem": pem(at.leaf("ipsec"), at.ca.intermediate, at.ca.root)}), DONE, ENDED)
        renewed(at.lab, "ipsec")
        assert {"csr": 3, "identity": 1} == writes(at.lab, "ipsec")


def _somebody_uploads_our_answer_by_hand(folder: Path) -> None:
    with desk(folder, "--purpose", "ipsec") as at:
        leaf = at.leaf("ipsec")
        upload(at.lab, "ipsec", pem(leaf), (at.ca.root_pem, at.ca.intermediate_pem))
        done = at.submit({"leaf.pem": pem(leaf, at.ca.intermediate, at.ca.root)})
        clear.plain(done, DONE, ENDED)
        renewed(at.lab, "ipsec")
        assert {"csr": 1, "identity": 1} == writes(at.lab, "ipsec")


def _somebody_renews_it_by_hand(folder: Path) -> None:
    with desk(folder, "--purpose", "ipsec") as at:
        answer = {"leaf.pem": pem(at.leaf("ipsec"), at.ca.intermediate, at.ca.root)}
        csr = x509.load_pem_x509_csr(new_csr(at.lab, "ipsec").encode())
        theirs = at.ca.sign(csr, Wrong(begins_days=-1.0))
        upload(at.lab, "ipsec", pem(theirs), (at.ca.root_pem, at.ca.intermediate_pem))
        held = at.submit(answer)
        clear.ending(held, HELD, "UCM-RUN-003", "somebody changed it by hand", "ucmcert abandon")
        abandon = re.search(r"ucmcert abandon \S+ --reason \S+ --config \S+", clear.told_by(held))
        assert abandon is not None
        clear.plain(
            ucmcert("abandon", "--reason", "done by hand", "--yes", "--config", at.config), DONE, "done by hand"
        )
        clear.plain(ucmcert("renew", "--purpose", "ipsec", "--yes", "--config", at.config), DONE, "Nothing is due")
        assert {"csr": 2, "identity": 1} == writes(at.lab, "ipsec")


@pytest.mark.long
def test_what_somebody_does_by_hand_meanwhile_is_seen_and_never_undone(tmp_path: Path) -> None:
    work = {
        "another CSR": lambda: _somebody_makes_another_csr(tmp_path / "csr"),
        "our answer uploaded": lambda: _somebody_uploads_our_answer_by_hand(tmp_path / "ours"),
        "renewed by hand": lambda: _somebody_renews_it_by_hand(tmp_path / "theirs"),
    }
    side_by_side(work)


def test_submit_without_a_run_or_a_files_authority_says_what_is_missing(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "single", "--calm", speed=SPEED) as one:
        done = ucmcert("submit", tmp_path, "--config", files_config(one, tmp_path / "client"))
        clear.error(done, USAGE, "UCM-SUBMIT-002", "no CSR was handed over yet", "ucmcert renew")
        clear.error(ucmcert("submit", tmp_path, "--config", one.config), USAGE, "UCM-SUBMIT-001", 'kind = "files"')
