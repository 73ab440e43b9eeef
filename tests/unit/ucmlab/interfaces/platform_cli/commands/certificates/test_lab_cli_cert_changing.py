# Promise: CSR, import, regeneration and deletion speak and act as the product does, and a refusal changes nothing.
import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from ucmlab.cluster.certificates.authority import DAY_S
from ucmlab.cluster.certificates.records import CsrRequest, fingerprint, to_pem
from ucmlab.cluster.node import Node
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import NOW, a_ca, scenario, sign, trust

IMPORTED = """Successfully imported certificate for {unit}.
Please restart services related to {unit} for the new certificate to
become active.
"""
UNSUCCESSFUL = "Executed command unsuccessfully\n"
PASTE = "Paste the Certificate and Hit Enter\n"
UNREADABLE = "Error occurred while reading the certificate\n"


async def paste(end: FarEnd, line: str, text: str) -> str:
    """Import by paste; returns what follows the echo."""
    assert "" == await end.asked(line, PASTE)
    end.type(text)
    shown = await end.until("\nadmin:") + "\n"
    return shown[shown.rfind("-----END") :].partition("\n")[2].lstrip("\n") if "-----END" in shown else shown


def signed(node: Node, **changes: object) -> str:
    """A signed tomcat leaf whose chain is in the trust store."""
    csr = node.certificates.generate_csr("tomcat", CsrRequest())
    trust(node, a_ca())
    return sign(csr, a_ca(), **changes).decode()


# --- set csr gen


@pytest.mark.parametrize(("answer", "units"), [("yes", ["Voice"]), ("no", []), ("Y", ["Voice"]), ("n", [])])
def test_a_release_that_leaves_the_ou_out_asks_for_it(answer: str, units: list[str]) -> None:
    async def generate(end: FarEnd) -> tuple[str, list[str]]:
        assert "" == await end.asked("set csr gen tomcat", "Include OU in CSR (yes|no)?")
        said = await end.run(answer)
        subject = end.node.certificates.csr("tomcat").request().subject
        return said, [str(a.value) for a in subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)]

    assert ("Successfully Generated CSR  for tomcat\n", units) == at_prompt(generate)


def test_an_answer_that_is_neither_is_asked_again() -> None:
    async def generate(end: FarEnd) -> str:
        await end.asked("set csr gen tomcat", "Include OU in CSR (yes|no)?")
        await end.asked("perhaps", "Include OU in CSR (yes|no)?")
        await end.asked("", "Include OU in CSR (yes|no)?")
        return await end.run("no")

    assert "Successfully Generated CSR  for tomcat\n" == at_prompt(generate)


def test_an_older_release_asks_nothing_and_ends_with_a_dot() -> None:
    async def generate(end: FarEnd) -> tuple[str, list[tuple[str, str, str]], bool]:
        said = await end.run("set csr gen CallManager")
        return said, end.operations()[1:], end.node.certificates.csr("CallManager") is not None

    said = "Successfully Generated CSR for CallManager.\n"
    assert (said, [("csr", "CallManager", "ok")], True) == at_prompt(generate, scenario("legacy"))


def test_a_second_csr_has_another_key() -> None:
    async def generate(end: FarEnd) -> int:
        keys = set()
        for _ in range(2):
            await end.run("set csr gen tomcat")
            keys.add(end.node.certificates.csr("tomcat").public_key_sha256)
        return len(keys)

    assert 2 == at_prompt(generate, scenario("legacy"))


def test_a_pending_csr_can_be_kept_by_a_switch() -> None:
    async def generate(end: FarEnd) -> tuple[str, bool]:
        before = end.node.certificates.generate_csr("tomcat", CsrRequest())
        await end.asked("set csr gen tomcat", "?")
        said = await end.run("no")
        return said, before == end.node.certificates.csr("tomcat")

    assert ("A CSR is already pending for this certificate\n" + UNSUCCESSFUL, True) == at_prompt(
        generate, csr_while_pending="refuse"
    )


@pytest.mark.parametrize("unit", ["nothing", "Tomcat", "tomcat-trust", "cup"])
def test_a_csr_of_no_purpose_of_the_node_is_refused(unit: str) -> None:
    words = "Unable to generate CSR for the given certificate type Provide correct certificate type\n"
    assert words + UNSUCCESSFUL == output(f"set csr gen {unit}")


# --- set cert import own


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_signed_certificate_is_taken_from_a_paste_however_its_lines_end(ending: str) -> None:
    async def take(end: FarEnd) -> None:
        pem = signed(end.node)
        said = await paste(end, "set cert import own tomcat", pem.replace("\n", ending))
        assert IMPORTED.format(unit="tomcat") == said
        assert pem == end.node.certificates.identity("tomcat").certificate_pem
        assert end.node.certificates.csr("tomcat") is None
        assert [("identity", "tomcat", "ok")] == end.operations()[1:]

    at_prompt(take)


