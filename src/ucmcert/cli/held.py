"""What a command raises when a safety rule, not a mistake, keeps it from starting: exit code 5."""

from ucmcert.cli.exit_codes import HELD
from ucmcert.errors import UsageError


class SafetyHold(UsageError):
    """Nothing was changed; a person must look first."""

    exit_code = HELD
