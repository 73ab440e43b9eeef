"""What an operator of the lab does to phones by hand: orders left in the state folder, obeyed by the lab that runs.

`orders/NUMBER.json`, one file an order, in the order of their numbers. An order that has been obeyed is gone.
"""

import fcntl
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from ucmlab.atomic_file import write_atomically

Act = Literal["delete-trust", "power-on", "power-off", "reset"]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One act on named phones; a reset without names is one of all phones."""

    act: Act
    names: tuple[str, ...] = ()


class Handled(Protocol):
    """What an order needs of the phones."""

    def delete_trust(self, name: str) -> None:
        """Delete ITL and CTL at the phone."""

    def power(self, name: str, on: bool) -> None:
        """Give or take power."""

    def reset(self, names: Iterable[str]) -> None:
        """Reset some phones."""

    def reset_all(self) -> None:
        """Reset all phones."""


def leave_order(folder: Path, order: Order) -> Path:
    """Put an order behind those that wait; returns its file, which is gone once the order has been obeyed."""
    where = folder / "orders"
    where.mkdir(mode=0o700, exist_ok=True)
    with (where / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once must not take the same number
        path = where / f"{max([0, *map(_number, where.glob('*.json'))]) + 1}.json"
        write_atomically(path, msgspec.json.encode(order))
    return path


def obey_orders(folder: Path, phones: Handled) -> int:
    """Carry out every order that waits, oldest first; returns how many there were."""
    waiting = sorted((folder / "orders").glob("*.json"), key=_number)
    for path in waiting:
        _carry_out(msgspec.json.decode(path.read_bytes(), type=Order), phones)
        path.unlink()
    return len(waiting)


def _carry_out(order: Order, phones: Handled) -> None:
    if order.act == "reset":
        if order.names:
            phones.reset(order.names)
        else:
            phones.reset_all()
        return
    for name in order.names:
        if order.act == "delete-trust":
            phones.delete_trust(name)
        else:
            phones.power(name, order.act == "power-on")


def _number(path: Path) -> int:
    return int(path.stem)
