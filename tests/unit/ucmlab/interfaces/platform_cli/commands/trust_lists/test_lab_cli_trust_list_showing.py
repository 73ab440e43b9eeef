# Promise: `show ctl` and `show itl` print the node's own files in the layout of the recordings.
import hashlib
import re

import msgspec
import pytest

from ucmlab.cluster.certificates.records import load_certificate
from ucmlab.cluster.trust_lists.model import CAPF, CCM_TFTP, SAST, TrustFile
from ucmlab.cluster.trust_lists.records import Record, material
from ucmlab.cluster.trust_lists.writing import Signer, write_list
from ucmlab.interfaces.platform_cli.commands.trust_lists.dump import dump_list
from unit.ucmlab.cluster.trust_lists.dumps_bench import CAPF_NAME, NOW, PUBLISHER, identity
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output, outputs
from unit.ucmlab.lab_bench import scenario

MIXED = scenario("pair", mixed=True)
PUB = identity(PUBLISHER, der_length=694)
CAPF_HELD = identity(CAPF_NAME, der_length=680, serial="744B4999770496E799E91E81D3C8109B")


def record(role: int, held: Signer) -> Record:
    return Record(role=role, certificate_pem=held.certificate_pem, dns_name="cucm-1051-a-pub", address="10.48.47.153")


FILE = write_list("ctl", [record(SAST, PUB), record(CCM_TFTP, PUB), record(CAPF, CAPF_HELD)], PUB, at=NOW)
EXPECTED = """\
The checksum value of the CTL file:
{md5}(MD5)
{sha1}(SHA1)

Length of CTL file: 3786
The CTL File was last modified on Fri Mar 06 20:56:07 UTC 2015

        Parse CTL File
        ----------------

Version:        1.2
HeaderLength:   336 (BYTES)

BYTEPOS TAG             LENGTH  VALUE
------- ---             ------  -----
3       SIGNERID        2       149
4       SIGNERNAME      62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
5       SERIALNUMBER    16      70:CA:F6:4E:09:07:51:B9:DF:22:F4:9F:75:4F:C5:BB
6       CANAME          62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
7       SIGNATUREINFO   2       15
8       DIGESTALGORTITHM        1
9       SIGNATUREALGOINFO       2       8
10      SIGNATUREALGORTITHM     1
11      SIGNATUREMODULUS        1
12      SIGNATURE       128
{signature}
14      FILENAME        12
15      TIMESTAMP       4

        CTL Record #:1
                      ----
BYTEPOS TAG             LENGTH  VALUE
------- ---             ------  -----
1       RECORDLENGTH    2       1156
2       DNSNAME         16      cucm-1051-a-pub
3       SUBJECTNAME     62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
4       FUNCTION        2       System Administrator Security Token
5       ISSUERNAME      62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
6       SERIALNUMBER    16      70:CA:F6:4E:09:07:51:B9:DF:22:F4:9F:75:4F:C5:BB
7       PUBLICKEY       140
8       SIGNATURE       128
9       CERTIFICATE     694     {publisher} (SHA1 Hash HEX)
10      IPADDRESS       4
This etoken was used to sign the CTL file.

        CTL Record #:2
                      ----
BYTEPOS TAG             LENGTH  VALUE
------- ---             ------  -----
1       RECORDLENGTH    2       1156
2       DNSNAME         16      cucm-1051-a-pub
3       SUBJECTNAME     62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
4       FUNCTION        2       CCM+TFTP
5       ISSUERNAME      62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
6       SERIALNUMBER    16      70:CA:F6:4E:09:07:51:B9:DF:22:F4:9F:75:4F:C5:BB
7       PUBLICKEY       140
8       SIGNATURE       128
9       CERTIFICATE     694     {publisher} (SHA1 Hash HEX)
10      IPADDRESS       4

        CTL Record #:3
                      ----
BYTEPOS TAG             LENGTH  VALUE
------- ---             ------  -----
1       RECORDLENGTH    2       1138
2       DNSNAME         16      cucm-1051-a-pub
3       SUBJECTNAME     60      CN=CAPF-e41e7d87;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
4       FUNCTION        2       CAPF
5       ISSUERNAME      60      CN=CAPF-e41e7d87;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
6       SERIALNUMBER    16      74:4B:49:99:77:04:96:E7:99:E9:1E:81:D3:C8:10:9B
7       PUBLICKEY       140
8       SIGNATURE       128
9       CERTIFICATE     680     {capf} (SHA1 Hash HEX)
10      IPADDRESS       4

The CTL file was verified successfully.
"""


