# Promise: NTP is shown in the release's form, and a clock that follows nobody says so.
import pytest

from unit.ucmlab.interfaces.platform_cli.cli_bench import output
from unit.ucmlab.lab_bench import scenario

NTPD = """ntpd (pid 8609) is running...

     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*127.77.0.1      LOCAL(1)         2 u  935 1024  377    0.262    2.591   3.260


synchronised to NTP server (127.77.0.1) at stratum 3 
   time correct to within 32 ms
   polling server every 1024 s

Current time in UTC is : Mon Sep 21 14:13:28 UTC 2026
Current time in Etc/UTC is : Mon Sep 21 14:13:28 UTC 2026
"""  # noqa: W291 - literal
CHRONYD = """chronyd (pid 1234) is running...

MS Name/IP address         Stratum Poll Reach LastRx Last sample
===============================================================================
^* 127.77.0.1                    2  10   377   935    +2591us +/-   32ms


synchronised to NTP server (127.77.0.1) at stratum 3 
"""  # noqa: W291 - literal
LOST = """

unsynchronised
   time server re-starting
   polling server every 64 s

"""


def test_ntpd_on_the_publisher() -> None:
    assert NTPD == output("utils ntp status")


def test_a_subscriber_follows_the_publisher_and_spells_it_with_a_z() -> None:
    said = output("utils ntp status", of=scenario("pair"), node="cucm-sub1")
    assert "\n*127.77.0.10     LOCAL(1)         3 u  935 1024  377 " in said
    assert "\nsynchronized to NTP server (127.77.0.10) at stratum 4 \n" in said


@pytest.mark.parametrize(
    ("version", "style", "daemon"),
    [
        ("14.0.1.13900-155", "by-release", "ntpd"),
        ("15.0.1.12900-234", "by-release", "chronyd"),
        ("14.0.1.13900-155", "chronyd", "chronyd"),
        ("15.0.1.12900-234", "ntpd", "ntpd"),
    ],
)
def test_the_form_follows_the_release_or_the_switch(version: str, style: str, daemon: str) -> None:
    said = output("utils ntp status", of=scenario(version=version), ntp_style=style)
    assert said.startswith({"ntpd": NTPD, "chronyd": CHRONYD}[daemon][:300])
    assert said.startswith(f"{daemon} (pid ")


@pytest.mark.parametrize(("style", "mark"), [("ntpd", "\n 127.77.0.1 "), ("chronyd", "\n^? 127.77.0.1 ")])
def test_a_clock_that_follows_nobody(style: str, mark: str) -> None:
    single = scenario()
    lost = type(single.nodes[0])(name="cucm-pub", role="publisher", ntp="unsynchronised")
    said = output("utils ntp status", of=scenario(nodes=(lost,)), ntp_style=style)
    assert LOST in said
    assert mark in said


def test_a_clock_that_is_ahead_shows_its_offset_and_its_own_time() -> None:
    single = scenario()
    ahead = type(single.nodes[0])(name="cucm-pub", role="publisher", clock_offset_s=60.5)
    said = output("utils ntp status", of=scenario(nodes=(ahead,)))
    assert "    0.262 60502.591   3.260\n" in said
    assert "   time correct to within 60503 ms\n" in said
    assert "Current time in UTC is : Mon Sep 21 14:14:29 UTC 2026\n" in said
