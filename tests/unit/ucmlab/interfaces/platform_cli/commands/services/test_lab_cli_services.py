# Promise: services are listed and moved in the product's shapes, and a restart goes its way whoever watches it.
import asyncio

import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.faults import FaultRule
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at, at_prompt, output, outputs
from unit.ucmlab.lab_bench import a_ca, in_lab, renewed, scenario

LIST = """Requesting service status, please wait...
System SSH [STARTED]
Name Service Cache [STOPPED] Service Not Activated
Entropy Monitoring Daemon [STARTED]
Cisco SCSI Watchdog [STARTED]
Service Manager [STARTED]
Service Manager is running
Getting list of all services
>> Return code = 0
A Cisco DB[STARTED]
A Cisco DB Replicator[STARTED]
Cisco AMC Service[STARTED]
Cisco AXL Tomcat[STARTED]
Cisco AXL Web Service[STARTED]
Cisco Audit Event Service[STARTED]
Cisco CAR DB[STOPPED]  Commanded Out of Service
Cisco CAR Scheduler[STOPPED]  Commanded Out of Service
Cisco CDP[STARTED]
Cisco CDP Agent[STARTED]
Cisco CDR Agent[STARTED]
Cisco CDR Repository Manager[STOPPED]  Commanded Out of Service
Cisco CTIManager[STARTED]
Cisco CTL Provider[STARTED]
Cisco CallManager[STARTED]
Cisco Certificate Change Notification[STARTED]
Cisco Certificate Expiry Monitor[STARTED]
Cisco DRF Local[STARTED]
Cisco DRF Master[STOPPED]  Commanded Out of Service
Cisco Database Layer Monitor[STARTED]
Cisco Extension Mobility[STARTED]
Cisco HAProxy[STARTED]
Cisco IP Voice Media Streaming App[STARTED]
Cisco Intercluster Lookup Service[STOPPED]  Commanded Out of Service
Cisco License Manager[STOPPED]  Commanded Out of Service
Cisco Location Bandwidth Manager[STARTED]
Cisco Log Partition Monitoring Tool[STARTED]
Cisco RIS Data Collector[STARTED]
Cisco RTMT Reporter Servlet[STARTED]
Cisco SOAP - CallRecord Service[STOPPED]  Commanded Out of Service
Cisco SSOSP Tomcat[STARTED]
Cisco Syslog Agent[STARTED]
Cisco Tftp[STARTED]
Cisco Tomcat[STARTED]
Cisco Tomcat Stats Servlet[STARTED]
Cisco Trace Collection Service[STARTED]
Cisco Trace Collection Servlet[STARTED]
Cisco Trust Verification Service[STARTED]
Cisco UDS Tomcat[STARTED]
Host Resources Agent[STARTED]
MIB2 Agent[STARTED]
Platform Administrative Web Service[STARTED]
Platform Communication Web Service[STARTED]
SNMP Master Agent[STARTED]
SOAP -Log Collection APIs[STARTED]
SOAP -Performance Monitoring APIs[STARTED]
SOAP -Real-Time Service APIs[STARTED]
System Application Agent[STARTED]
Cisco Serviceability Reporter[STOPPED]  Service Not Activated
Cisco WebDialer Web Service[STOPPED]  Service Not Activated
Primary Node =false
"""
WARNING = (
    " Don't press Ctrl-c while the service is getting RESTARTED."
    "If Service has not Restarted Properly, execute the same Command Again\n"
)
RUNNING = "Service Manager is running\n"
UNSUCCESSFUL = "Executed command unsuccessfully\n"


def states(text: str, name: str) -> list[str]:
    return [line.removeprefix(name) for line in text.splitlines() if line.startswith(f"{name}[")]


def test_the_list_of_a_subscriber() -> None:
    assert LIST == output("utils service list", of=scenario("pair"), node="cucm-sub1")


def test_the_publisher_says_that_it_is_the_primary_node() -> None:
    assert output("utils service list").endswith("[STOPPED]  Service Not Activated\nPrimary Node =true\n")


@pytest.mark.parametrize(
    ("how", "line"), [("printed", "Primary Node =false"), ("absent", "Cisco WebDialer Web Service")]
)
def test_the_primary_line_of_a_subscriber_is_a_switch(how: str, line: str) -> None:
    said = output("utils service list", of=scenario("pair"), node="cucm-sub1", svc_primary_line=how)
    assert said.splitlines()[-1].startswith(line)


def test_rows_can_stand_in_plain_order_of_names() -> None:
    lines = output("utils service list", svc_order="by-name").splitlines()
    rows = [line.partition("[")[0] for line in lines[lines.index(">> Return code = 0") + 1 : -1]]
    assert sorted(rows) == rows
    assert "Cisco Serviceability Reporter" in rows


