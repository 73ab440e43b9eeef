# Promise: `utils ctl`, `utils itl` and `file delete` speak as recorded, act once, and refuse where the product does.
import pytest

from ucmlab.cluster.trust_lists.model import CCM_TFTP
from unit.ucmlab.cluster.trust_lists.dumps_bench import identity
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import scenario

PAIR, MIXED = scenario("pair"), scenario("pair", mixed=True)
F11 = "11.5.1.12900-21"
ASK, OLDER_ASK = "Do you want to continue? (y/n): ", "Do you want to continue? (y/n):"
UNSUCCESSFUL = "Executed command unsuccessfully\n"
END = (
    "You must reset all phones to ensure they received the updated CTL file. \n"
    "You must restart Cisco CTIManager services on all the nodes in the cluster that have the service activated.\n"
)
OLDER_END = (
    "Please Restart the TFTP and Cisco CallManager services on all nodes in the cluster that run these services\n"
)
LINES = (
    "utils ctl set-cluster mixed-mode",
    "utils ctl set-cluster non-secure-mode",
    "utils ctl update CTLFile",
    "utils ctl reset localkey",
    "utils itl reset localkey",
    "utils itl reset remotekey host user ITLRecovery.p12",
)


def change(
    line: str, of, *, ask: str = ASK, answer: str = "y", **switches: str
) -> tuple[str, str, tuple[str, str, str]]:
    """The question, what follows the answer, and the log line of a command."""

    async def run(end: FarEnd) -> tuple[str, str, tuple[str, str, str]]:
        question = await end.asked(line, ask)
        return question, (await end.run(answer)), end.operations()[-1]

    return at_prompt(run, of, **switches)


@pytest.mark.parametrize(
    ("line", "sentence", "doing", "done", "operation"),
    [
        (
            "utils ctl set-cluster non-secure-mode",
            "This operation will set the cluster to non secure mode. ",
            "Moving Cluster to Non Secure Mode",
            "Cluster set to Non Secure Mode",
            "ctl-set-nonsecure",
        ),
        (
            "utils ctl update CTLFile",
            "This operation will update the CTLFile. ",
            "Updating CTL file",
            "CTL file Updated",
            "ctl-update",
        ),
        (
            "utils ctl reset localkey",
            "This operation will reset the CTLFile. ",
            "Updating CTL file",
            "CTL file Updated",
            "ctl-reset",
        ),
    ],
)
def test_a_ctl_command_asks_acts_and_tells_what_to_do(
    line: str, sentence: str, doing: str, done: str, operation: str
) -> None:
    assert (sentence, f"\n{doing}\n{done}\n{END}", (operation, "", "ok")) == change(line, MIXED)
    older = scenario("pair", mixed=True, version=F11)
    expected = (sentence, f"\n{doing}\n{done}\n{OLDER_END}", (operation, "", "ok"))
    assert expected == change(line, older, ask=OLDER_ASK)


def test_entering_mixed_mode_makes_the_ctl() -> None:
    async def run(end: FarEnd) -> tuple[str, str, int, bool]:
        question = await end.asked("utils ctl set-cluster mixed-mode", ASK)
        said = await end.run("y")
        return question, said, end.cluster.security_mode, end.node.tftp.ctl is not None

    expected = f"\nMoving Cluster to Mixed Mode\nCluster set to Mixed Mode\n{END}"
    assert ("This operation will set the cluster to Mixed mode. ", expected, 1, True) == at_prompt(run, PAIR)


def test_mixed_mode_again_is_asked_again() -> None:
    async def run(end: FarEnd) -> tuple[str, str]:
        await end.asked("utils ctl set-cluster mixed-mode", ASK)
        again = await end.asked("y", ASK)
        return again, (await end.run("n"))

    assert ("\nThe cluster is already in Mixed mode.\n", "Exiting...\n") == at_prompt(run, MIXED)
    assert "\nAgain?\n" == at_prompt(run, MIXED, mixed_again="Again?")[0]


