"""Primary keys of the database."""

import uuid


def pkid(*parts: str) -> str:
    """A primary key that is always the same for the same thing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "ucmlab:" + "/".join(parts)))
