"""AXL: resets, restarts and new configurations, of one device, a device pool or a CallManager group.

The answer to a reset is a uuid or `true` (switch axl_reset_return). A phone's boot is the same whatever it was asked
for; in a call it comes after the call. A trunk takes a reset of its own, and nothing is seen of it; with a pool it is
left alone. Source: interfaces-http.md 2.2, 2.3; phones.md 4.1.
"""

from collections.abc import Iterable

from ucmlab.cluster.consumers import trunk_key, trunk_named
from ucmlab.cluster.devices import device_named, groups_of, pools_of
from ucmlab.cluster.primary_keys import pkid
from ucmlab.interfaces.axl.messages import (
    answer_to,
    braced,
    judge_write,
    not_found,
    optional,
    required,
    unbraced,
)
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, reply
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked

RESET_TYPES = ("Reset", "Restart", "Apply Configuration", "Generate PRT", "Extended Config Pull")
REBOOTING = ("", "Reset", "Restart", "Apply Configuration")


async def do_device_reset(asked: Asked, call: SoapCall) -> Result:
    """Reset a device by name. Raises: Throttled; SoapFault 5007, or CLIENT for what the schema does not have."""
    judge_write(asked, call)
    name = required(call, "deviceName")
    kind, hard = optional(call, "deviceResetType"), optional(call, "isHardReset")
    if bool(kind) == bool(hard):
        raise SoapFault("Give either isHardReset or deviceResetType", code=CLIENT)
    if kind and kind not in RESET_TYPES:
        raise SoapFault(f"The value {kind} is not allowed for deviceResetType", code=CLIENT)
    if hard and hard not in ("true", "false", "1", "0"):
        raise SoapFault(f"The value {hard} is not allowed for isHardReset", code=CLIENT)
    trunk = trunk_named(asked.cluster, name)
    if trunk is not None:
        return _done(asked, call, trunk_key(trunk))
    device = device_named(asked.cluster, name)
    if device is None:
        raise not_found(name)
    if kind in REBOOTING:
        asked.cluster.phones.reset([device.name])
    return _done(asked, call, device.uuid)


async def reset_phone(asked: Asked, call: SoapCall) -> Result:
    """Reset a phone by name or uuid. Raises: Throttled, SoapFault 5007."""
    judge_write(asked, call)
    name, uuid = optional(call, "name"), optional(call, "uuid")
    if not name and not uuid:
        raise SoapFault("Give either name or uuid", code=CLIENT)
    device = device_named(asked.cluster, name, uuid=unbraced(uuid))
    if device is None:
        raise not_found(name or uuid)
    asked.cluster.phones.reset([device.name])
    return _done(asked, call, device.uuid)


async def restart_phone(asked: Asked, call: SoapCall) -> Result:
    """Restart a phone: to the lab's phones the same as a reset."""
    return await reset_phone(asked, call)


async def apply_phone(asked: Asked, call: SoapCall) -> Result:
    """Apply a phone's configuration: it boots to fetch it."""
    return await reset_phone(asked, call)


async def reset_device_pool(asked: Asked, call: SoapCall) -> Result:
    """Reset every phone of a pool. Raises: Throttled, SoapFault 5007."""
    judge_write(asked, call)
    name = _one_of(call, pools_of(asked.cluster), "pool")
    asked.cluster.phones.reset_pool(name)
    return _done(asked, call, pkid("pool", name))


async def reset_call_manager_group(asked: Asked, call: SoapCall) -> Result:
    """Reset every phone of the pools of a CallManager group. Raises: Throttled, SoapFault 5007."""
    judge_write(asked, call)
    pools = pools_of(asked.cluster)
    name = _one_of(call, groups_of(asked.cluster), "group")
    for pool, group in pools.items():
        if group == name:
            asked.cluster.phones.reset_pool(pool)
    return _done(asked, call, pkid("group", name))


def _one_of(call: SoapCall, names: Iterable[str], kind: str) -> str:
    """The pool or group that a call names. Raises SoapFault."""
    wanted, uuid = optional(call, "name"), unbraced(optional(call, "uuid"))
    if not wanted and not uuid:
        raise SoapFault("Give either name or uuid", code=CLIENT)
    for name in names:
        if name.lower() == wanted.lower() or pkid(kind, name) == uuid:
            return name
    raise not_found(wanted or uuid)


def _done(asked: Asked, call: SoapCall, uuid: str) -> Result:
    response, returned = answer_to(call)
    returned.text = braced(uuid) if asked.cluster.switches["axl_reset_return"] == "uuid" else "true"
    return Result(reply(response))
