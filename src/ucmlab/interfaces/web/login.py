"""Who may ask: HTTP Basic, with the platform account for REST and the application user with a role for SOAP.

Source: interfaces-http.md 1.1, 2.1, 2.3; lock-out and the status of a missing role are switches (10).
"""

import base64
import binascii

from ucmlab.cluster.accounts import Account, AccountKind
from ucmlab.interfaces.web.messages import Asked, Response
from ucmlab.interfaces.web.pages import page

REALMS: dict[AccountKind, str] = {"platform": "CMPlatform Realm", "application": "CMServices Realm"}


def basic_credentials(header: str) -> tuple[str, str] | None:
    """User and password of an Authorization header; None when it is no HTTP Basic."""
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(token.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon else None


def log_in(asked: Asked, kind: AccountKind) -> Account | str:
    """The account behind a request, or why it may not log in; a request without a login counts towards no lock-out."""
    given = basic_credentials(asked.request.headers.get("authorization", ""))
    if given is None:
        return "no login"
    user, password = given
    limits, who = asked.cluster.limits, (kind, user)
    if asked.cluster.switches["account_lockout"] == "after-3" and limits.locked(who):
        return "account locked"
    account = asked.cluster.account(kind, user, password)
    if account is None:
        limits.login_failed(who)
        return "wrong user or password"
    limits.login_succeeded(who)
    return account


def turned_away(asked: Asked, kind: AccountKind, interface: str, *, role: str = "") -> Response | None:
    """Tomcat's page for whoever may not ask (401; 403 for a missing role), logged as `login`; None for the others."""
    found = log_in(asked, kind)
    if isinstance(found, str):
        status, words = 401, found
    elif role and role not in found.roles:
        status, words = _status_without_role(asked, interface), f"the role {role} is missing"
    else:
        return None
    asked.cluster.log.append(
        asked.cluster.clock.now(), asked.node.name, interface=interface, operation="login", outcome=f"refused: {words}"
    )
    headers = {"WWW-Authenticate": f'Basic realm="{REALMS[kind]}"'} if status == 401 else {}
    return page(status, headers=headers)


def _status_without_role(asked: Asked, interface: str) -> int:
    """403, or what switch axl_no_role says for AXL."""
    return int(asked.cluster.switches["axl_no_role"]) if interface == "axl" else 403