@pytest.mark.parametrize("line", LINES[:4])
def test_no_leaves_everything_as_it_was(line: str) -> None:
    async def run(end: FarEnd) -> tuple[str, bool, tuple[str, str, str]]:
        before = end.node.tftp.memory(), end.cluster.security_mode
        await end.asked(line, ASK)
        said = await end.run("n")
        return said, before == (end.node.tftp.memory(), end.cluster.security_mode), end.operations()[-1]

    said, same, logged = at_prompt(run, MIXED)
    assert ("Exiting...\n", True, "cancelled") == (said, same, logged[2])


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("words", ["This command can only be run on the publisher.", "Not here"])
def test_a_subscriber_refuses(line: str, words: str) -> None:
    assert f"{words}\n{UNSUCCESSFUL}" == output(line, of=MIXED, node="cucm-sub1", ctl_sub_text=words)


@pytest.mark.parametrize("line", ["utils ctl update CTLFile", "utils ctl reset localkey"])
@pytest.mark.parametrize("words", ["The CTL file cannot be updated in a non secure cluster.", "No mixed mode"])
def test_a_non_secure_cluster_has_nothing_to_update(line: str, words: str) -> None:
    assert f"{words}\n{UNSUCCESSFUL}" == output(line, of=PAIR, ctl_update_nonsecure_text=words)


def test_mixed_mode_without_its_licence_is_refused() -> None:
    _, said, logged = change("utils ctl set-cluster mixed-mode", PAIR, mixed_mode_licence="missing")
    assert "export-controlled" in said
    assert said.endswith(UNSUCCESSFUL)
    assert logged[2].startswith("refused: ")


def test_the_question_of_a_reset_is_a_switch() -> None:
    assert "Shall it be? " == change("utils ctl reset localkey", MIXED, ctl_reset_text="Shall it be?")[0]


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ("9.1.2.10000-28", []),
        ("10.5.2.10000-5", [*LINES[:3], *LINES[4:5], "utils itl reset remotekey"]),
        (F11, [*LINES[:5], "utils itl reset remotekey"]),
        ("15.0.1.10000-32", [*LINES[:5], "utils itl reset remotekey"]),
    ],
)
def test_commands_appear_with_their_releases(version: str, known: list[str]) -> None:
    async def run(end: FarEnd) -> list[str]:
        said = (await end.run("help utils ctl")) + (await end.run("help utils itl"))
        return [line for line in (*LINES[:5], "utils itl reset remotekey") if line in said]

    assert known == at_prompt(run, scenario("pair", version=version))


# --- utils itl reset

BLANK = " "
RESET = f"""
Name is None{BLANK}

Generating the reset ITL file.....

The reset ITL file was generated successfully

Locating active Tftp servers in the cluster.....

Following is the list of Active tftp servers in the cluster

====================

cucm-pub
cucm-sub1

=====================

Number of Active TFTP servers in the cluster : 2

Transferring new reset ITL file to the TFTP server nodes in the cluster.........

Successfully transferred reset ITL to node cucm-pub

Successfully transferred reset ITL to node cucm-sub1
"""


def test_an_itl_reset_acts_at_once_and_names_every_server() -> None:
    async def run(end: FarEnd) -> tuple[str, list[bool], tuple[str, str, str]]:
        said = await end.run("utils itl reset localkey")
        signers = [
            node.tftp.itl.signer == node.certificates.identity("CallManager").sha256
            for node in end.cluster.nodes.values()
        ]
        return said, signers, end.operations()[-1]

    assert (RESET, [True, True], ("itl-reset", "", "ok")) == at_prompt(run, PAIR)


def test_the_form_of_10_asks_for_a_password_that_is_not_shown_and_restarts_tftp() -> None:
    async def run(end: FarEnd) -> None:
        account = next(account for account in end.cluster.accounts if account.kind == "application")
        await end.asked("utils itl reset localkey", "Enter CCM Administrator password : ")
        said = await end.run(account.password)
        assert account.password not in end.shown
        assert "['cucm-pub', 'cucm-sub1']\n" in said
        for name in ("cucm-pub", "cucm-sub1"):
            assert f"Restarting Cisco Tftp service on host {name}\n" in said
            assert f"Cisco Tftp service restarted on host {name}\n" in said
        assert not end.node.tftp.serving
        await end.cluster.clock.sleep(120)
        assert end.node.tftp.serving
        assert end.node.certificates.identity("ITLRecovery").sha256 == end.node.tftp.itl.signer

    at_prompt(run, scenario("pair", version=F11), itl_reset_style="10x")


