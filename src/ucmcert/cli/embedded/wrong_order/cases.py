"""The two nights that cost phones: which cluster, and what is renewed in one go.

Source: phones.md 2.1; procedure.md 3.7.
"""

import msgspec

OLD_RELEASE = "11.5.1.12900-21"
NEW_RELEASE = "14.0.1.13900-155"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster and a night. `signed` are renewed by CSR in that order, then the publisher makes `regenerated` anew."""

    key: str
    release: str
    told: str
    mixed: bool
    signed: tuple[str, ...]
    regenerated: tuple[str, ...] = ()

    @property
    def purposes(self) -> tuple[str, ...]:
        """Everything that is renewed in the night."""
        return (*self.signed, *self.regenerated)


CASES = (
    Case(key="old", release=OLD_RELEASE, told="11.5", mixed=False, signed=("CallManager", "TVS")),
    Case(
        key="mixed",
        release=NEW_RELEASE,
        told="14SU3",
        mixed=True,
        signed=("TVS", "CallManager"),
        regenerated=("ITLRecovery",),
    ),
)


def scenario(case: Case, phones: int) -> str:
    """The lab's scenario file of the case: two nodes, `phones` phones in two pools, and no mischief of its own."""
    branch = phones // 3
    text = [
        f'name = "by-hand-{case.key}"',
        f'title = "Publisher and one subscriber, {case.told}, for the mistakes of one night"',
        f'version = "{case.release}"',
        f"mixed = {str(case.mixed).lower()}",
        "mischief = false",
        '[[nodes]]\nname = "cucm-pub"\nrole = "publisher"',
        '[[nodes]]\nname = "cucm-sub1"\nrole = "subscriber"',
        f'[[phones]]\ncount = {phones - branch}\npool = "Main"\nsecure = {str(case.mixed).lower()}',
        f'[[phones]]\ncount = {branch}\npool = "Branch"\ngroup = ["cucm-sub1"]',
    ]
    return "\n\n".join(text) + "\n"
