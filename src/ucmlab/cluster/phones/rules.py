"""What of a boot depends on the release and on what nobody has published. Source: phones.md 1.3, 7."""

from typing import Literal

import msgspec

from ucmlab.cluster.releases import release_has
from ucmlab.switches import Switches

Signer = Literal["CallManager", "ITLRecovery"]


class BootRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules one boot goes by.

    `usual_signer`: whose key signs ITL and CTL, unless a `localkey` command was given. The others are switches: U14
    `localkey_rescues`, U15 `ctl_signer_via_tvs`, U6 `tvs_ask_next`, U3 `tvs_vouches_tls`, U1 `locked_registers`, U16
    `cache_survives`.
    """

    usual_signer: Signer = "ITLRecovery"
    ctl_signer_via_tvs: bool = False
    tvs_ask_next: bool = False
    tvs_vouches_tls: bool = False
    locked_registers: bool = True
    cache_survives: bool = False
    localkey_rescues: bool = False


def rules_of(version: str, switches: Switches) -> BootRules:
    """The rules of a cluster whose publisher runs `version`; a CTL's new signer came through TVS before 12.0."""
    by_recovery = release_has(version, "ITLRecovery signs trust lists")
    return BootRules(
        usual_signer="ITLRecovery" if by_recovery else "CallManager",
        ctl_signer_via_tvs=not by_recovery or switches["ctl_new_signer_via_tvs"] == "yes",
        tvs_ask_next=switches["tvs_negative"] == "ask-next",
        tvs_vouches_tls=switches["tvs_vouches_tls"] == "yes",
        locked_registers=switches["locked_phone_registers"] == "yes",
        cache_survives=switches["tvs_cache_over_reboot"] == "kept",
        localkey_rescues=switches["localkey_after_three"] == "helps",
    )
