"""What can still be done for phones that have lost trust: who they are, what reaches them, and the plan that does it.

Rules of this room: it is asked about one look at the cluster and every list this tool ever saw of it, and it is pure.
A list that nobody knows is unknown, never "probably fine"; nothing is offered that the model says would harm a phone.
Source: phones.md 1.5, 1.7.
"""

from ucmcert.plan.recovery.build import recovery_plan
from ucmcert.plan.recovery.fates import Fate, Holder
from ucmcert.plan.recovery.verdict import Verdict, judge_phones

__all__ = ["Fate", "Holder", "Verdict", "judge_phones", "recovery_plan"]