@pytest.mark.parametrize(("word", "other"), [("Master", "Primary"), ("Primary", "Master")])
def test_one_spelling_of_master_is_printed_and_taken(word: str, other: str) -> None:
    listed, taken, refused = outputs(
        "utils service list",
        f"utils service restart Cisco DRF {word}",
        f"utils service restart Cisco DRF {other}",
        svc_naming=word,
    )
    assert f"\nCisco DRF {word}[STARTED]\n" in listed
    assert f"\nSNMP {word} Agent[STARTED]\n" in listed
    assert other not in listed.replace("Primary Node", "")
    assert taken.endswith(f"Cisco DRF {word}[STARTED]  \n")
    assert f"Service Cisco DRF {other} not found\n{UNSUCCESSFUL}" in refused


@pytest.mark.parametrize("words", ["Service Not Activated", "Not on"])
def test_the_reason_of_a_service_not_activated_is_a_switch(words: str) -> None:
    listed, started = outputs(
        "utils service list", "utils service restart Cisco WebDialer Web Service", svc_inactive_text=words
    )
    assert f"\nCisco WebDialer Web Service[STOPPED]  {words}\n" in listed
    assert f"\nName Service Cache [STOPPED] {words}\n" in listed
    assert f"{WARNING}{RUNNING}Cisco WebDialer Web Service[STOPPED]  {words}\n" == started


def test_a_restart_is_watched_to_its_end_with_a_line_every_five_seconds() -> None:
    async def watch(end: FarEnd) -> tuple[str, list[tuple[float, str]], float]:
        began = end.cluster.clock.now()
        end.type("utils service restart Cisco Tomcat\n")
        seen: list[tuple[float, str]] = []
        while not end.fresh.endswith("admin:"):
            await asyncio.sleep(0.1)
            lines = end.fresh.count("Cisco Tomcat[")
            if lines > len(seen):
                seen.append((round(end.cluster.clock.now() - began), end.fresh.splitlines()[-1]))
        started_at = end.node.service("Cisco Tomcat").started_at
        return end.fresh, seen, started_at - began

    text, seen, started_s = at_prompt(watch)
    assert text.startswith(f"utils service restart Cisco Tomcat\n{WARNING}{RUNNING}Cisco Tomcat[STOPPING]  \n")
    assert [5 * number for number in range(len(seen))] == [at for at, _ in seen]
    kinds = [line for _, line in seen][:-1]
    stopping, starting = kinds.count("Cisco Tomcat[STOPPING]  "), kinds.count("Cisco Tomcat[STARTING]  ")
    assert 12 <= started_s <= 19  # stop_s 15 of the row, give or take a fifth
    assert 3 <= stopping <= 4
    assert 7 <= starting <= 11  # start_s 45
    assert text.endswith("Cisco Tomcat[STARTING]  \nCisco Tomcat[STARTED]  \nCisco Tomcat[STARTED]  \nadmin:")
    assert stopping + starting + 1 == len(kinds)


@pytest.mark.parametrize(
    ("tick", "seconds"), [("5", 5), ("1", 1), ("60", 60), ("soon", 5), ("-1", 5), ("nan", 5), ("0", 5)]
)
def test_the_time_between_state_lines_is_a_switch(tick: str, seconds: int) -> None:
    async def watch(end: FarEnd) -> int:
        end.type("utils service restart Cisco Tomcat\n")
        await end.until("[STOPPING]  \n")
        began = end.cluster.clock.now()
        first = end.fresh
        while end.fresh == first:
            await asyncio.sleep(0.25)
        return round(end.cluster.clock.now() - began)

    assert seconds == at_prompt(watch, svc_tick=tick)


def test_after_a_restart_the_new_certificate_is_served() -> None:
    async def restart(end: FarEnd) -> tuple[str, str, str]:
        new = renewed(end.node, a_ca())
        before = end.node.served("tomcat")[8443].sha256
        await end.run("utils service restart Cisco Tomcat")
        return before, end.node.served("tomcat")[8443].sha256, new

    before, after, new = at_prompt(restart)
    assert before != after == new


def test_a_restart_goes_on_after_a_hang_up_and_the_session_is_gone_at_once() -> None:
    async def hang_up(end: FarEnd) -> tuple[int, bool, list[tuple[str, str, str]]]:
        end.type("utils service restart Cisco CallManager\n")
        await end.until("[STOPPING]  \n")
        end.hang_up()
        await end.ended(within_s=1)
        sessions = end.node.open_sessions
        assert not end.node.service("Cisco CallManager").running
        await asyncio.sleep(120)
        return sessions, end.node.service("Cisco CallManager").running, end.operations()[1:]

    assert (0, True, [("restart", "Cisco CallManager", "ok")]) == at_prompt(hang_up)


