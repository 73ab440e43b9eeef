"""Every rule of the lint, for those who list or explain them."""

from typing import Any

from ucmcert.lint.rule import Rule
from ucmcert.lint.upload import ANSWER_RULES, STORE_RULES, TRUST_RULES


def every_rule() -> tuple[Rule[Any], ...]:
    """All rules, in the order they are asked."""
    return (*ANSWER_RULES, *STORE_RULES, *TRUST_RULES)
