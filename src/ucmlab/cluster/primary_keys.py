"""Primary keys of the database."""

import uuid
from functools import lru_cache


@lru_cache(maxsize=100_000)  # a crowd of phones is asked for often
def pkid(*parts: str) -> str:
    """A primary key that is always the same for the same thing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "ucmlab:" + "/".join(parts)))
