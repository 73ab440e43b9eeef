"""What administrators have set and run on the operating system of one node; it survives a stop of the lab."""

import msgspec


class PlatformState(msgspec.Struct, frozen=True, kw_only=True):
    """`session_timeout_min`: idle minutes of a new CLI session. `diagnostics`: how many diagnostic logs were written.

    `replication_check_at`: node clock of the last `utils dbreplication status`, epoch seconds.
    """

    session_timeout_min: int = 30
    diagnostics: int = 0
    replication_check_at: float | None = None
