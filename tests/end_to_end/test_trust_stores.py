"""Promise: `ucmcert trust` explains a cluster's stores, plans only what may go, and sees what a person then did."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clear
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from end_to_end.benches import config_of
from end_to_end.clear import DONE, FINDINGS, USAGE
from end_to_end.operator_hands import rest, typed
from end_to_end.programs import Finished, Lab, lab, ucmcert
from factory.certificates import DAY, authority, self_signed

SPEED = 1000  # what travels between the nodes takes up to half an hour of theirs
WITHIN_S = 60.0
EVERYWHERE = 4
Entries = dict[tuple[str, str], dict[str, Any]]


def _trust(config: Path, *words: object) -> Finished:
    return ucmcert("trust", "--config", config, *words)


def _entries(config: Path) -> Entries:
    return {(one["store"], one["sha256"]): one for one in _trust(config, "--json").last["entries"]}


def _until(config: Path, holds: Callable[[Entries], bool]) -> Entries:
    deadline = time.monotonic() + WITHIN_S
    while not holds(found := _entries(config)):
        assert time.monotonic() < deadline, found
    return found


def test_a_fresh_cluster_is_explained_and_nothing_of_it_may_go(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "demo", "--calm", speed=SPEED) as one:
        config = config_of(one, tmp_path / "work")
        clear.plain(_trust(config), DONE, "issuer of LSCs", "installed by Cisco", "in use: above", "Nothing: whatever")
        french = _trust(config, "--lang", "fr", "--store", "capf-trust")
        clear.plain(french, DONE, "Magasins de confiance", "installé par Cisco")
        clear.error(_trust(config, "--store", "tomact"), USAGE, "UCM-TRUST-206", "did you mean tomcat-trust?")
        clear.error(_trust(config, "--node", "cucm-sub9"), USAGE, "UCM-ARG-002", "cucm-sub")
        plan, kept = tmp_path / "no.json", tmp_path / "no"
        clear.plain(_trust(config, "--removal-plan", plan), USAGE, "go together")
        clear.plain(_trust(config, "--removal-plan", plan, "--export", kept), DONE, "Nothing may go")
        assert (False, False) == (plan.exists(), kept.exists())
        assert {"csr", "identity", "trust", "delete"}.isdisjoint(each["operation"] for each in one.log())


def test_a_removal_by_hand_is_seen_and_undone_by_the_exported_file(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "demo", "--calm", speed=SPEED) as one:
        config = config_of(one, tmp_path / "work")
        now, publisher = int(one.inspect()["at"]), one.ready["nodes"][0]["fqdn"]
        old = self_signed(publisher, not_before=now - 2000 * DAY, not_after=now + 300 * DAY, key_label="before")
        partner = authority("Partner Root", key="ec", not_before=now - 9 * DAY, not_after=now + 900 * DAY).certificate
        _put(one, old.pem, partner.pem)
        keys = [("tomcat-trust", each.sha256) for each in (old, partner)]
        found = _until(config, lambda held: all(key in held and len(held[key]["nodes"]) == EVERYWHERE for key in keys))
        assert [("former-identity", ""), ("unknown", "verdict")] == [
            (found[key]["verdict"], found[key]["kept"]) for key in keys
        ]

        plan, kept = tmp_path / "removal.json", tmp_path / "kept"
        written = _trust(config, "--removal-plan", plan, "--export", kept, "--json")
        (removal,) = written.last["removals"]
        (file,) = kept.iterdir()
        assert (old.sha256, str(file)) == (removal["sha256"], removal["file"])
        assert old.der == x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
        clear.plain(_trust(config, "--since", plan), FINDINGS, "still there")

        for number, each in enumerate(removal["delete"]):
            if each["node"] in _holders(config, old.sha256):
                typed(one, each["command"], node=number)
        gone = _until(config, lambda held: keys[0] not in held)
        assert keys[1] in gone
        clear.plain(_trust(config, "--since", plan), DONE, "Everything that was planned is gone")

        _put(one, file.read_text())
        _until(config, lambda held: keys[0] in held)
        back = _trust(config, "--since", plan, "--json")
        assert (FINDINGS, "findings") == (back.code, back.last["outcome"])
        assert back.last["counts"]["came-back"] > 0
        changed = json.loads(plan.read_text())
        changed["plan"]["removals"][0]["sha256"] = partner.sha256
        plan.write_text(json.dumps(changed))
        clear.error(_trust(config, "--since", plan), USAGE, "UCM-TRUST-204", "changed after it was written")


def _put(one: Lab, *pems: str) -> None:
    rest(one, "POST", "trust/certificates", {"service": ["tomcat"], "certificates": list(pems)})


def _holders(config: Path, sha256: str) -> list[str]:
    held = _entries(config).get(("tomcat-trust", sha256))
    return list(held["nodes"]) if held else []
