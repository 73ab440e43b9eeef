"""`show web-security`. Nobody has published its output: only a certificate, or the listing of one, is believed.

Source: interfaces-cli.md 2.2 (how the node lists certificates), 2.5; procedure.md 4.1 P15.
"""

import re

from ucmcert.model.csr_settings import WebSecurity
from ucmcert.model.subject import subject_parts
from ucmcert.ucm.platform_cli.parsers.certificate_text import parse_certificate
from ucmcert.ucm.platform_cli.parsers.text import lines_of

SUBJECT = re.compile(r"\s*Subject(?: Name|DN)\s*[:=]\s*(\S.*)")


def parse_web_security(text: str | bytes) -> WebSecurity:
    """The subject and the names of the certificate in `text`. Raises ValueError for anything else.

    A whole PEM tells both; without one the single line with the subject tells the subject only.
    """
    lines = lines_of(text)
    if any("-----BEGIN " in line for line in lines):
        shown = parse_certificate(text)
        return WebSecurity(subject=subject_parts(shown.subject), names=shown.sans)
    found = [match.group(1) for line in lines if (match := SUBJECT.fullmatch(line))]
    if len(found) != 1 or "=" not in found[0]:
        raise ValueError("neither a certificate nor a single line with its subject")
    return WebSecurity(subject=subject_parts(found[0]))
