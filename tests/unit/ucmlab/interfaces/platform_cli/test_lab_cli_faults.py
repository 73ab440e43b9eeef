# Promise: faults strike around every command: before it, after it, or in its answer, and the log tells which.
import asyncio

import pytest

from ucmlab.cluster.certificates.records import CsrRequest
from ucmlab.errors import DropConnection, NodeDown, RefuseConnection
from ucmlab.faults import FaultRule, mangle
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt
from unit.ucmlab.lab_bench import a_ca, scenario, sign, trust

LEGACY = scenario("legacy")
PASTE = "Paste the Certificate and Hit Enter\n"


def strike(end: FarEnd, kind: str, operation: str, purpose: str = "", **more: float) -> None:
    rule = FaultRule(kind=kind, interface="ssh", operation=operation, purpose=purpose, **more)  # type: ignore[arg-type]
    end.cluster.faults.add(rule)


def test_a_drop_before_leaves_the_work_undone() -> None:
    async def run(end: FarEnd) -> tuple[bool, str, list[tuple[str, str, str]]]:
        strike(end, "drop-before", "csr", "tomcat")
        end.type("set csr gen tomcat\n")
        with pytest.raises(DropConnection) as fault:
            await end.ended()
        assert 0 == end.node.open_sessions
        return fault.value.applied, end.fresh, end.operations()[1:]

    log = [("csr", "tomcat", "dropped: not applied")]
    assert (False, "set csr gen tomcat\n", log) == at_prompt(run, LEGACY)


def test_a_drop_after_does_the_work_and_says_nothing() -> None:
    async def run(end: FarEnd) -> tuple[bool, str, bool, list[tuple[str, str, str]]]:
        strike(end, "drop-after", "csr", "tomcat")
        end.type("set csr gen tomcat\n")
        with pytest.raises(DropConnection) as fault:
            await end.ended()
        done = end.node.certificates.csr("tomcat") is not None
        return fault.value.applied, end.fresh, done, end.operations()[1:]

    log = [("csr", "tomcat", "dropped: applied")]
    assert (True, "set csr gen tomcat\n", True, log) == at_prompt(run, LEGACY)


def test_a_drop_after_an_import_stores_the_certificate() -> None:
    async def run(end: FarEnd) -> tuple[bool, list[tuple[str, str, str]]]:
        strike(end, "drop-after", "identity", "tomcat")
        pem = sign(end.node.certificates.generate_csr("tomcat", CsrRequest()), a_ca()).decode()
        trust(end.node, a_ca())
        await end.asked("set cert import own tomcat", PASTE)
        end.type(pem)
        with pytest.raises(DropConnection):
            await end.ended()
        return pem == end.node.certificates.identity("tomcat").certificate_pem, end.operations()[1:]

    assert (True, [("identity", "tomcat", "dropped: applied")]) == at_prompt(run)


def test_a_drop_after_a_restart_cuts_the_line_while_the_service_is_still_under_way() -> None:
    async def run(end: FarEnd) -> tuple[str, bool, list[tuple[str, str, str]]]:
        strike(end, "drop-after", "restart", "Cisco Tomcat")
        end.type("utils service restart Cisco Tomcat\n")
        with pytest.raises(DropConnection):
            await end.ended(within_s=2)
        state = end.node.service("Cisco Tomcat").state
        await asyncio.sleep(120)
        return state, end.node.service("Cisco Tomcat").running, end.operations()[1:]

    assert ("STOPPING", True, [("restart", "Cisco Tomcat", "dropped: applied")]) == at_prompt(run)


def test_a_rule_for_another_purpose_or_node_does_not_strike() -> None:
    async def run(end: FarEnd) -> str:
        strike(end, "drop-after", "csr", "ipsec")
        end.cluster.faults.add(FaultRule(kind="refuse", node="cucm-sub1", interface="ssh"))
        end.cluster.faults.add(FaultRule(kind="refuse", interface="rest"))
        return await end.run("set csr gen tomcat")

    assert "Successfully Generated CSR for tomcat.\n" == at_prompt(run, LEGACY)


