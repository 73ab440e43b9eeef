"""Evidence: a fact somebody saw, where and when, with a digest of what was seen."""

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """`fact` is a plain sentence; `source` names the interface (`tls cucm-pub.lab.example:8443`).

    `observed_at` is our UTC epoch; `digest` is the SHA-256 hex of what was observed ("" if there is nothing to hash).
    """

    fact: str
    source: str
    observed_at: float
    digest: str = ""
