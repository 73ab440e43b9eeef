"""Phone models: what CUCM calls them, their number in typemodel, and how their web page answers.

Numbers and names are general product knowledge, not in our sources; a model that is not in the table gets a number of
its own from 60000 up, the same in every lab. Which checksum a model shows is not published: SHA1 here for all but 79xx.
"""

import zlib
from typing import Literal

import msgspec

ANYTHING_ELSE = 60_000


class PhoneModel(msgspec.Struct, frozen=True, kw_only=True):
    """One model. `order_name` is the scenario's (CP-8851), `name` CUCM's; `page`: 79xx style XML or Serviceability."""

    order_name: str
    name: str
    number: int
    page: Literal["xml", "serviceability"]
    checksum: Literal["md5", "sha1"]


def _model(order_name: str, number: int) -> PhoneModel:
    old = order_name.removeprefix("CP-").startswith("79")
    return PhoneModel(
        order_name=order_name,
        name=order_name.replace("CP-", "Cisco "),
        number=number,
        page="xml" if old else "serviceability",
        checksum="md5" if old else "sha1",
    )


MODELS = {
    order_name: _model(order_name, number)
    for order_name, number in (
        ("CP-7960", 7),
        ("CP-7940", 8),
        ("CP-7942", 434),
        ("CP-7945", 435),
        ("CP-7962", 404),
        ("CP-7965", 436),
        ("CP-7975", 437),
        ("CP-7821", 621),
        ("CP-7841", 622),
        ("CP-7861", 623),
        ("CP-8811", 36213),
        ("CP-8841", 683),
        ("CP-8851", 684),
        ("CP-8861", 685),
    )
}


def phone_model(order_name: str) -> PhoneModel:
    """The row of a model, made up for one that the table does not have."""
    known = MODELS.get(order_name)
    return known or _model(order_name, ANYTHING_ELSE + zlib.crc32(order_name.encode()) % 30_000)