def dumped(file: TrustFile, *, layout: str = "like-ctl", bad_text: str = "BAD") -> str:
    return "\n".join(dump_list(file, modified=file.built_at, layout=layout, bad_text=bad_text))


def fingerprint(held: Signer) -> str:
    digits = material(held.certificate_pem).sha1.upper()
    return " ".join(digits[at : at + 2] for at in range(0, 40, 2))


def test_a_ctl_is_printed_as_it_was_recorded() -> None:
    shown = dumped(FILE)
    signature = re.search(r"SIGNATURE       128\n((?:                .*\n)+)14 ", shown)
    assert signature is not None
    lines = signature[1].rstrip("\n").split("\n")
    expected = EXPECTED.format(
        md5=hashlib.md5(FILE.data).hexdigest(),
        sha1=hashlib.sha1(FILE.data).hexdigest(),
        signature="\n".join(lines),
        publisher=fingerprint(PUB),
        capf=fingerprint(CAPF_HELD),
    )
    assert expected == shown


def test_signature_bytes_stand_eight_a_line_without_leading_zeros() -> None:
    lines = re.findall(r"^ {16}(\S.*)$", dumped(FILE), re.MULTILINE)
    assert [8] * 16 == [len(line.split("  ")) for line in lines]
    shown = bytes(int(byte, 16) for line in lines for byte in line.split("  "))
    assert shown in FILE.data
    assert [] == [byte for line in lines for byte in line.split() if len(byte) == 2 and byte.startswith("0")]


def test_a_list_with_a_bad_signature_says_so_in_the_last_line() -> None:
    bent = msgspec.structs.replace(FILE, data=FILE.data[:-1] + bytes([FILE.data[-1] ^ 1]))
    assert "BAD" == dumped(bent).splitlines()[-1]
    assert "verified" not in dumped(bent)


def test_a_list_that_is_no_list_cannot_be_parsed() -> None:
    shown = dumped(msgspec.structs.replace(FILE, data=b"rubbish"))
    assert "Length of CTL file: 7" in shown
    assert "Error parsing the CTL File." == shown.splitlines()[-1]


def test_an_emptied_record_has_four_rows() -> None:
    emptied = Record(role=CCM_TFTP, certificate_pem="", dns_name="10.48.47.153", address="10.48.47.153", form="emptied")
    shown = dumped(write_list("ctl", [record(SAST, PUB), emptied], PUB, at=NOW))
    assert (
        """\
1       RECORDLENGTH    2       33
2       DNSNAME         13      10.48.47.153
4       FUNCTION        2       CCM+TFTP
10      IPADDRESS       4

"""
        in shown
    )


# --- at the prompt


def test_a_non_secure_cluster_has_an_itl_and_no_ctl() -> None:
    ctl, itl = outputs("show ctl", "show itl", of=scenario("pair"))
    assert (
        "Length of CTL file: 0\n"
        "CTL File not found. Please run CTLClient plugin or run the CLI - utils ctl.. to generate the CTL file.\n"
        "Error parsing the CTL File.\n"
    ) == ctl
    assert itl.startswith("The checksum value of the ITL file:\n")
    assert itl.endswith("\nThe ITL file was verified successfully.\n\n")
    assert "4       SIGNERNAME      76      CN=ITLRECOVERY_cucm-pub.lab.example;O=Example;" in itl
    assert "2       DNSNAME         2\n" in itl
    for words in ("TFTP", "CAPF", "TVS", "System Administrator Security Token"):
        assert f"4       FUNCTION        2       {words}\n" in itl
    assert 1 == itl.count("This etoken was used to sign the ITL file.")
    assert 1 == itl.count("This etoken was not used to sign the ITL file.")