def test_a_refused_connection_leaves_no_line_in_the_log() -> None:
    async def run(end: FarEnd) -> list[tuple[str, str, str]]:
        strike(end, "refuse", "version")
        end.type("show version active\n")
        with pytest.raises(RefuseConnection):
            await end.ended()
        return end.operations()[1:]

    assert [] == at_prompt(run)


def test_a_wrong_answer_garbles_the_output_and_the_prompt_comes_all_the_same() -> None:
    async def run(end: FarEnd) -> tuple[str, str, list[tuple[str, str, str]]]:
        right = await end.run("show cert list own")
        strike(end, "wrong-answer", "cert-list")
        wrong = await end.run("show cert list own")
        assert right == await end.run("show cert list own")
        return right, wrong, end.operations()[1:]

    right, wrong, log = at_prompt(run)
    assert mangle(right).rstrip("\n") + "\n" == wrong
    assert [("cert-list", "", "ok")] * 3 == log


def test_a_wrong_answer_to_a_restart_garbles_its_last_line() -> None:
    async def run(end: FarEnd) -> str:
        strike(end, "wrong-answer", "restart")
        return (await end.run("utils service restart Cisco Tomcat")).splitlines()[-1]

    assert mangle("Cisco Tomcat[STARTED]  \n") == at_prompt(run)


@pytest.mark.parametrize("kind", ["delay", "throttle"])
def test_delay_and_throttling_make_a_command_late(kind: str) -> None:
    async def run(end: FarEnd) -> tuple[str, float]:
        strike(end, kind, "pagination", seconds=77.0)
        began = end.cluster.clock.now()
        said = await end.run("show cli pagination")
        return said, round(end.cluster.clock.now() - began, 1)

    assert ("Automatic Pagination : Off.\n", 77.3) == at_prompt(run)


def test_ctrl_c_ends_a_delay() -> None:
    async def run(end: FarEnd) -> list[tuple[str, str, str]]:
        strike(end, "delay", "csr", seconds=600.0)
        end.type("set csr gen tomcat\n")
        await asyncio.sleep(5)
        end.type("\x03")
        await end.until("^C\nadmin:", within_s=1)
        assert end.node.certificates.csr("tomcat") is None
        return end.operations()[1:]

    assert [("csr", "tomcat", "interrupted")] == at_prompt(run, LEGACY)


def test_a_node_that_goes_down_in_the_middle_of_a_restart_is_silent() -> None:
    async def run(end: FarEnd) -> list[tuple[str, str, str]]:
        end.type("utils service restart Cisco Tomcat\n")
        await end.until("[STOPPING]  \n")
        end.cluster.faults.add(FaultRule(kind="node-down", node=end.node.name, times=0))
        with pytest.raises(NodeDown):
            await end.ended(within_s=6)
        return end.operations()[1:]

    assert [("restart", "Cisco Tomcat", "ok")] == at_prompt(run)


def test_a_node_that_goes_down_while_a_command_thinks_leaves_it_undone() -> None:
    async def run(end: FarEnd) -> list[tuple[str, str, str]]:
        end.type("set csr gen tomcat\n")
        await asyncio.sleep(1)
        end.node.down = True
        with pytest.raises(NodeDown):
            await end.ended(within_s=1)
        assert end.node.certificates.csr("tomcat") is None
        return end.operations()[1:]

    assert [("csr", "tomcat", "dropped: not applied")] == at_prompt(run, LEGACY)


def test_a_refusal_that_is_dropped_stays_a_refusal_in_the_log() -> None:
    async def run(end: FarEnd) -> str:
        strike(end, "drop-after", "csr")
        end.type("set csr gen nothing\n")
        with pytest.raises(DropConnection):
            await end.ended()
        return end.operations()[-1][2]

    assert at_prompt(run).startswith("refused: Unable to generate CSR")


@pytest.mark.parametrize("line", ["show nonsense", "", "quit"])
def test_what_is_no_command_of_the_table_is_struck_only_as_unknown(line: str) -> None:
    async def run(end: FarEnd) -> bool:
        strike(end, "drop-before", "unknown")
        end.type(f"{line}\n")
        try:
            await end.ended(within_s=5)
        except DropConnection:
            return True
        except TimeoutError:
            return False
        return False

    assert (line == "show nonsense") is at_prompt(run)
