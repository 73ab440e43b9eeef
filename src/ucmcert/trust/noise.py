"""What the certificate expiry monitor does about one certificate, and whether its mails ask for anything.

Source: procedure.md 6.9 (once a day, hourly when expired or one day left); U-P8 (from how many days on: not published).
"""

from typing import Literal

from ucmcert.knowledge.trust_stores import DAILY_DAYS, DAY_S, HOURLY_DAYS
from ucmcert.model.certificate import Certificate
from ucmcert.trust.verdict import REMOVABLE, Verdict

Mails = Literal["hourly", "daily", "as-set"]


def mails(certificate: Certificate, now: float) -> Mails:
    """How often the monitor of each node that holds it looks: hourly, daily, or as Certificate Monitor is set."""
    left_s = certificate.not_after - now
    if left_s <= HOURLY_DAYS * DAY_S:
        return "hourly"
    return "daily" if left_s <= DAILY_DAYS * DAY_S else "as-set"


def may_be_ignored(verdict: Verdict) -> bool:
    """Whether nothing that the cluster shows breaks when it expires: nobody uses it, or only Cisco can renew it."""
    return verdict in REMOVABLE or verdict is Verdict.DEFAULT
