"""Promise: the horizon of a cluster that runs and of its scan in a file are one, and it asks no more than a scan."""

from pathlib import Path

from end_to_end.clear import FINDINGS
from end_to_end.programs import lab, ucmcert

CA_NAME = "Lab Issuing CA"


def test_a_cluster_and_its_scan_have_one_horizon(tmp_path: Path) -> None:
    with lab(tmp_path / "lab", "demo", "--calm", speed=400) as one:
        ics = tmp_path / "demo.ics"
        live = ucmcert("horizon", "--config", one.config, "--public-ca", CA_NAME, "--ics", ics, "--json")
        asked = {(row["interface"], row["operation"]) for row in one.log()}
        scan = ucmcert("scan", "--config", one.config, "--json")
        asked_by_scan = {(row["interface"], row["operation"]) for row in one.log()}
    file = tmp_path / "scan.json"
    file.write_text(scan.out)
    read = ucmcert("horizon", file, "--public-ca", CA_NAME, "--json")

    assert (FINDINGS, FINDINGS) == (live.code, read.code), live.err + read.err
    assert asked == asked_by_scan
    for key in ("certificates", "windows", "years", "advice", "events"):
        assert read.last[key] == live.last[key]
    assert {"14.0.1.13900-155"} == {row["release"] for row in live.last["certificates"]}
    lost = [row for row in live.last["events"] if row["kind"] == "client-auth-lost"]
    assert {"tomcat", "ipsec"} == {row["purpose"] for row in lost}
    assert {"both"} == {row["when"] for row in live.last["windows"]}
    assert b"\r\nSUMMARY:Renew tomcat: demo\r\n" in ics.read_bytes()
