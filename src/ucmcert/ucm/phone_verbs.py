"""The part of the client that looks at phones and has them reset: database, real-time data, their own pages."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import msgspec

from ucmcert.errors import Refused, UcmcertError
from ucmcert.model.node import Node
from ucmcert.model.phone import HeldLists, Lsc, Phone, Picture, Sighting
from ucmcert.model.ports import Clock, Connect
from ucmcert.ucm import ris
from ucmcert.ucm.access import USUAL, Access, Manners
from ucmcert.ucm.doors import Doors, Rows
from ucmcert.ucm.phones import changes, database, lsc, pages, realtime
from ucmcert.ucm.phones.parameters import read_parameters
from ucmcert.ucm.platform_cli import node_verbs
from ucmcert.ucm.platform_cli.parsers.cluster_rows import ClusterRow


class PhoneVerbs(Doors):
    """Verbs of phones. Every one may raise OutcomeUnknown, Refused and UsageError; none repeats a write.

    Our share of real-time questions follows the pace of the cluster. What was learned
    of models and names is kept for the next verb.
    """

    def __init__(self, connect: Connect, clock: Clock, access: Access, manners: Manners = USUAL) -> None:
        super().__init__(connect, clock, access, manners)
        self._page_port = manners.page_port
        self.manual_value = manners.manual_value
        self._budget = ris.Budget(clock, ris.MINUTE_S / manners.pace)
        self._hosts: dict[str, str] = {}
        self._models: dict[str, str] | None = None
        self._names: tuple[str, ...] | None = None
        self._telling_page: dict[str, str] = {}

    async def cluster_rows(self, publisher: Node) -> tuple[ClusterRow, ...]:
        """Every node of the cluster, as the publisher sees it."""
        rows = (await self._by_cli(publisher, node_verbs.cluster_rows)).value
        self._hosts = {
            name.lower(): row.host for row in rows for name in (row.host, row.fqdn, row.address) if name and row.host
        }
        return rows

    async def phones(self, publisher: Node) -> tuple[Phone, ...]:
        """All phones of the database, by name; their groups by host name, as far as the cluster's nodes are known."""
        if not self._hosts:
            await self.cluster_rows(publisher)

        async def sql(statement: str) -> Rows:
            return await self._sql(publisher, statement)

        found = await database.read_phones(sql, self._hosts)
        self._names = tuple(phone.name for phone in found)
        return found

    async def sightings(self, publisher: Node, names: Sequence[str] | None = None) -> Picture:
        """Real-time data of all phones, or exactly of `names`, within our share of the cluster's questions.

        More phones than an answer holds are asked for by the names of the database. Takes minutes for thousands.
        Raises OutcomeUnknown UCM-RIS-001 when the cluster goes on to be asked too often by others.
        """

        async def ask(wanted: Sequence[str]) -> ris.Answer:
            return await self._by_application(publisher, lambda origin: ris.select(origin, wanted))

        questions = realtime.Questions(ask, self._budget, self._clock)
        if names is None and (self._names is None or len(self._names) <= realtime.NAMES_A_QUESTION):
            picture, cut = await realtime.everybody(questions, self._clock)
            if not cut:
                return await self._with_models(publisher, picture)
        if names is None:
            names = self._names or tuple(phone.name for phone in await self.phones(publisher))
        return await self._with_models(publisher, await realtime.by_name(questions, self._clock, names))

    async def held_lists(self, sighting: Sighting) -> HeldLists | None:
        """The checksums that the phone's own page tells; None when it has no page. One GET or two, up to four."""
        first = self._telling_page.get(sighting.model, "")
        held, path = await pages.held_lists(self._connect, sighting, self._page_port, first)
        if path:
            self._telling_page[sighting.model] = path
        return held

    async def parameters(self, publisher: Node) -> dict[str, str]:
        """Enterprise parameters, name to value."""

        async def sql(statement: str) -> Rows:
            return await self._sql(publisher, statement)

        return await read_parameters(sql)

    async def set_parameter(self, publisher: Node, name: str, value: str) -> str:
        """Set an enterprise parameter; the node's words."""
        return await self._by_application(publisher, lambda origin: changes.set_parameter(origin, name, value))

    async def phone_page(self, publisher: Node, name: str) -> bool | None:
        """Whether the database has a phone's web page on; None when it has no setting of its own."""
        return await self._by_application(publisher, lambda origin: changes.phone_page(origin, name))

    async def set_phone_page(self, publisher: Node, name: str, on: bool) -> str:
        """Switch the web page of a phone, which obeys at its next reset; the node's words."""
        return await self._by_application(publisher, lambda origin: changes.set_phone_page(origin, name, on=on))

    async def lsc_states(self, publisher: Node, names: Sequence[str]) -> dict[str, Lsc]:
        """What the cluster says of the LSCs of these phones, by name; who is not in it cannot be read.

        By SQL, and phone by phone where the database does not tell. Raises OutcomeUnknown when that passes.
        """

        async def sql(statement: str) -> Rows:
            return await self._sql(publisher, statement)

        try:
            found = await lsc.read_lsc(sql, names)
        except Refused:
            found = {}
        for name in names:
            if name not in found:
                with suppress(Refused):
                    told = await self._by_application(publisher, partial(changes.lsc_of, name=name))
                    found |= {name: told} if told is not None else {}
        return found

    async def renew_lsc(self, publisher: Node, name: str, authentication: str) -> str:
        """Have a phone install a new LSC when it boots next; the node's words."""
        return await self._by_application(publisher, lambda origin: changes.renew_lsc(origin, name, authentication))

    async def reset_pool(self, publisher: Node, pool: str) -> str:
        """Reset every phone of a device pool; the node's words."""
        return await self._by_application(publisher, lambda origin: changes.reset_pool(origin, pool))

    async def reset_phone(self, publisher: Node, name: str) -> str:
        """Reset one phone; the node's words."""
        return await self._by_application(publisher, lambda origin: changes.reset_phone(origin, name))

    async def _with_models(self, publisher: Node, picture: Picture) -> Picture:
        """`picture` with the names of models in the place of their numbers, where the database tells them."""
        if not any(one.model.isdigit() for one in picture.sightings):
            return picture
        if self._models is None:
            try:
                self._models = await database.model_names(lambda statement: self._sql(publisher, statement))
            except UcmcertError:
                return picture  # numbers do no harm: every page is then tried
        known = self._models
        named = tuple(msgspec.structs.replace(one, model=known.get(one.model, one.model)) for one in picture.sightings)
        return msgspec.structs.replace(picture, sightings=named)
