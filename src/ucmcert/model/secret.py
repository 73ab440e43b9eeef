"""A secret that cannot be printed, logged or serialised by mistake."""

from typing import NoReturn


class Secret:
    """Holds a password. `reveal()` is the only way out; every other representation is `***`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the one call that sends it to its owner."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied to disk")