def test_the_form_of_10_refuses_a_wrong_password() -> None:
    async def run(end: FarEnd) -> tuple[str, bool]:
        before = end.node.tftp.itl
        await end.asked("utils itl reset localkey", "Enter CCM Administrator password : ")
        return await end.run("wrong"), before is end.node.tftp.itl

    said, same = at_prompt(run, PAIR, itl_reset_style="10x")
    assert said.endswith(UNSUCCESSFUL)
    assert "wrong" not in said
    assert same


@pytest.mark.parametrize(("style", "last"), [("unsuccessful", True), ("silent", False)])
def test_a_short_recovery_key_transfers_nothing(style: str, last: bool) -> None:
    async def run(end: FarEnd) -> str:
        short = identity("CN=ITLRECOVERY_pub", der_length=700)
        found = end.node.certificates.identity("ITLRecovery")
        stored = type(found)(
            purpose="ITLRecovery", certificate_pem=short.certificate_pem, key_pem=short.key_pem, description=""
        )
        end.node.certificates.install_identity(stored)
        return await end.run("utils itl reset localkey")

    said = at_prompt(run, PAIR, itl_reset_fail=style)
    assert "Successfully" not in said
    assert last is said.endswith(UNSUCCESSFUL)


@pytest.mark.parametrize("style", ["12x", "10x"])
def test_a_remote_key_cannot_be_fetched(style: str) -> None:
    async def run(end: FarEnd) -> tuple[str, bool]:
        before = end.node.tftp.itl
        line = "utils itl reset remotekey 192.0.2.1 admin ITLRecovery.p12"
        if style == "10x":
            account = next(account for account in end.cluster.accounts if account.kind == "application")
            await end.asked(line, "Enter Sftp password : ")
            await end.asked("secret", "Enter CCM Administrator password : ")
            line = account.password
        return await end.run(line), before is end.node.tftp.itl

    said, same = at_prompt(run, PAIR, itl_reset_style=style)
    assert "Unable to get ITLRecovery.p12 from 192.0.2.1\n" in said
    assert same


# --- file delete


def test_a_ctl_file_is_deleted_on_this_node_only_after_a_y() -> None:
    async def run(end: FarEnd) -> tuple[list[str], list[bool], tuple[str, str, str]]:
        ask = 'Enter "y" followed by return to continue: '
        said = [await end.asked("file delete tftp CTLFile.tlv", ask), await end.run("no")]
        kept = end.node.tftp.ctl is not None
        await end.asked("file delete tftp CTLFile.tlv", ask)
        said.append(await end.run("y"))
        await end.asked("file delete tftp CTLFile.tlv", ask)
        said.append(await end.run("y"))
        other = end.cluster.node("cucm-sub1").tftp.ctl is not None
        return said, [kept, end.node.tftp.ctl is None, other], end.operations()[-1]

    said, state, logged = at_prompt(run, MIXED)
    assert [
        "Delete the File CTLFile.tlv?\n",
        "Exiting...\n",
        "files: found = 1, deleted = 1\n",
        "files: found = 0, deleted = 0\n",
    ] == said
    assert [True, True, True] == state
    assert ("file-delete", "", "ok") == logged


# --- set cert regen


@pytest.mark.parametrize("unit", ["CAPF", "ITLRecovery", "CallManager", "TVS"])
def test_every_anchor_is_regenerated_at_the_prompt(unit: str) -> None:
    async def run(end: FarEnd) -> tuple[str, bool]:
        before = end.node.certificates.identity(unit)
        await end.asked(f"set cert regen {unit}", "Proceed with regeneration (yes|no)? ")
        said = await end.run("yes")
        return said, before != end.node.certificates.identity(unit)

    said, changed = at_prompt(run, PAIR)
    assert f"Successfully Regenerated Certificate for {unit}.\n" in said
    assert changed


def test_leaving_mixed_mode_shows_emptied_callers() -> None:
    async def run(end: FarEnd) -> tuple[str, int]:
        await end.asked("utils ctl set-cluster non-secure-mode", ASK)
        await end.run("y")
        return await end.run("show ctl"), len(end.node.tftp.ctl.holders(CCM_TFTP))

    shown, callers = at_prompt(run, MIXED)
    assert 2 == shown.count("1       RECORDLENGTH    2       4")
    assert 0 == callers
    assert shown.endswith("\nThe CTL file was verified successfully.\n\n")
