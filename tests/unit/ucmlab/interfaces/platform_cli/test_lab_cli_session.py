# Promise: a session begins as the product's does and ends when somebody leaves, hangs up, sleeps, or the node goes.
import asyncio

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.errors import NodeDown, RefuseConnection
from ucmlab.faults import FaultRule
from ucmlab.interfaces.platform_cli.session import check_login
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at, at_prompt
from unit.ucmlab.lab_bench import in_lab, scenario

FIRST_LINE = "Command Line Interface is starting up, please wait ...\n"
GREETING = """Command Line Interface is starting up, please wait ...

   Welcome to the Platform Command Line Interface

VMware Installation:
\t2 vCPU: Intel(R) Xeon(R) CPU E5-2630 v3 @ 2.40GHz
\tDisk 1: 80GB, Partitions aligned
\t6144 Mbytes RAM

admin:"""


def password(cluster: Cluster) -> str:
    return next(account.password for account in cluster.accounts if account.kind == "platform")


def test_the_banner_comes_in_two_parts_and_the_prompt_ends_without_a_line_end() -> None:
    async def greet(cluster: Cluster) -> list[tuple[float, str]]:
        began = cluster.clock.now()
        end = FarEnd(cluster)
        seen = []
        for text in (FIRST_LINE, "RAM\n\n", "admin:"):
            await end.until(text)
            seen.append((round(cluster.clock.now() - began, 3), end.shown))
        return seen

    first, welcome, prompt = in_lab(greet)
    assert (0.0, FIRST_LINE) == first
    assert (6.0, GREETING.removesuffix("admin:")) == welcome
    assert (7.5, GREETING) == prompt


@pytest.mark.parametrize("leaving", ["quit\n", "exit\n", " quit \r", "\x04"])
def test_quit_exit_and_ctrl_d_end_the_session(leaving: str) -> None:
    async def leave(end: FarEnd) -> int:
        assert 1 == end.node.open_sessions
        end.type(leaving)
        await end.ended()
        return end.node.open_sessions

    assert 0 == at_prompt(leave)


def test_lines_typed_before_the_far_end_hangs_up_are_carried_out() -> None:
    async def hang_up(end: FarEnd) -> list[str]:
        end.type("show cli pagination\nshow version inactive\n")
        end.hang_up()
        await end.ended()
        return [operation for operation, _, _ in end.operations()]

    assert ["pagination", "pagination", "version"] == at_prompt(hang_up)


def test_an_empty_line_brings_the_prompt_again_and_is_not_logged() -> None:
    async def enter(end: FarEnd) -> tuple[str, int]:
        end.type("\n  \n")
        await end.until("  \nadmin:")
        return end.fresh, len(end.log())

    assert ("\nadmin:  \nadmin:", 1) == at_prompt(enter)


@pytest.mark.parametrize(("words", "shown"), [("", ""), ("Too many sessions", "Too many sessions\n")])
def test_the_eleventh_session_is_closed_with_the_words_of_the_switch(words: str, shown: str) -> None:
    async def crowd(cluster: Cluster) -> tuple[str, int]:
        ends = [await at(cluster) for _ in range(10)]
        one_more = FarEnd(cluster)
        await one_more.ended()
        assert 10 == cluster.publisher.open_sessions
        ends[0].type("quit\n")
        await ends[0].ended()
        await at(cluster)
        return one_more.shown, cluster.publisher.open_sessions

    assert (shown, 10) == in_lab(crowd, scenario(switches={"session_limit_text": words}))


@pytest.mark.parametrize(("words", "shown"), [("", ""), ("Session timed out", "Session timed out\n")])
def test_a_session_is_closed_after_half_an_hour_without_a_key(words: str, shown: str) -> None:
    async def sleep(end: FarEnd) -> tuple[str, float]:
        end.type("x")
        await asyncio.sleep(1799.0)
        end.type("\x7f")
        began = end.cluster.clock.now()
        text = await end.ended()
        return text, round(end.cluster.clock.now() - began)

    assert ("\b \b" + shown, 1800.0) == at_prompt(sleep, idle_text=words)


