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
    """A function `told(key, **values)` in `lang`. It raises KeyError for an unknown key or a missing value."""
    return words.speaker(lang, ROOM)


def work(minutes: int, told: Say) -> str:
    """Minutes, or whole hours once they are many."""
    if minutes < HOURS_FROM_MIN:
        return told("word.minutes", count=minutes)
    return told("word.hours", count=round(minutes / 60))


def either(private: str, public: str) -> str:
    """One figure when both scenarios agree, else two: private first."""
    return private if private == public else f"{private} / {public}"
