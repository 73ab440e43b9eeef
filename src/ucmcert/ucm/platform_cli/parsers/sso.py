"""`utils sso status`. Source: interfaces-cli.md 5.11."""

import re

from ucmcert.ucm.platform_cli.parsers.text import lines_of

STATUS = re.compile(r"\s*SSO Status\s*[:=]\s*(\S.*)", re.IGNORECASE)
WORDS = {"saml sso enabled": True, "saml sso disabled": False}


def parse_sso_enabled(text: str | bytes) -> bool | None:
    """Whether SAML SSO is on; None for a status nobody has published. Raises ValueError without its line."""
    found = [match.group(1) for line in lines_of(text) if (match := STATUS.fullmatch(line))]
    if len(found) != 1:
        raise ValueError("no single line SSO Status:")
    return WORDS.get(" ".join(found[0].lower().rstrip(".").split()))