def test_two_sessions_watch_the_same_restart() -> None:
    async def watch(cluster: Cluster) -> list[str]:
        one, two = await at(cluster), await at(cluster)
        one.type("utils service restart Cisco Tomcat\n")
        await asyncio.sleep(7)
        other = await two.run("utils service restart Cisco Tomcat")
        began = cluster.publisher.service("Cisco Tomcat").started_at
        await one.until("admin:")
        assert began == cluster.publisher.service("Cisco Tomcat").started_at
        return states(other, "Cisco Tomcat")

    seen = in_lab(watch)
    assert ["[STOPPING]  ", "[STARTED]  "] == [seen[0], seen[-1]]


def test_stop_and_start() -> None:
    stopped, listed, started = outputs(
        "utils service stop Cisco Tftp", "utils service list", "utils service start Cisco Tftp"
    )
    out = "Cisco Tftp[STOPPED]  Commanded Out of Service\n"
    assert f"{RUNNING}Cisco Tftp[STOPPING]  \n{out}{out}" == stopped
    assert out in listed
    assert started.startswith(f"{RUNNING}Cisco Tftp[STARTING]  \n")
    assert started.endswith("Cisco Tftp[STARTED]  \nCisco Tftp[STARTED]  \n")


def test_activate_and_deactivate() -> None:
    started, stopped = outputs(
        "utils service activate Cisco WebDialer Web Service", "utils service deactivate Cisco WebDialer Web Service"
    )
    assert started.endswith("Cisco WebDialer Web Service[STARTED]  \n")
    assert stopped.endswith("Cisco WebDialer Web Service[STOPPED]  Service Not Activated\n")


def test_a_network_service_cannot_be_activated() -> None:
    said = output("utils service deactivate Cisco Tomcat")
    assert f"{RUNNING}Service Cisco Tomcat cannot be deactivated\n{UNSUCCESSFUL}" == said


def test_a_platform_service_can_be_moved_by_name() -> None:
    said = output("utils service restart Entropy Monitoring Daemon")
    assert said.endswith("Entropy Monitoring Daemon[STARTED]  \n")


def test_an_odd_name_is_taken_as_the_list_spells_it() -> None:
    assert output("utils service restart SOAP -Log Collection APIs").endswith("SOAP -Log Collection APIs[STARTED]  \n")


@pytest.mark.parametrize("name", ["cisco tomcat", "Cisco  Tomcat", "Cisco Tom", "Tomcat", '"Cisco Tomcat"'])
@pytest.mark.parametrize(
    ("words", "shown"), [("Service {name} not found", "Service {} not found"), ("Unknown", "Unknown")]
)
def test_a_name_the_list_does_not_spell_is_not_found(name: str, words: str, shown: str) -> None:
    async def stop(end: FarEnd) -> tuple[str, list[tuple[str, str, str]]]:
        return await end.run(f"utils service stop {name}"), end.operations()[1:]

    line = shown.format(name)
    assert (f"{line}\n{UNSUCCESSFUL}", [("stop", name, f"refused: {line}")]) == at_prompt(stop, svc_unknown_text=words)


@pytest.mark.parametrize("words", ["Component is not running", "NOTRUNNING"])
def test_a_service_that_fails_to_start_ends_stopped_with_its_reason(words: str) -> None:
    async def fail(end: FarEnd) -> str:
        end.cluster.faults.add(FaultRule(kind="service-fails", operation="Cisco Tftp"))
        return await end.run("utils service restart Cisco Tftp")

    assert at_prompt(fail, svc_fail_text=words).endswith(f"Cisco Tftp[STOPPED]  {words}\n")


def test_without_the_service_manager_nothing_moves_but_itself() -> None:
    _, listed, refused, started = outputs(
        "utils service stop Service Manager",
        "utils service list",
        "utils service stop Cisco Tftp",
        "utils service start Service Manager",
    )
    assert "Service Manager is running" not in listed
    assert "\nService Manager [STOPPED] Commanded Out of Service\nGetting list of all services\n" in listed
    assert f"Service Manager is not running\n{UNSUCCESSFUL}" == refused
    assert started.endswith("Service Manager[STARTED]  \n")


def test_service_commands_are_logged_with_the_listed_name() -> None:
    async def move(end: FarEnd) -> list[tuple[str, str, str]]:
        for action in ("restart", "stop", "start"):
            await end.run(f"utils service {action} Cisco DRF Primary")
        await end.run("utils service list")
        return end.operations()[1:]

    name = "Cisco DRF Primary"
    log = [("restart", name, "ok"), ("stop", name, "ok"), ("start", name, "ok"), ("service-list", "", "ok")]
    assert log == at_prompt(move, svc_naming="Primary")


def test_a_restart_is_logged_when_it_begins() -> None:
    async def move(end: FarEnd) -> float:
        began = end.cluster.clock.now()
        await end.run("utils service restart Cisco Tomcat")
        return round(end.log()[-1].at - began, 1)

    assert 0.3 == at_prompt(move)
