"""What one process keeps of the phones between its looks. The ledger keeps what counts; all this can be lost."""

import msgspec

from ucmcert.model.node import Node
from ucmcert.model.phone import Phone, PhoneState
from ucmcert.model.ports import Clock
from ucmcert.ucm.cluster_client import ClusterClient


class Watch(msgspec.Struct, kw_only=True):
    """One step that waits for phones. `states` are all phones in its reach by name, as last seen; `pages` whether the
    page of a phone answers, `opened` whose page this run opened and may still see come on. Times
    are our clock's; `told` is how many were open when the ledger was told last.
    """

    began: float
    next_at: float
    phones: dict[str, Phone] = {}
    read_at: float = 0.0
    states: dict[str, PhoneState] = {}
    pages: dict[str, bool | None] = {}
    opened: frozenset[str] = frozenset()
    told: int | None = None
    missing: str = ""
    newest: int = -1
    quiet_looks: int = 0


class PhoneBook:
    """The phones of the database, read when somebody asks and kept for a while; and what each step was watching.

    `answered` are the pools, or phones, that the cluster confirmed to this process, by step id.
    """

    def __init__(self, client: ClusterClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._phones: tuple[Phone, ...] = ()
        self._read_at: float | None = None
        self.watches: dict[str, Watch] = {}
        self.answered: dict[str, set[str]] = {}

    async def all(self, publisher: Node, *, max_age_s: float = 3600.0) -> tuple[Phone, ...]:
        """Every phone of the database, not older than `max_age_s`. Raises OutcomeUnknown, Refused."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at > max_age_s:
            self._phones = await self._client.phones(publisher)
            self._read_at = now
        return self._phones
