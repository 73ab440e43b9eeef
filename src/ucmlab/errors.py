"""What the lab can say no with; imports nothing.

LabError
|- ScenarioError    ours: a scenario, switch or fault file is wrong (what, where, next)
|- Refusal          the emulated product says no, in its own words
|- Throttled        the emulated product asks the caller to slow down
|- SqlError         the emulated database refuses a statement
`- TransportFault   nothing is said at all: the connection is what breaks
   |- RefuseConnection   the port does not accept (service down, or an injected fault)
   |- DropConnection     accepted, then cut; `applied` tells whether the work was done before
   `- NodeDown           the whole node is silent
"""


class LabError(Exception):
    """Anything the lab raises on purpose."""


class ScenarioError(LabError):
    """A scenario, switch or fault description that cannot be used."""

    def __init__(self, what: str, *, where: str, next_step: str) -> None:
        super().__init__(f"{what} ({where}). {next_step}")
        self.what = what
        self.where = where
        self.next_step = next_step


class Refusal(LabError):
    """The product refuses. `code` is E1..E12 of procedure.md 5 or a short word; `words` is what it prints.

    `invented` is true where Cisco never published the wording (U-P15), so that an interface can say so in its log.
    """

    def __init__(self, code: str, words: str, *, invented: bool = False) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.invented = invented


class Throttled(LabError):
    """The product refuses for now because it was asked too often; `retry_after_s` in seconds of the cluster."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"asked too often, retry after {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class SqlError(LabError):
    """The database refuses a statement: `code` and `words` as Informix gives them (-201 syntax, -206 no table ...)."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class TransportFault(LabError):
    """The connection itself is the answer."""

    def __init__(self, node: str) -> None:
        super().__init__(f"{type(self).__name__} at {node}")
        self.node = node


class RefuseConnection(TransportFault):
    """Close before a byte is answered, as a port that nobody listens on."""


class DropConnection(TransportFault):
    """Cut an accepted connection; `applied` is true when the requested work was done all the same."""

    def __init__(self, node: str, *, applied: bool) -> None:
        super().__init__(node)
        self.applied = applied


class NodeDown(TransportFault):
    """No port of this node answers."""