def test_a_paste_may_come_in_pieces_with_blank_lines_and_blanks() -> None:
    async def take(end: FarEnd) -> str:
        pem = signed(end.node)
        await end.asked("set cert import own tomcat", PASTE)
        for line in ("", *pem.splitlines(), ""):
            await end.cluster.clock.sleep(1)
            end.type(f"  {line} \n")
        return (await end.until("\nadmin:")) and end.operations()[1][2]

    assert "ok" == at_prompt(take)


@pytest.mark.parametrize(
    ("switch", "outcome"), [("refuse", "refused: Certificate is not in PEM format"), ("accept", "ok")]
)
def test_words_before_the_armour_are_part_of_the_paste(switch: str, outcome: str) -> None:
    async def take(end: FarEnd) -> str:
        await paste(end, "set cert import own tomcat", "subject=CN = cucm-pub\n" + signed(end.node))
        return end.operations()[1][2]

    assert outcome == at_prompt(take, stray_text=switch)


def test_nothing_is_taken_from_a_paste_that_ends_in_a_hang_up() -> None:
    async def hang_up(end: FarEnd) -> tuple[bool, list[tuple[str, str, str]]]:
        pem, before = signed(end.node), end.node.certificates.memory()
        await end.asked("set cert import own tomcat", PASTE)
        end.type(pem.removesuffix("\n"))
        end.hang_up()
        await end.ended()
        return before == end.node.certificates.memory(), end.operations()[1:]

    assert (True, [("identity", "tomcat", "dropped: not applied")]) == at_prompt(hang_up)


@pytest.mark.parametrize(("how", "ending"), [("enter", ""), ("blank-line", "\n"), ("ctrl-d", "\x04")])
def test_a_paste_ends_as_the_switch_says(how: str, ending: str) -> None:
    async def take(end: FarEnd) -> str:
        pem = signed(end.node)
        await end.asked("set cert import own tomcat", PASTE)
        end.type(pem)
        if ending:
            await end.cluster.clock.sleep(100)
            assert end.fresh.endswith("-----END CERTIFICATE-----\n")
            end.type(ending)
        await end.until("become active.\nadmin:")
        return end.operations()[1][2]

    assert "ok" == at_prompt(take, paste_end=how)


def test_ctrl_d_at_the_end_of_a_line_ends_a_paste_too() -> None:
    async def take(end: FarEnd) -> str:
        return await paste(end, "set cert import own tomcat", signed(end.node).strip() + "\x04")

    assert at_prompt(take, paste_end="ctrl-d").startswith("Successfully imported")


@pytest.mark.parametrize("how", ["enter", "blank-line"])
def test_ctrl_d_in_a_paste_that_it_does_not_end_ends_the_session(how: str) -> None:
    async def leave(end: FarEnd) -> list[tuple[str, str, str]]:
        await end.asked("set cert import own tomcat", PASTE)
        end.type("-----BEGIN CERTIFICATE-----\n\x04")
        await end.ended()
        return end.operations()[1:]

    assert [("identity", "tomcat", "dropped: not applied")] == at_prompt(leave, paste_end=how)


def test_what_follows_the_first_certificate_is_read_as_commands() -> None:
    async def take(end: FarEnd) -> list[tuple[str, str, str]]:
        pem = signed(end.node)
        await end.asked("set cert import own tomcat", PASTE)
        end.type(pem + "-----BEGIN CERTIFICATE-----\nMIIB\n")
        await end.until("No valid command entered\nadmin:")
        return end.operations()[1:]

    assert [
        ("identity", "tomcat", "ok"),
        ("unknown", "", "refused: Invalid command, a dash character must be preceded"),
        ("unknown", "", "refused: No valid command entered"),
    ] == at_prompt(take)


@pytest.mark.parametrize("how", ["enter", "blank-line", "ctrl-d"])
@pytest.mark.parametrize(("multi", "stored"), [("first", 1), ("all", 2)])
def test_one_or_all_certificates_of_a_paste_are_taken(how: str, multi: str, stored: int) -> None:
    async def take(end: FarEnd) -> int:
        before = len(end.node.certificates.trust("TVS-trust"))
        ca = a_ca()
        await end.asked("set cert import trust TVS", PASTE)
        end.type(to_pem(ca.root) + to_pem(ca.issuing) + {"enter": "", "blank-line": "\n", "ctrl-d": "\x04"}[how])
        await end.cluster.clock.sleep(600)
        return len(end.node.certificates.trust("TVS-trust")) - before

    assert stored == at_prompt(take, paste_end=how, paste_multi=multi)


