# Promise: the cluster table is that of each node, and the interface page has the product's columns.
import asyncio
import re

import pytest

from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at_prompt, output
from unit.ucmlab.lab_bench import scenario

PUBLISHER = """127.77.0.11 cucm-sub1.lab.example cucm-sub1 Subscriber callmanager DBSub authenticated using TCP since {}
127.77.0.12 cucm-sub2.lab.example cucm-sub2 Subscriber callmanager DBSub authenticated using TCP since {}
127.77.0.13 imp-pub.lab.example imp-pub Subscriber cups DBPub authenticated using TCP since {}
127.77.0.10 cucm-pub.lab.example cucm-pub Publisher callmanager DBPub authenticated

Server Table (processnode) Entries
----------------------------------
cucm-pub.lab.example
cucm-sub1.lab.example
cucm-sub2.lab.example
imp-pub.lab.example
"""
SINCE = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Aug|Sep) [1-9]\d? \d\d:\d\d:\d\d 2026"
ETH0 = """Ethernet 0
DHCP         : disabled           Status     : up
IP Address   : 127.77.0.11        IP Mask    : 255.255.255.000
Link Detected: yes                Mode       : Auto disabled, Full, 10000 Mbits/s
Duplicate IP : no

DNS
Primary      : 127.77.0.1         Secondary  : Not Configured
Options      : timeout:5 attempts:2
Domain       : lab.example
Gateway      : 127.77.0.1 on Ethernet 0
"""


def pattern(text: str) -> str:
    return re.escape(text).replace(re.escape("{}"), SINCE)


def test_the_publisher_lists_the_others_itself_and_the_server_table() -> None:
    assert re.fullmatch(pattern(PUBLISHER), output("show network cluster", of=scenario("demo")))


def test_a_subscriber_lists_rows_only_its_own_last() -> None:
    lines = output("show network cluster", of=scenario("demo"), node="cucm-sub1").splitlines()
    assert 4 == len(lines)
    assert "127.77.0.10 cucm-pub.lab.example cucm-pub Publisher callmanager DBPub authenticated using TCP" in lines[0]
    assert "127.77.0.11 cucm-sub1.lab.example cucm-sub1 Subscriber callmanager DBSub authenticated" == lines[-1]


@pytest.mark.parametrize(
    ("style", "name"), [("fqdn", "cucm-sub1.lab.example"), ("host", "cucm-sub1"), ("address", "127.77.0.11")]
)
def test_the_server_table_has_the_names_of_the_server_page(style: str, name: str) -> None:
    assert name == output("show network cluster", of=scenario("pair"), processnode_names=style).splitlines()[-1]


def test_a_silent_node_is_not_authenticated() -> None:
    async def look(end: FarEnd) -> str:
        end.cluster.node("cucm-sub1").down = True
        return (await end.run("show network cluster")).splitlines()[0]

    row = at_prompt(look, scenario("pair"))
    assert row.startswith(
        "127.77.0.11 cucm-sub1.lab.example cucm-sub1 Subscriber callmanager DBSub not authenticated - "
    )
    assert " INITIATOR since " in row


def test_a_connection_is_as_old_as_the_younger_service_manager() -> None:
    async def look(end: FarEnd) -> tuple[str, str]:
        before = (await end.run("show network cluster")).splitlines()[0]
        assert before == (await end.run("show network cluster")).splitlines()[0]
        end.cluster.node("cucm-sub1").service("Service Manager").begin("restart")
        await asyncio.sleep(60)
        return before, (await end.run("show network cluster")).splitlines()[0]

    before, after = at_prompt(look, scenario("pair"))
    assert before != after
    assert re.search(r" authenticated using TCP since Mon Sep 21 14:13:3\d 2026$", after)


@pytest.mark.parametrize(("line", "tail"), [("show network eth0", ""), ("show network eth0 detail", "\n")])
def test_the_interface_page(line: str, tail: str) -> None:
    assert ETH0 + tail == output(line, of=scenario("pair"), node="cucm-sub1")


def test_other_words_about_the_interface_are_not_valid() -> None:
    assert "No valid command entered\n" == output("show network eth0 everything")
