"""Promise: `ucmcert trust` explains a cluster's stores, plans only what may go, and sees what a person then did."""

import json
from pathlib import Path

import clear
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from end_to_end.benches import config_of
from end_to_end.clear import DONE, FINDINGS, USAGE
from end_to_end.operator_hands import rest, typed
from end_to_end.programs import Finished, Lab, lab, ucmcert
from factory.certificates import DAY, authority, self_signed

SPEED = 400


def _trust(config: Path, *words: object) -> Finished:
    return ucmcert("trust", "--config", config, *words)


def test_a_fresh_cluster_is_explained_and_nothing_of_it_may_go(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "demo", "--calm", speed=SPEED) as one:
        config = config_of(one, tmp_path / "work")
        clear.plain(_trust(config), DONE, "issuer of LSCs", "installed by Cisco", "in use: above", "Nothing: whatever")
        french = _trust(config, "--lang", "fr", "--store", "capf-trust")
        clear.plain(french, DONE, "Magasins de confiance", "installé par Cisco")
        plan, kept = tmp_path / "no.json", tmp_path / "no"
        clear.plain(_trust(config, "--removal-plan", plan), USAGE, "go together")
        clear.plain(_trust(config, "--removal-plan", plan, "--export", kept), DONE, "Nothing may go")
        assert (False, False) == (plan.exists(), kept.exists())
        assert {"csr", "identity", "trust", "delete"}.isdisjoint(each["operation"] for each in one.log())


def test_a_removal_by_hand_is_seen_and_undone_by_the_exported_file(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "single", "--calm", speed=SPEED) as one:
        config = config_of(one, tmp_path / "work")
        now, publisher = int(one.inspect()["at"]), one.ready["nodes"][0]["fqdn"]
        old = self_signed(publisher, not_before=now - 2000 * DAY, not_after=now + 300 * DAY, key_label="before")
        partner = authority("Partner Root", key="ec", not_before=now - 9 * DAY, not_after=now + 900 * DAY).certificate
        _put(one, old.pem, partner.pem)
        clear.error(_trust(config, "--store", "tomact"), USAGE, "UCM-TRUST-206", "did you mean tomcat-trust?")

        plan, kept = tmp_path / "removal.json", tmp_path / "kept"
        written = _trust(config, "--removal-plan", plan, "--export", kept, "--json")
        found = {one["sha256"]: (one["verdict"], one["kept"]) for one in written.last["entries"]}
        assert ("former-identity", "") == found[old.sha256]
        assert ("unknown", "verdict") == found[partner.sha256]
        (removal,) = written.last["removals"]
        (file,) = kept.iterdir()
        assert (old.sha256, str(file)) == (removal["sha256"], removal["file"])
        assert old.der == x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
        clear.plain(_trust(config, "--since", plan), FINDINGS, "still there")

        for each in removal["delete"]:
            typed(one, each["command"])
        clear.plain(_trust(config, "--since", plan), DONE, "Everything that was planned is gone")

        _put(one, file.read_text())
        back = _trust(config, "--since", plan, "--json")
        assert (FINDINGS, "findings", 1) == (back.code, back.last["outcome"], back.last["counts"]["came-back"])
        changed = json.loads(plan.read_text())
        changed["plan"]["removals"][0]["sha256"] = partner.sha256
        plan.write_text(json.dumps(changed))
        clear.error(_trust(config, "--since", plan), USAGE, "UCM-TRUST-204", "changed after it was written")


def _put(one: Lab, *pems: str) -> None:
    rest(one, "POST", "trust/certificates", {"service": ["tomcat"], "certificates": list(pems)})
