"""What a phone's model tells of it: does it know trust lists, which pages has it, is it a phone at all?

Names are those of the database's `typemodel`. A model nobody knows counts as one with trust lists: then only its own
checksum, or a person, proves that it trusts.
"""

import re
from functools import lru_cache

# phones.md 1.6: phones without Security By Default are 7940/60, Jabber and much TelePresence, of which only the first
# two are named by model; the rest of the row has no Cisco firmware to load a list with [I].
WITHOUT_LISTS = re.compile(
    r"\b79[046]0G?\b|\b790[25]G?\b|\b7912G?\b|\b7920\b|\b793[56]\b"
    r"|Client Services Framework|Dual Mode for|Jabber|Third-party|Analog Phone|\bATA 18[68]\b|\bVGC\b|\bH\.?323\b",
    re.IGNORECASE,
)
# Rows of the device table that are a phone to the database and nowhere else: nothing registers that could hold a list.
NO_DEVICE = re.compile(r"CTI Port|CTI Remote Device|Spark Remote Device|Remote Destination", re.IGNORECASE)
OLDER = re.compile(r"\b79\d\dG?\b", re.IGNORECASE)

OF_OLDER = ("/NetworkConfigurationX", "/DeviceInformationX")
OF_NEWER = (
    "/CGI/Java/Serviceability?adapter=device.statistics.configuration",
    "/CGI/Java/Serviceability?adapter=device.statistics.device",
)


@lru_cache(maxsize=1024)  # many phones, few models
def knows_lists(model: str) -> bool:
    """Whether phones of this model may hold an ITL or CTL."""
    return not WITHOUT_LISTS.search(model)


@lru_cache(maxsize=1024)
def is_device(model: str) -> bool:
    """Whether there is something that registers and can be reset."""
    return not NO_DEVICE.search(model)


@lru_cache(maxsize=1024)
def pages_of(model: str) -> tuple[str, ...]:
    """Paths that may show the checksums, the likeliest first. Source: interfaces-http.md 9."""
    return (*OF_OLDER, *OF_NEWER) if OLDER.search(model) else (*OF_NEWER, *OF_OLDER)
