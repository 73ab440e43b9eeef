"""`show version`, `show status`, `show hardware`, `show accountlocking`, `utils system restart`, `utils core`.

Source: interfaces-cli.md 1.1, 5.3-5.5, 5.12.
"""

from ucmlab.cluster.limits import LOCKED_S, LOGIN_FAILURES_MAX
from ucmlab.cluster.node import Node
from ucmlab.errors import Refusal
from ucmlab.interfaces.platform_cli.conversation import Call, Conversation
from ucmlab.interfaces.platform_cli.dates import clock_time, status_date
from ucmlab.interfaces.platform_cli.registry import Command

STATUS = """
Host Name          : {host}
Date               : {date}
Time Zone          : Coordinated Universal Time (Etc/UTC)
Locale             : en_US.UTF-8
Product Ver        : {version}
Unified OS Version : {system}

Uptime:
 {time} up {days} days, {hours:2}:{minutes:02},  {users},  load average: {load:.2f}, 0.16, 0.11

CPU Idle:   {idle:05.2f}%  System:   02.40%    User:   {user:05.2f}%
  IOWAIT:   00.25%     IRQ:   00.00%    Soft:   00.00%

Memory Total:        8062096K
        Free:         133808K
        Used:        7928288K
      Cached:        3312040K
      Shared:              0K
     Buffers:         342228K

                        Total            Free            Used
Disk/active         22187548K        9256672K       12705464K (58%)
Disk/inactive       22187548K       20884420K         176064K (1%)
Disk/logging        77201424K       47443520K       25836240K (36%)

"""
HARDWARE = """
HW Platform       : VMware Virtual Machine
Processors        : 2
Type              : Intel(R) Xeon(R) CPU E5-2630 v3 @ 2.40GHz
CPU Speed         : 2400
Memory            : 6144 MBytes
Object ID         : 1.3.6.1.4.1.9.1.1348
OS Version        : UCOS {system}.x86_64
Serial Number     : VMware-00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 {number:02x}

RAID Version      :
No RAID controller information is available

BIOS Information  :
PhoenixTechnologiesLTD 6.00 11/12/2020

RAID Details      :
No RAID information is available
-----------------------------------------------------------------------
Physical device information
-----------------------------------------------------------------------
Number of Disks   : 1
Hard Disk #1
Size (in GB)      : 80

Partition Details :

Disk /dev/sda: 10443 cylinders, 255 heads, 63 sectors/track
Units: sectors of 512 bytes
Partitions aligned
Disk :\x20
Size (in GB)      : 80
"""
RESTART = (
    "     ***   W A R N I N G   ***",
    (
        "Please make sure database replication setup is complete. "
        "Use the command 'utils dbreplication runtimestate' to get the current status."
    ),
    (
        "If database replication setup is in progress, restarting the server may leave database replication "
        "unable to complete."
    ),
    "Do you really want to restart ?",
)
CANNOT_RESTART = "This server of the lab cannot be restarted from here"
BUSY_PER_SERVICE = 6.5


async def show_version_active(talk: Conversation, _call: Call) -> None:
    """The running version."""
    talk.say(
        f"Active Master Version: {talk.node.version}",
        "Active Version Installed Software Options:",
        "No Installed Software Options Found.",
    )


async def show_version_inactive(talk: Conversation, _call: Call) -> None:
    """No node of the lab has an inactive partition (switch no_inactive_text)."""
    talk.say(talk.switches["no_inactive_text"])


async def show_status(talk: Conversation, _call: Call) -> None:
    """Names, the node's clock, uptime, and load that grows with the services under way."""
    node = talk.node
    minutes = int((node.now() - booted_at(node)) // 60)
    moving = sum(not service.settled for service in node.services.values())
    busy = min(80.0, 4.29 + BUSY_PER_SERVICE * moving)
    talk.say_raw(
        STATUS.format(
            host=node.name,
            date=status_date(node.now()),
            version=node.version,
            system=system_version(node),
            time=clock_time(node.now()),
            days=minutes // 1440,
            hours=minutes // 60 % 24,
            minutes=minutes % 60,
            users=f"{node.open_sessions} user{'s' * (node.open_sessions > 1)}",
            load=0.21 + 0.4 * moving,
            idle=97.35 - busy,
            user=busy,
        )
    )


async def show_hardware(talk: Conversation, _call: Call) -> None:
    """The virtual machine."""
    number = int(talk.node.address.rpartition(".")[2] or 0) % 256
    talk.say_raw(HARDWARE.format(system=system_version(talk.node), number=number))


async def show_account_locking(talk: Conversation, _call: Call) -> None:
    """How failed logins are counted."""
    if talk.switches["account_lockout"] == "none":
        talk.say("Account Lockout is disabled")
        return
    talk.say(
        "Account Lockout is enabled",
        f"Unlock Time : {LOCKED_S:.0f} seconds",
        f"Retry Count : {LOGIN_FAILURES_MAX} attempts",
    )


async def restart_system(talk: Conversation, _call: Call) -> None:
    """The question of the product; after a yes the lab says that it cannot, since it has no booting nodes."""
    talk.say(*RESTART)
    await talk.must_agree("Enter (yes/no)? ")
    raise Refusal("NO-REBOOT", CANNOT_RESTART, invented=True)


async def list_cores(talk: Conversation, _call: Call) -> None:
    """No process of the lab leaves a core file."""
    talk.say("No core files found.")


def booted_at(node: Node) -> float:
    """When the node came up, by its own clock: half a minute before its first service. UTC epoch seconds."""
    starts = [service.started_at for service in node.services.values() if service.started_at is not None]
    return min(starts, default=node.now()) - 30.0


def system_version(node: Node) -> str:
    """The version of the operating system below a release: `14.0.0.0-2`."""
    major, minor = node.version.split(".")[:2]
    return f"{major}.{minor}.0.0-2"


COMMANDS = (
    Command(
        words="show version active",
        run=show_version_active,
        operation="version",
        about="shows the active software version",
        takes_s=5.0,
    ),
    Command(
        words="show version inactive",
        run=show_version_inactive,
        operation="version",
        about="shows the inactive software version",
        takes_s=5.0,
    ),
    Command(words="show status", run=show_status, operation="status", about="shows basic platform status", takes_s=2.0),
    Command(words="show hardware", run=show_hardware, operation="hardware", about="shows the hardware", takes_s=2.0),
    Command(
        words="show accountlocking",
        run=show_account_locking,
        operation="accountlocking",
        about="shows the account lock-out settings",
    ),
    Command(
        words="utils system restart",
        run=restart_system,
        operation="system-restart",
        about="restarts the server",
        privilege=1,
    ),
    Command(words="utils core active list", run=list_cores, operation="core-list", about="lists the core files"),
)
