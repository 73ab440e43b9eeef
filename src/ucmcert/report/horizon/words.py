"""The words of the horizon, told as the report tells its own, and the few values that every rendering shows alike."""

from ucmcert.horizon.held import Signer
from ucmcert.report import words
from ucmcert.report.words import Say

ROOM = "ucmcert.report.horizon"
SIGNERS: dict[Signer, str] = {
    "public": "signer.public",
    "private": "signer.private",
    "self-signed": "signer.itself",
    "unknown": "signer.unknown",
}
HOURS_FROM_MIN = 120


def speaker(lang: str) -> Say:
    """A function `tell(key, **values)` in `lang`. It raises KeyError for an unknown key or a missing value."""
    return words.speaker(lang, ROOM)


def work(minutes: int, tell: Say) -> str:
    """Minutes, or whole hours once they are many."""
    if minutes < HOURS_FROM_MIN:
        return tell("word.minutes", count=minutes)
    return tell("word.hours", count=round(minutes / 60))


def either(private: str, public: str) -> str:
    """One figure when both scenarios agree, else two: private first."""
    return private if private == public else f"{private} / {public}"
