"""The order of nodes by what they are."""

from ucmcert.model.node import Role


def publisher_first(role: Role) -> int:
    """Sort key of the restart order: publisher, subscribers, IM&P (procedure.md 1.2 order)."""
    return (Role.PUBLISHER, Role.SUBSCRIBER, Role.IM_PRESENCE, Role.UNITY_CONNECTION).index(role)
