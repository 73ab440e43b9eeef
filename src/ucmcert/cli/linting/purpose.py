"""What a CSR is for, as far as its key usages tell: only those differ from purpose to purpose (procedure.md 2.1)."""

from ucmcert.authority.pair_finding import pair_finding
from ucmcert.knowledge.key_usage import KEY_USAGES
from ucmcert.model.certificate import Certificate, CertificateRequest
from ucmcert.model.finding import Finding

USUAL = "tomcat"
SIGNS = "key_cert_sign"


def told_purpose(request: CertificateRequest, where: str) -> tuple[str, Finding]:
    """The purpose to judge by when nobody named one, and what the user should know of that choice."""
    possible = possible_purposes(request)
    if len(possible) == 1:
        return possible[0], pair_finding("UCM-PAIR-006", where, purpose=possible[0])
    chosen = likely_purpose(request)
    return chosen, pair_finding("UCM-PAIR-005", where, purpose=chosen, others=", ".join(possible) or "-")


def likely_purpose(one: CertificateRequest | Certificate) -> str:
    """tomcat wherever it is possible, else the first that is."""
    possible = possible_purposes(one)
    return USUAL if USUAL in possible or not possible else possible[0]


def possible_purposes(request: CertificateRequest | Certificate) -> tuple[str, ...]:
    """Every purpose whose CSR asks for the key usages of `request`, on any release; () when none does."""
    usage, extended = set(request.key_usage), set(request.extended_key_usage)
    found: dict[str, None] = {}
    for row in KEY_USAGES:
        as_row = usage in (set(row.usage), set(row.usage) | set(row.below_14_adds))
        if (as_row and extended == set(row.extended)) or (SIGNS in usage and SIGNS in row.usage):
            found |= dict.fromkeys(row.purposes)
    twins = not request.key.startswith("RSA")
    return tuple(name for name in found if twins or not name.endswith("-ECDSA"))