def test_what_is_shown_can_be_compared_with_the_certificates() -> None:
    async def show(end: FarEnd) -> tuple[str, str]:
        stored = end.node.certificates.identity("CallManager")
        held = Signer(certificate_pem=stored.certificate_pem, key_pem=stored.key_pem)
        serial = f"{load_certificate(stored.certificate_pem).serial_number:032X}"
        colons = ":".join(serial[at : at + 2] for at in range(0, 32, 2))
        return await end.run("show ctl"), f"{colons}|{fingerprint(held)}"

    shown, wanted = at_prompt(show, MIXED)
    for part in wanted.split("|"):
        assert part in shown


def test_the_modification_time_is_the_clock_of_the_node() -> None:
    def moment(offset_s: float) -> str:
        nodes = (msgspec.structs.replace(MIXED.nodes[0], clock_offset_s=offset_s), MIXED.nodes[1])
        shown = output("show ctl", of=scenario("pair", mixed=True, nodes=nodes))
        return re.search(r"last modified on (.*)\n", shown)[1]

    assert moment(0.0) != moment(86_400.0)


def test_a_node_without_tftp_has_neither_list() -> None:
    nodes = (MIXED.nodes[0], msgspec.structs.replace(MIXED.nodes[1], deactivated=("Cisco Tftp",)))
    of = scenario("pair", mixed=True, nodes=nodes)
    ctl, itl = outputs("show ctl", "show itl", of=of, node=nodes[1].name)
    assert ctl.startswith("Length of CTL file: 0\n")
    assert "Length of ITL file: 0\nITL File not found.\nError parsing the ITL File.\n" == itl
    assert "none here\n" == output("show itl", of=of, node=nodes[1].name, itl_missing_text="none here")


def test_the_words_for_a_bad_list_are_a_switch() -> None:
    async def bend(end: FarEnd) -> str:
        files = end.node.tftp
        bent = msgspec.structs.replace(files.ctl, data=files.ctl.data[:-1] + bytes([files.ctl.data[-1] ^ 1]))
        files.take_ctl(9, bent)
        return (await end.run("show ctl")).rstrip("\n").rpartition("\n")[2]

    assert "The CTL file was not verified successfully." == at_prompt(bend, MIXED)
    assert "CTL is bad" == at_prompt(bend, MIXED, tl_bad_text="{kind} is bad")


def test_the_record_headers_of_the_itl_are_a_switch() -> None:
    usual, other = (output("show itl", itl_layout=layout) for layout in ("like-ctl", "scf-parse"))
    assert "        ITL Record #:1\n" in usual
    assert "        ITL Record  #: 1\n" in other
    assert "6       SERIAL NUMBER   16      " in other


def test_a_hashed_record_shows_its_hash() -> None:
    shown = output("show itl", tvs_records="hash")
    assert re.search(
        r"\n11      HASH            32      ([0-9A-F]{2} ){31}[0-9A-F]{2}\n12      HASHALGORITHM   1\n", shown
    )


@pytest.mark.parametrize("line", ["show itl", "show ctl"])
def test_lists_are_shown_to_an_account_of_level_0_and_logged(line: str) -> None:
    async def look(end: FarEnd) -> tuple[str, str, str]:
        await end.run(line)
        return end.operations()[-1]

    assert (f"{line.split()[1]}-show", "", "ok") == at_prompt(look, MIXED)