def test_a_new_time_out_holds_for_new_sessions_only_and_survives_in_the_node() -> None:
    async def shorten(end: FarEnd) -> tuple[str, str, bool, bool]:
        said = await end.run("set cli session timeout 5")
        shown = await end.run("show cli session timeout")
        newer = await at(end.cluster)
        await asyncio.sleep(301.0)
        assert 5 == end.node.memory().platform.session_timeout_min
        return said, shown, end.task.done(), newer.task.done()

    line = "CLI session timeout : 5 minutes\n"
    assert (line, line, False, True) == at_prompt(shorten)


@pytest.mark.parametrize("minutes", ["4", "100000", "soon", "²", "00000000000000000000009"])
def test_a_time_out_out_of_range_is_refused(minutes: str) -> None:
    async def ask(end: FarEnd) -> tuple[str, int]:
        return await end.run(f"set cli session timeout {minutes}"), end.node.platform.session_timeout_min

    words = "Enter valid values for the timeout. \nSuggested values are 5-99999\nExecuted command unsuccessfully\n"
    assert (words, 30) == at_prompt(ask)


def test_a_node_that_goes_down_cuts_its_sessions() -> None:
    async def go_down(end: FarEnd) -> int:
        end.node.down = True
        with pytest.raises(NodeDown):
            await end.ended(within_s=1)
        with pytest.raises(NodeDown):
            await FarEnd(end.cluster).ended()
        return end.node.open_sessions

    assert 0 == at_prompt(go_down)


def test_a_node_down_fault_is_noticed_at_the_next_line() -> None:
    async def strike(end: FarEnd) -> None:
        end.cluster.faults.add(FaultRule(kind="node-down", node=end.node.name, times=0))
        end.type("show version active\n")
        with pytest.raises(NodeDown):
            await end.ended(within_s=1)

    at_prompt(strike)


def test_sessions_end_with_the_ssh_service_and_new_ones_are_refused_until_it_is_back() -> None:
    async def restart(end: FarEnd) -> list[tuple[str, str, str]]:
        other = await at(end.cluster)
        end.type("utils service restart System SSH\n")
        await end.ended(within_s=5)
        await other.ended(within_s=1)
        with pytest.raises(RefuseConnection):
            await FarEnd(end.cluster).ended()
        await asyncio.sleep(60)
        await at(end.cluster)
        return end.operations()[2:3]

    assert [("restart", "System SSH", "ok")] == at_prompt(restart)


@pytest.mark.parametrize(("how", "ends"), [("stays", False), ("drops", True)])
def test_a_tomcat_restart_takes_sessions_along_only_where_the_switch_says_so(how: str, *, ends: bool) -> None:
    async def restart(end: FarEnd) -> bool:
        end.node.service("Cisco Tomcat").begin("restart")
        await asyncio.sleep(1)
        newer = await at(end.cluster)
        await asyncio.sleep(120)
        assert not newer.task.done()
        return end.task.done()

    assert ends is at_prompt(restart, cli_during_tomcat=how)


def test_only_the_platform_account_logs_in_and_a_failure_is_logged_without_the_password() -> None:
    async def log_in(cluster: Cluster) -> list[bool]:
        node, app = cluster.publisher, cluster.accounts[1]
        answers = [
            check_login(cluster, node, "admin", password(cluster)),
            check_login(cluster, node, app.user, app.password),
            check_login(cluster, node, "admin", "wrong \ud800"),
        ]
        assert ["refused: wrong user or password"] * 2 == [row.outcome for row in cluster.log.operations()]
        return answers

    assert [True, False, False] == in_lab(log_in)


@pytest.mark.parametrize(("how", "locked"), [("after-3", True), ("none", False)])
def test_three_failures_lock_the_account_for_five_minutes(how: str, *, locked: bool) -> None:
    async def fail(cluster: Cluster) -> tuple[bool, bool]:
        node = cluster.publisher
        for _ in range(3):
            assert not check_login(cluster, node, "admin", "wrong")
        during = check_login(cluster, node, "admin", password(cluster))
        await asyncio.sleep(301)
        return during, check_login(cluster, node, "admin", password(cluster))

    assert (not locked, True) == in_lab(fail, scenario(switches={"account_lockout": how}))


def test_a_success_forgives_the_failures_before_it() -> None:
    async def alternate(cluster: Cluster) -> list[bool]:
        right = password(cluster)
        return [check_login(cluster, cluster.publisher, "admin", given) for given in ("a", "b", right, "c", "d", right)]

    assert [False, False, True, False, False, True] == in_lab(alternate)
