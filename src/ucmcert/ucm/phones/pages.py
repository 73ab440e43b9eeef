"""A phone's own web page: which ITL and CTL does it say it holds? Tolerant of layout, for nobody published one.

A checksum counts only right behind its label, with nothing between them but words that go with one. What is not found
stays untold: a page never makes a phone look as if it held another list.
"""

import html
import ipaddress
import re
from functools import lru_cache

from ucmcert.errors import OutcomeUnknown, UsageError
from ucmcert.model.phone import NOT_INSTALLED, HeldLists, Sighting
from ucmcert.model.ports import Connect, HttpAnswer
from ucmcert.ucm.phones.models import pages_of

TIMEOUT_S = 8.0
PAIR = r"[0-9A-Fa-f]{2}"
NO_MORE_HEX = r"(?![0-9A-Za-z])(?![ :-]" + PAIR + r"(?![0-9A-Za-z]))"
SHA1, MD5 = rf"{PAIR}(?:[ :-]?{PAIR}){{19}}", rf"{PAIR}(?:[ :-]?{PAIR}){{15}}"
CHECKSUM = rf"(?<![0-9A-Za-z])(?<![^0-9A-Za-z]{PAIR}[ :-])(?:{SHA1}|{MD5}){NO_MORE_HEX}"
TOKEN = re.compile(rf"(?P<sum>{CHECKSUM})|(?P<word>[A-Z]{{2,}}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]+)")
LABELS = re.compile(r"[ic]tl", re.IGNORECASE)
TAG = re.compile(r"<(/?)([^<>]*)>")
TELLING = re.compile(rf"itl|ctl|{CHECKSUM}", re.IGNORECASE)
WORDS = """file files tlv signature signatures checksum checksums hash digest fingerprint value md md5 sha sha1 1 5
of the is current installed installation status state trust list name
table tbody tr td th b i p u br div span font strong em"""
GO_WITH_IT = frozenset(WORDS.split())
NAMES = re.compile(r"SEP(?<!\wSEP)([0-9A-F]{12})\b")  # a literal in front is found fastest


async def held_lists(connect: Connect, sighting: Sighting, port: int, first: str = "") -> tuple[HeldLists | None, str]:
    """What the phone's page tells, and the path that told it. None when no page of this phone answers.

    `first` is the path that told something on another phone of the model. Raises nothing for a phone that is silent.
    """
    if not _is_address(sighting.address):
        return None, ""
    answered = ""
    for path in dict.fromkeys((*((first,) if first else ()), *pages_of(sighting.model))):
        try:
            answer = await connect.plain_http(sighting.address, port, path, TIMEOUT_S)
        except (OutcomeUnknown, UsageError):
            break  # no page now; another path of the same phone would wait as long
        text = _text(answer)
        if answer.status != 200 or _of_another(text, sighting.name):
            continue
        answered = answered or path
        itl, ctl = read_page(text)
        if itl or ctl:
            where = f"http://{sighting.address}{path}"
            return HeldLists(name=sighting.name, itl=itl, ctl=ctl, told_by=where), path
    if not answered:
        return None, ""
    return HeldLists(name=sighting.name, itl="", ctl="", told_by=f"http://{sighting.address}{answered}"), ""


def read_page(text: str) -> tuple[str, str]:
    """The checksums of ITL and CTL on a page: lower-case hex, NOT_INSTALLED, or "" when it does not tell.

    Two different values for one list contradict each other, so that list counts as untold; MD5 beside SHA-1 does not.
    """
    flat = _flat(_telling_part(text))
    first = LABELS.search(flat)
    return _told(flat[flat.rfind(" ", 0, first.start()) + 1 :]) if first else ("", "")


def _telling_part(text: str) -> str:
    """From the last tag before the first label on: nothing counts before a label. All of it where entities may hide
    one.
    """
    if "&" in text:
        return text
    first = LABELS.search(text)
    return text[max(text.rfind("<", 0, first.start()), 0) :] if first else ""


@lru_cache(maxsize=64)  # thousands of phones hold the same lists, and say so in the same words
def _told(flat: str) -> tuple[str, str]:
    """What stands from the word of the first label on."""
    found: dict[str, list[str]] = {"itl": [], "ctl": []}
    label, denied = "", False
    for token in TOKEN.finditer(flat):
        value, word = token.group("sum"), (token.group("word") or "").lower()
        if value:
            if label:
                found[label].append(re.sub(r"[^0-9a-f]", "", value.lower()))
            label = ""
        elif word[:3] in found and (not word[3:] or word[3:] in GO_WITH_IT):
            label, denied = word[:3], False
        elif label and word == "not":
            denied = True
        elif label and denied:
            if word == "installed":
                found[label].append(NOT_INSTALLED)
            label, denied = "", False
        elif word not in GO_WITH_IT:
            label = ""
    return _one(found["itl"]), _one(found["ctl"])


def _one(values: list[str]) -> str:
    """The one value; of an MD5 and a SHA-1 the SHA-1."""
    different = sorted(set(values), key=len, reverse=True)
    lengths = [len(value) for value in different]
    return different[0] if different and lengths in ([40], [32], [40, 32], [len(NOT_INSTALLED)]) else ""


def _flat(text: str) -> str:
    """Tags become words with a border on each side, so that a checksum never runs from one cell into the next.

    Attributes go, unless they may be what we look for: most say only how a cell is drawn.
    """

    def words(tag: re.Match[str]) -> str:
        inside = tag.group(2)
        kept, blank, _ = inside.partition(" ")
        return f" | {inside if blank and TELLING.search(inside) else kept} | "

    return " ".join(html.unescape(TAG.sub(words, text)).split())


def _text(answer: HttpAnswer) -> str:
    return answer.body.decode("utf-8", "replace")


def _of_another(text: str, name: str) -> bool:
    """Whether the page names phones, but not this one: addresses are given away again."""
    named = NAMES.findall(text.upper())
    return bool(named) and name.upper().removeprefix("SEP") not in named


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
