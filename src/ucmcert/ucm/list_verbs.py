"""The part of the client that shows and remakes what phones trust: lists, self-signed certificates, backups."""

from ucmcert.model.node import Node
from ucmcert.model.trust_list import ListKind
from ucmcert.ucm import trust_files
from ucmcert.ucm.doors import Doors
from ucmcert.ucm.platform_cli import backup_verbs, list_verbs
from ucmcert.ucm.platform_cli.parsers.trust_list import ShownList


class ListVerbs(Doors):
    """Verbs of trust lists. Every one may raise OutcomeUnknown, Refused and UsageError; none repeats a write."""

    async def tftp_file(self, node: Node, name: str) -> bytes | None:
        """The file as the node's TFTP serves it now, HTTP before TFTP; None when the node says that it has none."""
        return await trust_files.tftp_file(self._connect, node, name)

    async def show_list(self, node: Node, kind: ListKind) -> ShownList | None:
        """The list as the node itself prints it, checksums and verification included; None for no such file."""
        return (await self._by_cli(node, lambda shell: list_verbs.show_list(shell, kind))).value

    async def update_ctl(self, publisher: Node) -> str:
        """Make a new CTL of the present certificates; the node's words."""
        return await self._by_cli(publisher, list_verbs.update_ctl)

    async def reset_localkey(self, publisher: Node, kind: ListKind) -> str:
        """Have the list signed by the other key until it is made anew; the node's words."""
        return await self._by_cli(publisher, lambda shell: list_verbs.reset_localkey(shell, kind))

    async def regenerate(self, node: Node, purpose: str) -> str:
        """Replace an identity by a new self-signed one; the node's words. The old private key is gone after it."""
        return await self._by_cli(node, lambda shell: list_verbs.regenerate(shell, purpose))

    async def backup_devices(self, publisher: Node) -> tuple[str, ...]:
        """The names of the network devices that a backup can be started to."""
        devices = (await self._by_cli(publisher, backup_verbs.devices)).value
        return tuple(one.name for one in devices if one.kind == backup_verbs.NETWORK)

    async def start_backup(self, publisher: Node, device: str) -> str:
        """Begin a backup of UCM to `device`; the node's words. It goes on by itself: `backup` tells how it ends."""
        return await self._by_cli(publisher, lambda shell: backup_verbs.start_backup(shell, device))
