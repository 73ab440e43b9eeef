"""The two accounts of a lab: the OS administrator of the platform and the application user."""

import hmac
import random
import string
from pathlib import Path
from typing import Literal

import msgspec

from ucmlab.atomic_file import write_atomically

AccountKind = Literal["platform", "application"]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `roles` are those AXL, RIS and Control Center ask for; `privilege` is the CLI's level."""

    name: str
    user: str
    password: str
    kind: AccountKind
    privilege: int = 1
    roles: tuple[str, ...] = ()


def new_accounts(seed: int) -> tuple[Account, ...]:
    """`os_admin` (user `admin`) and `app_admin` (user `axladmin`), with passwords drawn from the seed."""
    roles = ("Standard AXL API Access", "Standard CCM Admin Users", "Standard SERVICEABILITY Administration")
    draw = random.Random(f"accounts {seed}")  # noqa: S311 - a lab password may repeat with its seed
    return (
        Account(name="os_admin", user="admin", password=_password(draw), kind="platform", privilege=4),
        Account(name="app_admin", user="axladmin", password=_password(draw), kind="application", roles=roles),
    )


def _password(draw: random.Random) -> str:
    return "Lab-" + "".join(draw.choice(string.ascii_letters + string.digits) for _ in range(20))


def password_matches(account: Account, user: str, password: str) -> bool:
    """Constant-time check of a login."""
    return account.user == user and hmac.compare_digest(account.password.encode(), password.encode())


def write_account_files(folder: Path, accounts: tuple[Account, ...]) -> dict[str, Path]:
    """One file per account with its password, mode 0600, under `credentials/`; returns them by account name."""
    files = {account.name: folder / "credentials" / f"{account.name}.password" for account in accounts}
    for account in accounts:
        write_atomically(files[account.name], account.password.encode() + b"\n", mode=0o600)
    return files
