"""Every rule of the pre- and post-checks, in the order they are asked."""

from typing import Any

from ucmcert.check import after, before
from ucmcert.lint.rule import Rule

ALL_RULES: tuple[Rule[Any], ...] = (
    *before.CLUSTER_RULES,
    *before.CONSUMER_RULES,
    *before.PHONE_RULES,
    *before.NODE_RULES,
    *after.CLUSTER_RULES,
    *after.ITEM_RULES,
)