@pytest.mark.parametrize(("style", "tail"), [("cause-line", UNSUCCESSFUL), ("cause-only", "")])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dns_names": ("other.lab.example",)}, "CSR SAN and Certificate SAN does not match\n"),
        (
            {"public_key": ec.derive_private_key(77, ec.SECP256R1()).public_key()},
            "CSR Public Key and Certificate Public Key Do Not Match\n",
        ),
        ({"not_before": NOW - 9 * DAY_S, "not_after": NOW - DAY_S}, "Certificate has expired\n"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused_in_the_style_of_the_switch(
    style: str, tail: str, changes: dict[str, object], words: str
) -> None:
    async def take(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        pem, before = signed(end.node, **changes), end.node.certificates.memory()
        said = await paste(end, "set cert import own tomcat", pem)
        return said, before == end.node.certificates.memory(), end.operations()[1:]

    log = [("identity", "tomcat", f"refused: {words.strip()}")]
    assert (words + tail, True, log) == at_prompt(take, import_error_style=style)


def test_a_chain_that_is_not_trusted_is_refused() -> None:
    async def take(end: FarEnd) -> str:
        csr = end.node.certificates.generate_csr("tomcat", CsrRequest())
        return await paste(end, "set cert import own tomcat", sign(csr, a_ca()).decode())

    assert "CA certificate is not available in the trust-store\n" + UNSUCCESSFUL == at_prompt(take)


def test_a_certificate_without_a_csr_is_refused_with_the_path() -> None:
    async def take(end: FarEnd) -> str:
        return await paste(end, "set cert import own ipsec", to_pem(a_ca().root))

    path = "/usr/local/platform/.security/ipsec/keys/ipsec.csr"
    assert f"File {path} Does Not Exist\n{UNSUCCESSFUL}" == at_prompt(take)


def test_a_multi_server_certificate_is_refused_from_14su2_on() -> None:
    async def take(end: FarEnd) -> str:
        csr = end.node.certificates.generate_csr("tomcat", CsrRequest(distribution="multi-server"))
        trust(end.node, a_ca())
        return await paste(end, "set cert import own tomcat", sign(csr, a_ca()).decode())

    assert f"Multi-server certificates cannot be imported from the CLI\n{UNSUCCESSFUL}" == at_prompt(take)


@pytest.mark.parametrize("line", ["own nothing", "trust nothing"])
def test_an_import_to_a_place_that_is_not_there_is_refused_after_the_paste(line: str) -> None:
    async def take(end: FarEnd) -> str:
        return await paste(end, f"set cert import {line}", to_pem(a_ca().root))

    assert "Invalid certificate type found\n" + UNSUCCESSFUL == at_prompt(take)


@pytest.mark.parametrize("kind", ["own tomcat", "trust tomcat"])
@pytest.mark.parametrize("body", ["AAAA", "", "MIIB!!", "=" * 64])
def test_a_paste_that_is_no_certificate_is_unreadable(kind: str, body: str) -> None:
    async def take(end: FarEnd) -> str:
        end.node.certificates.generate_csr("tomcat", CsrRequest())
        text = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
        return await paste(end, f"set cert import {kind}", text)

    assert UNREADABLE + UNSUCCESSFUL == at_prompt(take)


def test_a_paste_without_end_stops_at_its_limit() -> None:
    async def take(end: FarEnd) -> str:
        await end.asked("set cert import trust tomcat", PASTE)
        end.type("x\n" * 2000)
        await end.until(f"x\nCertificate is not in PEM format\n{UNSUCCESSFUL}admin:")
        return end.operations()[1][2]

    assert "refused: Certificate is not in PEM format" == at_prompt(take)


@pytest.mark.parametrize("known", [True, False])
def test_a_named_ca_file_must_be_in_the_trust_store(*, known: bool) -> None:
    async def take(end: FarEnd) -> tuple[str, str]:
        pem = signed(end.node)
        held = {entry.sha256: entry.filename for entry in end.node.certificates.trust("tomcat-trust")}
        issuing = next(name for sha, name in held.items() if sha == fingerprint(a_ca().issuing))
        name = issuing if known else "caCert.pem"
        return name, await paste(end, f"set cert import own tomcat {name}", pem)

    name, said = at_prompt(take)
    refused = f"Certificate tomcat-trust/{name} does not exist\n{UNSUCCESSFUL}"
    assert (IMPORTED.format(unit="tomcat") if known else refused) == said


# --- set cert import trust


@pytest.mark.parametrize(
    ("unit", "store", "purpose"),
    [
        ("tomcat", "tomcat-trust", "tomcat"),
        ("tomcat-trust", "tomcat-trust", "tomcat"),
        ("CallManager-ECDSA", "CallManager-trust", "CallManager-ECDSA"),
        ("directory", "directory-trust", "directory"),
    ],
)
def test_a_ca_certificate_goes_to_the_store_of_its_unit(unit: str, store: str, purpose: str) -> None:
    async def take(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        root = a_ca().root
        said = await paste(end, f"set cert import trust {unit}", to_pem(root))
        stored = root in [entry.certificate() for entry in end.node.certificates.trust(store)]
        return said, stored, end.operations()[1:]

    assert (IMPORTED.format(unit=purpose), True, [("trust", purpose, "ok")]) == at_prompt(take)


def test_an_older_certificate_of_the_same_name_changes_nothing_and_says_nothing() -> None:
    async def take(end: FarEnd) -> tuple[str, bool]:
        own = end.node.certificates.identity("tomcat-ECDSA").certificate()
        csr = end.node.certificates.generate_csr("tomcat", CsrRequest())
        older = sign(csr, a_ca(), subject=own.subject, not_before=NOW - 900 * DAY_S).decode()
        before = end.node.certificates.memory()
        said = await paste(end, "set cert import trust tomcat", older)
        return said, before == end.node.certificates.memory()

    assert (IMPORTED.format(unit="tomcat"), True) == at_prompt(take)


# --- set cert regen


def test_regeneration_warns_asks_and_replaces_the_identity() -> None:
    async def regenerate(end: FarEnd) -> tuple[str, str, bool, list[tuple[str, str, str]]]:
        before = end.node.certificates.identity("tomcat")
        warning = await end.asked("set cert regen tomcat", "Proceed with regeneration (yes|no)? ")
        said = await end.run("yes")
        return warning, said, before != end.node.certificates.identity("tomcat"), end.operations()[1:]

    warning, said, changed, log = at_prompt(regenerate)
    assert (
        "\nWARNING: This operation will overwrite any CA signed certificate previously imported for  tomcat\n"
        == warning
    )
    assert (
        "\nSuccessfully Regenerated Certificate for tomcat.\n"
        "You must restart services related to tomcat for the regenerated certificates to become active.\n"
    ) == said
    assert (True, [("regenerate", "tomcat", "ok")]) == (changed, log)


@pytest.mark.parametrize(("words", "said"), [("Exiting...", "Exiting...\n"), ("", "")])
def test_a_no_leaves_everything_as_it_was(words: str, said: str) -> None:
    async def regenerate(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        before = end.node.certificates.memory()
        await end.asked("set cert regen tomcat", "(yes|no)? ")
        return await end.run("no"), before == end.node.certificates.memory(), end.operations()[1:]

    assert (said, True, [("regenerate", "tomcat", "cancelled")]) == at_prompt(regenerate, answer_no_text=words)


def test_the_recovery_certificate_has_a_warning_of_its_own() -> None:
    async def regenerate(end: FarEnd) -> str:
        warning = await end.asked("set cert regen ITLRecovery", "Proceed with regeneration (yes|no)? ")
        await end.run("no")
        return warning

    assert at_prompt(regenerate).endswith(" Are you sure want\nto proceed?\n")


def test_an_unknown_unit_is_refused_before_the_question() -> None:
    assert output("set cert regen nothing").endswith(UNSUCCESSFUL)


# --- set cert delete


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Successfully deleted certificate {name}", r"Successfully deleted certificate \S+\.pem\n"),
        ("Gone", "Gone\n"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("prefix", ["", "tomcat-trust/"])
def test_a_trust_entry_is_deleted_without_a_question(words: str, shown: str, prefix: str) -> None:
    async def delete(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        name = end.node.certificates.trust("tomcat-trust")[0].filename
        said = await end.run(f"set cert delete tomcat {prefix}{name}")
        left = [entry.filename for entry in end.node.certificates.trust("tomcat-trust")]
        return said, name in left, end.operations()[1:]

    said, left, log = at_prompt(delete, cert_delete_text=words)
    assert re.fullmatch(shown, said)
    assert (False, [("delete", "tomcat", "ok")]) == (left, log)


def test_an_entry_that_is_not_there_cannot_be_deleted() -> None:
    said = output("set cert delete tomcat siptest.pem")
    assert f"Certificate tomcat-trust/siptest.pem does not exist\n{UNSUCCESSFUL}" == said


def test_an_identity_cannot_be_deleted() -> None:
    said = output("set cert delete ITLRecovery ITLRecovery.pem")
    assert f"Invalid certificate type found\n{UNSUCCESSFUL}" == said
