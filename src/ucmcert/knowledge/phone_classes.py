"""The words of a class of phones: what decides the fate of a phone in a renewal, spelled the same in every room."""

import re

import msgspec


class PhoneClass(msgspec.Struct, frozen=True, kw_only=True):
    """`group` is how many CallManager nodes the phone may register with: they are its TVS too (phones.md 1.8).

    `secure` is its security profile, `lists` whether its model knows trust lists, `page` whether it has a web page.
    """

    secure: bool
    group: int
    lists: bool
    page: bool


def class_name(one: PhoneClass) -> str:
    """`not secure, group of 2, lists, page`."""
    return ", ".join(
        (
            "secure" if one.secure else "not secure",
            f"group of {one.group}",
            "lists" if one.lists else "no lists",
            "page" if one.page else "no page",
        )
    )


def read_class(name: str) -> PhoneClass:
    """The class of that name. What it does not tell is taken as the worse: secure, one node, lists, no page."""
    said = [part.strip() for part in name.split(",")]
    group = re.search(r"group of (\d+)", name)
    return PhoneClass(
        secure="not secure" not in said,
        group=max(1, int(group.group(1))) if group else 1,
        lists="no lists" not in said,
        page="page" in said,
    )
