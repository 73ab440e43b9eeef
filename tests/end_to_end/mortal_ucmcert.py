"""`ucmcert` with a death sentence: kills itself with SIGKILL right before or right after its n-th ledger append.

Usage: python mortal_ucmcert.py before|after N ucmcert-arguments...  It is the product itself; only the ledger's append
is watched, from here, so that no trigger for tests lives in the product.
"""

import os
import signal
import sys

from ucmcert.cli.main import main
from ucmcert.model.event import Entry, Event
from ucmcert.run.ledger import SqliteLedger


def sentence(moment: str, number: int) -> None:
    """From now on the `number`-th append of this process is its last moment."""
    append = SqliteLedger.append
    count = 0

    def watched(self: SqliteLedger, event: Event) -> Entry:
        nonlocal count
        count += 1
        if count == number and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        entry = append(self, event)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    SqliteLedger.append = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    sentence(sys.argv[1], int(sys.argv[2]))
    main(sys.argv[3:])
