"""What an operator may choose about a plan. The defaults are the careful ones."""

from typing import Literal

import msgspec

from ucmcert.knowledge.lsc_words import LscAuthentication
from ucmcert.knowledge.restart_rows import RestartSet
from ucmcert.lint.authority_profile.profile import CaProfile
from ucmcert.model.csr_settings import CsrRules


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Choices that change the steps of a plan, and so its digest.

    `tomcat_after_ipsec`: D2 restarts Tomcat after ipsec, D1 does not (procedure.md 3.2). `replace_csr`: a CSR that
    somebody left on a node may be replaced, and its private key with it. `capf_subscribers`: regenerate the unused CAPF
    of subscribers below 14. `csr`: what CSRs ask for (the [csr] tables). `window_s`: how long the longest change window
    is, None where there are none. The rest is the [phones] table of the configuration: `config.schema.PhonesSection`.
    `ca`: what the CA does to requests, None when nobody described it.
    """

    tomcat_after_ipsec: bool = False
    replace_csr: bool = False
    capf_subscribers: bool = False
    csr: CsrRules = CsrRules()
    pages: Literal["as-they-are", "open-for-the-run"] = "as-they-are"
    interaction: Literal["as-it-is", "manual-for-the-run"] = "as-it-is"
    reset: Literal["waves", "at-once"] = "waves"
    canary: str = ""
    canary_limit: int = 0
    order: Literal["tvs-last", "tvs-first"] = "tvs-last"
    restart_set: RestartSet = "union"
    backup: Literal["start", "wait"] = "start"
    lsc: Literal["keep", "reissue"] = "keep"
    lsc_authentication: LscAuthentication = "By Null String"
    window_s: float | None = None
    ca: CaProfile | None = None
